"""Critical inputs from few readings: a probe is chosen by what is known so far, and every junction learns from it.

For one input, its control currents held. Each junction has a posterior over mean and spread of its critical input, at
first flat over the inputs that may be applied. A probe holds one input for each junction that is not known well enough,
in rising order, reads at the end of each, and is followed by a look at the reset, which is the first reading of the
next probe. The input for a junction is the one that makes the variance of its mean least, on the average over what
may be seen: far from the goal that is bisection, near it the place where the outcome tells most of the mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mtjlab.analysis.critical import IMPOSSIBLE, estimate_from
from mtjlab.analysis.estimates import CriticalEstimate, Estimate, NotDetermined
from mtjlab.analysis.likelihood import evidence_of
from mtjlab.analysis.passage import Passage
from mtjlab.analysis.posterior import Posterior, flat, posterior
from mtjlab.analysis.switching_law import EULER_GAMMA, REFERENCE_RAMP_UA_PER_S, sensitivity_per_ua
from mtjlab.arrays import FloatArray
from mtjlab.counted import counted
from mtjlab.domain import Interval

_BEYOND_UA = 100.0
"""How far outside the inputs a critical input may be thought to lie; one that very likely does is given up."""
_GIVEN_UP = 0.975
_SPREAD_MATTERS = 0.3
"""Weight of the variance of the spread beside that of the mean: a mean is known through its spread."""
_BEST_DWELL = 7.717
"""Times 1 / (s r), the dwell at which the mean on the reference ramp is that input which 80 % of presentations switch:
it depends least on the spread (I - mean = (gamma + ln h - ln(s r dwell)) / s, whose derivative by s is then 0), and
an outcome tells most of it (h e^h = 2 (e^h - 1), h = 1.594)."""
_USUAL_S = 0.25
"""The same for a usual spread on the reference ramp."""
LEAST_S, MOST_S = 0.06, 1.0
"""Dwells of a step."""
_CANDIDATES = 41
_GRID_TELLS = 0.97
"""A posterior that grew step by step tells widths to a few per cent; the last one is made anew."""
_FAR_OFF = 1e-3
_DECIMALS = 1
_SAME_UA = 0.5
"""Inputs nearer to each other are one."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Inputs to hold one after another, rising, each for ``dwell_s`` until it is read; then the reset is looked at."""

    inputs_ua: tuple[float, ...]
    dwell_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """What is known of one junction, and the passages it is known from."""

    known: Posterior
    passages: tuple[Passage, ...] = ()

    def after(self, passage: Passage, bounds: Interval) -> "Belief":
        """After one more passage, for means within ``bounds``; one that began after the switch tells nothing."""
        if passage.outcome == "already":
            return self
        passages = (*self.passages, passage)
        if not passage.is_possible:
            return Belief(self.known, passages)
        known = self.known.given(evidence_of([passage]))
        if known.outgrown(bounds):
            known = posterior(evidence_of([one for one in passages if one.is_possible]), bounds)
        return Belief(known, passages)


@dataclass(frozen=True, slots=True, eq=False)
class AdaptiveSearch:
    """The state of the search, one belief for each junction; it ends where every 95 % interval is narrow enough.

    ``dwell_s`` is the time of every probe; None for the most informative one. Where it is given, critical inputs refer
    to a ramp that is as much faster than the reference ramp as it is shorter than the most informative time: they are
    about those of the probes, and an uncertain spread does not make them uncertain.
    """

    inputs: Interval
    width_ua: float
    beliefs: tuple[Belief, ...]
    dwell_s: float | None = None

    @property
    def pace(self) -> float:
        """By how much the ramp that critical inputs refer to is faster than the reference ramp."""
        return 1.0 if self.dwell_s is None else _USUAL_S / self.dwell_s

    @classmethod
    def start(cls, junctions: int, inputs: Interval, width_ua: float, dwell_s: float | None = None) -> "AdaptiveSearch":
        """Nothing is known but which ``inputs`` may be applied; means shall be known within ``width_ua``."""
        return cls(inputs, width_ua, (Belief(flat(_bounds(inputs))),) * junctions, dwell_s)

    def next_probe(self) -> Probe | None:
        """The probe that tells most; None where every junction is known well enough, or out of reach."""
        wanted = [self.beliefs[k].known for k in self.wanting]
        if not wanted:
            return None
        dwell_s = _USUAL_S if self.dwell_s else _best_dwell_s([known.spread_ua() for known in wanted])
        return Probe(_merged([_best_input_ua(known, self.inputs, dwell_s) for known in wanted]), dwell_s / self.pace)

    @property
    def wanting(self) -> tuple[int, ...]:
        """Junctions whose critical input is not known within the width asked for, and not out of reach."""
        return tuple(
            k
            for k, belief in enumerate(self.beliefs)
            if _width_ua(belief.known) > _GRID_TELLS * self.width_ua and not _out_of_reach(belief.known, self.inputs)
        )

    def updated(self, passages: Sequence[Passage]) -> "AdaptiveSearch":
        """What is known after one more passage of each junction, in inputs, the reading of the reset included.

        Passages of anything that happened under the same control currents are welcome, sweeps among them.
        """
        bounds = _bounds(self.inputs)
        at_pace = [passage.at_pace(self.pace) for passage in passages] if self.dwell_s else passages
        beliefs = tuple(belief.after(passage, bounds) for belief, passage in zip(self.beliefs, at_pace, strict=True))
        return replace(self, beliefs=beliefs)

    def estimates(self) -> tuple[Estimate, ...]:
        """Critical input of each junction, for as much as is known of it."""
        found = tuple(_estimate(belief, self.inputs) for belief in self.beliefs)
        ramp_ua_per_s = REFERENCE_RAMP_UA_PER_S * self.pace
        return tuple(one.referred_to(ramp_ua_per_s) if isinstance(one, CriticalEstimate) else one for one in found)


