"""Names of the regions of a switching map: drawn on top, where they hide the fewest tokens."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PyQt5.QtWidgets import QStyleOptionGraphicsItem, QWidget

from mtjlab.arrays import FloatArray
from mtjlab.gui.look.text_size import points
from mtjlab.gui.views.regions_item import NamedBox

PADDING_PX = 5.0
HALO_PX, PLATE = 3.0, 0.75
PLACES = 9
"""Number of positions tried along each side of a region."""
WORTH_MOVING = 2
"""A name moves only if that uncovers at least this number of tokens."""
DISTANCE_COST = 0.5
"""Cost of the distance from the upper left to the lower right corner, in tokens."""


class NamesItem(pg.GraphicsObject):
    """Class and configuration of each region, in a fixed size on the screen; omitted where there is no space."""

    def __init__(self) -> None:
        super().__init__()
        self._boxes: tuple[NamedBox, ...] = ()
        self._tokens: FloatArray = np.empty((0, 2))
        self._rings: FloatArray = np.empty((0, 2))
        self._places: dict[str, int] = {}
        self._bounds = QRectF()
        self._ink = QColor()
        self._radii_px = 0.0, 0.0
        self._small, self._large = QFont(), QFont()
        self._large.setBold(True)
        self.setZValue(15)

    def set_look(self, ink: str) -> None:
        """Set the colour of the text, and its size."""
        self._ink = QColor(ink)
        self._small.setPointSizeF(points(8))
        self._large.setPointSizeF(points(13))
        self.update()

    def set_boxes(self, boxes: Sequence[NamedBox], bounds: QRectF) -> None:
        """Show the names of ``boxes``, which lie within ``bounds``."""
        if (tuple(boxes), bounds) == (self._boxes, self._bounds):
            return
        self.prepareGeometryChange()
        self._boxes, self._bounds = tuple(boxes), bounds
        self.update()

    def set_tokens(self, tokens_ua: Sequence[tuple[float, ...]], radius_px: float) -> None:
        """Set tokens that names should not cover."""
        self._tokens, self._radii_px = np.array(tokens_ua).reshape(-1, 2), (radius_px, self._radii_px[1])
        self._places.clear()
        self.update()

    def set_rings(self, rings_ua: Sequence[tuple[float, ...]], radius_px: float) -> None:
        """Set rings that names should not cover."""
        self._rings, self._radii_px = np.array(rings_ua).reshape(-1, 2), (self._radii_px[0], radius_px)
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        """The plane covered by the regions."""
        return self._bounds

    def dataBounds(self, *_: object, **__: object) -> None:  # noqa: N802  pyqtgraph's name
        """Names do not affect the range of the plot."""

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw the names, outlined in the colour of their region."""
        to_screen = painter.transform()
        scale, origin = np.array([to_screen.m11(), to_screen.m22()]), np.array([to_screen.dx(), to_screen.dy()])
        hidden_px = [points * scale + origin for points in (self._tokens, self._rings)]
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for box in self._boxes:
            self._write(painter, box, to_screen.mapRect(box.rect), hidden_px)
        painter.restore()

    def _write(self, painter: QPainter, box: NamedBox, room: QRectF, hidden_px: Sequence[FloatArray]) -> None:
        lines = [line for line in ((box.label, self._large), (box.configuration, self._small)) if line[0]]
        while lines and not _fits(_size(lines), room):
            lines = lines[1:]
        if not lines:
            return
        left, top, hides = self._place(box.configuration, _size(lines), room, hidden_px)
        if hides:
            self._draw_plate(painter, QRectF(left, top, *_size(lines)), box.fill)
        for text, font in lines:
            metrics = QFontMetricsF(font)
            path = _outline(text, font.toString()).translated(left, top + metrics.ascent())
            rim = QPen(QColor(box.fill), HALO_PX)
            rim.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.strokePath(path, rim)
            painter.fillPath(path, self._ink)
            top += metrics.height()

    def _place(
        self, name: str, size: tuple[float, float], room: QRectF, hidden_px: Sequence[FloatArray]
    ) -> tuple[float, float, bool]:
        """Left, top and whether anything is covered; a name keeps its position unless another is much better."""
        corners = _corners(size, room)
        costs = DISTANCE_COST * np.linspace(0, 1, len(corners))
        for places, radius_px in zip(hidden_px, self._radii_px, strict=True):
            costs += _hidden(corners, size, places, radius_px)
        best, held = int(np.argmin(costs)), self._places.get(name)
        if held is None or costs[best] + WORTH_MOVING <= costs[held]:
            self._places[name] = held = best
        left, top = corners[held].tolist()
        return left, top, bool(costs[held] >= 1)

    @staticmethod
    def _draw_plate(painter: QPainter, place: QRectF, fill: str) -> None:
        """Draw a translucent background."""
        ground, path = QColor(fill), QPainterPath()
        ground.setAlphaF(PLATE)
        path.addRoundedRect(place.adjusted(-HALO_PX, 0, HALO_PX, 0), HALO_PX, HALO_PX)
        painter.fillPath(path, ground)


def _size(lines: Sequence[tuple[str, QFont]]) -> tuple[float, float]:
    metrics = [(QFontMetricsF(font), text) for text, font in lines]
    return max(one.horizontalAdvance(text) for one, text in metrics), sum(one.height() for one, _ in metrics)


def _fits(size: tuple[float, float], room: QRectF) -> bool:
    return size[0] + 2 * PADDING_PX < room.width() and size[1] + PADDING_PX < room.height()


def _corners(size: tuple[float, float], room: QRectF) -> FloatArray:
    """Upper left corners of the positions tried, row by row from the top; [PLACES^2, 2]."""
    air = min(PADDING_PX, (room.width() - size[0]) / 2), min(PADDING_PX, (room.height() - size[1]) / 2)
    lefts = np.linspace(room.left() + air[0], room.right() - air[0] - size[0], PLACES)
    tops = np.linspace(room.top() + air[1], room.bottom() - air[1] - size[1], PLACES)
    return np.stack([np.tile(lefts, PLACES), np.repeat(tops, PLACES)], axis=1)


def _hidden(corners: FloatArray, size: tuple[float, float], points: FloatArray, radius_px: float) -> FloatArray:
    """Number of ``points`` that a name would cover at each of ``corners``."""
    low, high = corners[:, np.newaxis] - radius_px, corners[:, np.newaxis] + np.array(size) + radius_px
    touched: FloatArray = ((points > low) & (points < high)).all(axis=2).sum(axis=1)
    return touched


@lru_cache(maxsize=256)
def _outline(text: str, font_name: str) -> QPainterPath:
    font, path = QFont(), QPainterPath()
    font.fromString(font_name)
    path.addText(0, 0, font, text)
    return path
