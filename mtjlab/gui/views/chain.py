"""The chain: junctions in series with their sources and voltmeters, at the latest reading."""

from PyQt5.QtGui import QPainter, QPaintEvent
from PyQt5.QtWidgets import QWidget

from mtjlab.config import Limits
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views import data
from mtjlab.gui.views.chain_drawing import ChainDrawing
from mtjlab.gui.views.chain_rows import Row, activity_text, rows
from mtjlab.gui.views.view import View


class Chain(View):
    """Sources on the left, junctions in the middle, readings on the right."""

    title = "Chain"
    tabulate = staticmethod(data.chain)
    help = (
        "Each source (I_dc) feeds the node above its junction, so a junction carries the sum of the sources above it: "
        "I_MTJ, which is the input plus its control current I_C. V: voltage across it, R = V/I. "
        "Parallel (P): both layers point the same way, low resistance. Antiparallel (AP): high resistance. "
        "Bars: current within its limits, and voltage up to its limit; the mark is the warning level. "
        "Grey: not of now. The line above says when it was read."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "The chain is drawn after the first reading.")
        self._canvas = _Canvas(theme)
        self.set_content(self._canvas)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Values drawn for each junction."""
        return self._canvas.rows

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        self._canvas.theme = self.theme

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the latest reading."""
        self._canvas.rows, self._canvas.activity = rows(snapshot), activity_text(snapshot)
        self._canvas.is_now, self._canvas.is_over = snapshot.is_now, bool(snapshot.state.safe)
        self._canvas.limits = snapshot.info.bench.limits if snapshot.info.bench else None
        self._canvas.update()
        return bool(self._canvas.rows)


class _Canvas(QWidget):
    """Widget on which the chain is painted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.rows: tuple[Row, ...] = ()
        self.activity = ""
        self.is_now, self.is_over = True, False
        self.limits: Limits | None = None

    def paintEvent(self, _event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        painter = QPainter(self)
        theme = self.theme.over if self.is_over else self.theme if self.is_now else self.theme.past
        ChainDrawing(painter, theme, self.limits, self.width(), self.height(), len(self.rows)).draw(
            self.rows, self.activity
        )
