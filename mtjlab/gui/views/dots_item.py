"""Many dots in few colours, drawn at once: quick enough for readings that come all the time."""

from collections.abc import Mapping, Sequence

import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QPainter, QPolygonF
from PyQt5.QtWidgets import QStyleOptionGraphicsItem, QWidget

from mtjlab.gui.views.plots import pen

EVERYWHERE = QRectF(-1e6, -1e6, 2e6, 2e6)


class DotsItem(pg.GraphicsObject):
    """Dots of the same size at any scale."""

    def __init__(self, size_px: float) -> None:
        super().__init__()
        self._size_px = size_px
        self._dots: list[tuple[str, QPolygonF]] = []

    @property
    def places(self) -> list[tuple[float, float]]:
        """Where there is a dot, of any colour."""
        return [(at.x(), at.y()) for _, places in self._dots for at in places]

    def set_dots(self, dots: Mapping[str, Sequence[tuple[float, float]]]) -> None:
        """Show ``dots``, places by colour, in place of those before."""
        self._dots = [(colour, QPolygonF([QPointF(x, y) for x, y in places])) for colour, places in dots.items()]
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        """Larger than any plot, so that it never changes."""
        return EVERYWHERE

    def dataBounds(self, *_: object, **__: object) -> None:  # noqa: N802  pyqtgraph's name
        """Dots do not ask for room."""

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """A round point for each."""
        for colour, places in self._dots:
            round_pen = pen(colour, self._size_px)
            round_pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(round_pen)
            painter.drawPoints(places)
