"""Table of mean dwell times by junction, state and input."""

from collections.abc import Iterable

from markupsafe import Markup

from mtjlab.gui.look.formatting import number, with_symbols
from mtjlab.gui.look.label import Label
from mtjlab.gui.look.tables import TextTable
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views.data import Row
from mtjlab.gui.views.plots import with_texts
from mtjlab.gui.views.view import View
from mtjlab.procedures.dwell.listed import HEADS, listed_dwells
from mtjlab.procedures.dwell.result import dwell_json
from mtjlab.procedures.dwell.state import DwellState
from mtjlab.procedures.dwell.tables import DWELLS

INPUT = ("input\n/ µA", "input current")
NUMBERS = range(1, 1 + len(HEADS))


def mean_dwells(snapshot: Snapshot) -> Iterable[Row]:
    """Yield mean dwell times by junction, state and input, as exported tables have them."""
    for one in snapshot.kind_state.dwells() if isinstance(snapshot.kind_state, DwellState) else ():
        yield {column.title(): column.value(one) for column in DWELLS}


class MeanDwells(View):
    """A row for each junction, state and input, as in the terminal."""

    title = "Mean dwells"
    tabulate = staticmethod(mean_dwells)
    help = (
        "Mean dwell times of each junction in each of its states, at each input, with their 95 % intervals, and the "
        "values expected from the critical currents. Ctrl+A and Ctrl+C copy the table."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Mean dwell times are listed while the input is held.")
        self._heading = Label()
        first, *others = [(with_symbols(name), meaning) for name, meaning in HEADS]
        self.table = TextTable([first, INPUT, *others], NUMBERS)
        self.set_content(with_texts(self._heading, self.table))

    def draw(self, snapshot: Snapshot) -> bool:
        """Update the table."""
        seen = snapshot.kind_state
        dwells = seen.dwells() if isinstance(seen, DwellState) else ()
        if not dwells or not isinstance(seen, DwellState):
            return False
        listed = listed_dwells(map(dwell_json, dwells))
        inputs = [f"{one.input_ua:.6g}" for one in dwells]
        self.table.setColumnHidden(1, len(set(inputs)) == 1)
        self.table.fill([(name, at, *others) for (name, *others), at in zip(listed, inputs, strict=True)])
        self._heading.setText(hold_text(seen))
        return True


def hold_text(seen: DwellState) -> Markup:
    """Describe how the input is held, and at which current."""
    how = "repeatedly, after a reset" if seen.planned and seen.planned.resets else "continuously"
    input_ua = number(seen.latest[-1].reading.input_ua)
    inputs = seen.planned.inputs_ua if seen.planned else ()
    which = f" ({seen.latest[-1].series + 1} of {len(inputs)})" if len(inputs) > 1 else ""
    return Markup("held {} &nbsp; input {} µA{}").format(how, input_ua, which)