def _bounds(inputs: Interval) -> Interval:
    return Interval(inputs.low_ua - _BEYOND_UA, inputs.high_ua + _BEYOND_UA)


def _estimate(belief: Belief, inputs: Interval) -> Estimate:
    if not belief.passages or _out_of_reach(belief.known, inputs):
        return NotDetermined(
            f"in {counted(len(belief.passages), 'probe')} no input between {inputs.low_ua:.6g} and "
            f"{inputs.high_ua:.6g} uA was found near which it switches. Apply other inputs, or other control currents."
        )
    if not all(passage.is_possible for passage in belief.passages):
        return IMPOSSIBLE
    evidence = evidence_of(belief.passages)
    return estimate_from(evidence, posterior(evidence, _bounds(inputs)), _bounds(inputs), len(belief.passages))


def _width_ua(known: Posterior) -> float:
    return known.mean_interval.high_ua - known.mean_interval.low_ua


def _out_of_reach(known: Posterior, inputs: Interval) -> bool:
    return known.mean_ua(1 - _GIVEN_UP) > inputs.high_ua or known.mean_ua(_GIVEN_UP) < inputs.low_ua


def _best_dwell_s(spreads_ua: Sequence[float]) -> float:
    s = sensitivity_per_ua(float(np.exp(np.mean(np.log(spreads_ua)))))
    return round(min(max(_BEST_DWELL / (s * REFERENCE_RAMP_UA_PER_S), LEAST_S), MOST_S), 3)


def _best_input_ua(known: Posterior, inputs: Interval, dwell_s: float) -> float:
    """The input whose outcome leaves the least variance, on the average.

    An outcome, yes or no, leaves var(x) - cov(x, outcome)^2 / var(outcome). Every other node is enough for a choice.
    """
    blur_ua = 2 * known.spread_ua()
    ends_ua = known.mean_ua(_FAR_OFF) - blur_ua, known.mean_ua(1 - _FAR_OFF) + blur_ua
    candidates_ua = np.clip(np.linspace(*ends_ua, _CANDIDATES), inputs.low_ua, inputs.high_ua)
    means_ua, spreads_ua, weights = known.means_ua[::2], known.spreads_ua[::2], known.weights[::2, ::2]
    weights = weights / weights.sum()
    of_mean = weights * _centred(means_ua, weights.sum(axis=1))[:, np.newaxis]
    of_spread = weights * _centred(spreads_ua, weights.sum(axis=0))
    switches = switching_probability(candidates_ua, dwell_s, means_ua, spreads_ua).reshape(_CANDIDATES, -1)
    chance = switches @ weights.ravel()
    information = (switches @ of_mean.ravel()) ** 2 + _SPREAD_MATTERS * (switches @ of_spread.ravel()) ** 2
    best_ua = float(candidates_ua[np.argmax(information / np.maximum(chance * (1 - chance), 1e-12))])
    return round(best_ua, _DECIMALS)


def _centred(values: FloatArray, weights: FloatArray) -> FloatArray:
    return values - np.sum(values * weights)


def switching_probability(
    inputs_ua: FloatArray, dwell_s: float, means_ua: FloatArray, spreads_ua: FloatArray
) -> FloatArray:
    """Probability [C, M, S] to switch at each input, for every law there may be."""
    s = sensitivity_per_ua(spreads_ua)
    logs = s * (inputs_ua[:, np.newaxis, np.newaxis] - means_ua[:, np.newaxis]) - EULER_GAMMA
    hazards = np.exp(np.minimum(logs + np.log(s * REFERENCE_RAMP_UA_PER_S * dwell_s), 10.0))
    switches: FloatArray = -np.expm1(-hazards)
    return switches


def _merged(inputs_ua: Sequence[float]) -> tuple[float, ...]:
    spaced: list[float] = []
    for input_ua in sorted(inputs_ua):
        if not spaced or input_ua - spaced[-1] >= _SAME_UA:
            spaced.append(input_ua)
    return tuple(spaced)
