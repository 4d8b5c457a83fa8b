"""Resistances measured while the currents were set by hand: a series for each set of control currents."""

from dataclasses import dataclass, field
from math import isnan

from mtjlab.domain import PerJunction

MAX_POINTS = 2000
"""Largest number of points stored of a series; older ones are dropped."""
MAX_SERIES = 49
"""Largest number of series stored: as many as there are pairs of colour and symbol."""


@dataclass(frozen=True, slots=True)
class HandPoint:
    """Resistances (kohm, NaN for none) of the junctions at an input (uA), and the number of its reading."""

    number: int
    is_rising: bool
    input_ua: float
    resistances_kohm: PerJunction


@dataclass(slots=True)
class HandSeries:
    """Points under one set of control currents (uA). ``style`` is its number, by which it is coloured."""

    controls_ua: PerJunction
    style: int
    points: list[HandPoint] = field(default_factory=list)


class HandPoints:
    """All series of a run, the latest last."""

    def __init__(self) -> None:
        self.readings = 0
        self._series: dict[PerJunction, HandSeries] = {}
        self._started = 0

    @property
    def series(self) -> tuple[HandSeries, ...]:
        """All series, in the order in which their control currents were last set."""
        return tuple(self._series.values())

    def since(self, number: int) -> tuple[HandSeries, ...]:
        """Series of the points from reading ``number`` on; all if a replay has not got as far yet."""
        if number > self.readings + 1:
            return self.series
        kept = ((one, [point for point in one.points if point.number >= number]) for one in self.series)
        return tuple(HandSeries(one.controls_ua, one.style, points) for one, points in kept if points)

    def take(self, controls_ua: PerJunction, input_ua: float, resistances_kohm: PerJunction) -> None:
        """Add a reading; while the currents stay, it replaces the reading before. Without current there is no point."""
        if all(map(isnan, resistances_kohm)):
            self.readings += 1
            return
        series = self._current(controls_ua)
        last = series.points[-1] if series.points else None
        is_held = last is not None and last.number == self.readings and last.input_ua == input_ua
        self.readings += 1
        is_rising = last is None or (last.is_rising if is_held else input_ua >= last.input_ua)
        if is_held:
            series.points.pop()
        series.points.append(HandPoint(self.readings, is_rising, input_ua, resistances_kohm))
        del series.points[:-MAX_POINTS]

    def _current(self, controls_ua: PerJunction) -> HandSeries:
        """The series of ``controls_ua``, moved to the end."""
        series = self._series.pop(controls_ua, None)
        if series is None:
            series = HandSeries(controls_ua, self._started)
            self._started += 1
        self._series[controls_ua] = series
        while len(self._series) > MAX_SERIES:
            del self._series[next(iter(self._series))]
        return series
