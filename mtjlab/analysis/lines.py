"""Straight lines through critical currents, weighted by their errors: one slope for one or more groups of points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import scipy

from mtjlab.arrays import FloatArray
from mtjlab.domain import Interval

_LEVEL = 0.975
"""Two-sided 95 %."""
_TWO_POINTS = 1.96
"""Standard errors of a slope whose points leave no residuals."""
Group: TypeAlias = tuple[FloatArray, FloatArray, FloatArray]
"""Where points are [n], their values (uA), and their standard errors (uA)."""


@dataclass(frozen=True, slots=True)
class CommonLine:
    """Lines of one slope, each through a group of points; ``at_zero_ua`` are their values at 0.

    ``linear_p`` is the probability of residuals at least as large if the lines are right (chi-squared); 1 where there
    are none.
    """

    slope: float
    slope_interval: Interval
    at_zero_ua: tuple[float, ...]
    linear_p: float
    points: int


def common_line(groups: Sequence[Group]) -> CommonLine:
    """Lines of one slope through groups of points.

    Errors are those of the points; where these scatter more than their errors say, the interval is as much wider.
    Raises ZeroDivisionError unless the points of a group differ in where they are.
    """
    weights = [1 / errors_ua**2 for _, _, errors_ua in groups]
    means = [
        (float(np.average(at, weights=of)), float(np.average(values_ua, weights=of)))
        for (at, values_ua, _), of in zip(groups, weights, strict=True)
    ]
    each = list(zip(groups, weights, means, strict=True))
    leverage = sum(float(np.sum(of * (at - mean) ** 2)) for (at, _, _), of, (mean, _) in each)
    along = sum(float(np.sum(of * (at - mean) * (values - middle))) for (at, values, _), of, (mean, middle) in each)
    slope = along / leverage
    at_zero_ua = tuple(middle - slope * mean for mean, middle in means)
    chi_squared = sum(
        float(np.sum(of * (values - zero - slope * at) ** 2))
        for ((at, values, _), of, _), zero in zip(each, at_zero_ua, strict=True)
    )
    points = sum(len(at) for at, _, _ in groups)
    freedom = points - len(groups) - 1
    error = leverage**-0.5 * max(1.0, chi_squared / freedom if freedom else 1.0) ** 0.5
    half = error * (float(scipy.special.stdtrit(freedom, _LEVEL)) if freedom else _TWO_POINTS)
    linear_p = float(scipy.special.gammaincc(freedom / 2, chi_squared / 2)) if freedom else 1.0
    return CommonLine(slope, Interval(slope - half, slope + half), at_zero_ua, linear_p, points)
