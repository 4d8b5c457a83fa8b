"""Events of the start, interruptions and end of a run."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from mtjlab.domain import BenchDescription, Reading, Verdict
from mtjlab.events.base import FORMAT, Event
from mtjlab.events.bench import WiringChecked
from mtjlab.events.junctions import JunctionsMeasured

RunStatus: TypeAlias = Literal["finished", "stopped", "failed"]


COUNTED = (
    "presentations",
    "without_configuration",
    "reset_failures",
    "held_moves",
    "suspensions",
    "events_lost",
)
"""Counters incremented by events, by field name of ``Progress``."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a run beyond the events that it hands over.

    Older versions recorded all progress here, with events as plain JSON; ``mtjlab.reading`` converts these to events.
    """

    checked: WiringChecked | None = None
    measured: JunctionsMeasured | None = None
    encoded: Any = None
    warm: Any = None
    controls_by_step: tuple[Any, ...] = ()
    recognition: tuple[Any, ...] = ()
    curves: tuple[Any, ...] = ()
    probes: tuple[Any, ...] = ()
    mapped: tuple[Any, ...] = ()
    shown: tuple[Any, ...] = ()
    classified: Any = None
    switching: Any = None
    presentations: int = 0
    without_configuration: int = 0
    reset_failures: int = 0
    held_moves: int = 0
    suspensions: int = 0
    events_lost: int = 0
    cautions: tuple[str, ...] = ()

    def excluding(self, events: Iterable[Event]) -> "Progress":
        """Progress without the counts of ``events``, which are recorded separately."""
        counted = Counter[str]()
        for event in events:
            counted.update(event.tallies)
        left = {name: getattr(self, name) - counted[name] for name in COUNTED}
        return Progress(checked=self.checked, measured=self.measured, cautions=self.cautions, **left)


@dataclass(frozen=True, slots=True)
class Parent:
    """The run being resumed. All events taken over follow, so the resumed run does not depend on the old folder.

    ``last_n`` is the number of the last event in its journal, ``taken_n`` that of the last event taken over (None if no
    part was complete); events in between belong to an incomplete step, which is repeated. ``handed_over`` is the
    number of its events that follow, ``progress`` its remaining progress, ``step`` the number of complete training
    steps.

    Older versions recorded everything taken over in ``progress``.
    """

    run: str
    last_n: int
    taken_n: int | None
    progress: Progress
    handed_over: int = 0
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The run whose readings a derived run re-evaluates, and its procedure on the bench."""

    run: str
    procedure: str


@dataclass(frozen=True, slots=True)
class RunStarted(Event):
    """First line of every journal: run, procedure, bench and plan. ``data`` names the data set to learn.

    A run that is ``derived_from`` another took no readings itself.
    """

    milestone: ClassVar[bool] = True

    run: str
    procedure: str
    bench: BenchDescription
    plan: str
    data: str
    seed: int
    software: str
    parent: Parent | None = None
    derived_from: Source | None = None
    format: Literal[1] = FORMAT
    type: Literal["run-started"] = "run-started"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        learns = f", learns {self.data}" if self.data else ""
        return f"{self.run} on {self.bench.name} ({self.bench.kind}){learns}, seed {self.seed}{self._before}"

    @property
    def _before(self) -> str:
        """The resumed or re-evaluated run, as text."""
        source, text = self.derived_from, ""
        if self.parent is not None:
            after_step = "" if self.parent.step is None else f" after step {self.parent.step}"
            text = f", resumes {self.parent.run}{after_step}"
        return f"{text}, the readings of {source.run} ({source.procedure}) judged again" if source else text

    @property
    def on_bench(self) -> str:
        """Procedure that was executed on the bench."""
        return self.derived_from.procedure if self.derived_from else self.procedure


