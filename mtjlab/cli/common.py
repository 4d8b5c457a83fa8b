"""What all commands share: where they print, their options, their exit codes."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from mtjlab.cli.console import PlainConsole
from mtjlab.cli.numbers import decimal_option, whole_option
from mtjlab.ready import ready_file

DONE, REFUSED, STOPPED, FAULT = 0, 2, 3, 4

messages = PlainConsole(stderr=True)
results = PlainConsole()

AsJson = Annotated[bool, typer.Option("--json", help="End with one JSON object as the last line of standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")]


def bench_option(told: str = "Bench file", **more: Any) -> Any:
    """An option for a bench file; the name of a ready one stands for it."""
    return typer.Option("--bench", help=f"{told}, or a name of `mtjlab configs`.", callback=_found, **more)


def _found(file: Path | None) -> Path | None:
    return file and ready_file(file)


BenchFile = Annotated[Path, bench_option()]
Runs = Annotated[Path, typer.Option("--runs", help="Folder of all runs; a new one is made in it.")]
Run = Annotated[
    Path, typer.Argument(help="Folder of a run, its id such as 2026-11-23/0007-train, or last.", show_default=False)
]
Simulate = Annotated[
    bool, typer.Option("--simulate", help="Simulated instruments in place of the real ones of the bench file.")
]
ConfirmShorted = Annotated[
    bool, typer.Option("--confirm-shorted", help="The chain is shorted while its bench or chip is changed.")
]
Faults = Annotated[
    list[str] | None,
    typer.Option("--fault", help="With --simulate: what goes wrong, such as 'voltmeter J2:no-reply@2.5'."),
]
Speed = Annotated[
    float | None, decimal_option("--speed", low=1e-3, told="With --simulate: bench seconds in a second of the clock.")
]
Seed = Annotated[int | None, whole_option("--seed", low=0, told="Of what is drawn and of simulated junctions.")]
Calibration = Annotated[Path | None, typer.Option(help="References of an earlier sweep, instead of measuring them.")]


def print_json(told: dict[str, Any]) -> None:
    """One JSON object as a line of its own, for other programs."""
    print(json.dumps(told))  # noqa: T201
