"""A measurement in a terminal while it goes on: how many of its curves, presentations or probes are done."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mtjlab.config import Asked, MapAsked
from mtjlab.events import CurveTaken, Event, JunctionsMeasured, Presented, Probed, TakenOver
from mtjlab.experiment import rows_of
from mtjlab.procedures.mapping import cells_ua


class MeasuringView:
    """A viewer: a bar in a terminal, troubles as sentences anywhere."""

    def __init__(self, asked: Asked, console: Console, shown: bool) -> None:
        self._console = console
        self._shown = shown
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, disable=not (shown and console.is_terminal))
        self._task = self._progress.add_task("measuring the references", total=_extent(asked))

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case TakenOver(event=CurveTaken() | Probed() | Presented(attempt=1)):
                self._progress.advance(self._task)
            case JunctionsMeasured():
                self._progress.update(self._task, description="measuring")
            case CurveTaken() | Probed() | Presented(attempt=1):
                self._progress.advance(self._task)
            case _:
                pass
        if self._shown and event.is_trouble:
            self._console.print(event.sentence, style="yellow")


def _extent(asked: Asked) -> int | None:
    """Curves or presentations in all; None where that is not known beforehand."""
    if isinstance(asked, MapAsked) and asked.way == "adaptive":
        return None
    if isinstance(asked, MapAsked) and asked.way == "raster":
        return asked.times * len(cells_ua(asked)) ** 2
    return len(rows_of(asked)) * asked.staircase.repetitions
