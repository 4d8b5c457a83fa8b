"""What is measured of the junctions themselves, as frozen events. Times ``t_s`` are bench time."""

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from mtjlab.analysis.estimates import Estimate
from mtjlab.analysis.passage import Passage
from mtjlab.counted import counted
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import CriticalCurrents, PerJunction, Reading
from mtjlab.events.base import Event

SweepPurpose: TypeAlias = Literal["reference", "curve"]


@dataclass(frozen=True, slots=True)
class SweepPoint(Event):
    """One point of a sweep of the input, that references are fitted to or that belongs to a resistance curve.

    ``series`` tells curves under different control currents apart. Journals of older versions do not say the
    ``purpose``; who reads them with ``mtjlab.reading`` is told it all the same.
    """

    repetition: int
    rising: bool
    reading: Reading
    series: int = 0
    purpose: SweepPurpose | None = None
    type: Literal["sweep-point"] = "sweep-point"


@dataclass(frozen=True, slots=True)
class JunctionsMeasured(Event):
    """What a sweep tells of each junction: references of the detector, and critical currents."""

    t_s: float
    references: tuple[JunctionReference, ...]
    critical: CriticalCurrents
    type: Literal["junctions-measured"] = "junctions-measured"

    def of_input(self, _input: int) -> CriticalCurrents:
        """Critical currents that hold for an input, 0 for A: the same for all that the chain is given one by one."""
        return self.critical

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        up_ua = ", ".join(f"{up:.1f}" for up in self.critical.up_ua)
        return f"junctions measured: AP -> P at {up_ua} uA with {self.critical.ramp_ua_per_s:.6g} uA/s"


@dataclass(frozen=True, slots=True)
class CurveTaken(Event):
    """A resistance curve is complete: what each of its legs tells of each junction, ``passages[junction][leg]``."""

    milestone: ClassVar[bool] = True
    is_routine: ClassVar[bool] = True

    t_s: float
    series: int
    controls_ua: PerJunction
    repetition: int
    passages: tuple[tuple[Passage, ...], ...]
    type: Literal["curve-taken"] = "curve-taken"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"curve {self.repetition + 1} of series {self.series + 1} taken"


@dataclass(frozen=True, slots=True)
class SeriesMeasured:
    """Critical junction currents under some control currents, as far as they could be determined.

    ``up[junction]`` is AP -> P, ``down[junction]`` P -> AP; empty where no leg went that way.
    """

    controls_ua: PerJunction
    up: tuple[Estimate, ...]
    down: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class SwitchingMeasured(Event):
    """Where the junctions switch, from all that was measured of them; it took so many ``readings``."""

    milestone: ClassVar[bool] = True

    t_s: float
    series: tuple[SeriesMeasured, ...]
    readings: int
    type: Literal["switching-measured"] = "switching-measured"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"switching measured from {counted(self.readings, 'reading')}"


@dataclass(frozen=True, slots=True)
class CalibrationTaken(Event):
    """References and critical currents of an earlier measurement are used: of which chip, by which run, and when."""

    t_s: float
    device: str
    run: str
    measured_at: str
    type: Literal["calibration-taken"] = "calibration-taken"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"calibration of {self.device} by {self.run}, of {self.measured_at}"
