"""A run again: gone on with after it was interrupted, or repeated, from what its folder holds."""

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
    """What the run in ``folder`` was about, from what it completed last on, as a new run that names it.

    Faults that simulated instruments had are over; what is simulated takes another course.

    Raises:
        RefusedError: the run goes on or is finished, cannot be resumed, or is damaged.
    """
    stands = status_report(folder)
    if stands.status in ("running", "finished"):
        remedy = "Stop it first: `mtjlab stop`." if stands.status == "running" else "Repeat it with `mtjlab rerun`."
        raise RefusedError(f"{folder}: the run is {stands.status}, so there is nothing to go on with. {remedy}")
    request = _request(folder)
    if not request.kind.hands_over:
        raise RefusedError(f"{folder}: a run of {request.kind.name} is not resumed. `mtjlab rerun` repeats it.")
    parent = take_over(folder)
    if parent.by.taken_n is None and (first := read_request(folder)["run"].get("parent")):
        return prepare_resume(_resumed_by(folder, first))
    return replace(without_faults(request), noise_seed=request.noise_seed + 1, parent=parent)


def prepare_rerun(folder: Path) -> Request:
    """The run in ``folder`` once more, with all that it was asked; on the bench in process it gives the same events.

    Raises:
        RefusedError: it cannot be repeated, or is damaged.
    """
    return replace(_request(folder), rerun_of=run_id(folder), parent=_taken_over(folder))


def take_over(folder: Path) -> HandedOver:
    """What a run has to hand over: all up to its last complete step, and nothing of what was not complete.

    Raises:
        RefusedError: there is no journal, it is damaged, or what was recovered of it is too little.
    """
    numbered = ((line.n, event) for line, event in events_in(folder, read_lines(folder)))
    handed = hand_over(run_id(folder), numbered, kind_of(folder))
    if handed.by.taken_n is None and any(isinstance(event, EventLost) for event in read_events(folder)):
        raise RefusedError(
            f"{folder}: what was recovered of this run holds nothing complete to go on from. `mtjlab rerun` repeats it."
        )
    return handed


def _taken_over(folder: Path) -> HandedOver | None:
    """What the run in ``folder`` took over itself, if it resumed another; from that one if it did not come so far."""
    started = next(read_events(folder), None)
    if not isinstance(started, RunStarted) or started.parent is None:
        return None
    begin = list(islice(read_events(folder), 1 + started.parent.handed_over))
    if not fold(begin).has_begun:
        return take_over(_resumed_by(folder, started.parent.run))
    events = tuple(event.event for event in begin if isinstance(event, TakenOver))
    return HandedOver(replace(started.parent, handed_over=len(events)), events)


def _resumed_by(folder: Path, first: str) -> Path:
    """The folder of the run ``first``, which the run in ``folder`` had not begun to go on with."""
    beside = folder.resolve().parent.parent / first
    if not os.path.isdir(beside):
        raise RefusedError(
            f"{folder}: it had not begun to go on with {first}, which is not beside it any more. Resume that one, "
            "wherever it is: `mtjlab resume`."
        )
    return beside


def _request(folder: Path) -> Request:
    content = read_request(folder)
    kind = kind_of(folder)
    if kind.name != content["run"].get("procedure"):
        raise RefusedError(f"{folder}: readings that were judged again are not measured again. Take the run itself.")
    if kind.is_held:
        raise RefusedError(f"{folder}: what was turned by hand is not done again. `mtjlab {kind.name}` begins anew.")
    return restored(folder / REQUEST, content)
