"""Questions to the operator, in one place: tests answer them without a dialog."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PyQt5.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget


class Asking(Protocol):
    """Whoever puts a question to the operator."""

    def choice(self, title: str, question: str, answers: Sequence[str]) -> str:
        """One of ``answers``; the last where the operator gives none."""

    def number(self, title: str, question: str, suggested: float) -> float | None:
        """A number, or None."""

    def save_as(self, title: str, suggested: Path, kinds: str) -> Path | None:
        """Where to save a file, or None."""

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

    def choice(self, title: str, question: str, answers: Sequence[str]) -> str:
        """A button for each answer."""
        box = QMessageBox(QMessageBox.Icon.Question, title, question, parent=self._parent)
        buttons = {answer: box.addButton(answer, QMessageBox.ButtonRole.AcceptRole) for answer in answers}
        box.setEscapeButton(buttons[answers[-1]])
        box.exec()
        return next((answer for answer, button in buttons.items() if button is box.clickedButton()), answers[-1])

    def number(self, title: str, question: str, suggested: float) -> float | None:
        """A field for a number."""
        value, given = QInputDialog.getDouble(self._parent, title, question, suggested, -1e9, 1e9, 3)
        return value if given else None

    def save_as(self, title: str, suggested: Path, kinds: str) -> Path | None:
        """The dialog of the system."""
        name, kind = QFileDialog.getSaveFileName(self._parent, title, str(suggested), kinds)
        return of_kind(Path(name), suggested, kind) if name else None

    def folder(self, title: str, start: Path) -> Path | None:
        """The dialog of the system."""
        name = QFileDialog.getExistingDirectory(self._parent, title, str(start))
        return Path(name) if name else None

    def file(self, title: str, start: Path, kinds: str) -> Path | None:
        """The dialog of the system."""
        name, _ = QFileDialog.getOpenFileName(self._parent, title, str(start), kinds)
        return Path(name) if name else None
