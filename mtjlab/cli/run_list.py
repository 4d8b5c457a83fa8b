"""List of runs in the terminal, printed in one go: there may be thousands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from operator import attrgetter
from textwrap import wrap
from typing import Any

import click
from rich.cells import cell_len as wide_len
from rich.cells import set_cell_size

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
GAP, INDENT = "  ", "    "


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its text for a run, and what becomes of it in a narrow terminal.

    One with a width ``narrowest`` is folded to that at least, or cut; others keep their width, and may be left out.
    """

    name: str
    cell: Callable[[RunSummary], str]
    is_of_trainings: bool = False
    narrowest: int | None = None
    is_cut: bool = False
    may_be_left_out: bool = False


def cell_len(text: str) -> int:
    """Width of ``text`` in a terminal."""
    return len(text) if text.isascii() else wide_len(text)


def _rate(run: RunSummary, subset: str) -> str:
    return f"{getattr(run.recognition, subset):.1%}" if run.recognition else ""


RUN, STATUS, BENCH = (
    Column("run", lambda run: run.run, narrowest=26),
    Column("status", lambda run: run.status_report.status),
    Column("bench", attrgetter("bench_text"), narrowest=12, is_cut=True),
)
COLUMNS = (
    RUN,
    STATUS,
    Column("step", attrgetter("steps_text"), True),
    Column("train", lambda run: _rate(run, "train"), True),
    Column("test", lambda run: _rate(run, "test"), True),
    Column("began", attrgetter("time_text"), may_be_left_out=True),
    BENCH,
)


def show_runs(runs: Sequence[RunSummary], console: PlainConsole) -> None:
    """Print a line for each run, then how runs ended that did not finish or may have left outputs on.

    A narrow terminal shows one line for each run all the same, without its time and with a shortened name of its bench,
    and only the name of a run takes several if it must; no number is cut. Without a known width all is shown.
    """
    columns = [column for column in COLUMNS if not column.is_of_trainings or any(map(column.cell, runs))]
    widths = _widths(columns, runs)
    room = console.width if console.has_known_width else None
    if room is not None:
        if _over(widths, room) > 0:
            columns = [column for column in columns if not column.may_be_left_out]
            widths = _widths(columns, runs)
        widths = _narrowed(columns, widths, room)
    cells = [[visible(column.cell(run)) for column in columns] for run in runs]
    lines = [click.style(_line(columns, [column.name for column in columns], widths).rstrip(), dim=True)]
    for run, row in zip(runs, cells, strict=True):
        lines += _folded(columns, row, widths, COLOURS[run.status_report.status])
    for run in runs:
        if run.status_report.may_be_on or run.status_report.why:
            lines += _ending(run, room)
    console.print_lines(lines)


def _widths(columns: Sequence[Column], runs: Sequence[RunSummary]) -> list[int]:
    return [max(map(cell_len, (one.name, *(visible(one.cell(run)) for run in runs)))) for one in columns]


def _over(widths: Sequence[int], room: int) -> int:
    """By how much columns of these widths are too wide for ``room``."""
    return sum(widths) + len(GAP) * (len(widths) - 1) - room


def _narrowed(columns: Sequence[Column], widths: Sequence[int], room: int) -> list[int]:
    """Widths that fit into ``room`` as far as columns can be folded or cut, starting with the last."""
    narrowed = list(widths)
    for m, column in reversed(list(enumerate(columns))):
        over = _over(narrowed, room)
        if over > 0 and column.narrowest is not None:
            narrowed[m] = max(min(column.narrowest, narrowed[m]), narrowed[m] - over)
    return narrowed


def _folded(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int], colour: str) -> list[str]:
    """Lines of a run, its status in colour."""
    parts = [_within(column, cell, width) for column, cell, width in zip(columns, row, widths, strict=True)]
    return [_line(columns, line, widths, colour).rstrip() for line in zip_longest(*parts, fillvalue="")]


def _within(column: Column, cell: str, width: int) -> list[str]:
    """Lines of a cell that is no wider than ``width``."""
    if cell_len(cell) <= width:
        return [cell]
    return [f"{set_cell_size(cell, width - 1)}…"] if column.is_cut else wrap(cell, width, break_on_hyphens=False)


def _line(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int], colour: str = "") -> str:
    shown = []
    for column, cell, width in zip(columns, row, widths, strict=True):
        air = " " * (width - cell_len(cell))
        text = click.style(cell, fg=colour) if colour and column is STATUS else cell
        shown.append(air + text if column.is_of_trainings else text + air)
    return GAP.join(shown)


def _ending(run: RunSummary, room: int | None) -> list[str]:
    text = visible(f"{run.run}: {run.status_report.sentence}")
    lines = [text] if room is None else wrap(text, room, subsequent_indent=INDENT, break_on_hyphens=False)
    look: dict[str, Any] = {"fg": "bright_red", "bold": True} if run.status_report.may_be_on else {"dim": True}
    return [click.style(line, **look) for line in lines]
