"""A lock between processes that the system releases when its holder ends, also after a crash."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def takes_lock(descriptor: int) -> bool:
        """Try to lock the open file; returns whether it is locked."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def takes_lock(descriptor: int) -> bool:
        """Try to lock the open file; returns whether it is locked."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def exclusive(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock file at ``path``, created if needed; calls ``on_wait`` once if another process holds it.

    On POSIX a child that inherits open files (``close_fds=False``) holds the lock too, so that it is still held while
    such a child continues after a crash of its parent.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        if not takes_lock(file.fileno()):
            on_wait()
            while not takes_lock(file.fileno()):
                time.sleep(0.2)
        os.set_inheritable(file.fileno(), True)
        yield
