"""The script that shows exported results in PyMeasure's window; it is written beside them, and needs no mtjlab."""

VIEW = "view.py"

VIEWER = '''\
"""Shows the results beside this script in PyMeasure's window:  python view.py [FILE ...]

In a script of your own:  from view import load;  results = load("curves-000.csv");  results.data;  results.parameters
"""

import sys
from pathlib import Path

import pandas
from pymeasure.display.Qt import QtWidgets
from pymeasure.display.windows import ManagedWindow
from pymeasure.experiment import Parameter, Procedure, Results


def procedure_of(path):
    """A procedure class with the parameters of a file and its columns of numbers."""
    with open(path, encoding="utf-8") as file:
        names = [line[2:].partition(": ")[0] for line in file if line.startswith("#\\t")]
    columns = list(pandas.read_csv(path, comment="#").select_dtypes("number"))
    parameters = {name.lower().replace(" ", "_"): Parameter(name) for name in names}
    return type("Exported", (Procedure,), {"DATA_COLUMNS": columns, **parameters})


def load(path):
    """Results with their parameters; Results.load(path) alone gives the data."""
    return Results.load(str(path), procedure_of(path))


class Viewer(ManagedWindow):
    """Shows results that have the same columns, and measures nothing."""

    def __init__(self, paths, x="Input (uA)", y="J1 resistance (ohm)"):
        shown = procedure_of(paths[0])
        if x not in shown.DATA_COLUMNS or y not in shown.DATA_COLUMNS:
            x, y = shown.DATA_COLUMNS[:2]
        super().__init__(shown, x, y, displays=list(shown().parameter_objects()), enable_file_input=False)
        self.queue_button.hide()
        self.abort_button.hide()
        for path in paths:
            experiment = self.new_experiment(load(path))
            self.manager.load(experiment)

    def new_experiment(self, results, curve=None):
        """Also of results that the dialog has loaded without their procedure."""
        experiment = super().new_experiment(load(results.data_filename), curve)
        for shown in filter(None, experiment.curve_list):
            shown.update_data()
        experiment.browser_item.progressbar.setValue(100)
        return experiment


if __name__ == "__main__":
    here = Path(__file__).parent
    found = sorted(here.glob("curves-*.csv")) or sorted(here.glob("*.csv"))[:1]
    application = QtWidgets.QApplication(sys.argv)
    window = Viewer(sys.argv[1:] or list(map(str, found)))
    window.show()
    sys.exit(application.exec())
'''
