"""How much a run is, and how far it has come: the estimate before, the bar meanwhile, "37 of 160 curves" after."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor
from typing import NamedTuple

from mtjlab.config import BenchConfig, PlanConfig, SweepSettings
from mtjlab.counted import word_for
from mtjlab.events import Event, EventLost, JunctionsMeasured, RunStarted, SweepPoint, TakenOver, original_event

THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Times:
    """Bench time (s) that single things take: settling, dwell and reading alone, without what messages take."""

    junctions: int
    settle_s: float
    aperture_s: float
    config: PlanConfig
    is_calibrated: bool = False

    @classmethod
    def of(cls, bench: BenchConfig, config: PlanConfig, is_calibrated: bool = False) -> "Times":
        """Those of ``bench`` by a plan file; with a calibration references are not measured."""
        return cls(bench.junctions, bench.timing.settle_s, bench.aperture_s, config, is_calibrated)

    @property
    def reading_s(self) -> float:
        """One reading."""
        return self.config.detector.samples * self.aperture_s

    @property
    def presentation_s(self) -> float:
        """One presentation of a token, every input reset and seen again."""
        return self.config.encoding.inputs * (3 * self.settle_s + self.config.presentation.dwell_s + 2 * self.reading_s)

    def references(self, most_loops: int | None = None) -> "Preparation":
        """The reference sweep, of as many loops as the plan file says, or ``most_loops``; with a calibration none."""
        sweep = self.config.sweep
        loops = 0 if self.is_calibrated else min(sweep.repetitions, most_loops or sweep.repetitions)
        return Preparation(loops * self.curve_s(sweep, legs=2), 2 * loops * sweep.points)

    def curve_s(self, staircase: SweepSettings, legs: int) -> float:
        """One curve."""
        return legs * staircase.points * (self.settle_s + staircase.dwell_s + self.reading_s)


class Preparation(NamedTuple):
    """What comes before the first unit: bench time, and points of the reference sweep by which it is followed."""

    duration_s: float = 0.0
    points: int = 0


NO_PREPARATION = Preparation()


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a run is, in units that the counter of its kind counts: from ``low`` to ``high`` where nobody can know.

    ``high`` is None for a run that does not end by itself. ``unit_s`` is the bench time of a unit.
    """

    unit: str
    low: int
    high: int | None
    unit_s: float
    preparation: Preparation = NO_PREPARATION
    plural: str = ""
    of: str = ""
    """What the units are of, told before a run."""
    per: str = ""
    """What the time is for, where that is not all of it."""

    @property
    def is_known(self) -> bool:
        """Whether there will be just so many units."""
        return self.low == self.high

    @property
    def duration_s(self) -> tuple[float, float | None]:
        """Bench time in all, from and to."""
        before_s = self.preparation.duration_s
        return before_s + self.low * self.unit_s, None if self.high is None else before_s + self.high * self.unit_s

    def share(self, done: int, share_before: float = 1.0) -> float:
        """How much of it is done, 0 to 1, by bench time; 0 where nobody can say."""
        most_s = self.duration_s[1]
        if not self.high or not most_s:
            return 0.0
        return (share_before * self.preparation.duration_s + min(done, self.high) * self.unit_s) / most_s

    def so_far(self, done: int) -> str:
        """How far it has come, such as "37 of 160 curves"."""
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
    """How far a run has come, event by event."""

    def __init__(self, extent: Extent, counter: Callable[[Event], int]) -> None:
        self.extent = extent
        self._counter = counter
        self.done = self._points = self._awaited = 0
        self._is_measured = False

    def take(self, event: Event) -> None:
        """Count what ``event`` completes, in this run or in the one that it resumes."""
        if isinstance(event, RunStarted) and event.parent:
            self._awaited = event.parent.handed_over
        self._awaited -= isinstance(event, (TakenOver, EventLost))
        self.done += self._counter(original_event(event))
        self._points += isinstance(event, SweepPoint) and event.purpose == "reference"
        self._is_measured |= isinstance(event, JunctionsMeasured)

    @property
    def is_taking_over(self) -> bool:
        """Whether more is to come of what was done in the run that this one resumes."""
        return self._awaited > 0

    @property
    def awaits_references(self) -> bool:
        """Whether references are measured first, and are not known yet."""
        return self.extent.preparation.points > 0 and not self._is_measured

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1; 0 where nobody can say."""
        share_before = min(1.0, self._points / self.extent.preparation.points) if self.awaits_references else 1.0
        return self.extent.share(self.done, share_before)

    def __str__(self) -> str:
        return self.extent.so_far(self.done)


def grouped(count: int) -> str:
    """``count`` with narrow spaces between thousands."""
    return f"{count:,}".replace(",", THIN_SPACE)


def timed_extent(duration_s: float, unit: str, shortest_s: float, longest_s: float) -> Extent:
    """Extent of a run of a given bench time whose units take from ``shortest_s`` to ``longest_s`` each."""
    return Extent(
        unit, floor(duration_s / longest_s), ceil(duration_s / shortest_s), duration_s / ceil(duration_s / shortest_s)
    )
