"""A run of any kind, from its request to its exit code."""

from dataclasses import replace
from pathlib import Path

import typer

from mtjlab import experiment
from mtjlab.cli.common import FAULT, messages, print_json, results
from mtjlab.cli.first import ask_first
from mtjlab.cli.options import Dialogue
from mtjlab.cli.outcome import exit_of, figures_if_any, told_of, warn_of_calibration, watched_by
from mtjlab.cli.shorted import wants_check
from mtjlab.experiment import Request


def carry_out(request: Request, runs: Path, dialogue: Dialogue) -> None:
    """Ask what has to be asked, run, and tell what came of it; ends with the exit code of the run."""
    kind = request.kind
    is_new = ask_first(request, dialogue)
    if is_new and "check" in type(request.plan).model_fields and wants_check():
        request = replace(request, plan=request.plan.model_copy(update={"check": True}))
    warn_of_calibration(request.calibration, request.bench)
    with watched_by(kind.view(request.watched, messages, shown=not dialogue.quiet)) as show:
        run = experiment.execute(request, runs, [show])
    told = told_of(run, experiment.result_of)
    figures = figures_if_any(run.folder, dialogue.quiet) if kind.draws else []
    if not dialogue.quiet:
        kind.show(told, figures, messages if dialogue.as_json else results)
    if dialogue.as_json:
        print_json({**told, "figures": [str(path) for path in figures]} if kind.draws else told)
    ends = exit_of(run, dialogue.quiet)
    raise typer.Exit(FAULT) if kind.found_fault(told) else ends
