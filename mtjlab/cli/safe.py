"""Take a bench to zero that no run holds."""

from pathlib import Path

import click
from click.exceptions import Exit
from rich.table import Table

from mtjlab import experiment
from mtjlab.cli.common import FAULT, messages, print_json, results
from mtjlab.cli.options import AS_JSON, QUIET, BenchCommand, bench_option, runs_option
from mtjlab.experiment import Shutdown


@click.command(cls=BenchCommand)
@bench_option("Bench file of the sources", required=True)
@runs_option("Folder of runs that may have left these sources on.")
@AS_JSON
@QUIET
def safe(bench: Path, runs: Path, as_json: bool, quiet: bool) -> None:
    """Ramp all sources of a bench to zero and switch them off, as a guardian does; a magnet supply too.

    Exit code 0 if all were seen at zero before they went off, 4 if not; 2, and nothing is sent, where a run goes on.
    """
    reached = experiment.shut_down(bench, runs)
    if not quiet:
        _show(reached, as_json)
    elif not reached.is_safe:
        messages.print(f"mtjlab: {reached.told}", style="red")
    if as_json:
        print_json(reached.as_json())
    if not reached.is_safe:
        raise Exit(FAULT)


def _show(reached: Shutdown, as_json: bool) -> None:
    console = messages if as_json else results
    table = Table("source", "was", "is", "output", box=None, padding=(0, 2, 0, 0), header_style="dim")
    for found, now in zip(reached.before, reached.after, strict=True):
        table.add_row(found.role, _current(found.delivers_ua), _current(now.level_ua), _output(now.output_on))
    console.print(table)
    console.print(reached.told, style="green" if reached.is_safe else "bold red")
    for folder in reached.confirmed:
        console.print(f"{folder}: noted that its sources are off")


def _current(current_ua: float | None) -> str:
    return "not known" if current_ua is None else f"{current_ua:.6g} uA"


def _output(is_on: bool | None) -> str:
    return "not known" if is_on is None else "ON" if is_on else "off"
