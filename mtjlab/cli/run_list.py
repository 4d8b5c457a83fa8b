"""List of runs in the terminal, printed in one go: there may be thousands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from operator import attrgetter
from textwrap import wrap

import click
from rich.cells import cell_len as wide_len

from mtjlab.console import PlainConsole
from mtjlab.plain_text import visible
from mtjlab.runs.run_summary import RunSummary

COLOURS = {
    "running": "cyan",
    "finished": "green",
    "stopped": "yellow",
    "failed": "red",
    "crashed": "bright_red",
    "damaged": "bright_red",
    "unknown": "magenta",
}
GAP = "  "


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its text for a run, and its minimum width; None if it cannot be folded."""

    name: str
    cell: Callable[[RunSummary], str]
    is_of_trainings: bool = False
    narrowest: int | None = None


def cell_len(text: str) -> int:
    """Width of ``text`` in a terminal."""
    return len(text) if text.isascii() else wide_len(text)


def _rate(run: RunSummary, subset: str) -> str:
    return f"{getattr(run.recognition, subset):.1%}" if run.recognition else ""


RUN, STATUS, BENCH = (
    Column("run", lambda run: run.run, narrowest=26),
    Column("status", lambda run: run.status_report.status),
    Column("bench", attrgetter("bench_text"), narrowest=12),
)
COLUMNS = (
    RUN,
    STATUS,
    Column("step", attrgetter("steps_text"), True),
    Column("train", lambda run: _rate(run, "train"), True),
    Column("test", lambda run: _rate(run, "test"), True),
    Column("began", attrgetter("time_text")),
    BENCH,
)


def show_runs(runs: Sequence[RunSummary], console: PlainConsole) -> None:
    """Print a line for each run, then how runs ended that did not finish or may have left outputs on.

    In a narrow terminal, names take several lines, and no number is cut; without a known width, lines are not folded.
    """
    columns = [column for column in COLUMNS if not column.is_of_trainings or any(map(column.cell, runs))]
    cells = [[visible(column.cell(run)) for column in columns] for run in runs]
    widths = [max(map(cell_len, (column.name, *of_column))) for column, *of_column in zip(columns, *cells, strict=True)]
    if console.has_known_width:
        widths = _narrowed(columns, widths, console.width)
    lines = [click.style(_line(columns, [column.name for column in columns], widths).rstrip(), dim=True)]
    for run, row in zip(runs, cells, strict=True):
        lines += _folded(columns, row, widths, COLOURS[run.status_report.status])
    lines += [_ending(run) for run in runs if run.status_report.may_be_on or run.status_report.why]
    console.print_lines(lines)


def _narrowed(columns: Sequence[Column], widths: Sequence[int], room: int) -> list[int]:
    """Widths that fit into ``room`` as far as columns can be folded, starting with the last."""
    narrowed = list(widths)
    for m, column in reversed(list(enumerate(columns))):
        over = sum(narrowed) + len(GAP) * (len(columns) - 1) - room
        if over > 0 and column.narrowest is not None:
            narrowed[m] = max(min(column.narrowest, narrowed[m]), narrowed[m] - over)
    return narrowed


def _folded(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int], colour: str) -> list[str]:
    """Lines of a run, its status in colour."""
    parts = [
        wrap(cell, width, break_on_hyphens=False) if cell_len(cell) > width else [cell]
        for cell, width in zip(row, widths, strict=True)
    ]
    return [_line(columns, line, widths, colour).rstrip() for line in zip_longest(*parts, fillvalue="")]


def _line(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int], colour: str = "") -> str:
    shown = []
    for column, cell, width in zip(columns, row, widths, strict=True):
        air = " " * (width - cell_len(cell))
        text = click.style(cell, fg=colour) if colour and column is STATUS else cell
        shown.append(air + text if column.is_of_trainings else text + air)
    return GAP.join(shown)


def _ending(run: RunSummary) -> str:
    text = visible(f"{run.run}: {run.status_report.sentence}")
    return click.style(text, fg="bright_red", bold=True) if run.status_report.may_be_on else click.style(text, dim=True)
