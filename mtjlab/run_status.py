"""How a run stands, honestly: by its last line, the process that made it, and its signs of life."""

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import psutil

from mtjlab.errors import RefusedError
from mtjlab.events import RunEnded
from mtjlab.store import Line, event_of, last_beat_s, last_line, read_request

Status: TypeAlias = Literal["running", "finished", "stopped", "failed", "crashed", "damaged", "unknown"]

SAME_PROCESS_S = 0.05
FRESH_S = 10.0
"""A sign of life from another computer may be late by what a network drive takes."""
JUST_NOW_S = 3.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a run stands, and why, in a sentence for the operator; empty where there is nothing to say."""

    status: Status
    why: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come by itself."""
        return self.status not in ("running", "unknown")


def standing(folder: Path) -> Standing:
    """How the run in ``folder`` stands.

    A process that is gone without a last word has crashed. Of a process on another computer only signs of life are
    known.

    Raises:
        RefusedError: there is no journal in ``folder``.
    """
    before = last_line(folder)
    if (ended := _ended(folder, before)) is not None:
        return ended
    try:
        run = read_request(folder).get("run", {})
    except RefusedError as error:
        return Standing("damaged", str(error))
    living = _of_process(folder, run)
    return _ended(folder, last_line(folder)) or living  # it may have said its last word meanwhile


def _ended(folder: Path, line: Line | None) -> Standing | None:
    if line is None or line.type != "run-ended":
        return None
    event = event_of(folder, line)
    return Standing(event.status, event.reason) if isinstance(event, RunEnded) else None


def _of_process(folder: Path, run: dict[str, Any]) -> Standing:
    quiet_s = last_beat_s(folder)
    seen = "no sign of life was ever seen" if quiet_s is None else f"last seen {quiet_s:.0f} s ago"
    host = run.get("host")
    if host != socket.gethostname():
        alive = quiet_s is not None and quiet_s < FRESH_S
        return Standing("running" if alive else "unknown", f"on computer {host}, {seen}")
    if _lives(run.get("pid", -1), run.get("process_created_s", 0.0), quiet_s):
        return Standing("running")
    return Standing("crashed", f"its process is gone without a last word; {seen}")


def _lives(pid: int, created_s: float, quiet_s: float | None) -> bool:
    """Whether the process of a run lives. When it was made tells, but that moves with a clock that is set meanwhile."""
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - created_s) <= SAME_PROCESS_S
        signs = quiet_s is not None and quiet_s < JUST_NOW_S
        return (same or signs) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.AccessDenied:
        return True
    except (psutil.Error, ValueError, OverflowError):
        return False
