"""How far chains scale, expected and not measured: recognition, junctions that limits allow, chains for many classes.

Boundaries of a chain are a spacing apart and stand on the mean thresholds of its junctions, which switch by the
``switching_law``: its early tail is Gumbel's, longer than that of a normal distribution. All configurations occur
equally often; the tokens of one are a normal cloud around the middle of its interval, which at both ends lies half a
spacing beyond the last boundary.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from math import ceil, floor, log

import numpy as np

from mtjlab.analysis.switching_law import REFERENCE_RAMP_UA_PER_S, SwitchingLaw, sensitivity_per_ua
from mtjlab.arrays import FloatArray, IntArray
from mtjlab.detection.resistance import ResistanceLaw

PRESENTATIONS = 400_000
"""Of a Monte-Carlo estimate: its standard deviation is at most 0.08 %."""
_DRAWS_AT_ONCE = 1_000_000
_CERTAIN_SPREADS, _CERTAIN_CLOUDS = 15.0, 6.0
"""Distance of a boundary, in spreads and widths of a cloud, beyond which a junction errs once in 1e8 presentations."""
_NODES_PER_WIDTH = 4
_ROUNDING = 1e-9
ASSUMPTIONS = (
    "Expected, not measured: boundaries stand on the mean thresholds of the junctions, equally far apart; no drift. "
    "Chains for a number of classes have as many configurations; whether data can be told apart so, a training shows.",
    "Equal junctions: on the drive side the first to switch carries N spacings more than I(AP -> P), on the reset side "
    "the last one N - 1 spacings and the margin below I(P -> AP).",
    "Graded junctions: each needs a spacing more current than the one before, and the smallest gets the voltage of the "
    "largest: N = 1 + ln(V limit / V needed) / ln(1 + spacing / I), V of the nominal antiparallel junction.",
)


@dataclass(frozen=True, slots=True)
class Chains:
    """Chains of equal size, one for each input: distance of boundaries, spread of thresholds, width of clouds, in uA.

    Spread and width are standard deviations.
    """

    junctions: int
    inputs: int
    spacing_ua: float
    spread_ua: float
    cloud_ua: float = 0.0

    def expected(self) -> float:
        """Share of presentations that is recognised, by the switching law."""
        weights, moved_ua = self._cloud()
        law, held_s = self._law()
        right = 0.0
        alike = np.unique(self._offsets_ua(np.arange(self.junctions + 1)), axis=0, return_counts=True)
        for offsets_ua, levels in zip(*alike, strict=True):
            switched = law.probability(offsets_ua + moved_ua[:, np.newaxis], held_s)
            right += levels * float(weights @ _probability_of_count(switched, len(offsets_ua) // 2))
        return float((right / (self.junctions + 1)) ** self.inputs)

    def monte_carlo(self, seed: int, presentations: int = PRESENTATIONS) -> float:
        """The same by drawing a threshold for each junction and input of each presentation."""
        rng = np.random.default_rng(seed)
        law, held_s = self._law()
        right = 0
        chunk = max(1, _DRAWS_AT_ONCE // (self.inputs * 2 * self._around))
        for first in range(0, presentations, chunk):
            shape = min(chunk, presentations - first), self.inputs
            levels = rng.integers(self.junctions + 1, size=shape)
            offsets_ua = self._offsets_ua(levels.ravel()) + self.cloud_ua * rng.standard_normal((levels.size, 1))
            switched = law.rate_per_s(offsets_ua) * held_s >= rng.standard_exponential(offsets_ua.shape)
            is_right = switched.sum(axis=1) == offsets_ua.shape[1] // 2
            right += int(is_right.reshape(shape).all(axis=1).sum())
        return right / presentations

    @property
    def _around(self) -> int:
        """Number of boundaries on one side of a token that are not certain."""
        reach_ua = _CERTAIN_SPREADS * self.spread_ua + _CERTAIN_CLOUDS * self.cloud_ua
        return min(ceil(reach_ua / self.spacing_ua), self.junctions)

    def _law(self) -> tuple[SwitchingLaw, float]:
        """Law with its mean at zero, and the time after which a held current has this mean."""
        return SwitchingLaw(0.0, self.spread_ua), 1 / (sensitivity_per_ua(self.spread_ua) * REFERENCE_RAMP_UA_PER_S)

    def _offsets_ua(self, levels: IntArray) -> FloatArray:
        """By how much the middles of ``levels`` [n] are above the boundaries around them, as many below as above.

        Infinite where there is no such boundary; [n, 2 x number on one side].
        """
        steps = np.arange(-self._around, self._around)
        junctions = levels[:, np.newaxis] + steps
        offsets_ua = np.broadcast_to(-(steps + 0.5) * self.spacing_ua, junctions.shape)
        beyond = np.where(junctions < 0, np.inf, -np.inf)
        is_there = (junctions >= 0) & (junctions < self.junctions)
        return np.where(is_there, offsets_ua, beyond)

    def _cloud(self) -> tuple[FloatArray, FloatArray]:
        """Weights and places of a normal cloud: the trapezoidal rule, which converges fast for smooth functions."""
        if not self.cloud_ua:
            return np.ones(1), np.zeros(1)
        step_ua = min(self.cloud_ua, self.spread_ua) / _NODES_PER_WIDTH
        places_ua = np.arange(-_CERTAIN_CLOUDS * self.cloud_ua, _CERTAIN_CLOUDS * self.cloud_ua, step_ua)
        weights = np.exp(-((places_ua / self.cloud_ua) ** 2) / 2)
        return weights / weights.sum(), places_ua


def _probability_of_count(probabilities: FloatArray, wanted: int) -> FloatArray:
    """Probability [n] that just ``wanted`` of independent events with ``probabilities`` [n, k] occur."""
    counts = np.zeros((len(probabilities), probabilities.shape[1] + 1))
    counts[:, 0] = 1.0
    for probability in probabilities.T:
        occurs = probability[:, np.newaxis]
        counts[:, 1:] = counts[:, 1:] * (1 - occurs) + counts[:, :-1] * occurs
        counts[:, 0] *= 1 - probability
    return counts[:, wanted]


@dataclass(frozen=True, slots=True)
class Limit:
    """Largest current (uA) of a junction, or if it is given, largest voltage (mV); both positive. What sets it."""

    set_by: str
    current_ua: float = 0.0
    voltage_mv: float | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """Most junctions that one side allows, ``drive`` or ``reset``, and the limit that binds there."""

    name: str
    junctions: int
    set_by: str


@dataclass(frozen=True, slots=True)
class Largest:
    """Most junctions of a chain on both sides."""

    drive: Side
    reset: Side

    @property
    def binding(self) -> Side:
        """The side that allows fewer junctions."""
        return min(self.drive, self.reset, key=lambda side: side.junctions)


@dataclass(frozen=True, slots=True)
class Build:
    """What chains are built of: currents of a junction AP -> P and P -> AP, margin of its reset, and its limits.

    ``law`` is the nominal resistance. ``drive`` limits hold for positive currents, ``reset`` limits for negative ones.
    """

    up_ua: float
    down_ua: float
    margin_ua: float
    law: ResistanceLaw
    drive: tuple[Limit, ...]
    reset: tuple[Limit, ...]

    def largest_equal(self, spacing_ua: float) -> Largest:
        """Most equal junctions with boundaries this far apart."""
        return Largest(
            _side("drive", self.drive, lambda one: (self._current_ua(one) - self.up_ua) / spacing_ua),
            _side("reset", self.reset, lambda one: 1 + (self._current_ua(one) - self.reset_ua) / spacing_ua),
        )

    def largest_graded(self, spacing_ua: float) -> Largest:
        """Most junctions of graded diameters, whose thresholds are at least this far apart without control currents."""
        growth = log(1 + spacing_ua / self.up_ua)

        def most(limit: Limit, needed_ua: float) -> float:
            if limit.voltage_mv is None:
                return 1 + log(limit.current_ua / needed_ua) / growth
            return 1 + log(limit.voltage_mv / self.law.voltages_mv(needed_ua)[1]) / growth

        return Largest(
            _side("drive", self.drive, lambda one: most(one, self.up_ua)),
            _side("reset", self.reset, lambda one: most(one, self.reset_ua)),
        )

    @property
    def reset_ua(self) -> float:
        """Size of the current that resets a junction, with the margin."""
        return self.margin_ua - self.down_ua

    def _current_ua(self, limit: Limit) -> float:
        return limit.current_ua if limit.voltage_mv is None else self.law.current_interval(limit.voltage_mv).high_ua


def _side(name: str, limits: tuple[Limit, ...], most: Callable[[Limit], float]) -> Side:
    """The side with the limit that allows the fewest junctions."""
    fewest, set_by = min((most(limit), limit.set_by) for limit in limits)
    return Side(name, max(0, floor(fewest + _ROUNDING)), set_by)


def chains_for(classes: int, junctions: int) -> tuple[int, int] | None:
    """Fewest chains whose configurations tell ``classes`` apart, and the fewest junctions that each of them needs.

    A chain has one input and at most ``junctions``; None without any junction.
    """
    if junctions < 1:
        return None
    chains = next(m for m in count(1) if (junctions + 1) ** m >= classes)
    return chains, next(n for n in range(1, junctions + 1) if (n + 1) ** chains >= classes)
