"""The operator's guide, and the list of keys."""

from collections.abc import Iterable
from pathlib import Path

from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction, QDialog, QTextBrowser, QVBoxLayout, QWidget

GUIDE = Path(__file__).with_name("guide.md")
EVERYWHERE = (
    ("Esc", "Put a notice away"),
    ("Ctrl+C", "In a table: copy the rows that are selected"),
    ("Up, Down", "In a field with a whole number: count"),
    ("Tab", "To the next field"),
)
"""Keys that belong to no menu."""


class Pages(QDialog):
    """A page of text in a window of its own, which holds nothing up."""

    def __init__(self, title: str, markdown: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(720, 640)
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(True)
        self.text.setMarkdown(markdown)
        box = QVBoxLayout(self)
        box.addWidget(self.text)


def guide(parent: QWidget) -> Pages:
    """How the window is used."""
    return Pages("Operator's guide", GUIDE.read_text(encoding="utf-8"), parent)


def keys(actions: Iterable[QAction], parent: QWidget) -> Pages:
    """Every action that has a key."""
    told = [
        (", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()), action.text())
        for action in actions
        if action.shortcuts()
    ]
    rows = "\n".join(f"| `{key}` | {text.replace('&', '')} |" for key, text in (*told, *EVERYWHERE))
    return Pages("Keys", f"| key | does |\n|---|---|\n{rows}\n", parent)
