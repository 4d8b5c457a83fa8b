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

from mtjlab.analysis.critical import CriticalEstimate, NotDetermined, estimate_from
from mtjlab.analysis.legs import Passage
from mtjlab.analysis.likelihood import evidence_of
from mtjlab.analysis.posterior import Posterior, flat, posterior
from mtjlab.analysis.switching_law import EULER_GAMMA, REFERENCE_RAMP_UA_PER_S, sensitivity_per_ua
from mtjlab.detection.resistance import FloatArray
from mtjlab.domain import Interval

_BEYOND_UA = 100.0
"""How far outside the inputs a critical input may be thought to lie; one that very likely does is given up."""
_GIVEN_UP = 0.975
_CANDIDATES = 41
_RESOLUTION_UA = 0.1
_SAME_UA = 0.5
"""Inputs nearer to each other are one."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Inputs to hold one after another, rising, each for ``dwell_s`` with settling and reading, then to be reset."""

    inputs_ua: tuple[float, ...]
    dwell_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """What is known of one junction, and the passages it is known from."""

    known: Posterior
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class AdaptiveSearch:
    """The state of the search, one belief for each junction; it ends where every 95 % interval is narrow enough."""

    inputs: Interval
    width_ua: float
    dwell_s: float
    beliefs: tuple[Belief, ...]

    @classmethod
    def start(cls, junctions: int, inputs: Interval, width_ua: float, dwell_s: float) -> "AdaptiveSearch":
        """Nothing is known but which ``inputs`` may be applied; means shall be known within ``width_ua``."""
        return cls(inputs, width_ua, dwell_s, (Belief(flat(_bounds(inputs))),) * junctions)

    def next_probe(self) -> Probe | None:
        """The probe that tells most; None where every junction is known well enough, or out of reach."""
        wanted = [_best_input_ua(self.beliefs[k].known, self.inputs, self.dwell_s) for k in self.wanting]
        return Probe(_merged(wanted), self.dwell_s) if wanted else None

    @property
    def wanting(self) -> tuple[int, ...]:
        """Junctions whose critical input is not known within the width asked for, and not out of reach."""
        return tuple(
            k
            for k, belief in enumerate(self.beliefs)
            if _width_ua(belief.known) > self.width_ua and not _out_of_reach(belief.known, self.inputs)
        )

    def told(self, passages: Sequence[Passage]) -> "AdaptiveSearch":
        """What is known after one more passage of each junction, in inputs, the reading of the reset included.

        Passages of anything that happened under the same control currents are welcome, sweeps among them.
        """
        bounds = _bounds(self.inputs)
        beliefs = tuple(_told(belief, passage, bounds) for belief, passage in zip(self.beliefs, passages, strict=True))
        return replace(self, beliefs=beliefs)

    def estimates(self) -> tuple[CriticalEstimate | NotDetermined, ...]:
        """Critical input of each junction, for as much as is known of it."""
        return tuple(_estimate(belief, self.inputs) for belief in self.beliefs)


def _bounds(inputs: Interval) -> Interval:
    return Interval(inputs.low_ua - _BEYOND_UA, inputs.high_ua + _BEYOND_UA)


def _told(belief: Belief, passage: Passage, bounds: Interval) -> Belief:
    if passage.outcome == "already":
        return belief
    passages = (*belief.passages, passage)
    known = belief.known.given(evidence_of([passage]))
    if known.outgrown(bounds):
        known = posterior(evidence_of(passages), bounds)
    return Belief(known, passages)


def _estimate(belief: Belief, inputs: Interval) -> CriticalEstimate | NotDetermined:
    if not belief.passages or _out_of_reach(belief.known, inputs):
        return NotDetermined(
            f"in {len(belief.passages)} probes no input between {inputs.low_ua:.6g} and {inputs.high_ua:.6g} uA was "
            "found near which it switches. Apply other inputs, or other control currents."
        )
    evidence = evidence_of(belief.passages)
    return estimate_from(evidence, posterior(evidence, _bounds(inputs)), _bounds(inputs), len(belief.passages))


def _width_ua(known: Posterior) -> float:
    return known.mean_interval.high_ua - known.mean_interval.low_ua


def _out_of_reach(known: Posterior, inputs: Interval) -> bool:
    return known.mean_ua(1 - _GIVEN_UP) > inputs.high_ua or known.mean_ua(_GIVEN_UP) < inputs.low_ua


def _best_input_ua(known: Posterior, inputs: Interval, dwell_s: float) -> float:
    """The input whose outcome leaves the least variance of the mean, on the average."""
    blur_ua = 2 * known.spread_ua()
    candidates_ua = np.clip(
        np.linspace(known.mean_ua(0.001) - blur_ua, known.mean_ua(0.999) + blur_ua, _CANDIDATES),
        inputs.low_ua,
        inputs.high_ua,
    )
    switches = _switching_probability(candidates_ua, known, dwell_s)
    weights = known.weights
    centred_ua = known.means_ua - np.sum(known.means_ua * weights.sum(axis=1))
    moment = weights * centred_ua[:, np.newaxis]
    chance = np.einsum("cms,ms->c", switches, weights)
    told = np.einsum("cms,ms->c", switches, moment)
    best = int(np.argmax(told**2 / np.maximum(chance * (1 - chance), 1e-12)))
    return round(float(candidates_ua[best]) / _RESOLUTION_UA) * _RESOLUTION_UA


def _switching_probability(inputs_ua: FloatArray, known: Posterior, dwell_s: float) -> FloatArray:
    """Probability [C, M, S] to switch at each input, for every law there may be."""
    s = sensitivity_per_ua(known.spreads_ua)
    logs = s * (inputs_ua[:, np.newaxis, np.newaxis] - known.means_ua[:, np.newaxis]) - EULER_GAMMA
    hazards = np.exp(np.minimum(logs + np.log(s * REFERENCE_RAMP_UA_PER_S * dwell_s), 10.0))
    switches: FloatArray = -np.expm1(-hazards)
    return switches


def _merged(inputs_ua: Sequence[float]) -> tuple[float, ...]:
    kept: list[float] = []
    for input_ua in sorted(inputs_ua):
        if not kept or input_ua - kept[-1] >= _SAME_UA:
            kept.append(input_ua)
    return tuple(kept)
