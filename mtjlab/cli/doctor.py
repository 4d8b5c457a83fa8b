"""``mtjlab doctor``: check VISA libraries, ports and instruments; no setting is written."""

from pathlib import Path
from typing import Any

import click
from click.exceptions import Exit
from rich.text import Text

from mtjlab.cli.common import FAULT, messages, print_json, results
from mtjlab.cli.options import AS_JSON, QUIET, BenchCommand, bench_option
from mtjlab.counted import counted

SHORT = ("role", "library", "output", "model")
LONG = ("identity", "held_by", "about")
BELOW = Text(" " * 4)
AS_ABOVE = "as above"


@click.command(cls=BenchCommand)
@bench_option("Also query the instruments of this bench: bench file")
@click.option("--library", default="@py", help='VISA library to search; "" is the one of the system.')
@AS_JSON
@QUIET
def doctor(bench: Path | None, library: str, as_json: bool, quiet: bool) -> None:
    """List VISA back ends, resources with their identity, locks, and the instruments of a bench file that answer.

    Exit code 4 if an instrument of the bench file cannot be used, 0 otherwise.
    """
    from mtjlab.cli.bus import BENCH, examined  # noqa: PLC0415  all drivers: slow to import

    tables: dict[str, list[dict[str, Any]]] = {}
    for title, rows in examined(bench, library):
        tables[title] = rows
        if not quiet and not as_json:
            _show(title.replace("_", " "), rows)
            results.file.flush()  # the next table may take seconds
    if as_json:
        print_json(tables)
    failing = [row["role"] for row in tables[BENCH] if row["problem"]]
    if failing:
        count = f"{len(failing)} of {counted(len(tables[BENCH]), 'instrument')}"
        messages.print(f"mtjlab: {bench}: {count} cannot be used: {', '.join(failing)}", style="red")
        raise Exit(FAULT)


def _show(title: str, rows: list[dict[str, Any]]) -> None:
    """Print one line for each row; longer texts below it, wrapped to the terminal; addresses are never wrapped.

    A problem of several rows is printed once.
    """
    if not rows:
        results.print(Text.assemble((title, "bold"), ": none"))
        return
    results.print(title, style="bold")
    shown = [_cells(row) for row in rows]
    problems: set[str] = set()
    widths = [max(map(len, column)) for column in zip(*(short for short, _ in shown), strict=True)]
    for row, (short, long) in zip(rows, shown, strict=True):
        cells, address = [f"{cell:{width}}" for cell, width in zip(short, widths, strict=True)], row.get("address")
        line = "  ".join([*cells, *filter(None, [address])]).rstrip()
        if cells and results.is_terminal and len(line) > results.width:
            line = f"{'  '.join(cells).rstrip()}\n{BELOW}{address}"
        results.print(line)
        for text in filter(None, long):
            results.print_beside(BELOW, text)
        if problem := (row.get("problem") or "").removeprefix(f"resource ({address}): "):
            results.print_beside(BELOW, AS_ABOVE if problem in problems else problem)
            problems.add(problem)
    results.print()


def _cells(row: dict[str, Any]) -> tuple[list[str], list[str | None]]:
    """Short cells, in columns; and long texts: identity, holder of a lock, capabilities of a library."""
    cells = {**row, "output": _output(row["output_on"], row["level_ua"]) if "output_on" in row else None}
    return [str(cells[name]) for name in SHORT if cells.get(name) is not None], [row.get(name) for name in LONG]


def _output(is_on: bool | None, level_ua: float | None) -> str:
    return "" if is_on is None else f"ON at {level_ua} uA" if is_on else "off"
