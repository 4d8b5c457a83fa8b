"""The operator's guide, and the list of keys."""

from collections.abc import Iterable
from pathlib import Path

from PyQt5.QtGui import QKeySequence, QTextDocument
from PyQt5.QtWidgets import QAction, QDialog, QTextBrowser, QVBoxLayout, QWidget

from mtjlab.gui.look.words import with_subscripts

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

    def __init__(self, title: str, html: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(720, 640)
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(True)
        self.text.setHtml(html)
        box = QVBoxLayout(self)
        box.addWidget(self.text)


def guide(parent: QWidget) -> Pages:
    """How the window is used."""
    document = QTextDocument()
    document.setMarkdown(GUIDE.read_text(encoding="utf-8"))
    return Pages("Operator's guide", with_subscripts(document.toHtml()), parent)


def keys(actions: Iterable[QAction], parent: QWidget) -> Pages:
    """Every action that has a key."""
    told = [
        (", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()), action.text())
        for action in actions
        if action.shortcuts()
    ]
    rows = "".join(
        f"<tr><td><b>{key}</b></td><td>{text.replace('&', '')}</td></tr>" for key, text in (*told, *EVERYWHERE)
    )
    return Pages("Keys", f"<table cellpadding='4'>{rows}</table>", parent)
