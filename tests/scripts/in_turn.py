"""A pool of no processes: a script that is tested in the process of the test has imported all it needs."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any


class InTurn:
    """Does one piece of work after another."""

    def map(self, work: Callable[..., Any], *arguments: Iterable[Any]) -> Iterator[Any]:
        return map(work, *arguments)


def pool(_at_a_time: int) -> AbstractContextManager[InTurn]:
    return nullcontext(InTurn())
