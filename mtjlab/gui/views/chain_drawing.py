"""Draw the chain as large as the widget allows, so that it can be read from a distance."""

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from mtjlab.config import Limits
from mtjlab.domain import Verdict, junction_label
from mtjlab.gui.look.formatting import NOTHING, whole
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.views.chain_rows import Row

WIRE_PX = 2.0
WIRE_AT = 0.43
LETTERS_ACROSS, LINES_DOWN = 30, 7.0
MIN_PX, MAX_PX = 10.0, 20.0
LEFT, CENTRE, RIGHT = (
    int(side | Qt.AlignmentFlag.AlignVCenter)
    for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
)


@dataclass(frozen=True, slots=True)
class ChainDrawing:
    """Paints a chain of ``junctions`` in an area of ``width`` x ``height`` pixels; ``em`` is its text height."""

    painter: QPainter
    theme: Theme
    limits: Limits | None
    width: int
    height: int
    junctions: int

    @property
    def em(self) -> float:
        """Text height (px)."""
        fits = min(self.width / LETTERS_ACROSS, self.height / (LINES_DOWN * max(1, self.junctions) + 4.5))
        return max(MIN_PX, min(fits, MAX_PX))

    def draw(self, rows: Sequence[Row], activity: str) -> None:
        """Draw the chain, with the line ``activity`` above it."""
        em = self.em
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.fillRect(0, 0, self.width, self.height, QColor(self.theme.base))
        self._write(QRectF(0.7 * em, 0.3 * em, self.width - em, 1.7 * em), LEFT, activity)
        top = 2.6 * em
        high = (self.height - top - 1.8 * em) / max(1, len(rows))
        for k, row in enumerate(rows):
            self._draw_row(k, row, QRectF(0, top + k * high, self.width, high))
        self._draw_ground(top + high * len(rows))

    def _draw_row(self, k: int, row: Row, room: QRectF) -> None:
        em, x = self.em, WIRE_AT * self.width
        node = QPointF(x, room.top() + 0.6 * em)
        high = max(2.4 * em, min(0.62 * room.height(), room.height() - 2.6 * em))
        box = QRectF(x - 2 * em, node.y() + 1.2 * em, 4 * em, high)
        self._line(node, QPointF(x, box.top()))
        self._line(QPointF(x, box.bottom()), QPointF(x, room.bottom() + 0.6 * em))
        self._draw_source(k, row, node)
        self._draw_junction(k, row, box)
        meter = QRectF(QPointF(box.right() + em, box.top() - 0.5 * em), QPointF(self.width - 0.7 * em, box.bottom()))
        self._draw_meter(row, meter)

    def _draw_source(self, k: int, row: Row, node: QPointF) -> None:
        em, accent = self.em, QColor(self.theme.accent)
        self._line(QPointF(0.7 * em, node.y()), node, accent)
        self.painter.setBrush(accent)
        self.painter.drawEllipse(node, 0.25 * em, 0.25 * em)
        self._head(QPointF(node.x() - 2.4 * em, node.y()), 0.7 * em, 1 if row.source_ua >= 0 else -1)
        below = QRectF(0.7 * em, node.y() + 0.2 * em, node.x() - 3 * em, 1.4 * em)
        self._write(below, LEFT, f"source {k + 1} {whole(row.source_ua)} µA", scale=0.93)

    def _draw_junction(self, k: int, row: Row, box: QRectF) -> None:
        em, colour = self.em, self.theme.of_verdict(row.verdict)
        self.painter.setPen(QPen(QColor(colour), WIRE_PX))
        self.painter.setBrush(QColor(self.theme.background(colour, 0.35)))
        self.painter.drawRoundedRect(box, 4, 4)
        barrier = QRectF(box.left(), box.center().y() - 0.12 * em, box.width(), 0.24 * em)
        self.painter.fillRect(barrier, QColor(colour))
        free = {Verdict.P: 1, Verdict.AP: -1}.get(row.verdict, 0) if row.verdict else 0
        for share, direction in ((0.25, free), (0.75, 1)):
            if direction:
                self._arrow(QPointF(box.center().x(), box.top() + share * box.height()), direction)
        beside = QRectF(0, box.center().y() - 1.6 * em, box.left() - 0.7 * em, 1.6 * em)
        self._write(beside, RIGHT, junction_label(k))
        scale = 1.5 if len(row.state) < 4 else 1
        self._write(beside.translated(0, 1.6 * em), RIGHT, row.state, colour, scale=scale, bold=True)

    def _draw_meter(self, row: Row, place: QRectF) -> None:
        em, kohm = self.em, row.resistance_kohm
        first = QRectF(place.left(), place.top(), 0.48 * place.width(), 1.5 * em)
        second = QRectF(first.right(), place.top(), 0.52 * place.width(), 1.5 * em)
        bar = QRectF(place.left(), place.top() + 1.6 * em, place.width(), 0.35 * em)
        self._write(first, LEFT, f"I {whole(row.current_ua)} µA")
        self._write(second, RIGHT, f"control {whole(row.control_ua)}", self.theme.faint)
        self._write(first.translated(0, 2.3 * em), LEFT, f"V {whole(row.voltage_mv)} mV")
        resistance = f"R {NOTHING}" if kohm is None else f"R {kohm:.2f} kΩ"
        self._write(second.translated(0, 2.3 * em), RIGHT, resistance, self.theme.faint)
        if self.limits:
            self._draw_current_bar(row, bar, self.limits)
            self._draw_voltage_bar(row, bar.translated(0, 2.3 * em), self.limits)

    def _draw_current_bar(self, row: Row, bar: QRectF, limits: Limits) -> None:
        low_ua, high_ua = limits.junction_current_min_ua, limits.junction_current_max_ua
        zero, at = (bar.left() + (ua - low_ua) * bar.width() / (high_ua - low_ua) for ua in (0.0, row.current_ua))
        filled = QRectF(QPointF(zero, bar.top()), QPointF(at, bar.bottom())).normalized()
        self._bar(bar, filled, self.theme.accent, zero, self.theme.ink)

    def _draw_voltage_bar(self, row: Row, bar: QRectF, limits: Limits) -> None:
        warn, share = (
            mv / limits.junction_voltage_refuse_mv for mv in (limits.junction_voltage_warn_mv, abs(row.voltage_mv))
        )
        filled = QRectF(bar.left(), bar.top(), min(1.0, share) * bar.width(), bar.height())
        colour = self.theme.bad if share > warn else self.theme.good
        self._bar(bar, filled, colour, bar.left() + warn * bar.width(), self.theme.trouble)

    def _bar(self, bar: QRectF, filled: QRectF, colour: str, mark: float, mark_colour: str) -> None:
        self.painter.fillRect(bar, QColor(self.theme.edge))
        self.painter.fillRect(filled, QColor(colour))
        self.painter.fillRect(QRectF(mark - 0.75, bar.top() - 2, 1.5, bar.height() + 4), QColor(mark_colour))

    def _draw_ground(self, y: float) -> None:
        x, em = WIRE_AT * self.width, self.em
        for line, half in enumerate((1.1, 0.7, 0.3)):
            at = y + 0.6 * em + 0.3 * em * line
            self._line(QPointF(x - half * em, at), QPointF(x + half * em, at))

    def _line(self, start: QPointF, end: QPointF, colour: QColor | None = None) -> None:
        self.painter.setPen(QPen(colour or QColor(self.theme.ink), WIRE_PX))
        self.painter.drawLine(start, end)

    def _arrow(self, centre: QPointF, direction: int) -> None:
        half = QPointF(1.1 * self.em * direction, 0)
        self._line(centre - half, centre + half)
        self.painter.setBrush(QColor(self.theme.ink))
        self._head(centre + half, 0.5 * self.em, direction)

    def _head(self, tip: QPointF, size: float, direction: int) -> None:
        back, up = QPointF(-size * direction, 0), QPointF(0, 0.55 * size)
        self.painter.drawPolygon(QPolygonF([tip, tip + back + up, tip + back - up]))

    def _write(
        self, place: QRectF, align: int, text: str, colour: str | None = None, scale: float = 1, bold: bool = False
    ) -> None:
        font = QFont()
        font.setPixelSize(round(scale * self.em))
        font.setBold(bold)
        self.painter.setFont(font)
        self.painter.setPen(QColor(colour or self.theme.ink))
        fitting = self.painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
        self.painter.drawText(place, align, fitting)
