"""The chain, drawn: junctions in series with their sources and meters, as they were last read."""

from PyQt5.QtGui import QPainter, QPaintEvent
from PyQt5.QtWidgets import QWidget

from mtjlab.config import Limits
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views import data
from mtjlab.gui.views.chain_drawing import ChainDrawing
from mtjlab.gui.views.chain_rows import Row, doing, rows
from mtjlab.gui.views.view import View


class Chain(View):
    """Sources on the left, junctions in the middle, what was read on the right."""

    title = "Chain"
    tabulate = staticmethod(data.chain)
    help = (
        "Each source (I_dc) feeds the node above its junction, so a junction carries the sum of the sources above it: "
        "I_MTJ, which is the input plus its control current I_C. V: voltage across it, R = V/I. "
        "Parallel (P): both layers point the same way, low resistance. Antiparallel (AP): high resistance. "
        "Bars: current within its limits, voltage against the level that is refused; the mark is a warning."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "The chain is drawn once it has been read.")
        self._canvas = _Canvas(theme)
        self.put(self._canvas)
        self.setMinimumSize(240, 150)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is drawn of each junction."""
        return self._canvas.rows

    def restyle(self) -> None:
        """Colours of the theme."""
        self._canvas.theme = self.theme

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the latest reading."""
        self._canvas.rows, self._canvas.doing = rows(snapshot), doing(snapshot)
        self._canvas.limits = snapshot.info.bench.limits if snapshot.info.bench else None
        self._canvas.update()
        return bool(self._canvas.rows)


class _Canvas(QWidget):
    """What is painted on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.rows: tuple[Row, ...] = ()
        self.doing = ""
        self.limits: Limits | None = None

    def paintEvent(self, _event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        painter = QPainter(self)
        ChainDrawing(painter, self.theme, self.limits, self.width(), self.height(), len(self.rows)).draw(
            self.rows, self.doing
        )
