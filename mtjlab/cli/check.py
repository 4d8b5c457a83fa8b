"""Look for wiring mistakes before they cost a chip."""

from pathlib import Path

import typer

from mtjlab import experiment
from mtjlab.cli.check_table import CheckView, show_check
from mtjlab.cli.common import (
    FAULT,
    BenchFile,
    Faults,
    Runs,
    Seed,
    Simulate,
    Speed,
    exit_of,
    messages,
    print_json,
    results,
    told_of,
    watched_by,
)
from mtjlab.cli.first import ask_first
from mtjlab.cli.options import Dialogue, grouped


@grouped
def check(
    *,
    bench: BenchFile = experiment.DEFAULT_BENCH,
    seed: Seed = 0,
    runs: Runs = Path("runs"),
    simulate: Simulate = False,
    speed: Speed = None,
    fault: Faults = None,
    dialogue: Dialogue,
) -> None:
    """Look for wiring mistakes: with 10 uA, move one source at a time and see which voltmeters answer.

    Exit code 0 if the wiring is right, 4 if mistakes were found; the bench is safe either way.
    """
    request = experiment.CheckRequest(bench, seed, simulate, tuple(fault or ()), speed)
    prepared = experiment.prepare_check(request)
    carry_out_check(prepared, runs, dialogue)


def carry_out_check(prepared: experiment.PreparedCheck, runs: Path, dialogue: Dialogue) -> None:
    """Ask what has to be asked, check, and tell how it went; ends with the exit code of the run."""
    ask_first(prepared, dialogue)
    with watched_by(CheckView(messages, shown=not dialogue.quiet)) as show:
        run = experiment.run_check(prepared, runs, [show])
    told = told_of(run, experiment.check_summary)
    if not dialogue.quiet:
        show_check(told, messages if dialogue.as_json else results)
    if dialogue.as_json:
        print_json(told)
    ends = exit_of(run, dialogue.quiet)
    raise typer.Exit(FAULT) if told["mistakes"] else ends
