"""Pulses: current I50 at which a junction switches with 50 % probability, for each width, and its slope.

A pulse of width t at a current I switches with P = 1 - exp(-f0 t exp(-s (I_c - I))), so ln(-ln(1 - P)) is a straight
line in I of slope s, and the current of P = 1/2 rises by 1/s for each factor e that a pulse is shorter:

    I50 = I_c - ln(f0 t / ln 2) / s.

Source: Koch et al., Phys. Rev. Lett. 92, 088302 (2004); Li and Zhang, Phys. Rev. B 69, 134416 (2004).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from mtjlab.analysis.adaptive import Belief, switching_probability
from mtjlab.analysis.likelihood import evidence_of
from mtjlab.analysis.passage import Course, Passage
from mtjlab.analysis.posterior import LEVEL, Posterior, flat, posterior
from mtjlab.analysis.switching_law import EULER_GAMMA, REFERENCE_RAMP_UA_PER_S, SwitchingLaw, sensitivity_per_ua
from mtjlab.arrays import FloatArray
from mtjlab.domain import Interval

_EQUIVALENT_S = 0.03
"""A pulse counts as a hold of this time, whose threshold hardly depends on the spread: see ``_half_currents``."""
_BEYOND_UA = 80.0
"""Range around the expected threshold that is searched."""
_SPREAD_MATTERS = 0.3
"""Weight of the variance of the spread relative to that of I50, for choosing a probe."""
_CANDIDATES = 21
_RARELY = 0.02
"""Pulses with a switching probability below this, or above 1 minus this, are hardly informative."""
_AT_EDGE = 1e-3


@dataclass(frozen=True, slots=True)
class PulseOutcome:
    """Effect of a pulse on an antiparallel junction: current (uA), measured duration (s), whether it switched."""

    current_ua: float
    given_s: float
    switched: bool


@dataclass(frozen=True, slots=True)
class PulseThreshold:
    """I50 (uA) of a junction and width with its 95 % interval and standard error; None if not found."""

    junction: int
    width_s: float
    i50_ua: float | None
    low_ua: float | None
    high_ua: float | None
    error_ua: float | None
    spread_ua: float | None
    n: int


@dataclass(frozen=True, slots=True)
class WidthSlope:
    """Change of I50 (uA) for each factor e of the width, with its 95 % interval; expected is -1/s."""

    junction: int
    slope_ua: float
    low_ua: float
    high_ua: float


@dataclass(frozen=True, slots=True, eq=False)
class ThresholdSearch:
    """Search for I50 of one junction at one width, updated by each pulse."""

    width_s: float
    bounds: Interval
    belief: Belief

    @classmethod
    def start(cls, law: SwitchingLaw, width_s: float) -> "ThresholdSearch":
        """Start around the threshold expected from ``law``."""
        bounds = _bounds(law, width_s)
        return cls(width_s, bounds, Belief(flat(bounds)))

    def after(self, outcome: PulseOutcome) -> "ThresholdSearch":
        """Search updated by one more pulse."""
        belief = self.belief.after(_passage(outcome, self.width_s), self.bounds)
        return ThresholdSearch(self.width_s, self.bounds, belief)

    @property
    def next_ua(self) -> float:
        """Junction current for the next pulse."""
        return _most_telling_ua(self.belief.known)


def pulse_threshold(
    junction: int, law: SwitchingLaw, width_s: float, outcomes: Sequence[PulseOutcome]
) -> PulseThreshold:
    """I50 of a junction from all pulses of a width, near that expected from ``law``; None if they do not enclose it."""
    bounds = _bounds(law, width_s)
    nothing = PulseThreshold(junction, width_s, None, None, None, None, None, len(outcomes))
    if not outcomes:
        return nothing
    known = posterior(evidence_of([_passage(outcome, width_s) for outcome in outcomes]), bounds)
    if known.share_at(bounds) > _AT_EDGE:
        return nothing
    low, middle, high, error = _half_currents(known)
    return PulseThreshold(junction, width_s, middle, low, high, error, known.spread_ua(), len(outcomes))


def _bounds(law: SwitchingLaw, width_s: float) -> Interval:
    expected_ua = law.held_ua(width_s)
    return Interval(expected_ua - _BEYOND_UA, expected_ua + _BEYOND_UA)


def _passage(outcome: PulseOutcome, width_s: float) -> Passage:
    course = Course((outcome.current_ua,), (outcome.given_s / width_s * _EQUIVALENT_S,))
    return Passage(True, "switched", Course(), course) if outcome.switched else Passage(True, "never", course)


def _half_currents(known: Posterior) -> tuple[float, float, float, float]:
    """Ends and middle of the central 95 % of I50, and its standard deviation."""
    currents_ua, weights = _i50_ua(known.means_ua, known.spreads_ua).ravel(), known.weights.ravel()
    order = np.argsort(currents_ua)
    currents_ua, weights = currents_ua[order], weights[order]
    below = np.cumsum(weights) - weights / 2
    low, middle, high = np.interp([(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2], below, currents_ua)
    centre = float(weights @ currents_ua)
    return float(low), float(middle), float(high), float(np.sqrt(weights @ (currents_ua - centre) ** 2))


def _i50_ua(means_ua: FloatArray, spreads_ua: FloatArray) -> FloatArray:
    """I50 [M, S] = mean + (gamma + ln ln 2 - ln(s r t)) / s of every law on the ramp at r."""
    s = sensitivity_per_ua(spreads_ua)
    beyond_ua: FloatArray = (EULER_GAMMA + log(log(2.0)) - np.log(s * REFERENCE_RAMP_UA_PER_S * _EQUIVALENT_S)) / s
    return means_ua[:, np.newaxis] + beyond_ua


def _most_telling_ua(known: Posterior) -> float:
    """Current whose outcome leaves the smallest expected variance of I50 and of the spread.

    An outcome, yes or no, leaves var(x) - cov(x, outcome)^2 / var(outcome). Every other node is enough for a choice.
    """
    means_ua, spreads_ua, weights = known.means_ua[::2], known.spreads_ua[::2], known.weights[::2, ::2]
    weights = weights / weights.sum()
    wanted_ua = _i50_ua(means_ua, spreads_ua)
    blur_ua = 2 * known.spread_ua()
    ends_ua = known.mean_ua(_RARELY) - blur_ua, known.mean_ua(1 - _RARELY) + blur_ua
    candidates_ua = np.linspace(*ends_ua, _CANDIDATES)
    switches = switching_probability(candidates_ua, _EQUIVALENT_S, means_ua, spreads_ua).reshape(_CANDIDATES, -1)
    of_i50 = (weights * (wanted_ua - np.sum(weights * wanted_ua))).ravel()
    of_spread = (weights * (spreads_ua - np.sum(weights * spreads_ua))).ravel()
    chance = switches @ weights.ravel()
    information = (switches @ of_i50) ** 2 + _SPREAD_MATTERS * (switches @ of_spread) ** 2
    scored = np.where(np.abs(chance - 0.5) < 0.5 - _RARELY, information / (chance * (1 - chance)), -1.0)
    return float(candidates_ua[np.argmax(scored)])


def width_slopes(thresholds: Sequence[PulseThreshold]) -> tuple[WidthSlope, ...]:
    """Weighted linear fit of I50 against ln(width) for each junction with two thresholds or more."""
    slopes = []
    for junction in sorted({one.junction for one in thresholds}):
        found = [one for one in thresholds if one.junction == junction and one.i50_ua is not None]
        if len(found) > 1:
            slopes.append(_slope(junction, found))
    return tuple(slopes)


def _slope(junction: int, found: Sequence[PulseThreshold]) -> WidthSlope:
    logs = np.log([one.width_s for one in found])
    currents_ua = np.array([one.i50_ua for one in found], dtype=float)
    weights = np.array([1.0 / (one.error_ua or 1.0) ** 2 for one in found])
    centred = logs - np.average(logs, weights=weights)
    spent = float(weights @ centred**2)
    slope_ua = float(weights @ (centred * currents_ua)) / spent
    beyond_ua = 1.959964 / spent**0.5
    return WidthSlope(junction, slope_ua, slope_ua - beyond_ua, slope_ua + beyond_ua)
