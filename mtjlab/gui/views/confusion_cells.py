"""Cells of a confusion matrix: counts in a grid with axis titles; long class names are replaced by their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QEvent, QPointF, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PyQt5.QtWidgets import QToolTip, QWidget

from mtjlab.domain import NO_CLASS
from mtjlab.gui.look.label import tooltip
from mtjlab.gui.look.theme import Theme
from mtjlab.plain_text import visible
from mtjlab.procedures.training.events import Confusion

RIGHT, WRONG = "#0072b2", "#e69f00"
"""Blue and orange, which colour-blind readers tell apart; besides, right answers are framed."""
ROWS, COLUMNS = "class presented", "recognised as"
GAP_PX, MIN_PT, FRAME_PX = 6, 6.0, 2.0
MAX_OF_WIDTH = 0.3
"""Largest share of the widget for class names on the left."""
SMALLER = 1.3
"""Names up to so many times as wide as a cell are printed smaller."""
CENTRE, RIGHT_ALIGNED = (
    int(Qt.AlignmentFlag.AlignCenter),
    int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
)


@dataclass(frozen=True, slots=True)
class Grid:
    """Geometry of the cells (px) in a widget; ``has_numbers`` means that classes are named by their numbers."""

    left: float
    below: float
    cell_width: float
    cell_height: float
    has_numbers: bool

    @classmethod
    def of(
        cls, size: tuple[float, float], rows_px: Sequence[float], columns_px: Sequence[float], line_px: float
    ) -> "Grid":
        """Grid in a widget of ``size``, for names of the given widths and lines of the given height."""
        width, height = size
        title = line_px + GAP_PX
        left = max(rows_px) + 2 * GAP_PX + title
        cell_width = (width - left) / len(columns_px)
        has_numbers = left - title > MAX_OF_WIDTH * width or max(columns_px) + GAP_PX > SMALLER * cell_width
        if has_numbers:
            left = min(2 * line_px, MAX_OF_WIDTH * width) + title
            cell_width = (width - left) / len(columns_px)
        below = line_px + title
        return cls(left, below, cell_width, (height - below) / len(rows_px), has_numbers)

    def cell(self, row: int, column: int) -> QRectF:
        """Rectangle of a cell."""
        return QRectF(self.left + column * self.cell_width, row * self.cell_height, self.cell_width, self.cell_height)

    def at(self, point: QPointF) -> tuple[int, int]:
        """Row and column at a point; outside the grid they are negative or too large."""
        return int(point.y() // self.cell_height), int((point.x() - self.left) // self.cell_width)


class Cells(QWidget):
    """Counts in a grid that fills the widget; tooltips show full names.

    ``numbered`` tells whether classes are named by their numbers, so that their names must be listed.
    """

    numbered = pyqtSignal(bool)
    _classes: Sequence[str] = ()

    def show_counts(
        self, theme: Theme, confusion: Confusion, classes: Sequence[str], answers: Sequence[str | None]
    ) -> None:
        """Draw how often each of ``classes`` was recognised as each of ``answers``."""
        self._theme, self._classes, self._answers = theme, list(classes), list(answers)
        self._counts = {(label, answer): count for label, answer, count in confusion}
        self._sums = {label: sum(n for (row, _), n in self._counts.items() if row == label) for label in classes}
        self.numbered.emit(self.grid.has_numbers)
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802  Qt's name
        """Numbers replace names that no longer fit."""
        super().resizeEvent(event)
        if self._classes:
            self.numbered.emit(self.grid.has_numbers)

    @property
    def grid(self) -> Grid:
        """Geometry at the present size."""
        metrics = self.fontMetrics()
        rows_px = [float(metrics.horizontalAdvance(visible(label))) for label in self._classes]
        names = (answer or "" for answer in self._answers)  # what stands for no class is printed smaller
        columns_px = [float(metrics.horizontalAdvance(visible(name))) for name in names]
        return Grid.of((self.width(), self.height()), rows_px, columns_px, metrics.height())

    def cell_text(self, point: QPointF) -> str:
        """Describe the cell at a point."""
        row, column = self.grid.at(point)
        if not (0 <= row < len(self._classes) and 0 <= column < len(self._answers)):
            return f"Rows: {ROWS}; columns: {COLUMNS}"
        label, answer = self._classes[row], self._answers[column]
        return f"{label}, recognised as {_name(answer)}: {self._counts.get((label, answer), 0)} of {self._sums[label]}"

    def event(self, event: QEvent | None) -> bool:
        """Show a tooltip with full names."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), tooltip(self.cell_text(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        """Draw names and titles on the left and below, and counts between them."""
        painter, grid = QPainter(self), self.grid
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = float(self.fontMetrics().height())
        painter.setPen(QColor(self._theme.ink))
        for row, label in enumerate(self._classes):
            name = str(row + 1) if grid.has_numbers else visible(label)
            place = grid.cell(row, 0)
            painter.drawText(QRectF(line, place.top(), grid.left - line - GAP_PX, place.height()), RIGHT_ALIGNED, name)
        for column, answer in enumerate(self._answers):
            place = grid.cell(0, column)
            foot = QRectF(place.left(), self.height() - grid.below, place.width(), line)
            name = str(column + 1) if grid.has_numbers and answer is not None else _name(answer)
            _write_small(painter, foot, name)
        for row, label in enumerate(self._classes):
            for column, answer in enumerate(self._answers):
                self._cell(painter, grid.cell(row, column), label, answer)
        self._write_titles(painter, grid, line)

    def _write_titles(self, painter: QPainter, grid: Grid, line: float) -> None:
        painter.setPen(QColor(self._theme.faint))
        _write_small(painter, QRectF(grid.left, self.height() - line, self.width() - grid.left, line), COLUMNS)
        painter.save()
        painter.translate(0, self.height() - grid.below)
        painter.rotate(-90)
        _write_small(painter, QRectF(0, 0, self.height() - grid.below, line), ROWS)
        painter.restore()

    def _cell(self, painter: QPainter, cell: QRectF, label: str, answer: str | None) -> None:
        count = self._counts.get((label, answer), 0)
        share = count / max(1, self._sums[label])
        colour = RIGHT if answer == label else WRONG
        strength = 0.04 if not count else 0.15 + 0.6 * share
        fill = self._theme.background(colour if count else self._theme.faint, strength)
        inside = cell.adjusted(1, 1, -1, -1)
        painter.fillRect(inside, QColor(fill))
        if answer == label:
            half = FRAME_PX / 2
            painter.setPen(QPen(QColor(self._theme.readable(RIGHT)), FRAME_PX))
            painter.drawRect(inside.adjusted(half, half, -half, -half))
        if count:
            painter.setPen(QColor(self._theme.ink))
            _write_small(painter, cell, str(count))


def _name(answer: str | None) -> str:
    return NO_CLASS if answer is None else visible(answer)


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
