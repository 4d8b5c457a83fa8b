"""All dialogs of the window: questions to the operator, which tests answer from a script, and pages of text.

Pressing Enter never confirms anything: the default of a question is the answer that changes nothing, or none.
All dialogs are Qt's own, so that the emergency stop works while they are open (``input_filter``).
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from markupsafe import Markup
from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QInputDialog,
    QMessageBox,
    QPushButton,
    QTabBar,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from mtjlab.gui.look.label import WRONG, Label
from mtjlab.gui.look.number_field import EnteredNumber
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.steady import keep_place

WIDE_PX = 420
TEXT_SIZE = 640, 300
LOOK_MS = 200
Dialog = TypeVar("Dialog", bound=QDialog)


def always() -> bool:
    """Return True: the question stays valid until it is answered."""
    return True


class Prompts(Protocol):
    """Questions to the operator."""

    def choice(self, title: str, question: str, answers: Sequence[str], is_valid: Callable[[], bool] = always) -> str:
        """One of ``answers``; the last, which changes nothing, if the operator gives none.

        It is also the last once the question is no longer valid (``is_valid``).
        """

    def number(self, title: str, question: str, unit: str) -> float | None:
        """A number, or None."""

    def text(self, title: str, question: str) -> str | None:
        """A text that is not empty, or None."""

    def save_as(self, title: str, suggested: Path, kinds: str) -> Path | None:
        """Where to save a file, or None; an existing file may be replaced."""

    def folder(self, title: str, start: Path) -> Path | None:
        """A folder that exists, or None."""

    def file(self, title: str, start: Path, kinds: str) -> Path | None:
        """A file that exists, or None."""


def of_kind(path: Path, suggested: Path, kind: str) -> Path:
    """``path`` with the suffix of the chosen ``kind`` ("Numbers (*.csv)"), unless another suffix was typed."""
    if path.suffix and path.suffix != suggested.suffix:
        return path
    return path.with_suffix(kind.rpartition("*")[2].rstrip(")"))


@contextmanager
def _used_once(dialog: Dialog) -> Iterator[Dialog]:
    """Delete ``dialog`` afterwards: its window would keep it, and a file chooser would watch its folder for ever."""
    try:
        yield dialog
    finally:
        dialog.deleteLater()


class Dialogs:
    """Shows questions as dialogs of ``parent``."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def choice(self, title: str, question: str, answers: Sequence[str], is_valid: Callable[[], bool] = always) -> str:
        """Show a button for each answer; Enter and Esc give the last. Closes when the question is no longer valid."""
        with _used_once(QMessageBox(QMessageBox.Icon.Question, title, question, parent=self._parent)) as box:
            box.setTextFormat(Qt.TextFormat.PlainText)
            buttons = {answer: sure(box.addButton(answer, QMessageBox.ButtonRole.AcceptRole)) for answer in answers}
            box.setEscapeButton(buttons[answers[-1]])
            box.setDefaultButton(buttons[answers[-1]])
            for button in buttons.values():
                button.setAutoDefault(False)
            looking = QTimer(box)
            looking.timeout.connect(lambda: None if is_valid() else box.reject())
            looking.start(LOOK_MS)
            box.exec()
            looking.stop()
            return next((answer for answer, button in buttons.items() if button is box.clickedButton()), answers[-1])

    def number(self, title: str, question: str, unit: str) -> float | None:
        """Show an empty field for a number."""
        with _used_once(NumberQuestion(title, question, unit, self._parent)) as dialog:
            return dialog.field.value if dialog.exec() else None

    def text(self, title: str, question: str) -> str | None:
        """Show an empty field for a text."""
        with _used_once(QInputDialog(self._parent)) as dialog:
            dialog.setWindowTitle(title)
            dialog.setLabelText(question)
            return dialog.textValue().strip() or None if dialog.exec() else None

    def save_as(self, title: str, suggested: Path, kinds: str) -> Path | None:
        """Show a file chooser; ask before a file is replaced."""
        with _used_once(FileChooser(self._parent, title, suggested.parent, kinds)) as chooser:
            chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            chooser.setFileMode(QFileDialog.FileMode.AnyFile)
            chooser.setOption(QFileDialog.Option.DontConfirmOverwrite)
            chooser.selectFile(suggested.name)
            while (chosen := chooser.chosen()) is not None:
                path = of_kind(chosen, suggested, chooser.selectedNameFilter())
                if not os.path.exists(path) or self._may_replace(path):
                    return path
            return None

    def folder(self, title: str, start: Path) -> Path | None:
        """Show a chooser of folders."""
        with _used_once(FileChooser(self._parent, title, start)) as chooser:
            chooser.setFileMode(QFileDialog.FileMode.Directory)
            chooser.setOption(QFileDialog.Option.ShowDirsOnly)
            return chooser.chosen()

    def file(self, title: str, start: Path, kinds: str) -> Path | None:
        """Show a chooser of existing files."""
        with _used_once(FileChooser(self._parent, title, start, kinds)) as chooser:
            chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
            return chooser.chosen()

    def _may_replace(self, path: Path) -> bool:
        replace, keep = "Replace it", "Choose another name"
        return self.choice("Replace a file", f"{path} already exists.", (replace, keep)) == replace


