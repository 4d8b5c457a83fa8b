"""Events of pulses on top of held currents. Times ``t_s`` are bench time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from mtjlab.analysis.passage import Passage, seen_after
from mtjlab.domain import GivenPulse, PerJunction, Reading, Verdict
from mtjlab.events.base import Event, Phase, PhaseName, PulsePhase
from mtjlab.events.formatting import row_text
from mtjlab.transitions import Transition

PulsePurpose: TypeAlias = Literal["probe", "reset", "input"]


@dataclass(frozen=True, slots=True)
class RestPlanned(Event):
    """Rest currents of all junctions, at which every pulse starts and ends.

    ``lifetimes_s``: expected mean lifetime at rest of the less stable state of each junction. ``reset_ua``: change of
    the current of every junction by a reset pulse of ``reset_s``. ``width_s`` is the duration of the pulses of inputs;
    None where it varies. ``controls_s``: time for which control currents are expected to be applied for one, together
    with it; None where they are held before and after it.
    """

    milestone: ClassVar[bool] = True

    t_s: float
    currents_ua: PerJunction
    lifetimes_s: PerJunction
    reset_ua: float
    reset_s: float
    width_s: float | None = None
    controls_s: float | None = None
    type: Literal["rest-planned"] = "rest-planned"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return (
            f"pulses start from rest currents {row_text(self.currents_ua)} uA; "
            f"reset by {self.reset_ua:.6g} uA for {self.reset_s:.6g} s"
        )


@dataclass(frozen=True, slots=True)
class PulsePlanned(Event):
    """A pulse about to be applied, with the transitions to its control currents and back to rest.

    Those of a presentation (``input``, ``series`` is the number of the input) are planned before its first pulse, and
    their transitions with the control currents.
    """

    is_routine: ClassVar[bool] = True

    t_s: float
    purpose: PulsePurpose
    series: int
    pulse_ua: float
    width_s: float
    transitions: tuple[Transition, ...] = ()
    type: Literal["pulse-planned"] = "pulse-planned"


@dataclass(frozen=True, slots=True)
class Pulsed(Event):
    """A pulse of ``pulse_ua`` at ``controls_ua``, and the readings at rest after it.

    ``given`` is the measured duration. Each junction carried its control current plus the pulse. ``applied_s``: bench
    time at which the way to the control currents began, or the pulse where there is none; None in older journals.
    """

    t_s: float
    purpose: PulsePurpose
    series: int
    pulse_ua: float
    width_s: float
    given: GivenPulse
    controls_ua: PerJunction
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    disturbed: str = ""
    applied_s: float | None = None
    type: Literal["pulsed"] = "pulsed"

    @property
    def phases(self) -> Sequence[Phase | PulsePhase]:
        """The pulse, and readings at rest."""
        name: PhaseName = "reset" if self.purpose == "reset" else "input"
        known = () if self.purpose == "reset" else self.verdicts
        pulse = PulsePhase(name, self.controls_ua, self.pulse_ua, self.given.width_s, self.applied_s, known)
        return [pulse, *(Phase("idle", reading) for reading in self.readings)]

    @property
    def currents_ua(self) -> PerJunction:
        """Current of each junction during the pulse."""
        return tuple([round(control + self.pulse_ua, 6) for control in self.controls_ua])

    @property
    def evidence(self) -> Sequence[Sequence[Passage]]:
        """Which junctions the pulse switched; a reset pulse tells nothing, as states before it are not known."""
        if self.purpose == "reset" or self.disturbed:
            return ()
        return seen_after(self.currents_ua, self.given.width_s, self.verdicts)

    @property
    def is_reset(self) -> bool:
        """Whether every junction was antiparallel afterwards."""
        return all(verdict is Verdict.AP for verdict in self.verdicts)

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """All detector verdicts of the event."""
        return self.verdicts

    @property
    def shows(self) -> Reading | None:
        """Reading to show: the last one."""
        return self.readings[-1] if self.readings else None
