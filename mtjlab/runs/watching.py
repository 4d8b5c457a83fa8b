"""Follow and stop runs of other processes."""

import os
from collections.abc import Iterator
from pathlib import Path
from time import sleep

from mtjlab.errors import RefusedError, reason_of
from mtjlab.events import Event, RunEnded
from mtjlab.reading import EventFollower
from mtjlab.run_status import Status, StatusReport, is_engine_alive, status_of
from mtjlab.sources_left import sources_left
from mtjlab.store import UnreadableJournalError, request_stop

PAUSE_S = 0.2
AT_ONCE = 1000
_ALIVE: dict[Status, bool | None] = {"running": True, "unknown": None}


def follow(folder: Path) -> Iterator[Event]:
    """Events of a run as they are recorded, from the first, until the run is over.

    Raises:
        RefusedError: the journal is damaged or was removed.
    """
    follower = EventFollower(folder)
    over = False
    while True:
        news = follower.news(AT_ONCE)
        yield from news
        if news and isinstance(news[-1], RunEnded):
            return
        if not news:
            if over:
                return
            over = status_of(folder).is_over
            if not over:
                sleep(PAUSE_S)


def may_be_running(folder: Path) -> bool:
    """Whether the run in ``folder`` is not known to be over; a damaged run may be running."""
    try:
        return _may_be_running(status_of(folder))
    except Exception:  # an emergency stop must reach the run whatever is in its folder
        return os.path.isdir(folder)


def ask_to_stop(folder: Path, now: bool, by: str = "") -> str:
    """Write a stop file: the run ends at its next safe point, or ``now``, in the middle of a wait.

    ``by`` names who stops it, for the final event of the run. A damaged journal does not prevent the request. Returns
    a warning if it is not known whether the engine is running, and what to do then; otherwise an empty text.

    Raises:
        RefusedError: the engine is not running, or the file cannot be written.
    """
    try:
        report = status_of(folder)
    except UnreadableJournalError as error:
        report = StatusReport("damaged", str(error))
    is_alive = is_engine_alive(folder) if report.status == "damaged" else _ALIVE.get(report.status, False)
    if is_alive is False:
        raise RefusedError(_cannot_stop_text(folder, report))
    try:
        request_stop(folder, by, now)
    except OSError as error:
        raise RefusedError(
            f"{folder}: the stop file cannot be written ({reason_of(error)}). Press Ctrl-C where the run was started."
        ) from error
    if is_alive:
        return ""
    warning = f"It is not known whether the run is still running: {report.why.removesuffix('.')}."
    return f"{warning} If it is not, {text}" if (text := _may_be_on(folder)) else warning


def _cannot_stop_text(folder: Path, report: StatusReport) -> str:
    """Why a run cannot be stopped, and what to do if its sources may be on."""
    state = f"the run is {report.status}, so there is nothing to stop."
    if report.status == "damaged":
        state = "no engine of this run is running, so it cannot be stopped."
    why = f"{report.why.removesuffix('.')}." if report.why else ""
    sources = _may_be_on(folder)
    return " ".join(filter(None, (f"{folder}: {state}", why, f"{sources[:1].upper()}{sources[1:]}")))


def _may_be_on(folder: Path) -> str:
    left = sources_left(folder)
    return left.text if left and left.may_be_on else ""


def _may_be_running(report: StatusReport) -> bool:
    return not report.is_over or report.status == "damaged"
