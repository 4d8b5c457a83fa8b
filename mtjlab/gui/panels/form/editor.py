"""One key of a form: label, input widget, unit, reset button, and what is wrong with its value."""

import os
from typing import Any

from PyQt5.QtCore import QObject, Qt, pyqtSignal
from PyQt5.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QMenu, QToolButton, QWidget

from mtjlab.config.keys import Key
from mtjlab.domain import input_label
from mtjlab.gui.look.buttons import CheckBox, TitleButton
from mtjlab.gui.look.formatting import as_html, with_subscripts
from mtjlab.gui.look.label import FAINT, Label, tooltip
from mtjlab.gui.look.number_field import NumberField, TextField
from mtjlab.gui.look.qt import sure
from mtjlab.gui.panels.form.boxes import Boxes
from mtjlab.gui.panels.form.offers import Offer, Offers
from mtjlab.typed_numbers import NotANumberError

LEAST = "-500.0, -500"
"""Minimum visible width of a value."""
GRID_ROWS = 2
"""Rows of the grid for an editor: label and value, boxes."""
COLUMNS = 4
CHOOSE_FILE = "Choose a file ..."
CHOOSE = {"folder": "Choose a folder ..."}


class Editor(QObject):
    """The widgets of a key in a grid."""

    changed = pyqtSignal()

    def __init__(self, field: Key, grid: QGridLayout, row: int, offers: Offers) -> None:
        super().__init__(grid)
        self.field = field
        self.applies = True
        self._default: Any = field.default
        self._offers = offers
        self.complaint = ""
        """Error message of the value; empty if it is valid. The form shows it while the field has the keyboard."""
        self.widget = self._made()
        self.widget.setObjectName(field.key)
        self._label = Label(with_subscripts(field.label))
        self._label.setBuddy(self.widget)
        parent = sure(grid.parentWidget())
        self.reset = _button("↺", parent)
        self.reset.clicked.connect(self._reset)
        self.menu = self._offer_button(parent)
        unit = Label(field.unit)
        unit.setForegroundRole(FAINT)
        self._parts: list[QWidget] = [self._label, self.widget, unit, *([self.menu] if self.menu else [])]
        self._place(grid, GRID_ROWS * row, unit)
        self.changed.connect(self._show_reset)
        self.default = field.default

    @property
    def value(self) -> Any:
        """The value that is entered; the text itself if it cannot be converted."""
        if isinstance(self.widget, QCheckBox):
            return self.widget.isChecked()
        try:
            return self.widget.value if isinstance(self.widget, Boxes) else self.field.entered(self._text)
        except NotANumberError:
            return self._text.strip()

    @value.setter
    def value(self, value: Any) -> None:
        text = self.field.shown(value)
        if isinstance(self.widget, QCheckBox):
            self.widget.setChecked(value is True)
        elif isinstance(self.widget, QComboBox):
            self.widget.setCurrentText(text)
        elif isinstance(self.widget, Boxes):
            self.widget.value = value
        else:
            self.widget.setText(text)
            self.widget.setCursorPosition(0)
        self._show_reset()

    @property
    def default(self) -> Any:
        """The value that an empty field stands for, and that the reset button enters."""
        return self._default

    @default.setter
    def default(self, default: Any) -> None:
        self._default = default
        shown = self.field.shown(default) or self.field.shown_as.if_empty
        if isinstance(self.widget, QLineEdit):
            self.widget.setPlaceholderText(shown)
        elif isinstance(self.widget, Boxes):
            self.widget.show_default(default, self.field.shown_as.if_empty)
        self._explain()
        self.reset.setToolTip(tooltip(f"Reset to the default: {shown or 'nothing'}"))
        self._show_reset()

    @property
    def is_default_of_model(self) -> bool:
        """Whether what is entered is what the model has without it."""
        value = self.value
        return value is None or _plain(value) == _plain(self.field.default)

    @property
    def words(self) -> str:
        """What is entered, with its label and unit."""
        value = self.value
        shown = "" if value is True else self.field.shown(value)
        return " ".join(filter(None, (self.field.label, shown, self.field.unit if shown else "")))

    def complain(self, complaint: str) -> None:
        """Mark the value as wrong by an error message, or why it cannot be converted; an empty message clears it."""
        text = complaint and (self._unreadable or complaint)
        if text == self.complaint:
            return
        self.complaint = text
        if isinstance(self.widget, Boxes):
            self.widget.mark(text)
        elif isinstance(self.widget, TextField):
            self.widget.mark(bool(text))
        self._explain()

    def set_applies(self, applies: bool) -> None:
        """Show the field, or hide it while it does not apply."""
        if applies != self.applies:
            self.applies = applies
            for part in self._parts:
                part.setVisible(applies)
            self._show_reset()

    @property
    def _text(self) -> str:
        match self.widget:
            case QComboBox():
                return self.widget.currentText()
            case Boxes():
                return ", ".join(box.text() for box in self.widget.fields)
            case _:
                return self.widget.text()

    @property
    def _unreadable(self) -> str:
        try:
            if isinstance(self.widget, Boxes):
                self.widget.value  # noqa: B018  read for its error
            else:
                self.field.entered(self._text)
        except NotANumberError as error:
            return str(error)
        return ""

    def _explain(self) -> None:
        """What is wrong, which file or folder is chosen, and what may be entered, under the pointer."""
        shown = self.field.shown(self._default) or self.field.shown_as.if_empty
        chosen = self._chosen
        for part in self._parts:
            part.setToolTip(_tooltip(self.field, shown, self.complaint, chosen))

    @property
    def _chosen(self) -> str:
        """Whole path of the file or folder that is entered: its field may be too narrow for it. Empty without one."""
        text = self._text.strip() if self.field.shown_as.offers else ""
        return os.path.abspath(text) if text and os.path.exists(text) else ""

    def _reset(self) -> None:
        self.value = self._default
        self.changed.emit()

    def _show_reset(self) -> None:
        value = self.value
        is_default = value is None or _plain(value) == _plain(self._default)
        self.reset.setVisible(self.applies and not (is_default or (value is False and self._default is None)))
        if self.field.shown_as.offers:
            self._explain()

    def _made(self) -> "QCheckBox | QComboBox | QLineEdit | Boxes":
        field = self.field
        widget: QCheckBox | QComboBox | QLineEdit | Boxes
        if field.choices:
            widget = QComboBox()
            widget.addItems(("", *field.choices) if field.may_be_empty else field.choices)
            widget.currentTextChanged.connect(self.changed)
        elif field.is_flag:
            widget = CheckBox()
            widget.toggled.connect(self.changed)
        elif field.shown_as.boxes:
            widget = Boxes(as_one_number=not field.depth, is_row=field.depth == 1)
            widget.changed.connect(self.changed)
            return widget
        else:
            widget = TextField() if field.is_text else NumberField(step=1.0 if field.is_whole else None)
            widget.textChanged.connect(self.changed)
        widget.setMinimumWidth(widget.fontMetrics().horizontalAdvance(LEAST))
        return widget

    def _place(self, grid: QGridLayout, top: int, unit: Label) -> None:
        grid.addWidget(self._label, top, 0)
        if isinstance(self.widget, Boxes):
            grid.addWidget(self.widget, top + 1, 0, 1, COLUMNS)
        else:
            grid.addWidget(self.widget, top, 1)
        if self.menu and not self.field.unit:
            grid.addWidget(self.menu, top, 2)
        else:
            grid.addWidget(unit, top, 2)
            if self.menu:
                grid.addWidget(self.menu, top, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.reset, top, 3)
        grid.setColumnMinimumWidth(3, self.reset.sizeHint().width())

    def _offer_button(self, parent: QWidget) -> QToolButton | None:
        """Button with a menu of what can be entered; None where nothing is offered."""
        if not (self.field.shown_as.offers or self.field.shown_as.boxes):
            return None
        button = _button("…", parent)
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        what = "training" if self.field.shown_as.boxes else self.field.shown_as.offers
        found = self._offers.found(what)
        for offer in found:
            if self.field.depth == 1 and self.field.shown_as.boxes:
                for j in range(2):
                    self._add(menu, f"I_C of {offer.text}, input {input_label(j)}", offer, j)
            else:
                self._add(menu, f"I_C of {offer.text}" if self.field.shown_as.boxes else offer.text, offer, 0)
        if not found and what in ("training", "calibration") and (nothing := menu.addAction(f"No {what} was found")):
            nothing.setEnabled(False)
        if not self.field.shown_as.boxes and (chooser := menu.addAction(CHOOSE.get(what, CHOOSE_FILE))):
            chooser.triggered.connect(lambda _checked: self._choose())

    def _add(self, menu: QMenu, text: str, offer: Offer, row: int) -> None:
        if entry := menu.addAction(text):
            entry.triggered.connect(lambda _checked: self._take(offer.value, row))

    def _take(self, value: str, row: int) -> None:
        if not self.field.shown_as.boxes:
            self.value = value
            return
        rows = self._offers.controls_of(value)
        self.value = rows[min(row, len(rows) - 1)] if self.field.depth == 1 else rows
        self.changed.emit()

    def _choose(self) -> None:
        choose = self._offers.chosen_folder if self.field.shown_as.offers == "folder" else self._offers.chosen_file
        if (path := choose(self.field.label.capitalize())) is not None:
            self.value = str(path)


def _button(text: str, parent: QWidget) -> TitleButton:
    button = TitleButton(text, parent)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button


def _plain(value: Any) -> Any:
    """A value with lists as tuples, and equal currents of all junctions as one."""
    return tuple(map(_plain, value)) if isinstance(value, list | tuple) else value


def _tooltip(field: Key, default: str, complaint: str, chosen: str) -> str:
    shown = f"Default: {default} {field.unit if field.default is not None else ''}".strip() if default else ""
    parts = [complaint, chosen, field.help, f"{field.range[:1].upper()}{field.range[1:]}", shown]
    return as_html(*filter(None, parts))
