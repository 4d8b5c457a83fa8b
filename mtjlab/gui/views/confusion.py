"""What was taken for what, at the last measurement of the recognition, or in a classification."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mtjlab.events import Confusion
from mtjlab.gui.moment import Moment
from mtjlab.gui.theme import Theme
from mtjlab.gui.views.view import View
from mtjlab.gui.words import per_cent

RIGHT, WRONG = "#2a8c5a", "#c8412f"
NONE = "none"
GAP_PX, SMALLEST_PT = 6, 6.0


@dataclass(frozen=True, slots=True)
class Counted:
    """What tokens of a subset were taken for, and the share that was right."""

    subset: str
    rate: float
    confusion: Confusion


class ConfusionMatrix(View):
    """A square for each subset: rows are what was presented, columns what it was taken for."""

    title = "Confusion"
    help = "Rows: the class presented. Columns: the class whose configuration came; none where none came."

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "The confusion matrix is drawn once tokens have been recognised.")
        content = QWidget()
        box = QHBoxLayout(content)
        box.setContentsMargins(6, 4, 6, 4)
        self._squares = [_Square(theme), _Square(theme)]
        for square in self._squares:
            box.addWidget(square)
        self.put(content)

    def restyle(self) -> None:
        """Colours of the theme."""
        for square in self._squares:
            square.theme = self.theme

    @property
    def headings(self) -> list[str]:
        """What stands above each square."""
        return [square.heading.text() for square in self._squares if not square.isHidden()]

    def draw(self, moment: Moment) -> bool:
        """Draw the last measurement of the recognition, or what was classified so far."""
        counted = _classified(moment) if moment.state.shown else _recognised(moment)
        classes = sorted({label for one in counted for label, _, _ in one.confusion})
        answers = _answers(counted, classes)
        for square, of_subset in zip_longest(self._squares, counted):
            square.setVisible(of_subset is not None)
            if of_subset is not None:
                square.show_counts(of_subset, classes, answers)
        return bool(counted)


class _Square(QWidget):
    """The counts of one subset."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.heading = QLabel()
        self._cells = _Cells(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(self.heading)
        box.addWidget(self._cells, stretch=1)

    def show_counts(self, counted: Counted, classes: Sequence[str], answers: Sequence[str | None]) -> None:
        self.heading.setText(f"<b>{counted.subset}</b> &nbsp; {per_cent(counted.rate)}")
        self._cells.show_counts(self.theme, counted.confusion, classes, answers)


class _Cells(QWidget):
    """Counts in a grid, drawn as large as there is room for."""

    def show_counts(
        self, theme: Theme, confusion: Confusion, classes: Sequence[str], answers: Sequence[str | None]
    ) -> None:
        self._theme, self._classes, self._answers = theme, list(classes), list(answers)
        self._counts = {(label, answer): count for label, answer, count in confusion}
        self._sums = {label: sum(n for (row, _), n in self._counts.items() if row == label) for label in classes}
        self.setToolTip("rows: class presented; columns: recognised as")
        self.update()

    def paintEvent(self, _event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        names = painter.fontMetrics()
        left = max(names.horizontalAdvance(label) for label in self._classes) + 8
        below = names.height() + 4
        wide = (self.width() - left) / len(self._answers)
        high = (self.height() - below) / len(self._classes)
        for row, label in enumerate(self._classes):
            line = QRectF(0, row * high, left - 6, high)
            painter.setPen(QColor(self._theme.ink))
            painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), label)
            for column, answer in enumerate(self._answers):
                self._cell(painter, QRectF(left + column * wide, row * high, wide, high), label, answer)
        painter.setPen(QColor(self._theme.ink))
        for column, answer in enumerate(self._answers):
            foot = QRectF(left + column * wide, self.height() - below, wide, below)
            _write_small(painter, foot, NONE if answer is None else answer)

    def _cell(self, painter: QPainter, cell: QRectF, label: str, answer: str | None) -> None:
        count = self._counts.get((label, answer), 0)
        share = count / max(1, self._sums[label])
        colour = RIGHT if answer == label else WRONG
        strength = 0.04 if not count else 0.15 + 0.6 * share
        fill = self._theme.ground(colour if count else self._theme.faint, strength)
        painter.fillRect(cell.adjusted(1, 1, -1, -1), QColor(fill))
        if count:
            painter.setPen(QColor(self._theme.ink))
            painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter), str(count))


def _write_small(painter: QPainter, room: QRectF, text: str) -> None:
    """In the middle of its room, smaller if there is little."""
    painter.save()
    wanted = painter.fontMetrics().horizontalAdvance(text) + GAP_PX
    if wanted > room.width():
        font = painter.font()
        font.setPointSizeF(max(SMALLEST_PT, font.pointSizeF() * room.width() / wanted))
        painter.setFont(font)
    painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()


def _recognised(moment: Moment) -> list[Counted]:
    if not moment.state.recognition or not moment.state.encoded:
        return []
    last = moment.state.recognition[-1]
    return [Counted("train", last.train, last.train_confusion), Counted("test", last.test, last.test_confusion)]


def _classified(moment: Moment) -> list[Counted]:
    """All presentations of tokens whose class is known."""
    known = Counter((one.token.label, one.recognised_as) for one in moment.state.shown if one.token.label)
    if not known:
        return []
    right = sum(count for (label, answer), count in known.items() if label == answer)
    confusion = tuple((label, answer, count) for (label, answer), count in known.items())
    return [Counted("classified", right / known.total(), confusion)]


def _answers(counted: Sequence[Counted], classes: Sequence[str]) -> list[str | None]:
    """The classes, those that nothing presented belongs to, and None, as far as they occur."""
    given = {answer for one in counted for _, answer, _ in one.confusion}
    others = sorted(answer for answer in given - set(classes) if answer is not None)
    return [*classes, *others, *([None] if None in given else [])]
