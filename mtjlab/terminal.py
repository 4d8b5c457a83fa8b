"""Views of runs in a terminal: common parts."""

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol, Self

from rich.box import Box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from mtjlab.events import Event, JunctionsMeasured, TakenOver
from mtjlab.extent import ProgressMeter


class Listing(Table):
    """A table that loses nothing in a narrow terminal: texts take more lines there, never fewer words.

    Columns of numbers are added with ``no_wrap``, so that texts give way to them. The ``title`` may be wider.
    """

    def __init__(self, *names: str, title: str | None = None, box: Box | None = None, **options: Any) -> None:
        super().__init__(*names, box=box, **{"padding": (0, 2, 0, 0), "header_style": "dim", **options})
        self._heading = title

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the title, then the table."""
        if self._heading:
            yield Text(self._heading, style="table.title")
        yield from super().__rich_console__(console, options)

    def add_column(self, header: RenderableType = "", footer: RenderableType = "", **options: Any) -> None:
        """Add a column as ``Table`` does."""
        super().add_column(header, footer, **{"overflow": "fold", **options})

    def add_numbers(self, header: str) -> None:
        """Add a column of numbers, each of which stays on one line."""
        self.add_column(header, justify="right", no_wrap=True, overflow="ellipsis")


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
