"""The emergency stop: a file in the folder of every run that may be active. It waits for no confirmation.

Engines poll for the file; their guardians act on it even if an engine hangs.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path

from mtjlab.counted import counted
from mtjlab.runs.finding import run_folders
from mtjlab.runs.watching import may_be_running
from mtjlab.store import request_emergency_stop

BY = "an EMERGENCY STOP in the window"


@dataclass(frozen=True, slots=True)
class StopReport:
    """Folders of the runs that an emergency stop was sent to, and of those it could not be sent to."""

    sent: tuple[Path, ...] = ()
    not_sent: tuple[Path, ...] = ()

    @property
    def text(self) -> str:
        """The report for the operator."""
        parts = [f"Emergency stop sent to {counted(len(self.sent), 'run')}"] if self.sent else []
        if self.not_sent:
            names = ", ".join(map(str, self.not_sent))
            parts.append(
                f"Emergency stop NOT sent to {names}: folder not writable. Stop these runs where they were started"
            )
        return "; ".join(parts) or "Emergency stop: no run is active"

    def __add__(self, other: "StopReport") -> "StopReport":
        return StopReport(self.sent + other.sent, self.not_sent + other.not_sent)


def stop_all(folders: Iterable[Path]) -> StopReport:
    """Send an emergency stop to those of ``folders`` whose run may be active."""
    sent: list[Path] = []
    not_sent: list[Path] = []
    for folder in folders:
        if may_be_running(folder):
            (sent if send_stop(folder) else not_sent).append(folder)
    return StopReport(tuple(sent), tuple(not_sent))


def stop_others(reached: Container[Path], runs: Path) -> StopReport:
    """Send an emergency stop to all runs under ``runs`` that may be active and are not in ``reached``."""
    return stop_all(folder for folder in reversed(run_folders(runs)) if folder not in reached)


def send_stop(folder: Path) -> bool:
    """Write the emergency file in ``folder``; returns whether that succeeded."""
    try:
        request_emergency_stop(folder, BY)
    except OSError:
        return False
    return True
