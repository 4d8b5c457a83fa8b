"""Processes, identified by process ID and creation time: the system reuses process IDs."""

from contextlib import suppress

import psutil

SAME_PROCESS_S = 2.0
"""Largest difference between creation times of one process read at different times.

Linux counts them from the boot time, which it reports in whole seconds, and which changes when the clock is corrected.
"""


def created_s() -> float:
    """Creation time of this process, seconds since 1970."""
    return psutil.Process().create_time()


def process_of(pid: int, created_s: float | None) -> psutil.Process | None:
    """The process with this ID, if it was created at ``created_s`` (None: any time) and still runs."""
    try:
        process = psutil.Process(pid)
        with suppress(psutil.AccessDenied):  # it exists, and belongs to another user
            if created_s is not None and not abs(process.create_time() - created_s) < SAME_PROCESS_S:
                return None
    except (psutil.NoSuchProcess, ValueError, OverflowError):
        return None
    return process if is_alive(process) else None


def is_alive(process: psutil.Process) -> bool:
    """Whether a process that was found before still runs, even if its ID was reused meanwhile."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
