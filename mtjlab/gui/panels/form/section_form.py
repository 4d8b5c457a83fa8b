"""Form of a model: its keys in folding sections, validated as they are entered."""

from pathlib import Path
from typing import Any, TypeVar

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import QFrame, QGridLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from mtjlab.config import problems_of, section_of
from mtjlab.config.keys import GENERAL, KeyTable, sections_of
from mtjlab.config.section import Section
from mtjlab.gui.look.label import Label, tooltip
from mtjlab.gui.panels.form.editor import Editor

LABEL_PX = 150
Model = TypeVar("Model", bound=Section)


class SectionForm(QScrollArea):
    """Form of a ``model``. ``changed`` is emitted after every key press.

    ``complaints`` are the error messages by key. The sections in ``unfolded`` are open at first.
    """

    changed = pyqtSignal()

    def __init__(self, model: type[Section], unfolded: tuple[str, ...]) -> None:
        super().__init__()
        self._model = model
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self.setWidget(inside)  # now: Qt dresses anew what is moved with all that is in it
        box = QVBoxLayout(inside)
        box.setContentsMargins(8, 4, 8, 8)
        box.setSpacing(2)
        self._sections = {
            section.name: _FoldingSection(section, section.name in (GENERAL, *unfolded))
            for section in sections_of(model, unfolded)
        }
        self.editors: dict[str, Editor] = {}
        self.complaints: dict[str, str] = {}
        for section in self._sections.values():
            box.addWidget(section)
            self.editors |= section.editors
        box.addStretch(1)
        self.content = {}
        for editor in self.editors.values():
            editor.changed.connect(self._check)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Width that shows every field beside a scroll bar."""
        bar, inside = self.verticalScrollBar(), self.widget()
        width = (bar.sizeHint().width() if bar else 0) + (inside.minimumSizeHint().width() if inside else 0)
        return QSize(width, super().minimumSizeHint().height())

    @property
    def content(self) -> dict[str, Any]:
        """What is entered, valid or not, in the form of a file."""
        entered: dict[str, Any] = {}
        for key, editor in self.editors.items():
            *section, name = key.split(".")
            table = entered.setdefault(section[0], {}) if section else entered
            if editor.value is not None:
                table[name] = editor.value
        return entered

    @content.setter
    def content(self, content: dict[str, Any]) -> None:
        for key, editor in self.editors.items():
            *section, name = key.split(".")
            table = content.get(section[0], {}) if section else content
            editor.blockSignals(True)
            editor.value = table.get(name, editor.field.default)
            editor.blockSignals(False)
        self._check()

    def asked(self, model: type[Model]) -> Model | None:
        """What is entered as a ``model``; None if it is not valid."""
        return None if self.complaints else section_of(Path("form"), self.content, model)

    def _check(self) -> None:
        complaints = self.complaints = problems_of(self.content, self._model)
        for key, editor in self.editors.items():
            of_it = (text.removeprefix(f"{at}: ") for at, text in complaints.items() if f"{at}.".startswith(f"{key}."))
            editor.complain(next(of_it, ""))
        for name, section in self._sections.items():
            own = complaints.get(name, "").removeprefix(f"{name}: ")
            section.complain(own, any(key.startswith(f"{name}.") for key in complaints))
        self.changed.emit()


class _FoldingSection(QWidget):
    """A group of keys below a header that opens and closes it."""

    def __init__(self, section: KeyTable, is_open: bool) -> None:
        super().__init__()
        self._header = QToolButton()
        self._header.setText(section.name)
        self._header.setToolTip(tooltip(section.help))
        self._header.setCheckable(True)
        self._header.setProperty("role", "section")
        self._header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._header.toggled.connect(self._unfold)
        self._wrong = Label()
        self._wrong.setProperty("role", "wrong")
        self._wrong.setWordWrap(True)
        self._inside = QWidget()
        grid = QGridLayout(self._inside)
        grid.setContentsMargins(18, 0, 0, 4)
        grid.setVerticalSpacing(2)
        grid.setColumnMinimumWidth(0, LABEL_PX)
        grid.setColumnStretch(1, 1)
        self.editors = {field.key: Editor(field, grid, row) for row, field in enumerate(section.keys)}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        for part in (self._header, self._wrong, self._inside):
            box.addWidget(part)
        self._header.setChecked(is_open)
        self._unfold(is_open)
        if section.name == GENERAL:
            self._header.hide()

    def complain(self, own: str, is_wrong_inside: bool) -> None:
        """Show an error of the section as a whole; a section with an error is opened."""
        self._wrong.setText(own)
        self._wrong.setVisible(bool(own))
        if own or is_wrong_inside:
            self._header.setChecked(True)

    def _unfold(self, is_open: bool) -> None:
        self._inside.setVisible(is_open)
        self._header.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
