"""Runs in a folder, as a list."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

import click

from mtjlab.cli.common import messages, print_json, results
from mtjlab.cli.options import AS_JSON, PATH, runs_option
from mtjlab.cli.run_list import show_runs
from mtjlab.errors import RefusedError
from mtjlab.run_status import Status
from mtjlab.runs.listing import list_runs
from mtjlab.runs.run_summary import RunSummary

ORDERS: Mapping[str, Callable[[RunSummary], tuple[Any, ...]]] = {
    "began": lambda run: run.order,
    "status": lambda run: (run.status_report.status, run.run),
    "procedure": lambda run: (run.procedure, run.run),
    "recognition": lambda run: ((run.recognition.test if run.recognition else -1.0), run.run),
}
"""Sort keys of the list."""


@click.command()
@click.argument("folder", type=PATH, required=False, help="Folder of runs, as --runs.")
@runs_option()
@click.option("--status", help=f"Only runs with this status: {', '.join(get_args(Status))}.")
@click.option("--procedure", help="Only runs of this procedure.")
@click.option("--search", help="Only runs whose id, status, bench, data, errors or notes contain all these words.")
@click.option("--sort", type=click.Choice([*ORDERS]), default="began", help="Sort key.")
@AS_JSON
def runs(
    folder: Path | None,
    runs: Path,
    status: str | None,
    procedure: str | None,
    search: str | None,
    sort: str,
    as_json: bool,
) -> None:
    """List the runs in a folder with their status."""
    if status is not None and status not in get_args(Status):
        raise RefusedError(f"--status {status}: not a status. A status is one of {', '.join(get_args(Status))}.")
    chosen = [run for run in list_runs(folder or runs) if _is_wanted(run, status, procedure, search)]
    chosen.sort(key=ORDERS[sort])
    if as_json:
        print_json({"runs": [run.as_json() for run in chosen]})
    elif chosen:
        show_runs(chosen, results)
    else:
        messages.print(f"{folder or runs}: no such runs")


def _is_wanted(run: RunSummary, status: str | None, procedure: str | None, search: str | None) -> bool:
    return (
        status in (None, run.status_report.status) and procedure in (None, run.procedure) and run.matches(search or "")
    )
