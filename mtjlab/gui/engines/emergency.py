"""The emergency stop: a file in the folder of every run that may be going on. It waits for nobody's answer.

Engines see the file at their next look, and guardians do even if an engine hangs.
"""

from collections.abc import Container
from contextlib import suppress
from pathlib import Path

from mtjlab.errors import RefusedError
from mtjlab.run_status import standing
from mtjlab.runs import run_folders
from mtjlab.store import EMERGENCY


def leave_emergency(folder: Path) -> bool:
    """Leave the file in ``folder``; whether that was possible."""
    with suppress(OSError):
        (folder / EMERGENCY).touch()
        return True
    return False


def may_go_on(folder: Path) -> bool:
    """Whether nothing says that the run in ``folder`` is over."""
    with suppress(RefusedError, OSError):
        return not standing(folder).is_over
    return folder.is_dir()


def stop_others(reached: Container[Path], runs: Path) -> list[Path]:
    """Leave the file in all folders under ``runs`` that may go on and were not reached yet; returns them."""
    return [
        folder
        for folder in reversed(run_folders(runs))
        if folder not in reached and may_go_on(folder) and leave_emergency(folder)
    ]
