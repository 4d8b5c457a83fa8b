"""Regions of a switching map: tinted boxes, with bands where switching is probabilistic."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QBrush, QColor, QPainter
from PyQt5.QtWidgets import QStyleOptionGraphicsItem, QWidget

BAND_ALPHA, HATCH_ALPHA = 0.16, 0.22
"""Opacity of a band, and of the lines in a region of no class."""


@dataclass(frozen=True, slots=True)
class NamedBox:
    """A region to draw: rectangle (uA), fill colour, configuration and class; hatched where it stands for no class."""

    rect: QRectF
    fill: str
    configuration: str
    label: str
    is_hatched: bool = False


class RegionsItem(pg.GraphicsObject):
    """All regions and bands."""

    def __init__(self) -> None:
        super().__init__()
        self._boxes: tuple[NamedBox, ...] = ()
        self._bands: tuple[QRectF, ...] = ()
        self._bounds = QRectF()
        self._edge, self._band_colour, self._hatch = QColor(), QColor(), QColor()
        self.setZValue(-10)

    def set_colours(self, edge: str, ink: str) -> None:
        """Set the colours of borders, bands and hatching."""
        self._edge, self._band_colour, self._hatch = QColor(edge), QColor(ink), QColor(ink)
        self._band_colour.setAlphaF(BAND_ALPHA)
        self._hatch.setAlphaF(HATCH_ALPHA)
        self._boxes = ()

    def set_boxes(self, boxes: Sequence[NamedBox], bands: Sequence[QRectF] = ()) -> QRectF:
        """Show ``boxes`` and ``bands`` instead of the previous ones; return the plane that they cover."""
        if (tuple(boxes), tuple(bands)) != (self._boxes, self._bands):
            self.prepareGeometryChange()
            self._boxes, self._bands, self._bounds = tuple(boxes), tuple(bands), QRectF()
            for box in boxes:
                self._bounds = self._bounds.united(box.rect)
            self.update()
        return self._bounds

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        """The plane covered by the regions."""
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw boxes, and bands over them."""
        hatching = QBrush(self._hatch, Qt.BrushStyle.BDiagPattern)
        hatching.setTransform(painter.transform().inverted()[0])  # its lines are as far apart on the screen everywhere
        for box in self._boxes:
            painter.fillRect(box.rect, QColor(box.fill))
            if box.is_hatched:
                painter.fillRect(box.rect, hatching)
        painter.setPen(pg.mkPen(self._edge, width=1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for box in self._boxes:
            painter.drawRect(box.rect)
        for band in self._bands:
            painter.fillRect(band.intersected(self._bounds), self._band_colour)
