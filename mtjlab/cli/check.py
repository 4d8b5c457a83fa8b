"""Look for wiring mistakes before they cost a chip."""

from pathlib import Path
from typing import Annotated

import typer

from mtjlab import experiment
from mtjlab.cli.check_table import CheckView, show_check
from mtjlab.cli.common import (
    EXIT_CODES,
    FAULT,
    AsJson,
    BenchFile,
    ConfirmShorted,
    Faults,
    Quiet,
    Runs,
    Simulate,
    Speed,
    complain_of_failure,
    messages,
    print_json,
    results,
    told_of,
)
from mtjlab.cli.field import ask_for_field
from mtjlab.cli.shorted import ask_if_shorted


def check(
    bench: BenchFile = experiment.DEFAULT_BENCH,
    seed: Annotated[int, typer.Option(min=0, help="Of simulated junctions and noise.")] = 0,
    runs: Runs = Path("runs"),
    simulate: Simulate = False,
    speed: Speed = None,
    fault: Faults = None,
    confirm_shorted: ConfirmShorted = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Look for wiring mistakes: with 10 uA, move one source at a time and see which voltmeters answer.

    Exit code 0 if the wiring is right, 4 if mistakes were found; the bench is safe either way.
    """
    request = experiment.CheckRequest(bench, seed, simulate, tuple(fault or ()), speed)
    prepared = experiment.prepare_check(request)
    carry_out_check(prepared, runs, confirm_shorted, as_json, quiet)


def carry_out_check(
    prepared: experiment.PreparedCheck, runs: Path, confirm_shorted: bool, as_json: bool, quiet: bool
) -> None:
    """Ask what has to be asked, check, and tell how it went; ends with the exit code of the run."""
    request = prepared.request
    ask_if_shorted(request.bench, prepared.bench, request.simulate, confirm_shorted)
    ask_for_field(prepared.bench, request.simulate)
    with CheckView(messages, shown=not quiet) as view:
        run = experiment.run_check(prepared, runs, [view.show])
    told = told_of(run, experiment.check_summary)
    if not quiet:
        show_check(told, messages if as_json else results)
    if as_json:
        print_json(told)
    complain_of_failure(run.folder, run.ended.status, run.ended.reason, quiet)
    raise typer.Exit(FAULT if told["mistakes"] else EXIT_CODES[run.ended.status])
