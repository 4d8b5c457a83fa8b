"""A run folder as a run of its kind."""

from functools import partial
from pathlib import Path
from typing import Any

from mtjlab.config import bench_of, plan_of
from mtjlab.errors import RefusedError
from mtjlab.events import RunStarted
from mtjlab.procedures.kind import Kind, Run, Times, Watched
from mtjlab.procedures.kinds import KINDS
from mtjlab.reading import read_events
from mtjlab.requests import ManualRequest
from mtjlab.run_status import status_report
from mtjlab.store import REQUEST, add_request, read_request

REDETECTED = "redetected"
"""Key of ``run.toml``: what a run that is judged again did on the bench."""


def kind_of(folder: Path) -> Kind[Any]:
    """What kind of run is in ``folder``: by its ``run.toml``, or where that cannot be read by its journal.

    Raises:
        RefusedError: neither tells, or it is a kind that this version does not know.
    """
    try:
        run = read_request(folder).get("run", {})
        procedure = run.get(REDETECTED, run.get("procedure"))
    except RefusedError:
        started = next(read_events(folder), None)
        if not isinstance(started, RunStarted):
            raise
        procedure = started.on_bench
    if procedure not in KINDS:
        raise RefusedError(
            f"{folder / REQUEST}: run.procedure is {procedure!r}: not one that this version knows. It knows "
            f"{', '.join(KINDS)}."
        )
    return KINDS[procedure]


def run_of(folder: Path) -> Run[Any]:
    """The run in ``folder``.

    Raises:
        RefusedError: ``folder`` is no run folder, or its journal cannot be read.
    """
    return Run(
        kind_of(folder),
        folder / REQUEST,
        partial(read_request, folder),
        partial(read_events, folder),
        status_report(folder),
    )


def watched(folder: Path) -> Watched[Any]:
    """What a view of the run in ``folder`` knows beforehand.

    Raises:
        RefusedError: its ``run.toml`` does not tell.
    """
    path, request, kind = folder / REQUEST, read_request(folder), kind_of(folder)
    bench, config = bench_of(path, request.get("bench", {})), plan_of(path, request.get("plan", {}))
    times = Times.of(bench, config, is_calibrated="calibration" in request.get("run", {}))
    return Watched(kind, kind.restore(path, request), config, times)


def send_manual_request(folder: Path, request: ManualRequest) -> None:
    """Ask the run in ``folder``, which is turned by hand, for other currents; its engine grants or refuses them.

    Raises:
        RefusedError: it is no such run, or does not go on.
    """
    kind = kind_of(folder)
    if not kind.is_held:
        raise RefusedError(f"{folder}: is a run of {kind.name}, which nobody turns by hand. `mtjlab live` begins one.")
    stands = status_report(folder)
    if stands.is_over:
        raise RefusedError(f"{folder}: the run is {stands.status}; nothing was moved. `mtjlab live` begins another.")
    add_request(folder, request)
