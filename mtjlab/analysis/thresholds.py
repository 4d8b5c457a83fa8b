"""Thresholds of all junctions from probes of all of them at once.

The control currents of a probe put every junction at its own target: the current that would switch it as often as not
if its threshold were where it is thought to be. One input is held there, and every junction tells by its state on which
side of the target its threshold is: bisection, of all junctions with the same input. Once thresholds are about known,
targets lie to either side of them by turns, where the outcome also tells of the spread.

Each belief is a posterior over mean and spread on the reference ramp. An outcome has the probability 1 - exp(-H) with
the hazard H of a held current (``switching_law``), and is never taken for more certain than a misjudged reading allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log, sqrt

import numpy as np
import scipy

from mtjlab.analysis.adaptive import switching_probability
from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.posterior import LEVEL, Posterior
from mtjlab.analysis.switching_law import REFERENCE_RAMP_UA_PER_S, SwitchingLaw, sensitivity_per_ua
from mtjlab.arrays import FloatArray
from mtjlab.domain import Interval, PerJunction, Verdict

_STEP_UA, _REACH_UA = 1.0, 300.0
"""Nodes of the means, and how far from where a threshold is expected it may be."""
_SPREADS_UA = np.geomspace(2.0, 16.0, 7)
_USUAL_SPREAD_UA, _SPREADS_DIFFER = 4.5, 0.45
"""Spreads of junctions: median, and standard deviation of the logarithm."""
_ASTRAY = 0.01
"""Probability that a threshold is not where it was expected at all."""
_LEAST_PROBABILITY = 1e-3
"""Of any outcome."""
_KNOWN_UA, _ASIDE = 10.0, 0.8
"""Once thresholds are known with this standard deviation, targets are this many spreads aside of them."""
_NOTHING = 1e-300
"""Keeps logarithms finite."""
ONE_SIDED = 6
"""Outcomes alike in a row: by chance in less than one of a hundred, as targets lie to either side by turns."""
LOST_UA = 20.0
"""A threshold that is known with a larger standard deviation has not been found."""


@dataclass(frozen=True, slots=True)
class Drift:
    """By how much thresholds have moved: ``common_ua`` of all, as a field does, and ``own_ua`` of each junction."""

    common_ua: float
    own_ua: PerJunction

    @property
    def by_junction_ua(self) -> PerJunction:
        """The whole drift of each junction."""
        return tuple(round(self.common_ua + own, 3) for own in self.own_ua)


@dataclass(frozen=True, slots=True, eq=False)
class Thresholds:
    """What is known of the critical current AP -> P of every junction after a number of ``probes``.

    ``switched``: in how many of them each junction switched. ``in_a_row``: how many of the last ones found it on the
    same side of its target.
    """

    beliefs: tuple[Posterior, ...]
    switched: tuple[int, ...]
    in_a_row: tuple[int, ...]
    probes: int = 0
    last: tuple[Verdict, ...] = ()

    @classmethod
    def near(cls, laws: Sequence[SwitchingLaw], error_ua: float) -> "Thresholds":
        """Before any probe: near the means of ``laws``, with a standard deviation of ``error_ua``."""
        means_ua = [law.at_ramp(REFERENCE_RAMP_UA_PER_S).mean_ua for law in laws]
        return cls(tuple(_prior(mean_ua, error_ua) for mean_ua in means_ua), (0,) * len(means_ua), (0,) * len(means_ua))

    def targets_ua(self, held_s: float) -> PerJunction:
        """Current that each junction should carry during the next probe, which holds it for ``held_s``."""
        side = _ASIDE if self.probes % 2 else -_ASIDE
        return tuple(_target_ua(belief, held_s, side) for belief in self.beliefs)

    def after(self, currents_ua: Sequence[float], held_s: float, verdicts: Sequence[Verdict]) -> "Thresholds":
        """After a probe that held ``currents_ua`` and found ``verdicts``; only P and AP tell anything."""
        outcomes = zip(self.beliefs, currents_ua, verdicts, strict=True)
        switched = tuple(n + (one is Verdict.P) for n, one in zip(self.switched, verdicts, strict=True))
        last = self.last or verdicts
        in_a_row = tuple(
            n + 1 if one is before else 1 for n, one, before in zip(self.in_a_row, verdicts, last, strict=True)
        )
        beliefs = tuple(_after(*outcome, held_s) for outcome in outcomes)
        return Thresholds(beliefs, switched, in_a_row, self.probes + 1, tuple(verdicts))

    def widened(self, by_ua: float) -> "Thresholds":
        """After a time in which thresholds may have drifted by a standard deviation of ``by_ua``."""
        return replace(self, beliefs=tuple(_widened(belief, by_ua) for belief in self.beliefs))

    @property
    def means_ua(self) -> PerJunction:
        """Mean of each threshold on the reference ramp."""
        return tuple(_mean_ua(belief) for belief in self.beliefs)

    @property
    def errors_ua(self) -> PerJunction:
        """Standard deviation of what is known of each mean."""
        return tuple(round(belief.errors_ua[0], 3) for belief in self.beliefs)

    def held_ua(self, held_s: float) -> PerJunction:
        """Current that switches each junction as often as not if it is held for ``held_s``."""
        return tuple(round(_law(belief).held_ua(held_s), 3) for belief in self.beliefs)

    def drift_since(self, before: "Thresholds") -> Drift:
        """The drift since ``before``; its common part is the mean of all junctions."""
        drifts_ua = np.array(self.means_ua) - np.array(before.means_ua)
        common_ua = float(drifts_ua.mean())
        return Drift(round(common_ua, 3), tuple(round(float(one) - common_ua, 3) for one in drifts_ua))

    @property
    def is_one_sided(self) -> bool:
        """Whether a junction was on the same side of its target so often that its threshold is elsewhere."""
        return any(n >= ONE_SIDED for n in self.in_a_row)

    @property
    def lost(self) -> tuple[int, ...]:
        """Junctions whose thresholds have not been found: too uncertain, or seen from one side alone."""
        return tuple(
            k
            for k, (error_ua, switched) in enumerate(zip(self.errors_ua, self.switched, strict=True))
            if error_ua > LOST_UA or not 0 < switched < self.probes
        )

    def estimates(self, held_s: float) -> tuple[CriticalEstimate, ...]:
        """Critical current of each junction, referred to the ramp that is about as fast as probes of ``held_s``.

        Mean and spread are then hardly correlated, so that a threshold for this time is known as well as it is.
        """
        return tuple(_estimate(belief, self.probes, held_s) for belief in self.beliefs)


def near_law(mean_ua: float, ramp_ua_per_s: float) -> SwitchingLaw:
    """Law of a junction with the usual spread, whose mean was seen once on a ramp."""
    return SwitchingLaw(mean_ua, _USUAL_SPREAD_UA, True, ramp_ua_per_s)


def _prior(mean_ua: float, error_ua: float) -> Posterior:
    steps = round(_REACH_UA / _STEP_UA)
    means_ua = round(mean_ua) + _STEP_UA * np.arange(-steps, steps + 1, dtype=np.float64)
    expected = np.exp(-0.5 * ((means_ua - mean_ua) / error_ua) ** 2)
    of_means = (1 - _ASTRAY) * expected / expected.sum() + _ASTRAY / len(means_ua)
    of_spreads: FloatArray = -0.5 * (np.log(_SPREADS_UA / _USUAL_SPREAD_UA) / _SPREADS_DIFFER) ** 2
    return Posterior(means_ua, _SPREADS_UA, np.log(of_means)[:, np.newaxis] + of_spreads)


def _mean_ua(belief: Posterior) -> float:
    return float(belief.means_ua @ belief.of_means)


def _law(belief: Posterior) -> SwitchingLaw:
    return SwitchingLaw(_mean_ua(belief), float(belief.spreads_ua @ belief.of_spreads))


def _target_ua(belief: Posterior, held_s: float, side: float) -> float:
    law = _law(belief)
    aside_ua = side * law.spread_ua if belief.errors_ua[0] < _KNOWN_UA else 0.0
    return round(law.held_ua(held_s) + aside_ua, 3)


def _after(belief: Posterior, current_ua: float, verdict: Verdict, held_s: float) -> Posterior:
    if verdict not in (Verdict.P, Verdict.AP):
        return belief
    switches = switching_probability(np.array([current_ua]), held_s, belief.means_ua, belief.spreads_ua)[0]
    seen: FloatArray = switches if verdict is Verdict.P else 1.0 - switches
    return Posterior(belief.means_ua, belief.spreads_ua, belief.logs + np.log(np.maximum(seen, _LEAST_PROBABILITY)))


def _widened(belief: Posterior, by_ua: float) -> Posterior:
    weights: FloatArray = scipy.ndimage.gaussian_filter1d(belief.weights, by_ua / _STEP_UA, axis=0, mode="nearest")
    return Posterior(belief.means_ua, belief.spreads_ua, np.log(weights + _NOTHING))


def _estimate(belief: Posterior, probes: int, held_s: float) -> CriticalEstimate:
    law = _law(belief)
    ramp_ua_per_s = 1.0 / (sensitivity_per_ua(law.spread_ua) * held_s)
    later_ua = log(ramp_ua_per_s / REFERENCE_RAMP_UA_PER_S) / sensitivity_per_ua(belief.spreads_ua)
    means_ua = belief.means_ua[:, np.newaxis] + later_ua
    mean_ua = float(np.sum(means_ua * belief.weights))
    error_ua = sqrt(float(np.sum((means_ua - mean_ua) ** 2 * belief.weights)))
    return CriticalEstimate(
        SwitchingLaw(mean_ua, law.spread_ua, True, ramp_ua_per_s),
        _interval(means_ua, belief.weights),
        belief.spread_interval,
        error_ua,
        belief.errors_ua[1],
        probes,
        probes,
    )


def _interval(values_ua: FloatArray, weights: FloatArray) -> Interval:
    """The central 95 % of values [M, S] with their probabilities."""
    order = np.argsort(values_ua, axis=None)
    below = np.cumsum(weights.ravel()[order])
    ends = np.interp([(1 - LEVEL) / 2, (1 + LEVEL) / 2], below, values_ua.ravel()[order])
    return Interval(float(ends[0]), float(ends[1]))
