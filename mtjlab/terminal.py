"""Views of runs in a terminal: common parts."""

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from mtjlab.events import Event, JunctionsMeasured, TakenOver
from mtjlab.extent import ProgressMeter


class View(AbstractContextManager[Any], Protocol):
    """A view of a run in a terminal, updated by each event."""

    def show(self, event: Event) -> None:
        """Update the view with one event."""


class ProgressView:
    """Progress of a run: a bar in a terminal, warnings as sentences."""

    def __init__(self, meter: ProgressMeter, console: Console, shown: bool) -> None:
        self._meter = meter
        self._console = console
        self._shown = shown
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[so_far]}"))
        self._progress = Progress(
            *columns, TimeRemainingColumn(), console=console, disable=not (shown and console.is_terminal)
        )
        total = None if meter.extent.high is None else 1.0
        self._task = self._progress.add_task("measuring the references", total=total, so_far=str(meter))

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, event: Event) -> None:
        """Update the view with one event."""
        before = self._meter.share, self._meter.done
        self._meter.take(event)
        if isinstance(event, JunctionsMeasured):
            self._progress.update(self._task, description="measuring")
        if isinstance(event, TakenOver):  # it begins where that run ended, and its pace is its own
            if not self._meter.is_taking_over:
                share, so_far = self._meter.share, str(self._meter)
                self._progress.reset(self._task, completed=share, so_far=so_far)  # type: ignore[arg-type]
        elif before != (self._meter.share, self._meter.done):
            self._progress.update(self._task, completed=self._meter.share, so_far=str(self._meter))
        if self._shown and event.is_trouble:
            self._console.print(event.sentence, style="yellow")


def show_end(result: dict[str, Any], console: Console) -> None:
    """Print the status of a run and of its sources."""
    style = "bold red" if result["outputs_may_be_on"] else None
    if sentence := result["ended"] or result["reason"]:
        console.print(sentence, style=style)
    if result["so_far"]:
        console.print(f"{'so far':12} {result['so_far']}")
