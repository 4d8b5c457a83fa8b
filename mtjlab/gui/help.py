"""The guide, the list of keys, and what this software is."""

import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import metadata, version

from markupsafe import Markup
from PyQt5.QtCore import QT_VERSION_STR
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
PACKAGES = ("PyQt5", "pyqtgraph", "PyVISA", "PyVISA-py", "PyMeasure", "numpy", "scipy")
"""Those whose version a report of a fault should name."""


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


def about(parent: QWidget) -> Page:
    """Version and licence, and the versions of what this software is built on; the text can be copied."""
    own = metadata("mtjlab")
    lines = "<br>".join(f"{name} {number}" for name, number in versions().items())
    page = (
        f"<h2>mtjlab {own['Version']}</h2><p>{own['Summary']}.</p><p>Licence: {own['License-Expression']}</p>"
        f"<p>{lines}</p>"
    )
    return Page("About mtjlab", {"About": page}, parent)


def versions() -> Mapping[str, str]:
    """Version of Python, of Qt and of each of PACKAGES, and the operating system."""
    return {
        "Python": platform.python_version(),
        "Qt": QT_VERSION_STR,
        **{name: version(name) for name in PACKAGES},
        "system": platform.platform(),
    }


def _html(markdown: str) -> str:
    document = QTextDocument()
    document.setMarkdown(markdown)
    return with_subscripts(Markup(document.toHtml()))
