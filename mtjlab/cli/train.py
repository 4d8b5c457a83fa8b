"""Train the chain, and draw what came of it."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from mtjlab import experiment
from mtjlab.cli.common import (
    EXIT_CODES,
    AsJson,
    BenchFile,
    Calibration,
    ConfirmShorted,
    Faults,
    Quiet,
    Run,
    Runs,
    Simulate,
    Speed,
    complain_of_failure,
    figures_if_any,
    messages,
    report,
    results,
    told_of,
    warn_of_calibration,
)
from mtjlab.cli.field import ask_for_field
from mtjlab.cli.shorted import ask_if_shorted, wants_check
from mtjlab.cli.switching_table import show_switching
from mtjlab.terminal import TrainingView


def train(
    bench: BenchFile = experiment.DEFAULT_BENCH,
    plan: Annotated[Path, typer.Option(help="Plan file.")] = experiment.DEFAULT_PLAN,
    seed: Annotated[int | None, typer.Option(min=0, help="Of split, order of tokens and simulated junctions.")] = None,
    runs: Runs = Path("runs"),
    steps: Annotated[int | None, typer.Option(min=0, help="Training steps; 0 only measures the recognition.")] = None,
    recognition_every: Annotated[
        int | None, typer.Option(min=0, help="Present every token each so many steps; 0 = never.")
    ] = None,
    simulate: Simulate = False,
    speed: Speed = None,
    fault: Faults = None,
    confirm_shorted: ConfirmShorted = False,
    check: Annotated[bool, typer.Option("--check", help="Look for wiring mistakes first.")] = False,
    calibration: Calibration = None,
    warm_start: Annotated[
        bool, typer.Option("--warm-start", help="Begin with the control currents that the calibration calls for.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
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
    carry_out_training(prepared, runs, confirm_shorted, as_json, quiet)


def carry_out_training(
    prepared: experiment.PreparedTraining, runs: Path, confirm_shorted: bool, as_json: bool, quiet: bool
) -> None:
    """Ask what has to be asked, train, and tell how it went; ends with the exit code of the run."""
    request = prepared.request
    if ask_if_shorted(request.bench, prepared.bench, request.simulate, confirm_shorted) and wants_check():
        prepared = replace(prepared, request=replace(request, check=True))
    ask_for_field(prepared.bench, request.simulate)
    warn_of_calibration(prepared.calibration, prepared.bench)
    with TrainingView(prepared.plan.extent, messages, shown=not quiet) as view:
        run = experiment.run_training(prepared, runs, [view.show])
    told = told_of(run, experiment.summary)
    report(told, figures_if_any(run.folder, quiet), as_json, quiet)
    complain_of_failure(run.folder, run.ended.status, run.ended.reason, quiet)
    raise typer.Exit(EXIT_CODES[run.ended.status])


def figures(
    run: Run,
    runs: Runs = Path("runs"),
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Draw the figures of a run again from its journal."""
    folder = experiment.find_run(run, runs)
    drawn = experiment.draw(folder)
    told = experiment.result_of(folder)
    if "series" in told and not quiet:
        show_switching(told, drawn, messages if as_json else results)
    report(told, drawn, as_json, quiet or "series" in told)
