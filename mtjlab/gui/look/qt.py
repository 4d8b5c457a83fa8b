"""Help with the types and layouts of PyQt5."""

from typing import TypeVar

from PyQt5.QtWidgets import QWidget

Thing = TypeVar("Thing")


def sure(thing: Thing | None) -> Thing:
    """Return ``thing``, which exists although PyQt5's types allow None for every pointer."""
    assert thing is not None
    return thing


def keep_place(widget: QWidget) -> None:
    """Reserve the place of ``widget`` while it is hidden, so that nothing around it moves."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)