class NumberQuestion(QDialog):
    """Asks for one number; an entry that is no number is refused and stays in the field."""

    def __init__(self, title: str, question: str, unit: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        label = Label(question)
        label.setWordWrap(True)
        label.setMinimumWidth(WIDE_PX)
        self.field = EnteredNumber(unit)
        self.field.entered.connect(self.accept)
        self.buttons = QDialogButtonBox()
        for button in (QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel):
            sure(self.buttons.addButton(button)).setAutoDefault(False)
        self.buttons.accepted.connect(self.field.enter)
        self.buttons.rejected.connect(self.reject)
        grid = QGridLayout(self)
        grid.addWidget(label, 0, 0, 1, 2)
        grid.addWidget(self.field, 1, 0)
        grid.addWidget(Label(unit), 1, 1)
        grid.addWidget(self.field.reason, 2, 0, 1, 2)
        keep_place(self.field.reason)
        grid.addWidget(self.buttons, 3, 0, 1, 2)


class FileChooser(QFileDialog):
    """Qt's own file dialog without dragging, renaming or deleting; a missing file is refused in the dialog."""

    def __init__(self, parent: QWidget, title: str, start: Path, kinds: str = "") -> None:
        super().__init__(parent, title, str(start), kinds)
        for option in (QFileDialog.Option.DontUseNativeDialog, QFileDialog.Option.ReadOnly):
            self.setOption(option)
        for view in self.findChildren(QAbstractItemView):
            view.setDragDropMode(QAbstractItemView.DragDropMode.NoDragDrop)
        self.refused = Label()
        self.refused.setForegroundRole(WRONG)
        self.refused.setWordWrap(True)
        layout = sure(self.layout())
        assert isinstance(layout, QGridLayout)
        layout.addWidget(self.refused, layout.rowCount(), 0, 1, layout.columnCount())
        self.currentChanged.connect(lambda _: self.refused.clear())

    def chosen(self) -> Path | None:
        """The chosen path, or None."""
        return Path(self.selectedFiles()[0]) if self.exec() and self.selectedFiles() else None

    def accept(self) -> None:
        """Accept the choice, unless the file must exist and does not."""
        missing = [name for name in self.selectedFiles() if not os.path.exists(name)]
        if missing and self.fileMode() != QFileDialog.FileMode.AnyFile:
            self.refused.setText(f"{missing[0]} does not exist.")
            return
        super().accept()


class Page(QDialog):
    """Text in a non-modal window: HTML pages by the name of their tab; a single page has no tab."""

    def __init__(self, title: str, pages: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(760, 680)
        self._pages = tuple(pages.values())
        self.tabs = QTabBar()
        self.tabs.setAutoHide(True)
        self.tabs.setExpanding(False)
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(True)
        self.copy = copy = QPushButton("Copy")
        copy.setToolTip("Copy this text")
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: sure(QApplication.clipboard()).setText(self.text.toPlainText()))
        self.tabs.currentChanged.connect(lambda place: self.text.setHtml(self._pages[place]))
        for name in pages:
            self.tabs.addTab(name)
        box = QVBoxLayout(self)
        box.addWidget(self.tabs)
        box.addWidget(self.text)
        box.addWidget(copy, alignment=Qt.AlignmentFlag.AlignRight)


def whole_text(parent: QWidget, title: str, text: str) -> None:
    """Show a text that is too long for its place, to be read and copied."""
    page = Page(title, {"": Markup("<p style='white-space:pre-wrap'>{}</p>").format(text)}, parent)
    page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    page.resize(*TEXT_SIZE)
    page.show()


class FormWindow(QDialog):
    """A non-modal window with a form, deleted when it is closed."""

    def __init__(self, title: str, size: tuple[int, int], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(*size)


def about_qt() -> None:
    """Show the dialog about Qt."""
    QApplication.aboutQt()
