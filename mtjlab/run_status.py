"""How a run stands, honestly: by its last line, the process that made it, and its signs of life."""

import socket
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from instruments.processes import process_of
from mtjlab.errors import RefusedError
from mtjlab.events import RunEnded, ending
from mtjlab.sources_left import SourcesLeft, sources_left
from mtjlab.store import Line, decode_line, heartbeat_age_s, last_line, read_request

Status: TypeAlias = Literal["running", "finished", "stopped", "failed", "crashed", "damaged", "unknown"]

FRESH_S = 10.0
"""A sign of life from another computer may be late by what a network drive takes."""
JUST_NOW_S = 3.0
END = 100
"""Letters of the end of a long reason: what to do stands there."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """How a run stands, why (empty where there is nothing to say), and how it left its sources once it is over."""

    status: Status
    why: str = ""
    sources: SourcesLeft | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come by itself."""
        return self.status not in ("running", "unknown")

    @property
    def may_be_on(self) -> bool:
        """Whether outputs may still be on though nothing goes on any more."""
        return self.sources is not None and self.sources.may_be_on

    @property
    def sentence(self) -> str:
        """How it ended, who or what ended it, and whether the sources are at zero."""
        how = ending(self.status, self.why)
        return _joined(how, self.sources.beside(how) if self.sources else "")

    def shortened(self, most: int) -> str:
        """The same with about ``most`` letters of how it ended, and all of how the sources were left."""
        how = ending(self.status, self.why)
        if len(how) <= most:
            return self.sentence
        return _joined(f"{how[: most - END]} … {how[-END:]}", self.sources.told if self.sources else "")


def _joined(how: str, told: str) -> str:
    if not told:
        return how
    return f"{how} {told[:1].upper()}{told[1:]}" if how.endswith(".") else f"{how}; {told}"


def status_report(folder: Path) -> StatusReport:
    """How the run in ``folder`` stands, its sources included.

    Raises:
        RefusedError: there is no journal in ``folder``.
    """
    stands = status_of(folder)
    return replace(stands, sources=sources_left(folder)) if stands.is_over else stands


def status_of(folder: Path) -> StatusReport:
    """How the run in ``folder`` stands, without a look at its sources.

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
        return StatusReport("damaged", str(error))
    living = _of_process(folder, run)
    return _ended(folder, last_line(folder)) or living  # it may have said its last word meanwhile


def is_engine_alive(folder: Path) -> bool | None:
    """Whether the engine of the run in ``folder`` is alive, whatever its journal says; None where nobody can tell."""
    quiet_s = heartbeat_age_s(folder)
    try:
        run = read_request(folder).get("run", {})
    except RefusedError:
        return None
    return _engine_lives(run, quiet_s)


def _engine_lives(run: dict[str, Any], quiet_s: float | None) -> bool | None:
    if run.get("host") != socket.gethostname():
        return True if quiet_s is not None and abs(quiet_s) < FRESH_S else None
    return _lives(run.get("pid", -1), run.get("process_created_s", 0.0), quiet_s)


def _ended(folder: Path, line: Line | None) -> StatusReport | None:
    if line is None or line.type != "run-ended":
        return None
    event = decode_line(folder, line, RunEnded)
    return StatusReport(event.status, event.reason)


def _of_process(folder: Path, run: dict[str, Any]) -> StatusReport:
    quiet_s = heartbeat_age_s(folder)
    seen, alive = _seen(quiet_s), _engine_lives(run, quiet_s)
    host = run.get("host")
    if host != socket.gethostname():
        return StatusReport("running" if alive else "unknown", f"on computer {host}, {seen}")
    if alive:
        return StatusReport("running")
    return StatusReport("crashed", f"its process is gone without a last word; {seen}")


def _seen(quiet_s: float | None) -> str:
    if quiet_s is None:
        return "no sign of life was ever seen"
    if quiet_s < -JUST_NOW_S:
        return f"its last sign of life is {-quiet_s:.0f} s ahead of the clock of this computer"
    return f"last seen {max(0.0, quiet_s):.0f} s ago"


def _lives(pid: int, created_s: float, quiet_s: float | None) -> bool:
    """Whether the process of a run lives. When it was made tells, but that moves with a clock that is set meanwhile."""
    signs = quiet_s is not None and abs(quiet_s) < JUST_NOW_S
    return process_of(pid, None if signs else created_s) is not None
