"""One key of a form: label, input widget, unit, and an error message below."""

from typing import Any

from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit

from mtjlab.config.keys import Key
from mtjlab.gui.look.formatting import as_html
from mtjlab.gui.look.label import Label
from mtjlab.gui.look.number_field import NumberField, show_reason
from mtjlab.typed_numbers import NotANumberError

LEAST = "-500.0, -500"
"""Minimum visible width of a value."""


class Editor(QObject):
    """The widgets of a key in a row of a grid."""

    changed = pyqtSignal()

    def __init__(self, field: Key, grid: QGridLayout, row: int) -> None:
        super().__init__(grid)
        self.field = field
        self._wrong = Label()
        self._wrong.setProperty("role", "wrong")
        self._wrong.setWordWrap(True)
        self._wrong.hide()
        self.widget = self._choice() if field.choices else self._flag() if field.is_flag else self._line()
        self.widget.setObjectName(field.key)
        self.widget.setMinimumWidth(self.widget.fontMetrics().horizontalAdvance(LEAST))
        label = Label(field.label)
        label.setBuddy(self.widget)
        unit = Label(field.unit)
        unit.setProperty("role", "faint")
        for widget in (label, self.widget, unit):
            widget.setToolTip(_tooltip(field))
        for column, part in enumerate((label, self.widget, unit)):
            grid.addWidget(part, 2 * row, column)
        grid.addWidget(self._wrong, 2 * row + 1, 0, 1, 3)

    @property
    def value(self) -> Any:
        """The value that is entered; the text itself if it cannot be converted."""
        if isinstance(self.widget, QCheckBox):
            return self.widget.isChecked()
        try:
            return self.field.entered(self._text)
        except NotANumberError:
            return self._text.strip()

    @value.setter
    def value(self, value: Any) -> None:
        text = self.field.shown(value)
        if isinstance(self.widget, QCheckBox):
            self.widget.setChecked(value is True)
        elif isinstance(self.widget, QComboBox):
            self.widget.setCurrentText(text)
        else:
            self.widget.setText(text)
            self.widget.setCursorPosition(0)

    @property
    def complaint(self) -> str:
        """Error message of the value; empty if it is valid."""
        return self._wrong.text()

    def complain(self, complaint: str) -> None:
        """Show an error message, or why the text cannot be converted; an empty message clears it."""
        show_reason(self.widget, self._wrong, complaint and (self._unreadable or complaint))

    @property
    def _text(self) -> str:
        return self.widget.currentText() if isinstance(self.widget, QComboBox) else self.widget.text()

    @property
    def _unreadable(self) -> str:
        try:
            self.field.entered(self._text)
        except NotANumberError as error:
            return str(error)
        return ""

    def _choice(self) -> QComboBox:
        box = QComboBox()
        box.addItems(self.field.choices)
        box.currentTextChanged.connect(self.changed)
        return box

    def _flag(self) -> QCheckBox:
        box = QCheckBox()
        box.toggled.connect(self.changed)
        return box

    def _line(self) -> QLineEdit:
        line = QLineEdit() if self.field.is_text else NumberField(step=1.0 if self.field.is_whole else None)
        line.textChanged.connect(self.changed)
        return line


def _tooltip(field: Key) -> str:
    default = f"Default {field.shown(field.default)} {field.unit}".strip() if field.default is not None else ""
    parts = [field.help, f"{field.range[:1].upper()}{field.range[1:]}", default]
    return as_html(*filter(None, parts))
