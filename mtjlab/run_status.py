"""Status of a run, from the last line of its journal, its process, and its heartbeat."""

import socket
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import time
from typing import Any, Literal, TypeAlias

from instruments.processes import process_of
from mtjlab.errors import RefusedError
from mtjlab.events import RunEnded, ending
from mtjlab.sources_left import SourcesLeft, sources_left
from mtjlab.store import Line, decode_line, heartbeat_age_s, heartbeat_s, last_line, read_request

Status: TypeAlias = Literal["running", "finished", "stopped", "failed", "crashed", "damaged", "unknown"]

FRESH_S = 10.0
"""A heartbeat from another computer may be delayed by a network drive."""
JUST_NOW_S = 3.0


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Status of a run, the reason for it (may be empty), and once the run is over the state of its sources."""

    status: Status
    why: str = ""
    sources: SourcesLeft | None = None

    @property
    def is_over(self) -> bool:
        """Whether the run has ended, in whatever way."""
        return self.status not in ("running", "unknown")

    @property
    def may_be_on(self) -> bool:
        """Whether outputs may still be on although the run is over."""
        return self.sources is not None and self.sources.may_be_on

    @property
    def sentence(self) -> str:
        """How the run ended, who or what ended it, and whether its sources are at zero."""
        end = ending(self.status, self.why)
        return _joined(end, self.sources.text_beside(end) if self.sources else "")


def _joined(end: str, sources: str) -> str:
    if not sources:
        return end
    return f"{end} {sources[:1].upper()}{sources[1:]}" if end.endswith(".") else f"{end}; {sources}"


def status_report(folder: Path) -> StatusReport:
    """Status of the run in ``folder``, with the state of its sources.

    Raises:
        RefusedError: there is no journal in ``folder``.
    """
    report = status_of(folder)
    return replace(report, sources=sources_left(folder)) if report.is_over else report


def status_of(folder: Path) -> StatusReport:
    """Status of the run in ``folder``, without the state of its sources.

    A run whose process ended without a final event has crashed. A process on another computer is known only by its
    heartbeat.

    Raises:
        RefusedError: there is no journal in ``folder``.
    """
    before = last_line(folder)
    if (ended := _ended(folder, before)) is not None:
        return ended
    try:
        run = read_request(folder).get("run", {})
    except RefusedError as error:
        return StatusReport("damaged", str(error))
    report = _from_process(folder, run)
    return _ended(folder, last_line(folder)) or report  # the final event may have been written meanwhile


def is_engine_alive(folder: Path) -> bool | None:
    """Whether the engine of the run in ``folder`` runs, whatever its journal holds; None if that cannot be known."""
    age_s = heartbeat_age_s(folder)
    try:
        run = read_request(folder).get("run", {})
    except RefusedError:
        return None
    return _engine_runs(run, age_s)


def _engine_runs(run: dict[str, Any], age_s: float | None) -> bool | None:
    if run.get("host") != socket.gethostname():
        return True if age_s is not None and abs(age_s) < FRESH_S else None
    return _process_runs(run.get("pid", -1), run.get("process_created_s", 0.0), age_s)


def _ended(folder: Path, line: Line | None) -> StatusReport | None:
    if line is None or line.type != "run-ended":
        return None
    event = decode_line(folder, line, RunEnded)
    return StatusReport(event.status, event.reason)


def _from_process(folder: Path, run: dict[str, Any]) -> StatusReport:
    beat_s = heartbeat_s(folder)
    age_s = None if beat_s is None else time() - beat_s
    heartbeat, is_alive = _heartbeat_text(beat_s), _engine_runs(run, age_s)
    host = run.get("host")
    if host != socket.gethostname():
        return StatusReport("running" if is_alive else "unknown", f"on computer {host}, {heartbeat}")
    if is_alive:
        return StatusReport("running")
    return StatusReport("crashed", f"its process ended without a final event; {heartbeat}")


def _heartbeat_text(beat_s: float | None) -> str:
    """When it was last seen, as a date: the text may be kept in a file."""
    if beat_s is None:
        return "no heartbeat was ever seen"
    at = f"{datetime.fromtimestamp(beat_s):%Y-%m-%d %H:%M:%S}"
    if beat_s > time() + JUST_NOW_S:
        return f"its last heartbeat, at {at}, is ahead of the clock of this computer"
    return f"last seen at {at}"


def _process_runs(pid: int, created_s: float, age_s: float | None) -> bool:
    """Whether the process of a run runs. Its creation time identifies it, unless the clock was set meanwhile."""
    has_heartbeat = age_s is not None and abs(age_s) < JUST_NOW_S
    return process_of(pid, None if has_heartbeat else created_s) is not None
