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
    """Carry out what a file asks: [run] with procedure and bench_file, [plan], and the table of the procedure."""
    carry_out(experiment.prepare_file(file, runs), runs, dialogue)
