"""Carry out what a file asks."""

from pathlib import Path
from typing import Annotated

import typer

from mtjlab import experiment
from mtjlab.cli.carry_out import carry_out
from mtjlab.cli.common import Runs
from mtjlab.cli.options import Dialogue, grouped


@grouped
def run(
    *,
    file: Annotated[Path, typer.Argument(help="A file in the form of the run.toml of a run.")],
    runs: Runs = Path("runs"),
    dialogue: Dialogue,
) -> None:
    """Carry out what a file asks, in the form of the run.toml of any run, of which a copy will do.

    The table run names the procedure (and bench_file, plan_file, calibration, simulate, seed); a table of the name of
    the procedure holds the keys that its options set, with their units, such as for_s; plan is a plan file.
    """
    carry_out(experiment.prepare_file(file, runs), runs, dialogue)
