"""Probability densities of one quantity on evenly spaced nodes: sums of independent quantities, and quantiles."""

from dataclasses import dataclass

import numpy as np

from mtjlab.analysis.posterior import LEVEL
from mtjlab.arrays import FloatArray

_NEGLIGIBLE = 1e-12
"""Share of the largest weight below which the ends of a sum are cut off."""


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """Weights [M] of a quantity at ``start + step * (0, 1, ...)``; they need not add up to 1."""

    start: float
    step: float
    weights: FloatArray

    def plus(self, other: "Density") -> "Density":
        """Density of the sum of two independent quantities, with the smaller of their steps."""
        step = min(self.step, other.step)
        weights = np.convolve(self._with_step(step), other._with_step(step))
        kept = np.flatnonzero(weights > _NEGLIGIBLE * weights.max())
        first, last = int(kept[0]), int(kept[-1])
        return Density(self.start + other.start + first * step, step, weights[first : last + 1])

    def negative(self) -> "Density":
        """Density of the quantity with its sign changed."""
        return Density(-(self.start + self.step * (len(self.weights) - 1)), self.step, self.weights[::-1])

    def over(self, divisor: float) -> "Density":
        """Density of the quantity divided by a positive number."""
        return Density(self.start / divisor, self.step / divisor, self.weights)

    def quantile(self, share: float) -> float:
        """Value below which this share of the probability lies, by the trapezoids between nodes."""
        below = np.concatenate([[0.0], np.cumsum((self.weights[1:] + self.weights[:-1]) / 2)])
        return self.start + self.step * float(np.interp(share * below[-1], below, np.arange(len(below))))

    @property
    def interval(self) -> tuple[float, float]:
        """The central 95 %."""
        return self.quantile((1 - LEVEL) / 2), self.quantile((1 + LEVEL) / 2)

    def _with_step(self, step: float) -> FloatArray:
        nodes = np.arange(len(self.weights)) * self.step
        return np.interp(np.arange(0.0, nodes[-1] + step / 2, step), nodes, self.weights)
