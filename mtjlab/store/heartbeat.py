"""Heartbeat of an engine: the modification time of an empty file in the run folder, touched every second."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time

from mtjlab.store.files import touch

HEARTBEAT = "heartbeat"
BEAT_S = 1.0
ENDS_WITHIN_S = 5.0
"""Touching a file on a network drive that is gone may block for ever."""


@contextmanager
def beating(folder: Path) -> Iterator[None]:
    """Keep the heartbeat of this process in ``folder`` going."""
    ended = threading.Event()

    def beat() -> None:
        while True:
            with suppress(OSError):  # the journal reports a folder that is gone
                touch(folder / HEARTBEAT)
            if ended.wait(BEAT_S):
                return

    thread = threading.Thread(target=beat, name="run folder heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(ENDS_WITHIN_S)


def heartbeat_s(folder: Path) -> float | None:
    """Time of the last heartbeat in seconds since 1970, by the clock of its computer; None if there was none."""
    with suppress(OSError):
        return (folder / HEARTBEAT).stat().st_mtime
    return None


def heartbeat_age_s(folder: Path) -> float | None:
    """Age of the last heartbeat in seconds, by the clock of this computer; None if there was none.

    It is negative if the clock was set back meanwhile, or if the clock of the other computer is ahead.
    """
    beat_s = heartbeat_s(folder)
    return None if beat_s is None else time() - beat_s
