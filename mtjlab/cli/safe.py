"""Take a bench to zero that no run holds."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from mtjlab import experiment
from mtjlab.cli.common import FAULT, AsJson, Quiet, bench_option, messages, print_json, results
from mtjlab.experiment import TakenDown


def safe(
    bench: Annotated[Path, bench_option("Bench file of the sources", show_default=False)],
    runs: Annotated[Path, typer.Option(help="Folder of runs that may have left these sources on.")] = Path("runs"),
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Ramp all sources of a bench to zero and switch them off, as a guardian does; a magnet supply too.

    Exit code 0 if all were seen at zero before they went off, 4 if not; 2, and nothing is sent, where a run goes on.
    """
    reached = experiment.take_down(bench, runs)
    if not quiet:
        _show(reached, as_json)
    elif not reached.is_safe:
        messages.print(f"mtjlab: {reached.told}", style="red")
    if as_json:
        print_json(reached.as_json())
    if not reached.is_safe:
        raise typer.Exit(FAULT)


def _show(reached: TakenDown, as_json: bool) -> None:
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
