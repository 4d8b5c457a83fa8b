"""Cells of a confusion matrix: counts in a grid, with class names shortened to leave room for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QEvent, QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PyQt5.QtWidgets import QToolTip, QWidget

from mtjlab.domain import NO_CLASS
from mtjlab.gui.look.label import tooltip
from mtjlab.gui.look.theme import Theme
from mtjlab.plain_text import visible
from mtjlab.procedures.training.events import Confusion

RIGHT, WRONG = "#2a8c5a", "#c8412f"
GAP_PX, MIN_PT = 6, 6.0
MAX_OF_WIDTH, MAX_OF_HEIGHT = 0.35, 0.35
"""Largest share of the widget for class names; longer names are shortened in the middle, where they differ least."""
CENTRE, RIGHT_ALIGNED = (
    int(Qt.AlignmentFlag.AlignCenter),
    int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
)


@dataclass(frozen=True, slots=True)
class Grid:
    """Geometry of the cells (px) in a widget; ``is_upright`` means that the names below are rotated by 90 degrees."""

    left: float
    below: float
    cell_width: float
    cell_height: float
    is_upright: bool

    @classmethod
    def of(
        cls, size: tuple[float, float], rows_px: Sequence[float], columns_px: Sequence[float], line_px: float
    ) -> "Grid":
        """Grid in a widget of ``size``, for names of the given widths and lines of the given height."""
        width, height = size
        left = min(max(rows_px) + 2 * GAP_PX, MAX_OF_WIDTH * width)
        cell_width, widest = (width - left) / len(columns_px), max(columns_px) + GAP_PX
        is_upright = widest > 1.5 * cell_width  # names up to 1.5 times as wide are printed smaller
        below = min(widest, MAX_OF_HEIGHT * height) if is_upright else line_px + GAP_PX
        return cls(left, below, cell_width, (height - below) / len(rows_px), is_upright)

    def cell(self, row: int, column: int) -> QRectF:
        """Rectangle of a cell."""
        return QRectF(self.left + column * self.cell_width, row * self.cell_height, self.cell_width, self.cell_height)

    def at(self, point: QPointF) -> tuple[int, int]:
        """Row and column at a point; outside the grid they are negative or too large."""
        return int(point.y() // self.cell_height), int((point.x() - self.left) // self.cell_width)


class Cells(QWidget):
    """Counts in a grid that fills the widget; tooltips show full names."""

    def show_counts(
        self, theme: Theme, confusion: Confusion, classes: Sequence[str], answers: Sequence[str | None]
    ) -> None:
        """Draw how often each of ``classes`` was recognised as each of ``answers``."""
        self._theme, self._classes, self._answers = theme, list(classes), list(answers)
        self._counts = {(label, answer): count for label, answer, count in confusion}
        self._sums = {label: sum(n for (row, _), n in self._counts.items() if row == label) for label in classes}
        self.update()

    @property
    def grid(self) -> Grid:
        """Geometry at the present size."""
        metrics = self.fontMetrics()
        rows_px = [float(metrics.horizontalAdvance(visible(label))) for label in self._classes]
        columns_px = [float(metrics.horizontalAdvance(_name(answer))) for answer in self._answers]
        return Grid.of((self.width(), self.height()), rows_px, columns_px, metrics.height())

    def cell_text(self, point: QPointF) -> str:
        """Describe the cell at a point."""
        row, column = self.grid.at(point)
        if not (0 <= row < len(self._classes) and 0 <= column < len(self._answers)):
            return "Rows: class presented; columns: recognised as"
        label, answer = self._classes[row], self._answers[column]
        return f"{label}, recognised as {_name(answer)}: {self._counts.get((label, answer), 0)} of {self._sums[label]}"

    def event(self, event: QEvent | None) -> bool:
        """Show a tooltip with full names."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), tooltip(self.cell_text(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        """Draw names on the left and below, and counts between them."""
        painter, grid = QPainter(self), self.grid
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, label in enumerate(self._classes):
            room = QRectF(0, row * grid.cell_height, grid.left - GAP_PX, grid.cell_height)
            painter.setPen(QColor(self._theme.ink))
            painter.drawText(room, RIGHT_ALIGNED, _shortened(painter, visible(label), room.width()))
            for column, answer in enumerate(self._answers):
                self._cell(painter, grid.cell(row, column), label, answer)
        painter.setPen(QColor(self._theme.ink))
        for column, answer in enumerate(self._answers):
            foot = QRectF(grid.cell(0, column).left(), self.height() - grid.below, grid.cell_width, grid.below)
            if grid.is_upright:
                _write_upright(painter, foot, _name(answer))
            else:
                _write_small(painter, foot, _name(answer))

    def _cell(self, painter: QPainter, cell: QRectF, label: str, answer: str | None) -> None:
        count = self._counts.get((label, answer), 0)
        share = count / max(1, self._sums[label])
        colour = RIGHT if answer == label else WRONG
        strength = 0.04 if not count else 0.15 + 0.6 * share
        fill = self._theme.background(colour if count else self._theme.faint, strength)
        painter.fillRect(cell.adjusted(1, 1, -1, -1), QColor(fill))
        if count:
            painter.setPen(QColor(self._theme.ink))
            _write_small(painter, cell, str(count))


def _name(answer: str | None) -> str:
    return NO_CLASS if answer is None else visible(answer)


def _shortened(painter: QPainter, text: str, width_px: float) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(width_px))


def _write_upright(painter: QPainter, room: QRectF, text: str) -> None:
    """Write upwards, with the end at the cells."""
    painter.save()
    painter.translate(room.left(), room.bottom())
    painter.rotate(-90)
    line = QRectF(0, 0, room.height() - GAP_PX / 2, room.width())
    painter.drawText(line, RIGHT_ALIGNED, _shortened(painter, text, line.width()))
    painter.restore()


def _write_small(painter: QPainter, room: QRectF, text: str) -> None:
    """Write centred, smaller if space is short."""
    painter.save()
    wanted = painter.fontMetrics().horizontalAdvance(text) + GAP_PX
    if wanted > room.width():
        font = painter.font()
        font.setPointSizeF(max(MIN_PT, font.pointSizeF() * room.width() / wanted))
        painter.setFont(font)
    painter.drawText(room, CENTRE, text)
    painter.restore()
