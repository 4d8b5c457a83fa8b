"""Help with the types of PyQt5."""

from typing import TypeVar

from PyQt5.QtWidgets import QApplication

Thing = TypeVar("Thing")


def sure(thing: Thing | None) -> Thing:
    """Return ``thing``, which exists although PyQt5's types allow None for every pointer."""
    assert thing is not None
    return thing


def application() -> QApplication:
    """Return the running application."""
    running = QApplication.instance()
    assert isinstance(running, QApplication)
    return running
