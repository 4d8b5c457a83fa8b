"""Draw what came of a run."""

from pathlib import Path

from mtjlab import experiment
from mtjlab.cli.common import AsJson, Quiet, Run, Runs, messages, print_json, results
from mtjlab.runs.finding import find_run
from mtjlab.runs.opened import kind_of


def figures(run: Run, runs: Runs = Path("runs"), as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Draw the figures of a run again from its journal."""
    folder = find_run(run, runs)
    drawn = experiment.draw(folder)
    told = experiment.result_of(folder)
    if not quiet:
        kind_of(folder).show(told, drawn, messages if as_json else results)
    if as_json:
        print_json({**told, "figures": [str(path) for path in drawn]})
