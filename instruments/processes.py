"""Processes, by their number and the time of their creation: the system uses numbers again."""

from contextlib import suppress

import psutil

SAME_PROCESS_S = 2.0
"""Creation times of one process that are read at different times differ by less.

Linux counts them from its start, which it gives in whole seconds, and which moves when its clock is corrected.
"""


def created_s() -> float:
    """When this process was created, seconds since 1970."""
    return psutil.Process().create_time()


def process_of(pid: int, created_s: float | None) -> psutil.Process | None:
    """The process with this number, if it was created at ``created_s`` (None: whenever) and has not ended."""
    try:
        process = psutil.Process(pid)
        with suppress(psutil.AccessDenied):  # it is there, and somebody else's
            if created_s is not None and not abs(process.create_time() - created_s) < SAME_PROCESS_S:
                return None
    except (psutil.NoSuchProcess, ValueError, OverflowError):
        return None
    return process if is_alive(process) else None


def is_alive(process: psutil.Process) -> bool:
    """Whether a process that was found before has not ended; its number may be used again meanwhile."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
