"""What evidence leaves open of mean and spread: a posterior on a grid, flat in the mean and in log spread.

For thresholds of one shape, moved and stretched, this prior gives intervals that cover the truth as often as they say
(it is the reference prior of location and scale), from a few repetitions on.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mtjlab.analysis.likelihood import Evidence, log_likelihood
from mtjlab.arrays import FloatArray
from mtjlab.domain import Interval

SPREADS_UA = Interval(0.3, 60.0)
"""No junction is sharper, and one more blurred keeps no state."""
LEVEL = 0.95
_MEANS, _SPREADS = 64, 32
_NEGLIGIBLE = 1e-5
"""Share of the largest marginal density below which the grid is cut off."""
_CUT_OFF = 1e-3
"""The same for a density at the edge of a grid that was made for less evidence."""
_WIDE_GRID = 0.5
"""Share of the range of means that should not be negligible."""
_SHRINKS = 0.7
_MOST_ROUNDS = 30


@dataclass(frozen=True, eq=False)
class Posterior:
    """Logarithms [M, S] of the likelihood on a grid of means [M], evenly spaced, and spreads [S], in even ratios."""

    means_ua: FloatArray
    spreads_ua: FloatArray
    logs: FloatArray

    @cached_property
    def weights(self) -> FloatArray:
        """Probability [M, S] of each node."""
        weights = np.exp(self.logs - self.logs.max())
        normalised: FloatArray = weights / weights.sum()
        return normalised

    @cached_property
    def of_means(self) -> FloatArray:
        """Probability [M] of each mean."""
        marginal: FloatArray = self.weights.sum(axis=1)
        return marginal

    @cached_property
    def of_spreads(self) -> FloatArray:
        """Probability [S] of each spread."""
        marginal: FloatArray = self.weights.sum(axis=0)
        return marginal

    @property
    def mean_interval(self) -> Interval:
        """The central 95 % of the mean."""
        return Interval(*(self.mean_ua(p) for p in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)))

    @property
    def spread_interval(self) -> Interval:
        """The central 95 % of the spread."""
        return Interval(*(self.spread_ua(p) for p in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)))

    def mean_ua(self, share: float = 0.5) -> float:
        """The mean below which this share of the probability lies."""
        return _quantile(self.means_ua, self.of_means, share)

    def spread_ua(self, share: float = 0.5) -> float:
        """The spread below which this share of the probability lies."""
        return float(np.exp(_quantile(np.log(self.spreads_ua), self.of_spreads, share)))

    @property
    def errors_ua(self) -> tuple[float, float]:
        """Standard deviations of mean and spread."""
        return _deviation(self.means_ua, self.of_means), _deviation(self.spreads_ua, self.of_spreads)

    def given(self, evidence: Evidence) -> "Posterior":
        """After further evidence, on the same grid."""
        return Posterior(
            self.means_ua, self.spreads_ua, self.logs + log_likelihood(evidence, self.means_ua, self.spreads_ua)
        )

    def outgrown(self, bounds: Interval) -> bool:
        """Whether the grid, for means within ``bounds``, has become too wide, or too narrow, for what is known."""
        too_wide = _width(_kept(self.means_ua, self.of_means)) < _WIDE_GRID * _width(_range(self.means_ua))
        return (
            too_wide
            or _cut_off(self.means_ua, self.of_means, bounds)
            or _cut_off(self.spreads_ua, self.of_spreads, SPREADS_UA)
        )

    def share_at(self, bounds: Interval) -> float:
        """Density of the mean at the edges of ``bounds``, relative to its largest: 0 if the grid has left them."""
        at_edge = np.isclose(self.means_ua, bounds.low_ua) | np.isclose(self.means_ua, bounds.high_ua)
        return float(np.max(self.of_means[at_edge], initial=0.0) / self.of_means.max())


def flat(means: Interval) -> Posterior:
    """What is known before any evidence."""
    return Posterior(*_grid(means, SPREADS_UA), np.zeros((_MEANS, _SPREADS)))


def posterior(evidence: Evidence, means: Interval) -> Posterior:
    """The posterior for means within ``means``, on a grid that holds what is not negligible.

    The range of spreads is narrowed only when that of means is: sharp laws would fall between the nodes of a coarse
    grid.
    """
    found = _narrowed(evidence, means, SPREADS_UA, spreads_too=False)
    kept = _range(found.means_ua)
    return _narrowed(evidence, kept, SPREADS_UA, spreads_too=True)


def _narrowed(evidence: Evidence, means: Interval, spreads: Interval, spreads_too: bool) -> Posterior:
    for _ in range(_MOST_ROUNDS):
        axes = _grid(means, spreads)
        found = Posterior(*axes, log_likelihood(evidence, *axes))
        narrower_means = _kept(axes[0], found.of_means)
        narrower = _kept(np.log(axes[1]), found.of_spreads) if spreads_too else _range(np.log(axes[1]))
        narrower_spreads = Interval(float(np.exp(narrower.low_ua)), float(np.exp(narrower.high_ua)))
        shrinks = _width(narrower_means) / _width(means), _width(narrower) / np.log(spreads.high_ua / spreads.low_ua)
        if min(shrinks) > _SHRINKS:
            break
        means, spreads = narrower_means, narrower_spreads
    return found


def _grid(means: Interval, spreads: Interval) -> tuple[FloatArray, FloatArray]:
    return (
        np.linspace(means.low_ua, means.high_ua, _MEANS),
        np.geomspace(spreads.low_ua, spreads.high_ua, _SPREADS),
    )


def _kept(nodes: FloatArray, marginal: FloatArray) -> Interval:
    """The nodes that are not negligible, and one more on either side."""
    kept = np.flatnonzero(marginal > _NEGLIGIBLE * marginal.max())
    first, last = max(kept[0] - 1, 0), min(kept[-1] + 1, len(nodes) - 1)
    return Interval(float(nodes[first]), float(nodes[last]))


def _range(nodes: FloatArray) -> Interval:
    return Interval(float(nodes[0]), float(nodes[-1]))


def _width(interval: Interval) -> float:
    return interval.high_ua - interval.low_ua


def _cut_off(nodes: FloatArray, marginal: FloatArray, limits: Interval) -> bool:
    """Whether a density is not negligible at an end of the grid that is not an end of what there may be."""
    inner = ~np.isclose(nodes[[0, -1]], [limits.low_ua, limits.high_ua])
    return bool(np.any(inner & (marginal[[0, -1]] > _CUT_OFF * marginal.max())))


def _quantile(nodes: FloatArray, marginal: FloatArray, share: float) -> float:
    """By the trapezoids of the marginal density over evenly spaced nodes."""
    below = np.concatenate([[0.0], np.cumsum((marginal[1:] + marginal[:-1]) / 2)])
    return float(np.interp(share * below[-1], below, nodes))


def _deviation(nodes: FloatArray, marginal: FloatArray) -> float:
    centre = float(np.sum(nodes * marginal))
    return float(np.sqrt(np.sum((nodes - centre) ** 2 * marginal)))
