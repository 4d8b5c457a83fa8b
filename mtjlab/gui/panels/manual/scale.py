"""The scale below a slider: the ends of its range, zero, and the part that is allowed now."""

from math import ceil, floor

from PyQt5.QtCore import QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QWheelEvent
from PyQt5.QtWidgets import QSlider, QStyle, QWidget

from mtjlab.domain import Interval
from mtjlab.gui.look.formatting import whole
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.text_size import SMALL_PT, points

TICK_PX, BAND_PX, GAP_PX = 5, 3, 1


class Slider(QSlider):
    """A slider in whole units that ignores the wheel: scrolling must never change a current."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def wheelEvent(self, event: QWheelEvent | None) -> None:  # noqa: N802  Qt's name
        """Pass the event on to the parent."""
        if event:
            event.ignore()


class Scale(QWidget):
    """Drawn in the colours of text and selection, so that it is visible in every theme."""

    def __init__(self, slider: QSlider) -> None:
        super().__init__()
        self._slider = slider
        self.range, self.allowed = Interval(0.0, 0.0), Interval(0.0, 0.0)

    def set_range(self, full: Interval, allowed: Interval) -> None:
        """Show the ``full`` range, and mark what is ``allowed`` of it."""
        self.range, self.allowed = full, allowed
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Height of ticks and numbers."""
        return QSize(120, TICK_PX + GAP_PX + QFontMetrics(self._small).height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """As high as it is at any width."""
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        """Draw the allowed part as a band, and a tick with its number at both ends and at zero."""
        painter = QPainter(self)
        painter.setFont(self._small)
        metrics = painter.fontMetrics()
        palette, role = self.palette(), QPalette.ColorRole
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        left, right = self._at(self.allowed.low_ua), self._at(self.allowed.high_ua)
        if self.isEnabled():
            painter.fillRect(QRectF(left, 0, right - left, BAND_PX), palette.color(group, role.Highlight))
        painter.setPen(palette.color(group, role.WindowText))
        free_from, free_to = 0.0, float(self.width())
        for value in (self.range.low_ua, self.range.high_ua, 0.0):
            x, text = self._at(value), whole(value)
            painter.drawLine(QPointF(x, 0), QPointF(x, TICK_PX))
            width = metrics.horizontalAdvance(text) + 2
            start = min(max(0.0, x - width / 2), self.width() - width)
            if free_from <= start and start + width <= free_to:  # zero has no number where the ends need the space
                place = QRectF(start, TICK_PX + GAP_PX, width, metrics.height())
                painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)
            free_from = max(free_from, start + width) if value < 0 else free_from
            free_to = min(free_to, start) if value > 0 else free_to

    @property
    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(points(SMALL_PT))
        return font

    def _at(self, value: float) -> float:
        """Where the handle of the slider is at ``value``."""
        style, handle_px = sure(self.style()), 0
        handle_px = style.pixelMetric(QStyle.PixelMetric.PM_SliderLength, None, self._slider)
        low, high = ceil(self.range.low_ua), floor(self.range.high_ua)
        return handle_px / 2 + QStyle.sliderPositionFromValue(low, high, round(value), self.width() - handle_px)
