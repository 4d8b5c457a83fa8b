"""Looking at runs that may be going on elsewhere: follow one, ask it to stop."""

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
    """Events of a run as they come, from its first, until it is over.

    Raises:
        RefusedError: the journal is damaged, or somebody removed it.
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
    """Whether nothing says that the run in ``folder`` is over; what is damaged says nothing."""
    try:
        return _may_go_on(status_of(folder))
    except Exception:  # nothing that lies in a folder keeps an emergency stop from its run
        return os.path.isdir(folder)


def ask_to_stop(folder: Path, now: bool, by: str = "") -> str:
    """Leave a stop file: the run ends at its next safe point, or ``now``, in the middle of a wait.

    ``by`` says who asks, for the last word of the run. Whoever says stop is heard, whatever became of the journal.
    Returns why nobody can tell whether an engine is alive that reads it, and what to do then; empty if one is.

    Raises:
        RefusedError: no engine is alive that could be asked, or the file cannot be written.
    """
    try:
        stands = status_of(folder)
    except UnreadableJournalError as error:
        stands = StatusReport("damaged", str(error))
    alive = is_engine_alive(folder) if stands.status == "damaged" else _ALIVE.get(stands.status, False)
    if alive is False:
        raise RefusedError(_nothing_to_stop(folder, stands))
    try:
        request_stop(folder, by, now)
    except OSError as error:
        raise RefusedError(
            f"{folder}: the stop file cannot be written ({reason_of(error)}). Press Ctrl-C where the run was started."
        ) from error
    if alive:
        return ""
    doubt = f"It is not known whether the run is still alive: {stands.why.removesuffix('.')}."
    return f"{doubt} If it is not, {told}" if (told := _may_be_on(folder)) else doubt


def _nothing_to_stop(folder: Path, stands: StatusReport) -> str:
    """Why nothing can be asked of a run, and what to do where its sources may be on."""
    how = f"the run is {stands.status}, so there is nothing to stop."
    if stands.status == "damaged":
        how = "no engine of this run is alive, so nothing can be asked of it."
    why = f"{stands.why.removesuffix('.')}." if stands.why else ""
    told = _may_be_on(folder)
    return " ".join(filter(None, (f"{folder}: {how}", why, f"{told[:1].upper()}{told[1:]}")))


def _may_be_on(folder: Path) -> str:
    left = sources_left(folder)
    return left.told if left and left.may_be_on else ""


def _may_go_on(stands: StatusReport) -> bool:
    return not stands.is_over or stands.status == "damaged"
