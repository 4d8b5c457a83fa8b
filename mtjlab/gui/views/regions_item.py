"""The regions of a switching map: tinted boxes with the name of their configuration and class in a corner."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt5.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PyQt5.QtWidgets import QStyleOptionGraphicsItem, QWidget

from mtjlab.detection.resistance import FloatArray

AIR_PX = 5.0
WORTH_MOVING = 3
"""Tokens that a name has to set free before it goes to another corner."""


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
        self._tokens: list[QPointF] = []
        self._corners: dict[str, int] = {}
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

    def set_tokens(self, tokens_ua: Sequence[tuple[float, ...]]) -> None:
        """Names will keep off these as well as they can."""
        self._tokens = [QPointF(*token) for token in tokens_ua]
        self._corners.clear()

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
        tokens_px = np.array([(at.x(), at.y()) for at in map(to_screen.map, self._tokens)]).reshape(-1, 2)
        painter.resetTransform()
        painter.setPen(self._ink)
        for box in self._boxes:
            self._name(painter, box, to_screen.mapRect(box.rect), tokens_px)
        painter.restore()

    def _name(self, painter: QPainter, box: NamedBox, room: QRectF, tokens_px: FloatArray) -> None:
        lines = [(box.label, self._large), (box.configuration, self._small)]
        sizes = [(QFontMetricsF(font).horizontalAdvance(text), QFontMetricsF(font).height()) for text, font in lines]
        while lines and not self._fits(sizes, room):
            lines, sizes = lines[1:], sizes[1:]
        if not lines:
            return
        place = self._corner(
            box.configuration, QSizeF(max(w for w, _ in sizes), sum(h for _, h in sizes)), room, tokens_px
        )
        for (text, font), (_, height) in zip(lines, sizes, strict=True):
            painter.setFont(font)
            painter.drawText(
                QRectF(place.left(), place.top(), place.width(), height), int(Qt.AlignmentFlag.AlignLeft), text
            )
            place.setTop(place.top() + height)

    @staticmethod
    def _fits(sizes: Sequence[tuple[float, float]], room: QRectF) -> bool:
        width, height = max(w for w, _ in sizes), sum(h for _, h in sizes)
        return width + 2 * AIR_PX < room.width() and height + AIR_PX < room.height()

    def _corner(self, name: str, size: QSizeF, room: QRectF, tokens_px: FloatArray) -> QRectF:
        """The corner where a name hides the fewest tokens; it stays where it was unless that is much better."""
        inside = room.adjusted(AIR_PX, AIR_PX, -AIR_PX, -AIR_PX)
        lefts, tops = (inside.left(), inside.right() - size.width()), (inside.top(), inside.bottom() - size.height())
        corners = [QRectF(QPointF(left, top), size) for top in tops for left in lefts]
        hidden = [_inside(tokens_px, corner) for corner in corners]
        held = self._corners.get(name, 0)
        best = hidden.index(min(hidden))
        self._corners[name] = chosen = best if hidden[best] + WORTH_MOVING <= hidden[held] else held
        return corners[chosen]


def _inside(points: FloatArray, box: QRectF) -> int:
    x, y = points.T
    return int(((x > box.left()) & (x < box.right()) & (y > box.top()) & (y < box.bottom())).sum())
