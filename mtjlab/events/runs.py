"""How a run begins, is interrupted and ends, as frozen events."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mtjlab.domain import BenchDescription, ControlCurrents, Reading, Verdict
from mtjlab.events.measurements import (
    CurveTaken,
    JunctionsMeasured,
    Presented,
    Probed,
    RecognitionMeasured,
    SwitchingMeasured,
    TokensClassified,
    TokensEncoded,
    WarmStarted,
    WiringChecked,
)

FORMAT: Literal[1] = 1
"""Version of the journal: what ``RunStarted.format`` says."""

RunStatus: TypeAlias = Literal["finished", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: what a run that resumes it takes over.

    ``controls_by_step[n]`` are the control currents after n training steps. ``mapped`` and ``shown`` are the
    presentations that a switching map and a classification are made of.
    """

    checked: WiringChecked | None = None
    measured: JunctionsMeasured | None = None
    encoded: TokensEncoded | None = None
    warm: WarmStarted | None = None
    controls_by_step: tuple[ControlCurrents, ...] = ()
    recognition: tuple[RecognitionMeasured, ...] = ()
    curves: tuple[CurveTaken, ...] = ()
    probes: tuple[Probed, ...] = ()
    mapped: tuple[Presented, ...] = ()
    shown: tuple[Presented, ...] = ()
    classified: TokensClassified | None = None
    switching: SwitchingMeasured | None = None
    presentations: int = 0
    without_configuration: int = 0
    reset_failures: int = 0
    held_moves: int = 0
    suspensions: int = 0
    events_lost: int = 0
    cautions: tuple[str, ...] = ()

    @property
    def step(self) -> int:
        """Number of complete training steps."""
        return max(0, len(self.controls_by_step) - 1)

    @property
    def controls(self) -> ControlCurrents | None:
        """Control currents after the last complete step."""
        return self.controls_by_step[-1] if self.controls_by_step else None


@dataclass(frozen=True, slots=True)
class Parent:
    """The run that this one resumes: all that is taken over, so that nothing is missing if its folder is gone.

    ``last_n`` is the number of the last event in its journal, ``taken_n`` that of the last one taken over; what came
    between belongs to a step that was not complete, and is done again. None where nothing was complete.
    """

    run: str
    last_n: int
    taken_n: int | None
    progress: Progress


@dataclass(frozen=True, slots=True)
class Source:
    """The run whose readings a derived run judges again, and what it did on the bench."""

    run: str
    procedure: str


@dataclass(frozen=True, slots=True)
class RunStarted:
    """First line of every journal: who runs what on which bench. ``data`` names what is learnt.

    A run that is ``derived_from`` another has read nothing itself.
    """

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
    def on_bench(self) -> str:
        """The procedure that was carried out on the bench."""
        return self.derived_from.procedure if self.derived_from else self.procedure


@dataclass(frozen=True, slots=True)
class Suspended:
    """The run pauses by itself: control currents held, no input, until ``reason`` is gone.

    ``cause``: which part is likely wrong, as a quick look tells.
    """

    t_s: float
    reason: str
    cause: str = ""
    type: Literal["suspended"] = "suspended"

    @property
    def why(self) -> str:
        """The likely cause, if there is one, before what it was seen by."""
        if self.cause in ("", self.reason):
            return self.reason
        return f"likely cause: {self.cause} (seen: {self.reason})"


@dataclass(frozen=True, slots=True)
class LookedAgain:
    """A suspended run looked whether it can go on, and cannot; empty ``still`` means that it can."""

    t_s: float
    look: int
    still: str
    readings: tuple[Reading, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    type: Literal["looked-again"] = "looked-again"


@dataclass(frozen=True, slots=True)
class Continued:
    """A suspended run goes on with the references it has just measured."""

    t_s: float
    after_s: float
    type: Literal["continued"] = "continued"


@dataclass(frozen=True, slots=True)
class ClockJumped:
    """The clock of this computer went forward (it slept, or the clock was set) or back against its own counter.

    For ``unwatched_s`` nothing was looked at, beside waiting, reading and computing: the computer slept, its programs
    were stopped, or an instrument or a disk took that long. 0 is less than is worth a word.
    """

    by_s: float
    unwatched_s: float = 0.0
    type: Literal["clock-jumped"] = "clock-jumped"


@dataclass(frozen=True, slots=True)
class EventLost:
    """In a recovered journal: here stood an event that was damaged, at ``line`` of the damaged file."""

    line: int
    type: Literal["event-lost"] = "event-lost"


@dataclass(frozen=True, slots=True)
class RunEnded:
    """Last line of a run that could still speak; ``reason`` is for the operator."""

    status: RunStatus
    reason: str
    type: Literal["run-ended"] = "run-ended"
