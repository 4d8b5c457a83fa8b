"""The regions of a switching map: tinted boxes with the name of their configuration and class in the upper left."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PyQt5.QtWidgets import QStyleOptionGraphicsItem, QWidget

AIR_PX = 5.0


@dataclass(frozen=True, slots=True)
class NamedBox:
    """A region as it is drawn: where (uA), filled with what, called what."""

    rect: QRectF
    fill: str
    configuration: str
    label: str


class RegionsItem(pg.GraphicsObject):
    """All regions at once; names keep their size at any scale, and are left out where there is no room for them."""

    def __init__(self) -> None:
        super().__init__()
        self._boxes: tuple[NamedBox, ...] = ()
        self._bounds = QRectF()
        self._edge = self._ink = QColor()
        self._small, self._large = QFont(), QFont()
        self._small.setPointSizeF(8)
        self._large.setPointSizeF(13)
        self._large.setBold(True)
        self.setZValue(-10)

    def dress(self, edge: str, ink: str) -> None:
        """Colours of borders and names."""
        self._edge, self._ink = QColor(edge), QColor(ink)
        self._boxes = ()

    def set_boxes(self, boxes: Sequence[NamedBox]) -> None:
        """Show ``boxes`` in place of those before."""
        if tuple(boxes) == self._boxes:
            return
        self._boxes = tuple(boxes)
        bounds = QRectF()
        for box in boxes:
            bounds = bounds.united(box.rect)
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        """The plane that is cut into regions."""
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Boxes in the plane, names on the screen."""
        to_screen = painter.transform()
        painter.save()
        painter.setPen(pg.mkPen(self._edge, width=1))
        for box in self._boxes:
            painter.setBrush(QColor(box.fill))
            painter.drawRect(box.rect)
        painter.resetTransform()
        painter.setPen(self._ink)
        for box in self._boxes:
            self._name(painter, box, to_screen.mapRect(box.rect))
        painter.restore()

    def _name(self, painter: QPainter, box: NamedBox, room: QRectF) -> None:
        top = room.top() + AIR_PX
        for text, font in ((box.label, self._large), (box.configuration, self._small)):
            size = QFontMetricsF(font)
            fits = size.horizontalAdvance(text) + 2 * AIR_PX < room.width()
            if text and fits and top + size.height() < room.bottom():
                painter.setFont(font)
                line = QRectF(room.left() + AIR_PX, top, room.width(), size.height())
                painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), text)
                top += size.height()
