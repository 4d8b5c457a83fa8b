"""``mtjlab safe``: ramp a bench to zero that no run holds."""

from pathlib import Path

import click
from click.exceptions import Exit
from rich.console import Console

from mtjlab import experiment
from mtjlab.cli.common import FAULT, messages, print_json, results
from mtjlab.cli.options import AS_JSON, QUIET, BenchCommand, bench_option, runs_option
from mtjlab.experiment import Shutdown
from mtjlab.terminal import Listing


@click.command(cls=BenchCommand)
@bench_option("Bench file of the sources", required=True)
@runs_option("Folder of runs that may have left these sources on; their folders are marked as safe.")
@AS_JSON
@QUIET
def safe(bench: Path, runs: Path, as_json: bool, quiet: bool) -> None:
    """Ramp all sources of a bench to zero and switch them off, as a guardian does; a magnet supply too.

    Exit code 0 if all were read back at zero before they were switched off, 4 if not; 2, and nothing is sent, while a
    run is in progress on the bench.
    """
    shutdown = experiment.shut_down(bench, runs)
    if not quiet:
        show_shutdown(shutdown, messages if as_json else results)
    elif not shutdown.is_safe:
        messages.print(f"mtjlab: {shutdown.report}", style="red")
    if as_json:
        print_json(shutdown.as_json())
    if not shutdown.is_safe:
        raise Exit(FAULT)


def show_shutdown(shutdown: Shutdown, console: Console) -> None:
    """Print each source before and after, whether all are safe, and the runs that are marked."""
    table = Listing("source", "was", "is", "output")
    for found, now in zip(shutdown.before, shutdown.after, strict=True):
        table.add_row(found.role, _current(found.delivers_ua), _current(now.level_ua), _output(now.output_on))
    console.print(table)
    console.print(shutdown.report, style="green" if shutdown.is_safe else "bold red")
    for folder in shutdown.confirmed:
        console.print(f"{folder}: marked: its sources are off")


def _current(current_ua: float | None) -> str:
    return "not known" if current_ua is None else f"{current_ua:.6g} uA"


def _output(is_on: bool | None) -> str:
    return "not known" if is_on is None else "ON" if is_on else "off"
