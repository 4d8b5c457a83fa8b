"""Export a run for other programs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mtjlab import experiment
from mtjlab.cli.common import AsJson, Run, Runs, print_json, results
from mtjlab.runs.finding import find_run


class To(StrEnum):
    """What it is exported to."""

    CSV = "csv"
    NETCDF = "netcdf"
    PYMEASURE = "pymeasure"


def export(
    run: Run,
    to: Annotated[To, typer.Option(help="Plain tables, NetCDF data sets, or PyMeasure's results format.")],
    out: Annotated[
        Path | None, typer.Option(help="A new or empty folder; export/ in the folder of the run without it.")
    ] = None,
    runs: Runs = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Export a run for other programs; made again at any time.

    Read the tables with pandas.read_csv(path, keep_default_na=False, na_values=[""]): then a class called NA stays a
    name. Names that a spreadsheet would take for formulas begin with an apostrophe.
    """
    told = experiment.export(find_run(run, runs), to.value, out)
    if as_json:
        print_json(told)
        return
    for path in told["files"]:
        results.print(path)
