"""Engines that are killed and resumed, and the defects of what they leave."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from followed_engine import PROJECT, FollowedEngine, Instant, status_of
from journal_checks import is_left_on, missing_events, missing_readings

from mtjlab.events import Event, JunctionsMeasured, Presented, RunEnded, RunStarted, WentSafe
from mtjlab.procedures.training.events import RecognitionMeasured
from mtjlab.reading import read_events
from mtjlab.store import read_request

IN_PROCESS, OVER_TCP = "in process", "over TCP"
COMMANDS = {
    IN_PROCESS: ("simulated.toml",),
    OVER_TCP: ("keithley-6221-2182a.toml", "--simulate", "--speed", "1000", "--confirm-shorted"),
}
START_UP_S = {IN_PROCESS: 0.05, OVER_TCP: 2.0}
"""About what passes between a run folder and the first event in it."""
FIRST = {IN_PROCESS: 1, OVER_TCP: 4}
"""Events before those of the training."""
GOING_SAFE_S = {IN_PROCESS: 0.001, OVER_TCP: 0.025}
"""About what passes between the last presentation and the last word."""
AHEAD = 100
"""Number of events before a kill at which the status is read: reading it may take as long as the end of a run."""
ENDED = "ended before"


@dataclass(frozen=True, slots=True)
class Findings:
    """Defects, and the number of runs that left a source on."""

    lost: tuple[str, ...]
    wrong_statuses: tuple[str, ...]
    left_on: int


@dataclass(frozen=True, slots=True)
class Kill:
    """A kill: the phase of the run, the number of events that it left, and the defects."""

    door: str
    where: str
    events: int
    findings: Findings


@dataclass(frozen=True, slots=True)
class Life:
    """All kills of a run, the defects of each part at the end, and why it was not resumed, if so."""

    kills: tuple[Kill, ...]
    at_the_end: tuple[Findings, ...]
    not_resumed: str

    @property
    def hits(self) -> list[Kill]:
        """Kills before the end of the run."""
        return [kill for kill in self.kills if kill.where != ENDED]

    @property
    def all_findings(self) -> list[Findings]:
        """At every kill, and at the end."""
        return [*(kill.findings for kill in self.kills), *self.at_the_end]


def started(place: Path, door: str, plan: Path) -> FollowedEngine:
    """A training that has just been started."""
    bench, *simulated = COMMANDS[door]
    return FollowedEngine(place, "train", "--bench", str(PROJECT / "configs" / bench), "--plan", str(plan), *simulated)


def resumed(place: Path, crashed: FollowedEngine) -> FollowedEngine:
    """A training that resumes one that crashed."""
    return FollowedEngine(place, "resume", str(crashed.folder))


def drawn_instant(rng: random.Random, door: str, whole: Sequence[Event]) -> Instant:
    """A random instant in any phase of a run with the events of a ``whole`` one."""
    measured = 1 + [isinstance(event, JunctionsMeasured) for event in whole].index(True)
    match rng.choices(("starting up", "sweep", "training", "going safe"), (18, 22, 45, 15))[0]:
        case "starting up":
            return Instant(0, rng.uniform(0.0, START_UP_S[door]))
        case "sweep":
            return Instant(FIRST[door] + rng.randrange(measured), rng.uniform(0.0, 0.01))
        case "training":
            return Instant(FIRST[door] + rng.randrange(measured, len(whole)), rng.uniform(0.0, 0.01))
        case _:
            return Instant(FIRST[door] + len(whole) - rng.randrange(2), rng.uniform(0.0, GOING_SAFE_S[door]))


def killed(engine: FollowedEngine, door: str, instant: Instant) -> Kill:
    """Kill ``engine`` at ``instant``, and judge what it left behind; it may have ended before."""
    engine.follow(Instant(instant.events - AHEAD, 0.0))
    before = status_of(engine.folder)
    engine.follow(instant)
    engine.kill()
    events = list(read_events(engine.folder))
    has_ended = bool(events) and isinstance(events[-1], RunEnded)
    found = findings(engine, events, "finished" if has_ended else "crashed")
    if before != "running" and not has_ended:
        wrong = (*found.wrong_statuses, f"{engine.folder}: {before} before it was killed")
        found = Findings(found.lost, wrong, found.left_on)
    steps = read_request(engine.folder)["plan"]["training"]["steps"]
    return Kill(door, where(events, steps), len(events), found)


def findings(engine: FollowedEngine, events: Sequence[Event], status: str) -> Findings:
    """Defects of a run that has left these ``events`` and should have this ``status``."""
    lost = missing_events(events, engine.seen)
    left_on = 0
    if engine.log is not None:
        left_on = is_left_on(engine.log)
        lost += missing_readings(engine.log, events, status == "finished")
    found = status_of(engine.folder)
    wrong = () if found == status else (f"{engine.folder}: {found} instead of {status}",)
    return Findings(tuple(lost), wrong, left_on)


def tokens_presented(runs: Sequence[Sequence[Event]]) -> list[tuple[int, str, str]]:
    """Step, purpose and token of what a run and those that resumed it presented, each up to what the next took over.

    A run without events had begun nothing, and the next resumed the one before it.
    """
    runs = [run for run in runs if run]
    taken = [_taken_over(run) for run in runs[1:]]
    counted = [list(run[:n]) for run, n in zip(runs, taken, strict=False)]
    return [
        (event.step, event.purpose, event.token.name)
        for run in (*counted, runs[-1])
        for event in run
        if isinstance(event, Presented) and event.attempt == 1
    ]


def _taken_over(run: Sequence[Event]) -> int:
    """How many events of its parent a run took over."""
    parents = [event.parent for event in run if isinstance(event, RunStarted) and event.parent]
    return 0 if not parents or parents[0].taken_n is None else parents[0].taken_n + 1


def where(events: Sequence[Event], steps: int) -> str:
    """Phase of a run of this number of ``steps`` after these events."""
    kinds = {event.type for event in events}
    match events[-1] if events else None:
        case RunEnded():
            return ENDED
        case WentSafe():
            return "going safe"
        case RecognitionMeasured(step=step) if step == steps:
            return "going safe"
        case Presented(purpose=purpose):
            return purpose
        case _ if "junctions-measured" in kinds:
            return "training"
        case _:
            return "sweep" if "sweep-point" in kinds else "starting up"
