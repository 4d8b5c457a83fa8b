"""Resume or repeat a run from its folder."""

import os
from dataclasses import replace
from itertools import islice
from pathlib import Path

from mtjlab.errors import RefusedError
from mtjlab.events import EventLost, RunStarted, TakenOver
from mtjlab.experiment.request import Request, restored, without_faults
from mtjlab.procedures.handing_over import HandedOver, hand_over
from mtjlab.reading import events_in, read_events
from mtjlab.record import fold
from mtjlab.run_status import status_report
from mtjlab.runs.opened import kind_of
from mtjlab.store import REQUEST, read_lines, read_request, run_id


def prepare_resume(folder: Path) -> Request:
    """Return the request that resumes the run in ``folder`` after its last complete step, as a new run.

    Simulated faults are not repeated, and the simulation gets a new noise seed.

    Raises:
        RefusedError: the run is in progress or finished, cannot be resumed, or is damaged.
    """
    report = status_report(folder)
    if report.status in ("running", "finished"):
        remedy = "Stop it first: `mtjlab stop`." if report.status == "running" else "Repeat it with `mtjlab rerun`."
        raise RefusedError(f"{folder}: the run is {report.status}, so there is nothing to resume. {remedy}")
    request = _request(folder)
    if not request.kind.hands_over:
        raise RefusedError(f"{folder}: a run of {request.kind.name} cannot be resumed. `mtjlab rerun` repeats it.")
    parent = take_over(folder)
    if parent.by.taken_n is None and (first := read_request(folder)["run"].get("parent")):
        return prepare_resume(_resumed_by(folder, first))
    return replace(without_faults(request), noise_seed=request.noise_seed + 1, parent=parent)


def prepare_rerun(folder: Path) -> Request:
    """Return the request that repeats the run in ``folder``; simulated in process, it gives the same events.

    Raises:
        RefusedError: it cannot be repeated, or is damaged.
    """
    return replace(_request(folder), rerun_of=run_id(folder), parent=_taken_over(folder))


def take_over(folder: Path) -> HandedOver:
    """Return the events of the run in ``folder`` up to its last complete step, for the run that resumes it.

    Raises:
        RefusedError: there is no journal, it is damaged, or it holds no complete step.
    """
    numbered = ((line.n, event) for line, event in events_in(folder, read_lines(folder)))
    handed = hand_over(run_id(folder), numbered, kind_of(folder))
    if handed.by.taken_n is None and any(isinstance(event, EventLost) for event in read_events(folder)):
        raise RefusedError(
            f"{folder}: this recovered run holds no complete step to resume from. `mtjlab rerun` repeats it."
        )
    return handed


def _taken_over(folder: Path) -> HandedOver | None:
    """Events that the run in ``folder`` took over from the run it resumed; read from that run if it ended earlier."""
    started = next(read_events(folder), None)
    if not isinstance(started, RunStarted) or started.parent is None:
        return None
    begin = list(islice(read_events(folder), 1 + started.parent.handed_over))
    if not fold(begin).has_begun:
        return take_over(_resumed_by(folder, started.parent.run))
    events = tuple(event.event for event in begin if isinstance(event, TakenOver))
    return HandedOver(replace(started.parent, handed_over=len(events)), events)


def _resumed_by(folder: Path, first: str) -> Path:
    """The folder of the run ``first``, which the run in ``folder`` was to resume."""
    beside = folder.resolve().parent.parent / first
    if not os.path.isdir(beside):
        raise RefusedError(
            f"{folder}: it had not begun to resume {first}, which is no longer in this folder of runs. Resume that "
            "one, wherever it is: `mtjlab resume`."
        )
    return beside


def _request(folder: Path) -> Request:
    content = read_request(folder)
    kind = kind_of(folder)
    if kind.name != content["run"].get("procedure"):
        raise RefusedError(f"{folder}: a redetected run has no measurement to repeat. Give the run it is derived from.")
    if kind.gives_way:
        raise RefusedError(f"{folder}: a manual run cannot be repeated. `mtjlab {kind.name}` starts a new one.")
    return restored(folder / REQUEST, content)
