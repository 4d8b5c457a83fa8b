"""Help with the types of PyQt5."""

from typing import TypeVar

Thing = TypeVar("Thing")


def sure(thing: Thing | None) -> Thing:
    """Return ``thing``, which exists although PyQt5's types allow None for every pointer."""
    assert thing is not None
    return thing