@dataclass(frozen=True, slots=True)
class Suspended(Event):
    """The run is suspended at zero input, control currents held, until ``reason`` is resolved.

    ``cause``: the likely faulty part according to a quick look.
    """

    milestone: ClassVar[bool] = True
    is_trouble: ClassVar[bool] = True

    t_s: float
    reason: str
    cause: str = ""
    type: Literal["suspended"] = "suspended"

    @property
    def tallies(self) -> Mapping[str, int]:
        """Increments of the run's counters."""
        return {"suspensions": 1}

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return f"suspended, control currents held, no input: {self.why}"

    @property
    def why(self) -> str:
        """The likely cause, if known, followed by the observation."""
        if self.cause in ("", self.reason):
            return self.reason
        return f"likely cause: {self.cause} (observed: {self.reason})"


@dataclass(frozen=True, slots=True)
class LookedAgain(Event):
    """Check of a suspended run: ``still`` says why it cannot continue yet; empty if it can."""

    t_s: float
    look: int
    still: str
    readings: tuple[Reading, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    type: Literal["looked-again"] = "looked-again"

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """All detector verdicts of the event."""
        return self.verdicts

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return f"look {self.look}: {self.still or 'the problem is resolved, junctions are measured again'}"


@dataclass(frozen=True, slots=True)
class Continued(Event):
    """A suspended run continues with newly measured references."""

    milestone: ClassVar[bool] = True

    t_s: float
    after_s: float
    type: Literal["continued"] = "continued"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return f"continues after {self.after_s:.6g} s of bench time"


@dataclass(frozen=True, slots=True)
class ClockJumped(Event):
    """The clock of this computer jumped forward or back relative to its own counter (sleep, or the clock was set).

    For ``unwatched_s`` the bench was not monitored, beyond regular waiting, reading and computing: the computer slept,
    its programs were stopped, or an instrument or a disk was slow. 0: too short to report.
    """

    is_trouble: ClassVar[bool] = True

    by_s: float
    unwatched_s: float = 0.0
    type: Literal["clock-jumped"] = "clock-jumped"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        jumped = f"the clock of this computer jumped by {self.by_s:+.6g} s: it was set, or the computer slept"
        unwatched = (
            f"nothing was monitored for {self.unwatched_s:.6g} s: the computer slept, its programs were stopped, or an "
            "instrument or a disk was slow"
        )
        return "; ".join([jumped] * (self.by_s != 0) + [unwatched] * (self.unwatched_s != 0))


@dataclass(frozen=True, slots=True)
class EventLost(Event):
    """In a recovered journal: place of an event that was damaged, at ``line`` of the damaged file."""

    is_trouble: ClassVar[bool] = True

    line: int
    type: Literal["event-lost"] = "event-lost"

    @property
    def tallies(self) -> Mapping[str, int]:
        """Increments of the run's counters."""
        return {"events_lost": 1}

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return f"an event is lost: line {self.line} of the journal was damaged"


@dataclass(frozen=True, slots=True)
class RunEnded(Event):
    """Last line of a journal, unless the engine was killed; ``reason`` is for the operator."""

    milestone: ClassVar[bool] = True
    is_final: ClassVar[bool] = True

    status: RunStatus
    reason: str
    type: Literal["run-ended"] = "run-ended"

    @property
    def is_trouble(self) -> bool:
        """Whether the event reports a problem."""
        return self.status == "failed"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return ending(self.status, self.reason)


SIGNALS = {
    "Ctrl-C": "Ctrl-C in the terminal",
    "SIGTERM": "the signal SIGTERM from another program",
    "SIGHUP": "the end of its terminal",
    "SIGBREAK": "the end of its terminal",
}
"""Who stopped a run, in words, by the name of the signal that is recorded as the reason."""


def ending(status: str, why: str) -> str:
    """Text for the end of a run: status and reason."""
    if status != "stopped" or not why:
        return f"{status}: {why}" if why else status
    by, comma, more = why.partition(",")
    return f"stopped by {SIGNALS.get(by, by)}{comma}{more}"
