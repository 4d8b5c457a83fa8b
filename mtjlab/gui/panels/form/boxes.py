"""Boxes for currents: one for each junction, in a row for each input."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtGui import QKeyEvent, QKeySequence
from PyQt5.QtWidgets import QApplication, QGridLayout, QWidget

from mtjlab.domain import input_label, junction_label
from mtjlab.gui.look.label import FAINT, Label
from mtjlab.gui.look.number_field import NumberField
from mtjlab.gui.look.qt import sure
from mtjlab.typed_numbers import NotANumberError, read_number, read_numbers, shown_number

WIDEST = "-1000.5"
STEP_UA = 1.0


class _Box(NumberField):
    """The current of one junction. Several numbers that are pasted are spread over the boxes."""

    def __init__(self, spread: Callable[[Any], None]) -> None:
        super().__init__(STEP_UA)
        self._spread = spread
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(WIDEST) + 8)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802  Qt's name
        """Spread several numbers that are pasted, or handle the key as usual."""
        text = sure(QApplication.clipboard()).text() if event and event.matches(QKeySequence.Paste) else ""
        if "," not in text and ";" not in text:
            super().keyPressEvent(event)
            return
        try:
            self._spread(read_numbers(text))
        except NotANumberError:
            super().keyPressEvent(event)


class Boxes(QWidget):
    """Currents of each junction, for one input or several.

    The value in the first box of a row is that of all junctions while the other boxes are empty, and the row of the
    first input that of all inputs while the other rows are empty; empty boxes show which current they stand for.
    """

    changed = pyqtSignal()

    def __init__(self, as_one_number: bool, is_row: bool) -> None:
        """``as_one_number``: one number for all junctions and inputs is a value. ``is_row``: else it is one row."""
        super().__init__()
        self._as_one_number, self._is_row = as_one_number, is_row
        self._default: list[list[float]] = []
        self._words = ""
        self.boxes: list[list[NumberField]] = []
        self._names: list[Label] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(3)
        self._junctions, self._inputs = 1, 1
        self._lay_out([])

    def resize_to(self, junctions: int, inputs: int) -> None:
        """Show boxes for a chain of ``junctions`` and for ``inputs``; a box with a number in it stays."""
        if (junctions, inputs) == (self._junctions, self._inputs):
            return
        self._junctions, self._inputs = junctions, inputs
        self._lay_out(self._texts)

    @property
    def value(self) -> Any:
        """What is entered: None for nothing, one number, a row, or rows.

        Raises:
            NotANumberError: a text is no number, or a current is missing between others.
        """
        rows = [[read_number(text) if text.strip() else None for text in row] for row in self._texts]
        entered = [current for row in rows for current in row if current is not None]
        if not entered:
            return None
        if self._as_one_number and len(entered) == 1 and rows[0][0] is not None:
            return rows[0][0]
        filled = [
            self._filled(row, j) if j == 0 or any(c is not None for c in row) else [] for j, row in enumerate(rows)
        ]
        return filled[0] if self._is_row else [row or filled[0] for row in filled]

    @value.setter
    def value(self, value: Any) -> None:
        """Show numbers; a text that was no number is shown as it is, and stays none."""
        rows = [] if isinstance(value, str) else _rows(value)
        numbers = [list(map(shown_number, row)) for row in _shortest(rows, max(self._junctions, 1))]
        self._lay_out([[value]] if isinstance(value, str) else numbers)
        self.changed.emit()

    def show_default(self, value: Any, words: str) -> None:
        """Show what nothing entered stands for: a ``value``, or ``words`` where there is none."""
        self._default, self._words = _rows(value), words
        self._show_meaning()

    def mark(self, complaint: str) -> None:
        """Mark the boxes of the junctions that ``complaint`` names, or all if it names none; none if it is empty."""
        named = set(re.findall(r"\bJ\d+\b", complaint))
        for row in self.boxes:
            for k, box in enumerate(row):
                box.mark(bool(complaint) and (not named or junction_label(k) in named))

    @property
    def fields(self) -> list[NumberField]:
        """All boxes, in the order in which they are read."""
        return [box for row in self.boxes for box in row]

    def _filled(self, row: Sequence[float | None], j: int) -> list[float]:
        first, *others = row
        if first is not None and all(current is None for current in others):
            return [first] * len(row)
        missing = [self._name(j, k) for k, current in enumerate(row) if current is None]
        if missing:
            raise NotANumberError(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} empty")
        return [current for current in row if current is not None]

    def _name(self, j: int, k: int) -> str:
        return f"{junction_label(k)}{f' of input {input_label(j)}' if len(self.boxes) > 1 else ''}"

    @property
    def _texts(self) -> list[list[str]]:
        return [[box.text() for box in row] for row in self.boxes]

    def _lay_out(self, texts: Sequence[Sequence[str]]) -> None:
        """As many boxes as junctions and inputs, and as many more as there are texts."""
        while texts and not any(texts[-1]):
            texts = texts[:-1]
        used = max((k + 1 for row in texts for k, text in enumerate(row) if text), default=0)
        inputs, junctions = max(self._inputs, len(texts), 1), max(self._junctions, used, 1)
        if (len(self.boxes), len(self.boxes[0]) if self.boxes else 0) != (inputs, junctions):
            self._make(inputs, junctions)
        for j, row in enumerate(self.boxes):
            for k, box in enumerate(row):
                box.blockSignals(True)
                box.setText(texts[j][k] if j < len(texts) and k < len(texts[j]) else "")
                box.setCursorPosition(0)
                box.blockSignals(False)
        self._show_meaning()

    def _make(self, inputs: int, junctions: int) -> None:
        """Make new boxes; Tab reaches them where it reached those that they replace."""
        before = self.fields
        for name in self._names:
            self._discard(name)
        self._names, self.boxes = [], []
        for k in range(junctions):
            self._add_name(junction_label(k), 0, k + 1)
        for j in range(inputs):
            if inputs > 1:
                self._add_name(input_label(j), j + 1, 0)
            row: list[NumberField] = [_Box(self._spread) for _ in range(junctions)]
            for k, box in enumerate(row):
                box.setAccessibleName(f"{junction_label(k)}, input {input_label(j)}")
                box.textChanged.connect(self._on_text)
                self._grid.addWidget(box, j + 1, k + 1)
                self._grid.setColumnStretch(k + 1, 1)
            self.boxes.append(row)
        for earlier, later in pairwise([*before[-1:], *self.fields]):
            self.setTabOrder(earlier, later)
        self.setFocusProxy(self.boxes[0][0])
        for box in before:
            self._discard(box)

    def _discard(self, old: QWidget) -> None:
        self._grid.removeWidget(old)
        old.setParent(None)
        old.deleteLater()

    def _add_name(self, text: str, row: int, column: int) -> None:
        name = Label(text)
        name.setForegroundRole(FAINT)
        self._grid.addWidget(name, row, column)
        self._names.append(name)

    def _spread(self, numbers: Any) -> None:
        self.value = numbers

    def _on_text(self, _text: str) -> None:
        self._show_meaning()
        self.changed.emit()

    def _show_meaning(self) -> None:
        """What each empty box stands for, in grey."""
        texts = self._texts
        is_empty = not any(text for row in texts for text in row)
        for j, row in enumerate(self.boxes):
            source = row if any(texts[j]) else self.boxes[0]
            for k, box in enumerate(row):
                if is_empty:
                    box.setPlaceholderText(_at(self._default, j, k) or self._words)
                else:
                    is_one = not any(one.text() for one in source[1:])
                    box.setPlaceholderText(source[0].text() if is_one else "" if source is row else source[k].text())


def _rows(value: Any) -> list[list[float]]:
    if value is None or value in ((), []):
        return []
    if not isinstance(value, list | tuple):
        return [[value]]
    return [list(row) for row in value] if isinstance(value[0], list | tuple) else [list(value)]


def _shortest(rows: list[list[float]], junctions: int) -> list[list[float]]:
    """One row for equal rows, and one number for equal numbers of as many junctions as there are."""
    if not rows:
        return rows
    if all(row == rows[0] for row in rows):
        rows = rows[:1]
    return [row[:1] if len(set(row)) == 1 and len(row) <= junctions else row for row in rows]


def _at(rows: list[list[float]], j: int, k: int) -> str:
    if not rows:
        return ""
    row = rows[min(j, len(rows) - 1)]
    return shown_number(row[k] if k < len(row) else row[0]) if len(row) == 1 or k < len(row) else ""
