"""Open a run folder as a run of its kind."""

import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from mtjlab.config import bench_of, plan_of_run
from mtjlab.errors import RefusedError
from mtjlab.events import RunStarted
from mtjlab.procedures.kind import Answer, Kind, Run, Times, WatchedRun
from mtjlab.procedures.kinds import KINDS
from mtjlab.reading import event_of, read_events
from mtjlab.requests import ManualRequest
from mtjlab.run_status import status_report
from mtjlab.store import REQUEST, add_request, last_lines, read_request

PATIENCE_S = 10.0
"""An engine reads requests between two looks, and moves in sub-steps."""
LOOK_EVERY_S = 0.1
RECENT = 100
"""Final lines of a journal that are searched for an answer."""
REDETECTED = "redetected"
"""Key of ``run.toml``: procedure on the bench of a run whose readings were detected again."""


def kind_of(folder: Path) -> Kind[Any]:
    """Kind of the run in ``folder``, from ``run.toml``, or from the journal if that cannot be read.

    Raises:
        RefusedError: neither can be read, or this version does not know the kind.
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
            f"{folder / REQUEST}: run.procedure is {procedure!r}, unknown to this version. Known: {', '.join(KINDS)}."
        )
    return KINDS[procedure]


def can_be_resumed(folder: Path) -> bool:
    """Whether runs of the kind of the run in ``folder`` are resumed; False where its kind is not known."""
    with suppress(RefusedError):
        return bool(kind_of(folder).hands_over)
    return False


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


def watched(folder: Path) -> WatchedRun[Any]:
    """Kind, plan and times of the run in ``folder``, for views that follow it.

    Raises:
        RefusedError: ``run.toml`` cannot be read, or lacks them.
    """
    path, request, kind = folder / REQUEST, read_request(folder), kind_of(folder)
    bench, config = bench_of(path, request.get("bench", {})), plan_of_run(path, request.get("plan", {}))
    times = Times.of(bench, config, is_calibrated="calibration" in request.get("run", {}))
    return WatchedRun(kind, kind.restore(path, request), config, times)


def send_manual_request(folder: Path, request: ManualRequest) -> int:
    """Request other currents of the manual run in ``folder``, and return the number of the request.

    Raises:
        RefusedError: it is not a manual run, or it is over.
    """
    kind = kind_of(folder)
    if not kind.gives_way:
        raise RefusedError(f"{folder}: is a run of {kind.name}, not a manual run. `mtjlab live` starts one.")
    report = status_report(folder)
    if report.is_over:
        raise RefusedError(f"{folder}: the run is {report.status}; nothing was moved. `mtjlab live` starts another.")
    return add_request(folder, request)


def await_answer(folder: Path, number: int, patience_s: float = PATIENCE_S) -> Answer | None:
    """The answer of the engine to a manual request, as soon as it is journalled; None if none comes.

    Raises:
        RefusedError: the journal cannot be read.
    """
    kind, end_s = kind_of(folder), time.monotonic() + patience_s
    while time.monotonic() < end_s:
        for line in last_lines(folder, RECENT):
            answer = kind.answer(event_of(folder, line))
            if answer is not None and answer.number >= number:
                return answer
        time.sleep(LOOK_EVERY_S)
    return None
