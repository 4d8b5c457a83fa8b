"""Telegraph noise: for how long a junction stays in each state at a constant current, and the rates that tell.

Leaving a state at a constant rate takes an exponentially distributed time (Neel-Brown), whenever one begins to look: a
dwell that began before the record, or goes on after it, is time without a switch, and no more has to be known of it.

Samples show the state from time to time only, so a dwell shorter than their distance may be missed, which joins the two
dwells beside it. The likelihood is therefore that of the states seen, step by step, of a junction that leaves AP at the
rate a and P at the rate b: after dt it is found in the other state with probability

    a (1 - exp(-(a + b) dt)) / (a + b),    less the share (a + b) T^2 / (8 dt) of it.

That holds for any dt, so gaps between readings need no care. The last term is of voltmeters that average over T: a
dwell shorter than T / 2 never fills half an aperture; an instant would have met it by chance (to first order in T).
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import floor, log, log10
from typing import TypeAlias

import numpy as np

from mtjlab.arrays import BoolArray, FloatArray, IntArray
from mtjlab.domain import JunctionState

Step: TypeAlias = tuple[JunctionState, JunctionState, int]
"""State seen, state seen next, and the size of the time between, as ``_sizes`` has it."""

CONFIDENCE = 0.95
RESOLVED_STEPS = 5.0
"""Shorter mean dwells, in samples, are not told: from here on rates are right to 2 %, and their intervals hold 95 %."""
FASTEST = 0.75
"""Most switches in the shortest step that a rate is looked for: beyond, faster switching is seen less often again."""
_LEAST_DECADE, _BINS_PER_DECADE, _DECADES = -4, 12, 12
_SHORTEST_S = 10.0**_LEAST_DECADE
_AP, _P = JunctionState.AP, JunctionState.P


@dataclass(frozen=True, slots=True)
class Levels:
    """The two voltages of a junction at the current that it carries."""

    parallel_mv: float
    antiparallel_mv: float

    def on_scale(self, voltages_mv: FloatArray) -> FloatArray:
        """0 is parallel, 1 antiparallel."""
        return (voltages_mv - self.parallel_mv) / (self.antiparallel_mv - self.parallel_mv)

    def are_antiparallel(self, voltages_mv: FloatArray) -> BoolArray:
        """The nearer level counts: a sample shows the state that took the greater part of its aperture."""
        found: BoolArray = self.on_scale(voltages_mv) > 0.5
        return found


@dataclass(frozen=True, slots=True)
class Lifetime:
    """For how long a junction stays in a state: the mean of an exponential distribution, and its 95 % interval.

    It was seen to leave it ``n`` times in ``held_s``. A state that was never left has no mean, only a least one; where
    dwells of either state are too short for the samples they were seen by, there is only a longest one.
    """

    n: int
    held_s: float
    mean_s: float | None
    low_s: float | None
    high_s: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """Share of dwells that last longer than ``times_s``, of dwells whose beginning was seen (Kaplan and Meier).

    Those that the end of a record cut short count for as long as they were seen. ``at_risk``: dwells that came so far.
    """

    times_s: FloatArray
    share: FloatArray
    at_risk: IntArray


class Telegraph:
    """All that was seen of one junction at one current, in bounded memory however long it is looked at."""

    def __init__(self, aperture_s: float) -> None:
        """Each sample is the mean of ``aperture_s``."""
        self._aperture_s = aperture_s
        self._steps: Counter[Step] = Counter()
        self._took_s: Counter[Step] = Counter()
        self._held_s = dict.fromkeys((_AP, _P), 0.0)
        self._ended = {state: np.zeros(_BINS_PER_DECADE * _DECADES, dtype=np.int64) for state in (_AP, _P)}
        self._cut = {state: np.zeros(_BINS_PER_DECADE * _DECADES, dtype=np.int64) for state in (_AP, _P)}
        self._last: tuple[float, JunctionState] | None = None
        self._since_s: float | None = None

    @property
    def state(self) -> JunctionState | None:
        """The state seen last in the record that goes on."""
        return self._last[1] if self._last else None

    @property
    def step_s(self) -> float:
        """The usual time between two samples; 0 before there are two."""
        if not self._steps:
            return 0.0
        usual, times = self._steps.most_common(1)[0]
        return self._took_s[usual] / times

    def begin(self, t_s: float | None = None, state: JunctionState | None = None) -> None:
        """A new record begins: its currents were set at ``t_s``, when the junction was known to be in ``state``."""
        self.end()
        if t_s is not None and state is not None:
            self._last, self._since_s = (t_s, state), t_s

    def see(self, times_s: FloatArray, antiparallel: BoolArray) -> None:
        """The states at further times of the record, which rise."""
        if self._last is not None:
            times_s = np.concatenate(([self._last[0]], times_s))
            antiparallel = np.concatenate(([self._last[1] is _AP], antiparallel))
        self._count(np.diff(times_s), antiparallel[:-1], antiparallel[1:])
        for place in np.flatnonzero(antiparallel[1:] != antiparallel[:-1]):
            self._switch(float(times_s[place] + times_s[place + 1]) / 2, _state(antiparallel[place]))
        if len(times_s):
            self._last = (float(times_s[-1]), _state(antiparallel[-1]))

    def end(self) -> None:
        """The record ends: the dwell that goes on is cut short."""
        if self._last is not None and self._since_s is not None:
            self._cut[self._last[1]][_bin(self._last[0] - self._since_s)] += 1
        self._last = self._since_s = None

    def switches(self, state: JunctionState) -> int:
        """How often it was seen to leave ``state``."""
        return sum(times for (before, after, _), times in self._steps.items() if before is state is not after)

    def lifetimes(self) -> dict[JunctionState, Lifetime]:
        """The mean dwell in each state."""
        rates = _most_likely(self._steps, self._took_s, self._aperture_s)
        shortest_s = RESOLVED_STEPS * self.step_s
        too_fast = any(rate * shortest_s > 1.0 for rate in rates.values())
        return {state: self._lifetime(state, rate, shortest_s if too_fast else 0.0) for state, rate in rates.items()}

    def survival(self, state: JunctionState) -> Survival:
        """How many of the dwells in ``state`` last how long."""
        ended, cut = self._ended[state], self._cut[state]
        at_risk = np.cumsum((ended + cut)[::-1])[::-1]
        seen = at_risk > 0
        share: FloatArray = np.cumprod(1.0 - ended[seen] / at_risk[seen], dtype=np.float64)
        return Survival(_edges_s()[1:][seen], share, at_risk[seen])

    def _count(self, steps_s: FloatArray, before: BoolArray, after: BoolArray) -> None:
        self._held_s[_AP] += float(np.sum(steps_s * (before * 0.5 + after * 0.5)))
        self._held_s[_P] += float(np.sum(steps_s * (~before * 0.5 + ~after * 0.5)))
        kinds, places, times = np.unique(
            4 * _sizes(steps_s) + 2 * before + after, return_inverse=True, return_counts=True
        )
        took_s = np.bincount(places, steps_s, len(kinds))
        for kind, n, in_all_s in zip(kinds.tolist(), times.tolist(), took_s.tolist(), strict=True):
            step = (_state(kind & 2), _state(kind & 1), kind >> 2)
            self._steps[step] += n
            self._took_s[step] += in_all_s

    def _switch(self, at_s: float, before: JunctionState) -> None:
        if self._since_s is not None:
            self._ended[before][_bin(at_s - self._since_s)] += 1
        self._since_s = at_s

    def _lifetime(self, state: JunctionState, rate_per_s: float, unresolved_s: float) -> Lifetime:
        n, held_s = self.switches(state), self._held_s[state]
        fewest, most = chances(n)
        if n == 0:
            return Lifetime(0, held_s, None, held_s / most if held_s > 0.0 else None, None)
        if unresolved_s:
            return Lifetime(n, held_s, None, None, max(held_s / fewest, unresolved_s))
        return Lifetime(n, held_s, 1.0 / rate_per_s, n / most / rate_per_s, n / fewest / rate_per_s)


@lru_cache(maxsize=4096)
def chances(n: int) -> tuple[float, float]:
    """Between which expected numbers of switches ``n`` of them are nothing unusual: the exact 95 % interval of Poisson.

    Source: Garwood, Biometrika 28, 437 (1936).
    """
    from scipy.special import gammaincinv  # noqa: PLC0415  slow to import, and asked for by results alone

    tail = (1.0 - CONFIDENCE) / 2
    return float(gammaincinv(n, tail)) if n else 0.0, float(gammaincinv(n + 1, 1.0 - tail))


def _most_likely(steps: Counter[Step], took_s: Counter[Step], aperture_s: float) -> dict[JunctionState, float]:
    """Rates per s out of both states under which what was seen is likeliest; 0 out of one that was not left."""
    from scipy.optimize import minimize  # noqa: PLC0415  as above

    exits = {state: sum(n for (a, b, _), n in steps.items() if a is state is not b) for state in (_AP, _P)}
    left = [state for state in (_AP, _P) if exits[state]]
    rates = dict.fromkeys((_AP, _P), 0.0)
    if not left:
        return rates
    from_ap = np.array([before is _AP for before, _, _ in steps])
    leaves = np.array([before is not after for before, after, _ in steps])
    times = np.array(list(steps.values()), dtype=float)
    step_s = np.array([took_s[step] for step in steps]) / times

    def surprise(logarithms: FloatArray) -> float:
        rates.update(zip(left, np.exp(logarithms).tolist(), strict=True))
        both = rates[_AP] + rates[_P]
        other = np.where(from_ap, rates[_AP], rates[_P]) * -np.expm1(-both * step_s) / both * (1.0 - both * missed_s)
        return -float(np.sum(times * np.log(np.where(leaves, other, 1.0 - other)))) / switches

    missed_s = np.minimum(aperture_s, step_s) ** 2 / (8.0 * step_s)
    switches = sum(exits.values())
    held_s = {state: float(np.sum((times * step_s)[from_ap == (state is _AP)])) for state in left}
    start = np.log([exits[state] / held_s[state] for state in left])
    highest = log(FASTEST / float(np.min(step_s)))
    bounds = [(log(0.1 / float(np.sum(times * step_s))), highest)] * len(left)
    found = minimize(surprise, np.minimum(start, highest), bounds=bounds, method="L-BFGS-B")
    rates.update(zip(left, np.exp(found.x).tolist(), strict=True))
    return rates


def _state(antiparallel: object) -> JunctionState:
    return _AP if antiparallel else _P


def _sizes(steps_s: FloatArray) -> IntArray:
    """Two significant digits of each, as whole numbers: so that there are few different ones."""
    steps = np.maximum(steps_s, _SHORTEST_S)
    decades = np.floor(np.log10(steps) + 1e-9)
    sizes: IntArray = (100 * (decades - _LEAST_DECADE) + np.round(steps / 10.0 ** (decades - 1))).astype(np.int64)
    return sizes


def _bin(dwell_s: float) -> int:
    place = floor(log10(max(dwell_s, _SHORTEST_S) / _SHORTEST_S) * _BINS_PER_DECADE + 1e-9)
    return min(place, _BINS_PER_DECADE * _DECADES - 1)


def _edges_s() -> FloatArray:
    edges: FloatArray = _SHORTEST_S * 10.0 ** (np.arange(_BINS_PER_DECADE * _DECADES + 1) / _BINS_PER_DECADE)
    return edges
