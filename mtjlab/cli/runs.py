"""Runs in a folder: list them, stop one."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from mtjlab.cli.common import AsJson, Run, Runs, messages, print_json, results
from mtjlab.cli.run_table import show_runs
from mtjlab.errors import RefusedError
from mtjlab.run_status import Status
from mtjlab.runs.finding import find_run
from mtjlab.runs.listed import Listed
from mtjlab.runs.listing import list_runs
from mtjlab.runs.watching import ask_to_stop


class Order(StrEnum):
    """What a list is sorted by."""

    BEGAN = "began"
    STATUS = "status"
    PROCEDURE = "procedure"
    RECOGNITION = "recognition"


def runs(
    folder: Annotated[Path, typer.Argument(help="Folder that holds the runs.")] = Path("runs"),
    status: Annotated[str | None, typer.Option(help=f"Only these: {', '.join(get_args(Status))}.")] = None,
    procedure: Annotated[str | None, typer.Option(help="Only runs of this procedure.")] = None,
    search: Annotated[
        str | None, typer.Option(help="Only runs whose id, status, bench, data, trouble or notes hold all these words.")
    ] = None,
    sort: Annotated[Order, typer.Option(help="Sorted by.")] = Order.BEGAN,
    as_json: AsJson = False,
) -> None:
    """List the runs in a folder, with an honest status."""
    if status is not None and status not in get_args(Status):
        raise RefusedError(f"--status {status}: a run is one of {', '.join(get_args(Status))}.")
    chosen = [run for run in list_runs(folder) if _is_wanted(run, status, procedure, search)]
    chosen.sort(key=lambda run: _sorted_by(run, sort))
    if as_json:
        print_json({"runs": [run.as_json() for run in chosen]})
    elif chosen:
        show_runs(chosen, results)
    else:
        messages.print(f"{folder}: no such runs")


def stop(
    run: Run,
    runs: Runs = Path("runs"),
    now: Annotated[bool, typer.Option("--now", help="Do not wait for its next safe point.")] = False,
) -> None:
    """Ask a run to stop: at its next safe point, sources at zero in any case."""
    folder = find_run(run, runs)
    doubt = ask_to_stop(folder, now, by="`mtjlab stop`")
    when = "now" if now else "at its next safe point"
    goes_on = "`mtjlab resume` goes on with it"
    told = f"stop file written, to end it {when}. {doubt}" if doubt else f"asked to stop {when}; {goes_on}"
    messages.print(f"{folder}: {told}")


def _is_wanted(run: Listed, status: str | None, procedure: str | None, search: str | None) -> bool:
    return status in (None, run.standing.status) and procedure in (None, run.procedure) and run.holds(search or "")


def _sorted_by(run: Listed, order: Order) -> tuple[Any, ...]:
    match order:
        case Order.STATUS:
            return run.standing.status, run.run
        case Order.PROCEDURE:
            return run.procedure, run.run
        case Order.RECOGNITION:
            return (run.recognition.test if run.recognition else -1.0), run.run
        case Order.BEGAN:
            return run.order
