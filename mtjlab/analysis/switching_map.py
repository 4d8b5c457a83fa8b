"""Switching maps from critical inputs: which configuration each cell gives, how probably, and how sure that is.

A presentation applies its inputs one after another, each to junctions that were reset, and junctions switch
independently. So the number switched by one input depends on that input alone: everything is computed along the axes,
and a map is their product.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import log

import numpy as np
import scipy
from numpy.polynomial.hermite_e import hermegauss

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.arrays import FloatArray, IntArray
from mtjlab.domain import Interval, PerJunction, SwitchingConfiguration

_MEAN_NODES, _SPREAD_NODES = 15, 5
_LEVEL_DEVIATIONS = 3.92
"""Standard deviations that the central 95 % of a normal distribution is wide."""


@dataclass(frozen=True, slots=True, eq=False)
class MapAxis:
    """What one input does, at L values of it (uA), held for the dwell of a presentation.

    ``thresholds_ua[junction]``: the input that switches a junction as often as not. ``shown`` [L]: how many of them lie
    at or below the input. ``probabilities`` [L, N+1]: of each number of junctions switched by a presentation, with what
    is not known of the critical inputs averaged in. ``sure`` [L]: probability that the number shown is right, given
    what is not known of the thresholds.
    """

    inputs_ua: FloatArray
    thresholds_ua: PerJunction
    shown: IntArray
    probabilities: FloatArray
    sure: FloatArray

    def lengths_ua(self, box: Interval) -> FloatArray:
        """How much of ``box`` each number of junctions has; [N+1]."""
        edges = np.clip([box.low_ua, *sorted(self.thresholds_ua), box.high_ua], box.low_ua, box.high_ua)
        return np.diff(edges)


@dataclass(frozen=True, slots=True, eq=False)
class SwitchingMap:
    """A map of two inputs, for presentations that hold each for ``dwell_s``; cells are [A, B]."""

    axes: tuple[MapAxis, MapAxis]
    dwell_s: float

    @property
    def configurations(self) -> tuple[SwitchingConfiguration, ...]:
        """All of them, whether the map holds them or not: (N+1)^2."""
        counts = range(self.axes[0].probabilities.shape[1])
        return tuple(SwitchingConfiguration(pair) for pair in product(counts, counts))

    def shown(self, a: int, b: int) -> SwitchingConfiguration:
        """The configuration of the region in which cell [a, b] lies."""
        return SwitchingConfiguration((int(self.axes[0].shown[a]), int(self.axes[1].shown[b])))

    def probability(self, configuration: SwitchingConfiguration) -> FloatArray:
        """Probability that a presentation gives ``configuration``, in each cell [A, B]."""
        by_axis = [axis.probabilities[:, k] for axis, k in zip(self.axes, configuration.counts, strict=True)]
        return np.outer(*by_axis)

    @property
    def sure(self) -> FloatArray:
        """Probability that the region shown is the right one, in each cell [A, B]."""
        return np.outer(self.axes[0].sure, self.axes[1].sure)

    def areas_ua2(self, box: Sequence[Interval]) -> dict[SwitchingConfiguration, float]:
        """Area of each configuration within ``box``, its sides along A and B."""
        along_a, along_b = (axis.lengths_ua(side) for axis, side in zip(self.axes, box, strict=True))
        areas = np.outer(along_a, along_b)
        return {configuration: float(areas[configuration.counts]) for configuration in self.configurations}


def switching_map(
    critical: Sequence[Sequence[CriticalEstimate]], inputs_ua: Sequence[FloatArray], dwell_s: float
) -> SwitchingMap:
    """The map of ``critical[input][junction]``, critical inputs, in cells at ``inputs_ua[input]``."""
    along_a, along_b = (map_axis(row, at_ua, dwell_s) for row, at_ua in zip(critical, inputs_ua, strict=True))
    return SwitchingMap((along_a, along_b), dwell_s)


def map_axis(critical: Sequence[CriticalEstimate], inputs_ua: FloatArray, dwell_s: float) -> MapAxis:
    """What one input does to all junctions, given their critical inputs ``critical[junction]``."""
    thresholds_ua = tuple(estimate.law.held_ua(dwell_s) for estimate in critical)
    passed = np.stack([_threshold_passed(estimate, inputs_ua, dwell_s) for estimate in critical], axis=1)
    switched = np.stack([_switching_probability(estimate, inputs_ua, dwell_s) for estimate in critical], axis=1)
    shown = np.count_nonzero(inputs_ua[:, np.newaxis] >= np.array(thresholds_ua), axis=1)
    return MapAxis(
        inputs_ua, thresholds_ua, shown, _counts(switched), _counts(passed)[np.arange(len(inputs_ua)), shown]
    )


def count_probabilities(laws: Sequence[SwitchingLaw], inputs_ua: FloatArray, dwell_s: float) -> FloatArray:
    """Probability [L, N+1] that each number of junctions switches at each input, by ``laws`` of critical inputs."""
    return _counts(np.stack([law.probability(inputs_ua, dwell_s) for law in laws], axis=1))


def critical_inputs(critical: Sequence[CriticalEstimate], controls_ua: Sequence[float]) -> tuple[CriticalEstimate, ...]:
    """From critical junction currents to critical inputs under control currents, junction by junction."""
    return tuple(estimate.shifted(-control) for estimate, control in zip(critical, controls_ua, strict=True))


def threshold_error_ua(estimate: CriticalEstimate, dwell_s: float) -> float:
    """Standard deviation of what is known of ``held_ua``: that of the mean, and that of its conversion to a dwell."""
    law, error_ua = estimate.law, min(estimate.spread_error_ua, estimate.law.spread_ua / 2)
    wider, narrower = (
        replace(law, mean_ua=0.0, spread_ua=law.spread_ua + by_ua).held_ua(dwell_s) for by_ua in (error_ua, -error_ua)
    )
    return float(np.hypot(estimate.mean_error_ua, (wider - narrower) / 2))


def _threshold_passed(estimate: CriticalEstimate, inputs_ua: FloatArray, dwell_s: float) -> FloatArray:
    """Probability, given what is known, that the threshold lies at or below each input."""
    deviations = (inputs_ua - estimate.law.held_ua(dwell_s)) / threshold_error_ua(estimate, dwell_s)
    passed: FloatArray = scipy.special.ndtr(deviations)
    return passed


def _switching_probability(estimate: CriticalEstimate, inputs_ua: FloatArray, dwell_s: float) -> FloatArray:
    """Probability to switch at each input, averaged over a normal mean and a log-normal spread."""
    law, total = estimate.law, np.zeros(len(inputs_ua))
    log_error = log(estimate.spread_interval.high_ua / estimate.spread_interval.low_ua) / _LEVEL_DEVIATIONS
    for deviation, weight in _normal_nodes(_SPREAD_NODES):
        spread_ua = law.spread_ua * float(np.exp(deviation * log_error))
        for off, part in _normal_nodes(_MEAN_NODES):
            moved = replace(law, mean_ua=law.mean_ua + off * estimate.mean_error_ua, spread_ua=spread_ua)
            total += weight * part * moved.probability(inputs_ua, dwell_s)
    return total


def _normal_nodes(count: int) -> list[tuple[float, float]]:
    """Nodes, in standard deviations, and weights that average over a normal distribution."""
    nodes, weights = hermegauss(count)
    return list(zip(nodes.tolist(), (weights / weights.sum()).tolist(), strict=True))


def _counts(probabilities: FloatArray) -> FloatArray:
    """Probability [L, N+1] of each number of N independent events of ``probabilities`` [L, N]."""
    counts = np.ones((len(probabilities), 1))
    for happens in probabilities.T[..., np.newaxis]:
        none_more, one_more = counts * (1 - happens), counts * happens
        counts = np.pad(none_more, ((0, 0), (0, 1))) + np.pad(one_more, ((0, 0), (1, 0)))
    return counts
