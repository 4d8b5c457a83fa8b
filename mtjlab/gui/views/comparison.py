"""Recognition of several runs in one plot."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyqtgraph as pg
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLabel

from mtjlab.events import RecognitionMeasured, RunStarted
from mtjlab.gui.theme import Theme
from mtjlab.gui.views.picture import Picture
from mtjlab.gui.views.plots import Crosshair, dress_plot, pen, plot, with_words
from mtjlab.gui.words import per_cent, whole
from mtjlab.palette import class_styles
from mtjlab.store import event_of, read_lines, run_id

SHOWN = ("run-started", "recognition-measured")


def recognition_of(folder: Path) -> tuple[RecognitionMeasured, ...]:
    """Recognition of a run at each step, with those of the run that it resumes.

    Raises:
        RefusedError: there is no journal, or it is damaged.
    """
    events = [event_of(folder, line) for line in read_lines(folder) if line.type in SHOWN]
    taken = [event.parent.progress.recognition for event in events if isinstance(event, RunStarted) and event.parent]
    own = tuple(event for event in events if isinstance(event, RecognitionMeasured))
    return (*(taken[0] if taken else ()), *own)


class Comparison(Picture):
    """A curve for each run: solid for the testing subset, dotted for the training subset."""

    title = "Comparison"
    help = "Recognition of the runs that were selected in the list: solid on the testing subset, dotted on the other."

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Select runs in the list, then press compare.")
        self._plot = plot("training step", "recognition rate (%)")
        self._heading = QLabel()
        self._heading.setWordWrap(True)
        self._crosshair = Crosshair(self._plot, lambda x, y: f"step {whole(x)}   {whole(y)} %")
        self.put(with_words(self._heading, self._plot))
        self._courses: dict[Path, Sequence[RecognitionMeasured]] = {}
        self.restyle()

    @property
    def folders(self) -> list[Path]:
        """Runs that are compared."""
        return list(self._courses)

    def show_runs(self, courses: Mapping[Path, Sequence[RecognitionMeasured]]) -> None:
        """Compare runs; those in which nothing was measured are left out."""
        self._courses = {folder: course for folder, course in courses.items() if course}
        self.draw_again()

    def restyle(self) -> None:
        """Colours of the theme."""
        dress_plot(self._plot, self.theme)
        self._crosshair.dress(self.theme)

    def draw_again(self) -> None:
        """All curves."""
        for curve in self._plot.getPlotItem().listDataItems():
            self._plot.removeItem(curve)
        styles = class_styles([str(folder) for folder in self._courses])
        names = []
        for folder, course in self._courses.items():
            colour = self.theme.seen(styles[str(folder)].colour)
            self._add(course, "train", pen(colour, 1.2, Qt.PenStyle.DotLine))
            self._add(course, "test", pen(colour, 2.2))
            names.append(f"<span style='color:{colour}'>● {run_id(folder)} {per_cent(course[-1].test)}</span>")
        self._heading.setText(" &nbsp; ".join(names))
        self.show_content(bool(self._courses))

    def _add(self, course: Sequence[RecognitionMeasured], subset: str, look: pg.mkPen) -> None:
        rates = [100 * getattr(measured, subset) for measured in course]
        self._plot.plot([measured.step for measured in course], rates, pen=look)
