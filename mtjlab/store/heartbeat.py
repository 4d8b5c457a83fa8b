"""A sign of life: the modification time of an empty file in the run folder, touched each second, never replaced."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time

from mtjlab.store.files import touch

HEARTBEAT = "heartbeat"
BEAT_S = 1.0
ENDS_WITHIN_S = 5.0
"""A network drive that is gone may hold up whoever touches its files for ever."""


@contextmanager
def beating(folder: Path) -> Iterator[None]:
    """Meanwhile, this process gives signs of life in ``folder``."""
    ended = threading.Event()

    def beat() -> None:
        while True:
            with suppress(OSError):  # a folder that is gone is told elsewhere
                touch(folder / HEARTBEAT)
            if ended.wait(BEAT_S):
                return

    thread = threading.Thread(target=beat, name="sign of life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(ENDS_WITHIN_S)


def heartbeat_age_s(folder: Path) -> float | None:
    """How many seconds ago the last sign of life was given, by the clock of this computer; None if never.

    Negative for one from the future: the clock was set back meanwhile, or another computer's is ahead.
    """
    with suppress(OSError):
        return time() - (folder / HEARTBEAT).stat().st_mtime
    return None
