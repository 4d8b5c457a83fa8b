"""Every dialog of the window, in one place: questions to the operator, which tests answer by themselves, and pages.

Nothing is agreed to by pressing Enter: what a question begins with is the answer that changes nothing, or no answer.
All dialogs are Qt's own, so that the emergency stop works above them (``gate``).
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QMessageBox,
    QTabBar,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from mtjlab.gui.look.label import Label
from mtjlab.gui.look.number_field import EnteredNumber
from mtjlab.gui.look.qt import sure

WIDE_PX = 420
LOOK_MS = 200


def always() -> bool:
    """Of a question that stays as it is until it is answered."""
    return True


class Asking(Protocol):
    """Whoever puts a question to the operator."""

    def choice(self, title: str, question: str, answers: Sequence[str], is_so: Callable[[], bool] = always) -> str:
        """One of ``answers``; the last, which commits to nothing, where the operator gives none.

        Nor is another one given once what the question asks about is no longer so (``is_so``).
        """

    def number(self, title: str, question: str, unit: str) -> float | None:
        """A number, or None."""

    def save_as(self, title: str, suggested: Path, kinds: str) -> Path | None:
        """Where to save a file, or None; a file that is there may be replaced."""

    def folder(self, title: str, start: Path) -> Path | None:
        """A folder that exists, or None."""

    def file(self, title: str, start: Path, kinds: str) -> Path | None:
        """A file that exists, or None."""


def of_kind(path: Path, suggested: Path, kind: str) -> Path:
    """``path`` with the ending of the ``kind`` that was chosen ("Numbers (*.csv)"), unless another one was typed."""
    if path.suffix and path.suffix != suggested.suffix:
        return path
    return path.with_suffix(kind.rpartition("*")[2].rstrip(")"))


class Dialogs:
    """Asks in dialogs of ``parent``."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def choice(self, title: str, question: str, answers: Sequence[str], is_so: Callable[[], bool] = always) -> str:
        """A button for each answer; Enter and Esc give the last. It closes by itself when it is no longer so."""
        box = QMessageBox(QMessageBox.Icon.Question, title, question, parent=self._parent)
        box.setTextFormat(Qt.TextFormat.PlainText)
        buttons = {answer: sure(box.addButton(answer, QMessageBox.ButtonRole.AcceptRole)) for answer in answers}
        box.setEscapeButton(buttons[answers[-1]])
        box.setDefaultButton(buttons[answers[-1]])
        for button in buttons.values():
            button.setAutoDefault(False)
        looking = QTimer(box)
        looking.timeout.connect(lambda: None if is_so() else box.reject())
        looking.start(LOOK_MS)
        box.exec()
        looking.stop()
        return next((answer for answer, button in buttons.items() if button is box.clickedButton()), answers[-1])

    def number(self, title: str, question: str, unit: str) -> float | None:
        """A field for a number, empty at first."""
        dialog = NumberQuestion(title, question, unit, self._parent)
        return dialog.field.value if dialog.exec() else None

    def save_as(self, title: str, suggested: Path, kinds: str) -> Path | None:
        """A file chooser; asks before a file is replaced."""
        chooser = FileChooser(self._parent, title, suggested.parent, kinds)
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
        """A chooser of folders."""
        chooser = FileChooser(self._parent, title, start)
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        return chooser.chosen()

    def file(self, title: str, start: Path, kinds: str) -> Path | None:
        """A chooser of files that exist."""
        chooser = FileChooser(self._parent, title, start, kinds)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        return chooser.chosen()

    def _may_replace(self, path: Path) -> bool:
        replace, keep = "Replace it", "Choose another name"
        return self.choice("Replace a file", f"{path} is there already.", (replace, keep)) == replace


class NumberQuestion(QDialog):
    """Asks for one number; what is none is refused and stays as it was typed."""

    def __init__(self, title: str, question: str, unit: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        told = Label(question)
        told.setWordWrap(True)
        told.setMinimumWidth(WIDE_PX)
        self.field = EnteredNumber(unit)
        self.field.entered.connect(self.accept)
        self.buttons = QDialogButtonBox()
        for button in (QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel):
            sure(self.buttons.addButton(button)).setAutoDefault(False)
        self.buttons.accepted.connect(self.field.enter)
        self.buttons.rejected.connect(self.reject)
        grid = QGridLayout(self)
        grid.addWidget(told, 0, 0, 1, 2)
        grid.addWidget(self.field, 1, 0)
        grid.addWidget(Label(unit), 1, 1)
        grid.addWidget(self.field.reason, 2, 0, 1, 2)
        grid.addWidget(self.buttons, 3, 0, 1, 2)


class FileChooser(QFileDialog):
    """Qt's own, in which nothing is dragged, renamed or deleted; what is not there is refused in the dialog itself."""

    def __init__(self, parent: QWidget, title: str, start: Path, kinds: str = "") -> None:
        super().__init__(parent, title, str(start), kinds)
        for option in (QFileDialog.Option.DontUseNativeDialog, QFileDialog.Option.ReadOnly):
            self.setOption(option)
        for view in self.findChildren(QAbstractItemView):
            view.setDragDropMode(QAbstractItemView.DragDropMode.NoDragDrop)
        self.refused = Label()
        self.refused.setProperty("role", "wrong")
        self.refused.setWordWrap(True)
        layout = sure(self.layout())
        assert isinstance(layout, QGridLayout)
        layout.addWidget(self.refused, layout.rowCount(), 0, 1, layout.columnCount())
        self.currentChanged.connect(lambda _: self.refused.clear())

    def chosen(self) -> Path | None:
        """What is chosen, or None."""
        return Path(self.selectedFiles()[0]) if self.exec() and self.selectedFiles() else None

    def accept(self) -> None:
        """Take what is chosen, unless it has to be there and is not."""
        missing = [name for name in self.selectedFiles() if not os.path.exists(name)]
        if missing and self.fileMode() != QFileDialog.FileMode.AnyFile:
            self.refused.setText(f"{missing[0]} is not there.")
            return
        super().accept()


class Page(QDialog):
    """Text in a window of its own, which holds nothing up: HTML by the name of its tab; no tab where it is one page."""

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
        self.tabs.currentChanged.connect(lambda place: self.text.setHtml(self._pages[place]))
        for name in pages:
            self.tabs.addTab(name)
        box = QVBoxLayout(self)
        box.addWidget(self.tabs)
        box.addWidget(self.text)


def about_qt() -> None:
    """The library that draws the window."""
    QApplication.aboutQt()
