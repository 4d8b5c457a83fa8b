"""What PyQt's types leave open."""

from typing import TypeVar

Thing = TypeVar("Thing")


def sure(thing: Thing | None) -> Thing:
    """A part of a widget that is always there, though PyQt5's types call everything None that a pointer could be."""
    assert thing is not None
    return thing
