"""A run in a terminal as plain sentences, for procedures that have no picture of their own."""

from types import TracebackType
from typing import Self

from rich.console import Console

from mtjlab.events import Event


class SentenceView:
    """A viewer that prints what the log of the run says."""

    def __init__(self, console: Console, shown: bool) -> None:
        self._console = console
        self._shown = shown

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, event: Event) -> None:
        """Take one event in."""
        told = event.sentence
        if self._shown and told:
            style = "yellow" if event.is_trouble else None
            self._console.print(told, style=style)
