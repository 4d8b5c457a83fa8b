"""A command of mtjlab in a separate process, whose run is followed from its first event."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtjlab.benches.simulators import LOG
from mtjlab.events import Event
from mtjlab.reading import EventFollower
from mtjlab.runs.listing import list_runs
from mtjlab.store import REQUEST

PROJECT = Path(__file__).parents[1]
WITHOUT_FIGURES = "from mtjlab.cli import drawing, main; drawing.draw_in_process = lambda *_: []; main()"
"""The command line without figures: they are drawn at the end, and take longer than all the rest."""
POLL_S = 0.001
PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True)
class Instant:
    """A number of events of a run that were read, and the delay since then (0 events: since its folder exists)."""

    events: int
    delay_s: float


class FollowedEngine:
    """An engine, its run folder under ``place``, and the events of its run that have been ``seen``."""

    def __init__(self, place: Path, *command: str) -> None:
        self._runs = place / "runs"
        self._known = set(self._runs.glob("*/*"))
        self._folder: Path | None = None
        self._follower: EventFollower
        self.seen: list[Event] = []
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]),
            "XDG_STATE_HOME": str(place / "state"),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", WITHOUT_FIGURES, *command, "--runs", str(self._runs), "--quiet", "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def folder(self) -> Path:
        """Its run folder."""
        if self._folder is None:
            raise RuntimeError(f"no run was started: {self._process.communicate()}")
        return self._folder

    @property
    def log(self) -> Path | None:
        """The log of its simulated instruments, if it has any."""
        log = self.folder / LOG
        return log if log.is_file() else None

    def follow(self, instant: Instant | None = None) -> None:
        """Follow its journal until ``instant``, or until it has ended."""
        if self._folder is None:
            self._find()
        while (instant is None or len(self.seen) < instant.events) and self._is_running():
            self.seen += self._follower.news()
        end_s = time.monotonic() + (instant.delay_s if instant else 0.0)
        while time.monotonic() < end_s and self._is_running():
            self.seen += self._follower.news()
        self.seen += self._follower.news()

    def kill(self) -> None:
        """Kill the process (SIGKILL)."""
        self._process.kill()
        self._process.communicate()

    def result(self) -> dict[str, Any]:
        """Wait for its end; returns its output, and its exit ``code``."""
        out, err = self._process.communicate(timeout=PATIENCE_S)
        output = json.loads(out.splitlines()[-1]) if out else {"status": f"nothing but {err!r}"}
        return {**output, "code": self._process.returncode}

    def _find(self) -> None:
        """Wait for its run folder."""
        while self._folder is None and self._is_running():
            new = [path.parent for path in self._runs.glob(f"*/*/{REQUEST}") if path.parent not in self._known]
            self._folder = new[0] if new else None
        self._follower = EventFollower(self.folder)

    def _is_running(self) -> bool:
        time.sleep(POLL_S)
        return self._process.poll() is None


def status_of(folder: Path) -> str:
    """Status of one run, as ``mtjlab runs`` shows it."""
    (run,) = list_runs(folder)
    return run.status_report.status
