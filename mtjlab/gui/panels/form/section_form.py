"""Form of a model: its keys in folding sections, validated as they are entered."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mtjlab.config import problems_of, section_of
from mtjlab.config.keys import GENERAL, Key, KeyTable, sections_of, value_at
from mtjlab.config.section import Section
from mtjlab.errors import RefusedError
from mtjlab.gui.engines.estimate import PLAN
from mtjlab.gui.look.buttons import FoldButton
from mtjlab.gui.look.formatting import with_symbols
from mtjlab.gui.look.label import WRONG, ElidedLabel, tooltip
from mtjlab.gui.look.qt import application
from mtjlab.gui.panels.form.boxes import Boxes
from mtjlab.gui.panels.form.bubble import Bubble
from mtjlab.gui.panels.form.editor import Editor
from mtjlab.gui.panels.form.offers import NoOffers, Offers

LABEL_PX = 150
LEAST_LINES = 2
FORM = Path("form")
Model = TypeVar("Model", bound=Section)


class SectionForm(QScrollArea):
    """Form of a ``model``. ``changed`` is emitted after every key press.

    ``complaints`` are the error messages by key; under the key "" those of no field. The sections in ``unfolded`` are
    open at first. Models ``beside`` it have a section of their name each. ``examine`` is called with valid content, and
    returns why that is refused nevertheless, by the limits of the bench for example.
    """

    changed = pyqtSignal()

    def __init__(
        self,
        model: type[Section],
        unfolded: tuple[str, ...],
        beside: Mapping[str, type[Section]] | None = None,
        offers: Offers | None = None,
    ) -> None:
        super().__init__()
        self._model, self._beside = model, dict(beside or {})
        self.examine: Callable[[], RefusedError | None] = lambda: None
        self._content: dict[str, Any] = {}
        self._junctions = 1
        self._around: Mapping[str, Any] = {}
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
            section.name: _FoldingSection(section, section.name in (GENERAL, *unfolded), offers or NoOffers())
            for section in _tables(model, unfolded, self._beside)
        }
        self.editors: dict[str, Editor] = {}
        self.complaints: dict[str, str] = {}
        for section in self._sections.values():
            box.addWidget(section)
            self.editors |= section.editors
        box.addStretch(1)
        self._bubble = Bubble(inside)
        application().focusChanged.connect(self._show_bubble)
        self._rules = {key: editor.field for key, editor in self.editors.items() if editor.field.applies_when}
        self.content = {}
        for editor in self.editors.values():
            editor.changed.connect(self.check)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Width that shows every field beside a scroll bar; the height may be that of a line or two, which scroll."""
        bar, inside = self.verticalScrollBar(), self.widget()
        width = (bar.sizeHint().width() if bar else 0) + (inside.minimumSizeHint().width() if inside else 0)
        return QSize(width, LEAST_LINES * self.fontMetrics().height())

    @property
    def content(self) -> dict[str, Any]:
        """What is entered in the fields that apply, or their defaults, valid or not, in the form of a file."""
        return {key: dict(value) if isinstance(value, dict) else value for key, value in self._content.items()}

    @content.setter
    def content(self, content: Mapping[str, Any]) -> None:
        """Raises RefusedError if a value is of a type that no field shows; then nothing is changed."""
        self._demand_types(content)
        for key, editor in self.editors.items():
            value = value_at(content, key)
            editor.blockSignals(True)
            editor.value = editor.field.default if value is None else value
            editor.blockSignals(False)
        self.check()

    @property
    def changes(self) -> str:
        """What is entered in this form, not beside it, that differs from the defaults of its model, in words."""
        own = (one for key, one in self.editors.items() if key.partition(".")[0] not in self._beside and one.applies)
        return ", ".join(one.words for one in own if not one.is_default_of_model)

    def fill_from(self, file: Path, content: Mapping[str, Any]) -> None:
        """Fill the form with the ``content`` of ``file``. Raises RefusedError, with file and key, as ``content``."""
        try:
            self.content = content
        except RefusedError as error:
            raise RefusedError(f"{file}: {error} Correct it there, or enter the values again.") from error

    def _demand_types(self, content: Mapping[str, Any]) -> None:
        for name in {key.partition(".")[0] for key in self.editors if "." in key}:
            if not isinstance(content.get(name, {}), Mapping):
                raise RefusedError(f"{name}: must be a table (it is {content[name]!r}).")
        for key, editor in self.editors.items():
            value = value_at(content, key)
            if value is not None and not editor.field.can_show(value):
                raise RefusedError(f"{key}: must be {editor.field.holds} (it is {value!r}).")

    @property
    def own_content(self) -> dict[str, Any]:
        """The same without the models beside."""
        return {key: value for key, value in self.content.items() if key not in self._beside}

    @property
    def content_beside(self) -> dict[str, Any]:
        """The same of the models beside alone."""
        return {key: value for key, value in self.content.items() if key in self._beside}

    def set_defaults(self, content: Mapping[str, Any]) -> None:
        """Set what empty fields stand for; a key that is not in ``content`` has the default of its model."""
        for key, editor in self.editors.items():
            value = value_at(content, key)
            editor.default = editor.field.default if value is None else value

    def reset(self) -> None:
        """Enter the default in every field."""
        for editor in self.editors.values():
            editor.blockSignals(True)
            editor.value = editor.default
            editor.blockSignals(False)
        self.check()

    def surround(self, junctions: int, around: Mapping[str, Any]) -> None:
        """Show boxes for so many ``junctions``; keys may apply only if others, ``around`` the form, have some value."""
        self._junctions, self._around = junctions, around
        self.check()

    def asked(self, model: type[Model]) -> Model | None:
        """What is entered as a ``model``, without what is beside it; None if the content of the form is not valid."""
        return None if self.complaints else section_of(FORM, self.own_content, model)

    def parsed(self, model: type[Model]) -> Model | None:
        """The same, even if what is entered beside it is not valid, or it is refused; None if itself is not valid."""
        content = self.own_content
        return None if problems_of(content, self._model) else section_of(FORM, content, model)

    def asked_beside(self, name: str, model: type[Model]) -> Model | None:
        """What is entered in the section ``name`` as a ``model``; None if the content of the form is not valid."""
        return None if self.complaints else section_of(FORM, self.content.get(name, {}), model)

    def check(self) -> None:
        """Check what is entered, with all that it depends on."""
        self._apply_rules()
        self._content = self._entered()
        self.complaints = self._problems()
        if not self.complaints and (refused := self.examine()) is not None:
            blamed = [key for key in refused.keys if key in self.editors and self.editors[key].applies]
            self.complaints = {key: _without_place(str(refused), key) for key in blamed or [GENERAL]}
        for key, editor in self.editors.items():
            of_it = (
                text.removeprefix(f"{at}: ") for at, text in self.complaints.items() if f"{at}.".startswith(f"{key}.")
            )
            editor.complain(next(of_it, ""))
        for name, section in self._sections.items():
            own = self.complaints.get(name, "").removeprefix(f"{name}: ") if name else ""
            inside = next((self.worded(key) for key in self.complaints if key.startswith(f"{name}.")), "")
            section.complain(own, inside, may_open=not self._is_typed_in)
        self._show_bubble()
        self.changed.emit()

    def worded(self, key: str) -> str:
        """The complaint about ``key``, with the label of its field."""
        text = self.complaints[key]
        label = self.editors[key].field.label if key in self.editors else ""
        return f"{label}: {text.removeprefix(f'{key}: ')}" if label else text

    @property
    def _is_typed_in(self) -> bool:
        """Whether a field of the form has the keyboard: then nothing may move."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _show_bubble(self, *_: object) -> None:
        """Show what is wrong with the field that has the keyboard."""
        focus = QApplication.focusWidget() if self._is_typed_in else None
        for editor in self.editors.values():
            if focus is not None and (editor.widget is focus or editor.widget.isAncestorOf(focus)):
                self._bubble.show_at(editor.widget, editor.complaint)
                return
        self._bubble.hide()

    def _entered(self) -> dict[str, Any]:
        entered: dict[str, Any] = {}
        for key, editor in self.editors.items():
            *section, name = key.split(".")
            table = entered.setdefault(section[0], {}) if section else entered
            value = _given(editor, is_in_section=bool(section))
            if value not in (None, (), []):
                table[name] = value
        return entered

    def _problems(self) -> dict[str, str]:
        problems = problems_of(self.own_content, self._model)
        for name, model in self._beside.items():
            found = problems_of(self.content.get(name, {}), model)
            problems |= {f"{name}.{key}": f"{name}.{text}" for key, text in found.items()}
        return problems

    def _apply_rules(self) -> None:
        for editor in self.editors.values():
            if isinstance(editor.widget, Boxes):
                rows = editor.field.shown_as.boxes
                found = rows if isinstance(rows, int) else self._value_of(rows)
                editor.widget.resize_to(self._junctions, found if isinstance(found, int) and 1 <= found <= 6 else 1)
        for key, field in self._rules.items():
            self.editors[key].set_applies(self._is_applicable(field))
        for section in self._sections.values():
            section.setVisible(any(editor.applies for editor in section.editors.values()))

    def _is_applicable(self, field: Key) -> bool:
        return all(rule.holds(self._value_of(rule.key)) for rule in field.applies_when)

    def _value_of(self, key: str) -> Any:
        """The value of a key of the form, its default while nothing is entered, or a value around the form."""
        if key not in self.editors:
            return value_at(self._around, key)
        editor = self.editors[key]
        return editor.default if editor.value is None else editor.value


def _given(editor: Editor, is_in_section: bool) -> Any:
    """The value of a key: its default while nothing is entered; None for one that does not apply.

    In a section it is the model's default then: others may hold for the same section elsewhere.
    """
    if not editor.applies:
        return editor.field.default if is_in_section else None
    return editor.default if editor.value is None else editor.value


def absolute_paths(form: SectionForm, content: Mapping[str, Any], section: str = "") -> dict[str, Any]:
    """``content`` of a ``section`` of a form; names of existing files are made absolute."""
    texts = [key for key in content if (one := form.editors.get(section + key)) and one.field.shown_as.offers]
    existing = {key: content[key] for key in texts if os.path.exists(content[key])}
    return {**content, **{key: str(Path(name).resolve()) for key, name in existing.items()}}


def _tables(model: type[Section], first: tuple[str, ...], beside: Mapping[str, type[Section]]) -> list[KeyTable]:
    """Sections of ``model`` that come ``first``, each model ``beside`` it as a section of its own, other sections."""
    own = sections_of(model, first)
    extra = [table.inside(name) for name, other in beside.items() for table in sections_of(other)]
    top = [table for table in own if table.name in (GENERAL, *first)]
    return [*top, *extra, *(table for table in own if table not in top)]


def _without_place(message: str, key: str) -> str:
    """A message that is shown at the field of ``key``, without what says where that is."""
    for place in (f"{FORM}: ", f"{PLAN}: ", f"{key}, ", f"{key}: "):
        message = message.removeprefix(place)
    return with_symbols(message)


class _FoldingSection(QWidget):
    """A group of keys below a header that opens and closes it."""

    def __init__(self, section: KeyTable, is_open: bool, offers: Offers) -> None:
        super().__init__()
        self._header = FoldButton(section.label)
        self._header.setToolTip(tooltip(section.help))
        self._header.toggled.connect(self._unfold)
        self._own = self._of_field = ""
        self._wrong = ElidedLabel()
        self._wrong.setForegroundRole(WRONG)
        self._inside = QWidget()
        grid = QGridLayout(self._inside)
        grid.setContentsMargins(18, 0, 0, 4)
        grid.setVerticalSpacing(2)
        grid.setColumnMinimumWidth(0, LABEL_PX)
        grid.setColumnStretch(1, 1)
        self.editors = {field.key: Editor(field, grid, row, offers) for row, field in enumerate(section.keys)}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        top = QHBoxLayout()
        top.addWidget(self._header)
        top.addWidget(self._wrong, stretch=1)
        box.addLayout(top)
        box.addWidget(self._inside)
        self._header.setChecked(is_open)
        self._unfold(is_open)
        if section.name == GENERAL:
            for part in (self._header, self._wrong):
                part.hide()

    def complain(self, own: str, inside: str, may_open: bool) -> None:
        """Show an error of the section beside its header, and one ``inside`` it while it is closed.

        A section with an error is opened if it ``may_open``.
        """
        if (own or inside) and may_open:
            self._header.setChecked(True)
        self._own, self._of_field = own, inside
        self._show_complaint()

    def _show_complaint(self) -> None:
        text = self._own or ("" if self._header.isChecked() else self._of_field)
        self._wrong.setText(text)
        self._wrong.setToolTip(tooltip(text))

    def _unfold(self, is_open: bool) -> None:
        self._inside.setVisible(is_open)
        self._show_complaint()
        self._header.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
