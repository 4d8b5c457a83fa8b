"""``mtjlab export`` and ``mtjlab figures``: files made from a run."""

from pathlib import Path
from typing import Literal

import click

from mtjlab import experiment
from mtjlab.cli.common import messages, print_json, results
from mtjlab.cli.drawing import draw_shown
from mtjlab.cli.options import AS_JSON, PATH, QUIET, RUN, runs_option
from mtjlab.figures.named import ALL
from mtjlab.runs.finding import find_run
from mtjlab.runs.opened import kind_of
from mtjlab.stopping import signals_interrupt


@click.command()
@RUN
@click.option(
    "--to",
    type=click.Choice(["csv", "netcdf", "pymeasure"]),
    required=True,
    help="Plain tables, NetCDF data sets, or PyMeasure's results format.",
)
@click.option("--out", type=PATH, help="New or empty folder; default: export/ in the run folder.")
@runs_option()
@AS_JSON
def export(run: Path, to: Literal["csv", "netcdf", "pymeasure"], out: Path | None, runs: Path, as_json: bool) -> None:
    """Export a run for other programs; an export can be repeated at any time.

    Read the tables with pandas.read_csv(path, keep_default_na=False, na_values=[""]): then a class called NA stays a
    name. Names that a spreadsheet would take for formulas begin with an apostrophe.
    """
    with signals_interrupt():
        result = experiment.export(find_run(run, runs), to, out)
    if as_json:
        print_json(result)
        return
    for path in result["files"]:
        results.print(path)


@click.command()
@RUN
@click.argument("names", nargs=-1, help="Figures to draw, such as map-step-010; default: all.")
@runs_option()
@AS_JSON
@QUIET
def figures(run: Path, names: tuple[str, ...], runs: Path, as_json: bool, quiet: bool) -> None:
    """Draw the figures of a run from its journal: all, or some by name."""
    folder = find_run(run, runs)
    drawn = draw_shown(folder, quiet, names or ALL)
    if quiet and not as_json:
        return
    result = experiment.result_of(folder)
    if not quiet:
        kind_of(folder).show(result, drawn, messages if as_json else results)
    if as_json:
        print_json({**result, "figures": [str(path) for path in drawn]})
