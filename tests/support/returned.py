"""What a procedure returns."""

from typing import TypeVar, cast

from mtjlab.procedures.types import Procedure

T = TypeVar("T")


def returned(procedure: Procedure[T]) -> T:
    """Run a procedure to its end, and return what it returns."""
    try:
        while True:
            next(procedure)
    except StopIteration as end:
        return cast("T", end.value)
