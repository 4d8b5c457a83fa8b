"""Engines that are followed and killed, and what they leave behind."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from witnesses import is_left_on, missing_events, missing_readings

from mtjlab.benches.simulators import LOG
from mtjlab.cli.runs import runs as list_runs
from mtjlab.events import Event, JunctionsMeasured, Parent, Presented, RunEnded, RunStarted, SweepPoint, WentSafe
from mtjlab.store import REQUEST, Follower, read_events

PROJECT = Path(__file__).parents[1]
IN_PROCESS, OVER_TCP = "in process", "over TCP"
BENCHES = {IN_PROCESS: "simulated.toml", OVER_TCP: "keithley-6221-2182a.toml"}
START_UP_S = {IN_PROCESS: 0.05, OVER_TCP: 2.0}
"""About what passes between a run folder and the first event in it."""
ENDED = "ended before"
WITHOUT_FIGURES = (
    "from mtjlab import experiment; experiment.draw = lambda folder: []; from mtjlab.cli import main; main()"
)
"""The command line, but for the figures: they are drawn when all is over, and take longer than all the rest."""
POLL_S = 0.001
PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True)
class Instant:
    """When an engine is killed: after so many events, and that long after them (or after its run folder was there)."""

    events: int
    delay_s: float


@dataclass(frozen=True, slots=True)
class Kill:
    """A kill, where in its life a run was hit, how many events it left, and what was wrong then."""

    door: str
    where: str
    events: int
    lost: tuple[str, ...]
    wrong_statuses: tuple[str, ...]
    left_on: bool


class Engine:
    """A command of mtjlab as a process of its own, and a follower of its run."""

    def __init__(self, place: Path, *command: str) -> None:
        self._runs = place / "runs"
        self._known = set(self._runs.glob("*/*"))
        self._folder: Path | None = None
        self.seen: list[Event] = []
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]),
            "XDG_STATE_HOME": str(place / "state"),
        }
        self.process = subprocess.Popen(
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
            raise RuntimeError(f"no run was started: {self.process.communicate()}")
        return self._folder

    @property
    def log(self) -> Path:
        """The log of its simulated instruments."""
        return self.folder / LOG

    def follow(self, instant: Instant | None = None) -> None:
        """Read its journal along until ``instant``, or until it has ended."""
        while self._folder is None and self._goes_on():
            new = [path.parent for path in self._runs.glob(f"*/*/{REQUEST}") if path.parent not in self._known]
            self._folder = new[0] if new else None
        follower = Follower(self.folder)
        while (instant is None or len(self.seen) < instant.events) and self._goes_on():
            self.seen += follower.news()
        end_s = time.monotonic() + (instant.delay_s if instant else 0.0)
        while time.monotonic() < end_s and self._goes_on():
            self.seen += follower.news()
        self.seen += follower.news()

    def kill(self) -> None:
        """As nobody can refuse."""
        self.process.kill()
        self.process.communicate()

    def result(self) -> dict[str, Any]:
        """What it says at its end."""
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return json.loads(out.splitlines()[-1]) if out else {"status": f"nothing but {err!r}"}

    def _goes_on(self) -> bool:
        time.sleep(POLL_S)
        return self.process.poll() is None


def train(place: Path, door: str, plan: Path) -> Engine:
    """A training that has just been started, its run folder in ``place``."""
    simulated = ["--simulate", "--speed", "1000", "--confirm-shorted"] if door == OVER_TCP else []
    return Engine(place, "train", "--bench", str(PROJECT / "configs" / BENCHES[door]), "--plan", str(plan), *simulated)


def drawn_instant(rng: random.Random, door: str, length: int) -> Instant:
    """An instant in the life of a run of ``length`` events: as it starts up, anywhere, or about its end."""
    match rng.choices(("start", "anywhere", "end"), (20, 60, 20))[0]:
        case "start":
            return Instant(0, rng.uniform(0.0, START_UP_S[door]))
        case "anywhere":
            return Instant(rng.randrange(length), rng.uniform(0.0, 0.02))
        case _:
            return Instant(length - rng.randrange(30), 0.0)


def killed(engine: Engine, door: str, instant: Instant) -> Kill:
    """Kill ``engine``, and judge what it left behind; it may have ended before."""
    engine.follow(instant)
    before = status_of(engine.folder)
    engine.kill()
    events = list(read_events(engine.folder))
    has_ended = bool(events) and isinstance(events[-1], RunEnded)
    over_tcp = engine.log.is_file()
    left_on = over_tcp and is_left_on(engine.log)
    lost = missing_events(events, engine.seen)
    if over_tcp:
        lost += missing_readings(engine.log, events, has_ended)
    wrong = wrong_status(engine.folder, "finished" if has_ended else "crashed")
    if before not in ("running", "finished" if has_ended else "running"):
        wrong.append(f"{engine.folder}: {before} just before it was killed")
    return Kill(door, _where(events), len(events), tuple(lost), tuple(wrong), left_on)


def wrong_status(folder: Path, right: str) -> list[str]:
    """A complaint if ``mtjlab runs`` does not tell the run in ``folder`` as it stands."""
    told = status_of(folder)
    return [] if told == right else [f"{folder}: {told} instead of {right}"]


def status_of(folder: Path) -> str:
    """What ``mtjlab runs --json`` says of one run."""
    with redirect_stdout(StringIO()) as said:
        list_runs(folder, as_json=True)
    (told,) = json.loads(said.getvalue())["runs"]
    return str(told["status"])


def tokens_presented(runs: Sequence[Sequence[Event]]) -> list[tuple[int, str, str]]:
    """Step, purpose and token of what a run and those that resumed it presented, each up to what the next took over."""
    ends = [None if parent is None else parent.taken_n for parent in map(_parent, runs[1:])]
    whole = [list(run[: 0 if end is None else end + 1]) for run, end in zip(runs, ends, strict=False)]
    return [
        (event.step, event.purpose, event.token.name)
        for run in (*whole, runs[-1])
        for event in run
        if isinstance(event, Presented) and event.attempt == 1
    ]


def _parent(run: Sequence[Event]) -> Parent | None:
    return next((event.parent for event in run if isinstance(event, RunStarted)), None)


def _where(events: Sequence[Event]) -> str:
    """In which part of its life a run with these events ended."""
    for kind, part in ((RunEnded, ENDED), (WentSafe, "going safe"), (JunctionsMeasured, ""), (SweepPoint, "sweep")):
        if any(isinstance(event, kind) for event in events):
            return part or _purpose(events)
    return "starting up"


def _purpose(events: Sequence[Event]) -> str:
    last = next((event for event in reversed(events) if isinstance(event, Presented)), None)
    return last.purpose if last else "training"
