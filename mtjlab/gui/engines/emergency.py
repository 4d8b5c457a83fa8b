"""The emergency stop: a file in the folder of every run that may be going on. It waits for nobody's answer.

Engines see the file at their next look, and guardians do even if an engine hangs.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path

from mtjlab.counted import counted
from mtjlab.runs.finding import run_folders
from mtjlab.runs.watching import may_be_running
from mtjlab.store import request_emergency_stop

BY = "EMERGENCY STOP of the window"


@dataclass(frozen=True, slots=True)
class Reached:
    """Folders of runs in which the file was left, and those in which it could not be."""

    told: tuple[Path, ...] = ()
    not_told: tuple[Path, ...] = ()

    @property
    def words(self) -> str:
        """What became of it, for the operator."""
        words = [f"told {counted(len(self.told), 'run')} to go safe at once"] if self.told else []
        if self.not_told:
            names = ", ".join(map(str, self.not_told))
            words.append(f"NOT told, since nothing can be written there: {names}. Stop them where they were started")
        return "; ".join(words) or "no run goes on"

    def __add__(self, other: "Reached") -> "Reached":
        return Reached(self.told + other.told, self.not_told + other.not_told)


def stop_all(folders: Iterable[Path]) -> Reached:
    """Leave the file in those of ``folders`` whose run may go on."""
    told: list[Path] = []
    not_told: list[Path] = []
    for folder in folders:
        if may_be_running(folder):
            (told if leave(folder) else not_told).append(folder)
    return Reached(tuple(told), tuple(not_told))


def stop_others(reached: Container[Path], runs: Path) -> Reached:
    """Leave the file in all folders under ``runs`` that may go on and were not reached yet."""
    return stop_all(folder for folder in reversed(run_folders(runs)) if folder not in reached)


def leave(folder: Path) -> bool:
    """Leave the file in ``folder``; whether that was possible."""
    try:
        request_emergency_stop(folder, BY)
    except OSError:
        return False
    return True
