"""Pulses on top of held currents, as frozen events. Times ``t_s`` are bench time."""

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from mtjlab.domain import GivenPulse, PerJunction, Reading, Verdict
from mtjlab.events.base import Event
from mtjlab.events.formatting import row_text
from mtjlab.transitions import Transition

PulsePurpose: TypeAlias = Literal["probe", "reset"]


@dataclass(frozen=True, slots=True)
class RestPlanned(Event):
    """Rest currents of all junctions, where every pulse begins and ends.

    ``lifetimes_s``: expected mean lifetime there of the less stable state of each junction. ``reset_ua``: the pulse of
    ``reset_s`` that resets them, as a change of the current of every junction.
    """

    milestone: ClassVar[bool] = True

    t_s: float
    currents_ua: PerJunction
    lifetimes_s: PerJunction
    reset_ua: float
    reset_s: float
    type: Literal["rest-planned"] = "rest-planned"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return (
            f"pulses start from rest currents {row_text(self.currents_ua)} uA; "
            f"reset by {self.reset_ua:.6g} uA for {self.reset_s:.6g} s"
        )


@dataclass(frozen=True, slots=True)
class PulsePlanned(Event):
    """A pulse that is about to be given: transitions to its control currents and back to rest, and the pulse."""

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
    """A pulse of ``pulse_ua`` under ``controls_ua``, and the junctions read at rest after it.

    ``given`` is the duration as measured. A junction carried its control current and the pulse.
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
    type: Literal["pulsed"] = "pulsed"

    @property
    def currents_ua(self) -> PerJunction:
        """Current of each junction during the pulse."""
        return tuple([round(control + self.pulse_ua, 6) for control in self.controls_ua])

    @property
    def is_reset(self) -> bool:
        """Whether every junction was seen antiparallel afterwards."""
        return all(verdict is Verdict.AP for verdict in self.verdicts)

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """What the detector says."""
        return self.verdicts

    @property
    def shows(self) -> Reading | None:
        """The last reading."""
        return self.readings[-1] if self.readings else None
