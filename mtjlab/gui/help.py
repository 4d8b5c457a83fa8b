"""The guide, and the list of keys."""

from collections.abc import Iterable

from markupsafe import Markup
from PyQt5.QtGui import QKeySequence, QTextDocument
from PyQt5.QtWidgets import QAction, QWidget

from mtjlab.gui.dialogs import Page
from mtjlab.gui.look.formatting import with_subscripts
from mtjlab.guide import topics

EVERYWHERE = (
    ("Esc", "Dismiss a notice"),
    ("Ctrl+C", "In a table: copy the selected rows"),
    ("Up, Down", "In a field with a whole number: change it by one"),
    ("Tab", "Next field"),
)
"""Keys that are in no menu."""


def guide(parent: QWidget) -> Page:
    """The pages of ``mtjlab help``."""
    return Page("Guide", {topic.name.capitalize(): _html(topic.text) for topic in topics()}, parent)


def keys(actions: Iterable[QAction], parent: QWidget) -> Page:
    """Every action that has a key."""
    in_menus = [
        (", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()), action.text())
        for action in actions
        if action.shortcuts()
    ]
    rows = "".join(
        f"<tr><td><b>{key}</b></td><td>{text.replace('&', '')}</td></tr>" for key, text in (*in_menus, *EVERYWHERE)
    )
    return Page("Keys", {"Keys": f"<table cellpadding='4'>{rows}</table>"}, parent)


def _html(markdown: str) -> str:
    document = QTextDocument()
    document.setMarkdown(markdown)
    return with_subscripts(Markup(document.toHtml()))
