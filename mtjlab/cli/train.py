"""Train the chain, and draw what came of it."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from mtjlab import experiment
from mtjlab.cli.common import (
    AsJson,
    BenchFile,
    Calibration,
    Faults,
    Quiet,
    Run,
    Runs,
    Simulate,
    Speed,
    exit_of,
    figures_if_any,
    messages,
    report,
    results,
    told_of,
    warn_of_calibration,
    watched_by,
)
from mtjlab.cli.first import ask_first
from mtjlab.cli.numbers import whole_option
from mtjlab.cli.options import Dialogue, grouped
from mtjlab.cli.shorted import wants_check
from mtjlab.cli.switching_table import show_switching
from mtjlab.runs import find_run
from mtjlab.terminal import TrainingView


@grouped
def train(
    *,
    bench: BenchFile = experiment.DEFAULT_BENCH,
    plan: Annotated[Path, typer.Option(help="Plan file.")] = experiment.DEFAULT_PLAN,
    seed: Annotated[int | None, whole_option(low=0, told="Of split, order of tokens and simulated junctions.")] = None,
    runs: Runs = Path("runs"),
    steps: Annotated[int | None, whole_option(low=0, told="Training steps; 0 only measures the recognition.")] = None,
    recognition_every: Annotated[
        int | None, whole_option(low=0, told="Present every token each so many steps; 0 = never.")
    ] = None,
    simulate: Simulate = False,
    speed: Speed = None,
    fault: Faults = None,
    check: Annotated[bool, typer.Option("--check", help="Look for wiring mistakes first.")] = False,
    calibration: Calibration = None,
    warm_start: Annotated[
        bool, typer.Option("--warm-start", help="Begin with the control currents that the calibration calls for.")
    ] = False,
    dialogue: Dialogue,
) -> None:
    """Train the chain on a bench, from the reference sweep to figures."""
    prepared = experiment.prepare_training(
        experiment.TrainingRequest(
            bench,
            plan,
            seed=seed,
            steps=steps,
            recognition_every_steps=recognition_every,
            simulate=simulate,
            faults=tuple(fault or ()),
            speed=speed,
            check=check,
            calibration=calibration,
            warm_start=warm_start,
        )
    )
    carry_out_training(prepared, runs, dialogue)


def carry_out_training(prepared: experiment.PreparedTraining, runs: Path, dialogue: Dialogue) -> None:
    """Ask what has to be asked, train, and tell how it went; ends with the exit code of the run."""
    if ask_first(prepared, dialogue) and wants_check():
        prepared = replace(prepared, request=replace(prepared.request, check=True))
    warn_of_calibration(prepared.calibration, prepared.bench)
    with watched_by(TrainingView(prepared.plan.extent, messages, shown=not dialogue.quiet)) as show:
        run = experiment.run_training(prepared, runs, [show])
    told = told_of(run, experiment.summary)
    report(told, figures_if_any(run.folder, dialogue.quiet), dialogue.as_json, dialogue.quiet)
    raise exit_of(run, dialogue.quiet)


def figures(
    run: Run,
    runs: Runs = Path("runs"),
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Draw the figures of a run again from its journal."""
    folder = find_run(run, runs)
    drawn = experiment.draw(folder)
    told = experiment.result_of(folder)
    if "series" in told and not quiet:
        show_switching(told, drawn, messages if as_json else results)
    report(told, drawn, as_json, quiet or "series" in told)
