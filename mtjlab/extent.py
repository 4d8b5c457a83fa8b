"""Size and progress of a run: estimate before, progress bar during, "37 of 160 curves" after it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from mtjlab.config import BenchConfig, PlanConfig, SweepSettings
from mtjlab.counted import word_for
from mtjlab.events import Event, EventLost, JunctionsMeasured, RunStarted, SweepPoint, TakenOver, original_event

THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Times:
    """Bench times (s) of single operations: settling, dwell and reading, without communication."""

    junctions: int
    settle_s: float
    aperture_s: float
    config: PlanConfig
    is_calibrated: bool = False
    is_parallel: bool = False
    """Whether inputs are applied together, to a chain each."""

    @classmethod
    def of(cls, bench: BenchConfig, config: PlanConfig, is_calibrated: bool = False) -> "Times":
        """Times on ``bench`` according to a plan file; with a calibration, references are not measured."""
        is_parallel = len(bench.chain_sizes) > 1
        return cls(bench.junctions, bench.timing.settle_s, bench.aperture_s, config, is_calibrated, is_parallel)

    @property
    def applied_in_turn(self) -> int:
        """Number of inputs of a presentation that are applied one after another."""
        return 1 if self.is_parallel else self.config.encoding.inputs

    @property
    def reading_s(self) -> float:
        """Time of one reading."""
        return self.config.detector.samples * self.aperture_s

    @property
    def presentation_s(self) -> float:
        """Time of one presentation of a token, including the reset after every input and its reading."""
        inputs, settings = self.applied_in_turn, self.config.presentation
        if settings.is_pulsed:
            return inputs * (self.pulse_s(settings.width_s) + self.reset_pulse_s(settings.reset_s))
        return inputs * (3 * self.settle_s + settings.dwell_s + 2 * self.reading_s)

    def pulse_s(self, width_s: float) -> float:
        """Time of a pulse and its reading, with the ways to its control currents and back."""
        return 7 * self.settle_s + width_s + self.reading_s

    def reset_pulse_s(self, width_s: float) -> float:
        """Time of a reset pulse and its reading."""
        return self.settle_s + width_s + self.reading_s

    def references(self, most_loops: int | None = None) -> "Preparation":
        """Time and points of the reference sweep, at most ``most_loops`` loops; none with a calibration."""
        sweep = self.config.sweep
        loops = 0 if self.is_calibrated else min(sweep.repetitions, most_loops or sweep.repetitions)
        return Preparation(loops * self.curve_s(sweep, legs=2), 2 * loops * sweep.points)

    def curve_s(self, staircase: SweepSettings, legs: int) -> float:
        """Time of one curve."""
        return legs * staircase.points * (self.settle_s + staircase.dwell_s + self.reading_s)


class Preparation(NamedTuple):
    """Preparation before the first unit: bench time, and points of the reference sweep to track it by."""

    duration_s: float = 0.0
    points: int = 0


NO_PREPARATION = Preparation()


@dataclass(frozen=True, slots=True)
class Extent:
    """Size of a run in the units of its kind: from ``low`` to ``high`` where it cannot be predicted.

    ``high`` is None for a run that goes on until stopped. ``unit_s`` is the bench time of a unit.
    """

    unit: str
    low: int
    high: int | None
    unit_s: float
    preparation: Preparation = NO_PREPARATION
    plural: str = ""
    of: str = ""
    """Completes the unit in the estimate, such as " of holding"."""
    per: str = ""
    """What the time is for, if not for the whole run."""
    part: tuple[int, str] | None = None
    """Number of units that serve one purpose, and what for, such as "to measure the recognition rate"."""

    @property
    def is_known(self) -> bool:
        """Whether the number of units is known exactly."""
        return self.low == self.high

    @property
    def duration_s(self) -> tuple[float, float | None]:
        """Total bench time, lowest and highest."""
        before_s = self.preparation.duration_s
        return before_s + self.low * self.unit_s, None if self.high is None else before_s + self.high * self.unit_s

    def share(self, done: int, share_before: float = 1.0) -> float:
        """Completed share, 0 to 1, by bench time; 0 if unknown."""
        most_s = self.duration_s[1]
        if not self.high or not most_s:
            return 0.0
        return (share_before * self.preparation.duration_s + min(done, self.high) * self.unit_s) / most_s

    def so_far(self, done: int) -> str:
        """Progress as text, such as "37 of 160 curves"."""
        if self.high is None:
            return f"{done} {self._units(done)}"
        if self.is_known:
            return f"{min(done, self.high)} of {self.high} {self._units(self.high)}"
        return f"{done} {self._units(done)} of {self.low} to {self.high} expected"

    def __str__(self) -> str:
        if self.high is None:
            return f"{self._units(2)} until it is stopped"
        if self.is_known:
            return f"{grouped(self.high)} {self._units(self.high)}{self.of}"
        return f"{grouped(self.low)} to {grouped(self.high)} {self._units(self.high)} expected"

    def _units(self, count: int) -> str:
        return word_for(count, self.unit, self.plural)


class ProgressMeter:
    """Tracks the progress of a run, event by event."""

    def __init__(self, extent: Extent, counter: Callable[[Event], int]) -> None:
        self.extent = extent
        self._counter = counter
        self.done = self._points = self._awaited = 0
        self._is_measured = False

    def take(self, event: Event) -> None:
        """Count the units that ``event`` completes, in this run or in the one it resumes."""
        if isinstance(event, RunStarted) and event.parent:
            self._awaited = event.parent.handed_over
        self._awaited -= isinstance(event, (TakenOver, EventLost))
        self.done += self._counter(original_event(event))
        self._points += isinstance(event, SweepPoint) and event.purpose == "reference"
        self._is_measured |= isinstance(event, JunctionsMeasured)

    @property
    def is_taking_over(self) -> bool:
        """Whether events taken over from a resumed run are still being read."""
        return self._awaited > 0

    @property
    def awaits_references(self) -> bool:
        """Whether references are still being measured."""
        return self.extent.preparation.points > 0 and not self._is_measured

    @property
    def share(self) -> float:
        """Completed share, 0 to 1; 0 if unknown."""
        share_before = min(1.0, self._points / self.extent.preparation.points) if self.awaits_references else 1.0
        return self.extent.share(self.done, share_before)

    def __str__(self) -> str:
        return self.extent.so_far(self.done)


def grouped(count: int) -> str:
    """``count`` with thin spaces between thousands."""
    return f"{count:,}".replace(",", THIN_SPACE)
