"""The emergency stop: a file in the folder of every run that may be going on. It waits for nobody's answer."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from mtjlab.errors import RefusedError
from mtjlab.run_status import standing
from mtjlab.runs import run_folders
from mtjlab.store import EMERGENCY


def stop_everything(known: Iterable[Path], runs: Path) -> list[Path]:
    """Leave the file in the folders of ``known`` at once, then in all others under ``runs`` that are not over.

    Returns the folders. Engines see the file at their next look, and guardians do even if an engine hangs.
    """
    reached = [folder for folder in dict.fromkeys(known) if _leave(folder)]
    for folder in reversed(run_folders(runs)):
        if folder not in reached and _may_go_on(folder) and _leave(folder):
            reached.append(folder)
    return reached


def _may_go_on(folder: Path) -> bool:
    with suppress(RefusedError, OSError):
        return not standing(folder).is_over
    return True


def _leave(folder: Path) -> bool:
    with suppress(OSError):
        (folder / EMERGENCY).touch()
        return True
    return False
