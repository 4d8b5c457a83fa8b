"""Many dots in few colours, drawn at once: fast enough for live readings."""

from collections.abc import Mapping, Sequence

import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QPainter, QPolygonF
from PyQt5.QtWidgets import QStyleOptionGraphicsItem, QWidget

from mtjlab.gui.views.plots import pen

EVERYWHERE = QRectF(-1e6, -1e6, 2e6, 2e6)


class DotsItem(pg.GraphicsObject):
    """Dots of a fixed size on the screen."""

    def __init__(self, size_px: float) -> None:
        super().__init__()
        self._size_px = size_px
        self._dots: list[tuple[str, QPolygonF]] = []

    @property
    def places(self) -> list[tuple[float, float]]:
        """Positions of all dots."""
        return [(at.x(), at.y()) for _, places in self._dots for at in places]

    def set_dots(self, dots: Mapping[str, Sequence[tuple[float, float]]]) -> None:
        """Show ``dots``, positions by colour, instead of the previous ones."""
        self._dots = [(colour, QPolygonF([QPointF(x, y) for x, y in places])) for colour, places in dots.items()]
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        """Larger than any plot, and constant."""
        return EVERYWHERE

    def dataBounds(self, *_: object, **__: object) -> None:  # noqa: N802  pyqtgraph's name
        """Dots do not affect the range of the plot."""

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw a round point for each dot."""
        for colour, places in self._dots:
            round_pen = pen(colour, self._size_px)
            round_pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(round_pen)
            painter.drawPoints(places)
