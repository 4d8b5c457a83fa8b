"""Dwell times so far, built event by event in bounded memory."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from math import floor

import numpy as np

from mtjlab.analysis.telegraph import Lifetime, Telegraph
from mtjlab.arrays import BoolArray, FloatArray
from mtjlab.domain import JunctionState, PerJunction
from mtjlab.events import Event, JunctionsMeasured, RunStarted
from mtjlab.procedures.dwell.events import DwellTime, HoldsPlanned, JunctionsHeld
from mtjlab.procedures.dwell.law import expected_dwell

STATES = (JunctionState.AP, JunctionState.P)
"""States in the order of results."""
LATEST_S = 30.0
"""Duration of the latest samples that are shown."""
_ROUNDING_S = 1e-3
"""Rounding error allowed in sums of durations."""


class DwellState:
    """Dwells of every junction at every input so far: ``telegraphs[series, junction]``."""

    def __init__(self, aperture_s: float = 0.02) -> None:
        """Start empty; ``aperture_s`` is replaced by that of the bench in the first event."""
        self._aperture_s = aperture_s
        self._telegraphs: dict[tuple[int, int], Telegraph] = {}
        self._lifetimes: dict[tuple[int, int], dict[JunctionState, Lifetime]] = {}
        self._currents_ua: dict[int, tuple[float, PerJunction]] = {}
        self._held_s: dict[int, float] = {}
        self._place: tuple[int, int] | None = None
        self.latest: deque[JunctionsHeld] = deque()
        self.measured: JunctionsMeasured | None = None
        self.planned: HoldsPlanned | None = None
        self.holds = self.samples = 0

    def take(self, event: Event) -> None:
        """Add the next event."""
        if isinstance(event, JunctionsHeld):
            self._take_samples(event)
        elif isinstance(event, HoldsPlanned):
            self.planned = event
        elif isinstance(event, JunctionsMeasured):
            self.measured = event
        elif isinstance(event, RunStarted):
            self._aperture_s = event.bench.aperture_s

    @property
    def telegraphs(self) -> Mapping[tuple[int, int], Telegraph]:
        """Telegraph signals, by number of the input and of the junction."""
        return self._telegraphs

    def held_s(self, series: int) -> float:
        """Time held at an input."""
        return self._held_s.get(series, 0.0)

    @property
    def held_in_all_s(self) -> float:
        """Time held at all inputs."""
        return sum(self._held_s.values())

    def all_are(self, state: JunctionState, series: int) -> bool:
        """Whether every junction with distinguishable states was last seen in ``state``."""
        return all(one.state is state for (number, _), one in self._telegraphs.items() if number == series)

    def dwells(self) -> tuple[DwellTime, ...]:
        """Dwell times of each junction, state and input, including the present hold."""
        return tuple(self._dwells())

    def _dwells(self) -> Iterable[DwellTime]:
        for (series, k), telegraph in sorted(self._telegraphs.items()):
            input_ua, currents_ua = self._currents_ua[series]
            if (series, k) not in self._lifetimes:
                self._lifetimes[series, k] = telegraph.lifetimes()
            lifetimes = self._lifetimes[series, k]
            for state in STATES:
                life = lifetimes[state]
                critical = self.measured.critical if self.measured else None
                law = (expected_dwell(critical, k, state, currents_ua[k]) if critical else None) or (None,) * 3
                yield DwellTime(
                    k,
                    state,
                    series,
                    input_ua,
                    currents_ua[k],
                    life.n,
                    round(life.held_s, 6),
                    *(life.mean_s, life.low_s, life.high_s),
                    *law,
                )

    def _take_samples(self, event: JunctionsHeld) -> None:
        voltages_mv = np.array(event.reading.samples_mv)
        begins = (event.series, event.hold) != self._place
        if begins:
            self._end()
            self.holds = max(self.holds, event.hold + 1)
        self._place = (event.series, event.hold)
        self.samples += len(voltages_mv)
        self._remember(event)
        self._held_s[event.series] = self.held_s(event.series) + event.held_s
        self._currents_ua[event.series] = event.reading.input_ua, event.reading.currents_ua
        times_s = sample_times_s(event)
        states = {k: level.are_antiparallel(voltages_mv[:, k]) for k, level in enumerate(event.levels) if level}
        for k, antiparallel in states.items():
            telegraph = self._telegraphs.setdefault((event.series, k), Telegraph(self._aperture_s))
            if begins and event.reset_s is not None:
                telegraph.begin(event.reset_s, JunctionState.AP)
            is_sound = self._is_sound(k, event.series, states)
            telegraph.see(times_s[is_sound], antiparallel[is_sound])
            self._lifetimes.pop((event.series, k), None)

    def _remember(self, event: JunctionsHeld) -> None:
        """Update ``latest``, the latest samples at the present input."""
        if self.latest and self.latest[-1].series != event.series:
            self.latest.clear()
        self.latest.append(event)
        while len(self.latest) > 1 and not 0.0 <= event.reading.t_s - self.latest[1].began_s <= LATEST_S:
            self.latest.popleft()

    def _is_sound(self, k: int, series: int, states: Mapping[int, BoolArray]) -> BoolArray:
        """Valid samples of junction ``k``: with voltmeters to ground, not those at which a junction below it switches.

        The two voltmeters see that junction switch at different times, so their difference is wrong in between. The
        selection depends on other junctions only, so it does not bias the rates.
        """
        sound = np.ones(len(states[k]), dtype=np.bool_)
        if self.planned is not None and self.planned.differences:
            for below in (j for j in states if j > k):
                one = self._telegraphs.get((series, below))
                before = states[below][:1] if one is None or one.state is None else [one.state is JunctionState.AP]
                for place in np.flatnonzero(np.diff(states[below], prepend=before)):
                    sound[max(0, place - 1) : place + 2] = False
        return sound

    def _end(self) -> None:
        for telegraph in self._telegraphs.values():
            telegraph.end()


def sample_times_s(event: JunctionsHeld) -> FloatArray:
    """Time of the middle of each sample."""
    samples = len(event.reading.samples_mv)
    return event.began_s + (np.arange(samples, dtype=np.float64) + 0.5) * (event.held_s / samples)


def seconds_counter() -> Callable[[Event], int]:
    """Counter of whole seconds held."""
    held_s = 0.0

    def count(event: Event) -> int:
        nonlocal held_s
        before_s = held_s
        held_s += event.held_s if isinstance(event, JunctionsHeld) else 0.0
        return floor(held_s + _ROUNDING_S) - floor(before_s + _ROUNDING_S)

    return count
