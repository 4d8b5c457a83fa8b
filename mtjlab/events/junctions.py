"""Events of measurements of the junctions. Times ``t_s`` are bench time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from mtjlab.analysis.estimates import Estimate
from mtjlab.analysis.passage import Passage
from mtjlab.counted import counted
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import CriticalCurrents, PerJunction, Reading
from mtjlab.events.base import Event, Phase

SweepPurpose: TypeAlias = Literal["reference", "curve"]


@dataclass(frozen=True, slots=True)
class SweepPoint(Event):
    """One point of an input sweep, for fitting references or as part of a resistance curve.

    ``series`` distinguishes curves at different control currents. Journals of older versions have no ``purpose``;
    ``mtjlab.reading`` adds it.
    """

    repetition: int
    rising: bool
    reading: Reading
    series: int = 0
    purpose: SweepPurpose | None = None
    type: Literal["sweep-point"] = "sweep-point"

    @property
    def phases(self) -> Sequence[Phase]:
        """The point."""
        return (Phase("sweep", self.reading),)


@dataclass(frozen=True, slots=True)
class JunctionsMeasured(Event):
    """References of the detector and critical currents of each junction, from a sweep."""

    t_s: float
    references: tuple[JunctionReference, ...]
    critical: CriticalCurrents
    type: Literal["junctions-measured"] = "junctions-measured"

    def of_input(self, _input: int) -> CriticalCurrents:
        """Critical currents for an input (0 is A): the same for all inputs, since they are applied one at a time."""
        return self.critical

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        up_ua = ", ".join(f"{up:.1f}" for up in self.critical.up_ua)
        return f"junctions measured: AP -> P at {up_ua} uA with {self.critical.ramp_ua_per_s:.6g} uA/s"


@dataclass(frozen=True, slots=True)
class CurveTaken(Event):
    """A complete resistance curve, evaluated as ``passages[junction][leg]``."""

    milestone: ClassVar[bool] = True
    is_routine: ClassVar[bool] = True

    t_s: float
    series: int
    controls_ua: PerJunction
    repetition: int
    passages: tuple[tuple[Passage, ...], ...]
    type: Literal["curve-taken"] = "curve-taken"

    @property
    def evidence(self) -> Sequence[Sequence[Passage]]:
        """The legs of the curve."""
        return self.passages

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return f"curve {self.repetition + 1} of series {self.series + 1} taken"


@dataclass(frozen=True, slots=True)
class SeriesMeasured:
    """Critical junction currents at one set of control currents, as far as determined.

    ``up[junction]`` is AP -> P, ``down[junction]`` P -> AP; empty if no leg swept in that direction.
    """

    controls_ua: PerJunction
    up: tuple[Estimate, ...]
    down: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class SwitchingMeasured(Event):
    """Critical currents from all measurements of a run, which took ``readings`` readings."""

    milestone: ClassVar[bool] = True

    t_s: float
    series: tuple[SeriesMeasured, ...]
    readings: int
    type: Literal["switching-measured"] = "switching-measured"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return f"switching measured from {counted(self.readings, 'reading')}"


@dataclass(frozen=True, slots=True)
class CalibrationTaken(Event):
    """A calibration is used: references and critical currents of a chip, measured by an earlier run."""

    t_s: float
    device: str
    run: str
    measured_at: str
    type: Literal["calibration-taken"] = "calibration-taken"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return f"calibration of {self.device} by {self.run}, of {self.measured_at}"
