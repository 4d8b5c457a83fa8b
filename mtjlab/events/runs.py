"""How a run begins, is interrupted and ends, as frozen events."""

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
"""What events count, by the names of ``Progress``."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run has come to, beside the events that it hands over.

    Older versions told all of it here. What they wrote of their events is as it stands in their journals:
    ``mtjlab.reading`` makes events of it.
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
        """What there is to know beside events that are told by themselves."""
        told = Counter[str]()
        for event in events:
            told.update(event.tallies)
        left = {name: getattr(self, name) - told[name] for name in COUNTED}
        return Progress(checked=self.checked, measured=self.measured, cautions=self.cautions, **left)


@dataclass(frozen=True, slots=True)
class Parent:
    """The run that this one resumes; all that is taken over follows, so that nothing is missing if its folder is gone.

    ``last_n`` is the number of the last event in its journal, ``taken_n`` that of the last one taken over; what came
    between belongs to a step that was not complete, and is done again. None where nothing was complete.
    ``handed_over`` is the number of its events that follow, ``progress`` what else there is to know of it, ``step`` the
    number of its complete training steps.

    Older versions wrote all that was taken over as ``progress``.
    """

    run: str
    last_n: int
    taken_n: int | None
    progress: Progress
    handed_over: int = 0
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The run whose readings a derived run judges again, and what it did on the bench."""

    run: str
    procedure: str


@dataclass(frozen=True, slots=True)
class RunStarted(Event):
    """First line of every journal: who runs what on which bench. ``data`` names what is learnt.

    A run that is ``derived_from`` another has read nothing itself.
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
        """What happened, in one line."""
        learns = f", learns {self.data}" if self.data else ""
        return f"{self.run} on {self.bench.name} ({self.bench.kind}){learns}, seed {self.seed}{self._before}"

    @property
    def _before(self) -> str:
        """The run that this one is made of."""
        source, told = self.derived_from, ""
        if self.parent is not None:
            after_step = "" if self.parent.step is None else f" after step {self.parent.step}"
            told = f", resumes {self.parent.run}{after_step}"
        return f"{told}, the readings of {source.run} ({source.procedure}) judged again" if source else told

    @property
    def on_bench(self) -> str:
        """The procedure that was carried out on the bench."""
        return self.derived_from.procedure if self.derived_from else self.procedure


@dataclass(frozen=True, slots=True)
class Suspended(Event):
    """The run pauses by itself: control currents held, no input, until ``reason`` is gone.

    ``cause``: which part is likely wrong, as a quick look tells.
    """

    milestone: ClassVar[bool] = True
    is_trouble: ClassVar[bool] = True

    t_s: float
    reason: str
    cause: str = ""
    type: Literal["suspended"] = "suspended"

    @property
    def tallies(self) -> Mapping[str, int]:
        """What a run counts with it."""
        return {"suspensions": 1}

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"suspended, control currents held, no input: {self.why}"

    @property
    def why(self) -> str:
        """The likely cause, if there is one, before what it was seen by."""
        if self.cause in ("", self.reason):
            return self.reason
        return f"likely cause: {self.cause} (seen: {self.reason})"


@dataclass(frozen=True, slots=True)
class LookedAgain(Event):
    """A suspended run looked whether it can go on, and cannot; empty ``still`` means that it can."""

    t_s: float
    look: int
    still: str
    readings: tuple[Reading, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    type: Literal["looked-again"] = "looked-again"

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """Everything that the detector says in it."""
        return self.verdicts

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"look {self.look}: {self.still or 'nothing is wrong any more, junctions are measured anew'}"


@dataclass(frozen=True, slots=True)
class Continued(Event):
    """A suspended run goes on with the references it has just measured."""

    milestone: ClassVar[bool] = True

    t_s: float
    after_s: float
    type: Literal["continued"] = "continued"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"goes on after {self.after_s:.6g} s of bench time"


@dataclass(frozen=True, slots=True)
class ClockJumped(Event):
    """The clock of this computer went forward (it slept, or the clock was set) or back against its own counter.

    For ``unwatched_s`` nothing was looked at, beside waiting, reading and computing: the computer slept, its programs
    were stopped, or an instrument or a disk took that long. 0 is less than is worth a word.
    """

    is_trouble: ClassVar[bool] = True

    by_s: float
    unwatched_s: float = 0.0
    type: Literal["clock-jumped"] = "clock-jumped"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        jumped = f"the clock of this computer jumped by {self.by_s:+.6g} s: it was set, or the computer slept"
        unwatched = (
            f"nothing was looked at for {self.unwatched_s:.6g} s: the computer slept, its programs were stopped, or an "
            "instrument or a disk was slow"
        )
        return "; ".join([jumped] * (self.by_s != 0) + [unwatched] * (self.unwatched_s != 0))


@dataclass(frozen=True, slots=True)
class EventLost(Event):
    """In a recovered journal: here stood an event that was damaged, at ``line`` of the damaged file."""

    is_trouble: ClassVar[bool] = True

    line: int
    type: Literal["event-lost"] = "event-lost"

    @property
    def tallies(self) -> Mapping[str, int]:
        """What a run counts with it."""
        return {"events_lost": 1}

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"an event is lost: line {self.line} of the journal was damaged"


@dataclass(frozen=True, slots=True)
class RunEnded(Event):
    """Last line of a run that could still speak; ``reason`` is for the operator."""

    milestone: ClassVar[bool] = True
    is_final: ClassVar[bool] = True

    status: RunStatus
    reason: str
    type: Literal["run-ended"] = "run-ended"

    @property
    def is_trouble(self) -> bool:
        """Whether a good run has none of it."""
        return self.status == "failed"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return ending(self.status, self.reason)


def ending(status: str, why: str) -> str:
    """How a run ended, and by whom or why."""
    link = " by " if status == "stopped" else ": "
    return f"{status}{link}{why}" if why else status
