"""How control currents shift critical inputs: slope, cross-talk, and whether a line is enough (the paper's Fig. 1b).

A control current adds to the input in its own junction and in no other: the critical input of junction i against the
control current of junction k should fall with slope -1 where i = k, and with slope 0 elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from mtjlab.analysis.estimates import CriticalEstimate, Estimate
from mtjlab.arrays import FloatArray
from mtjlab.domain import Interval, PerJunction

_LEVEL = 0.975
"""Two-sided 95 %."""


@dataclass(frozen=True, slots=True)
class ShiftFit:
    """A weighted straight line through critical inputs of one junction against one control current.

    ``linear_p`` is the probability of residuals at least as large if the line is right (chi-squared); 1 where two
    points leave none.
    """

    slope: float
    slope_interval: Interval
    critical_input_ua: float
    linear_p: float
    points: int


@dataclass(frozen=True, slots=True)
class Shifts:
    """``fits[junction][moved]``: what moving each control current does to each critical input; None: not determined."""

    controls_ua: PerJunction
    fits: tuple[tuple[ShiftFit | None, ...], ...]


def shifts(rows_ua: Sequence[PerJunction], critical: Sequence[Sequence[Estimate]]) -> Shifts:
    """What control currents do, from critical currents ``critical[series][junction]`` under ``rows_ua[series]``.

    The first series has no control current moved, every other at most one of them.
    """
    base_ua = rows_ua[0]
    fits = [[_fit(base_ua, rows_ua, critical, i, k) for k in range(len(base_ua))] for i in range(len(base_ua))]
    return Shifts(base_ua, tuple(map(tuple, fits)))


def _fit(
    base_ua: PerJunction,
    rows_ua: Sequence[PerJunction],
    critical: Sequence[Sequence[Estimate]],
    junction: int,
    moved: int,
) -> ShiftFit | None:
    others = [k for k in range(len(base_ua)) if k != moved]
    points = [
        (row[moved] - base_ua[moved], known.law.mean_ua - row[junction], known.mean_error_ua)
        for row, found in zip(rows_ua, critical, strict=True)
        if all(row[k] == base_ua[k] for k in others) and isinstance(known := found[junction], CriticalEstimate)
    ]
    if len({by_ua for by_ua, _, _ in points}) < 2:
        return None
    by_ua, inputs_ua, errors_ua = np.array(points).T
    return _line(by_ua, inputs_ua, errors_ua)


def _line(by_ua: FloatArray, inputs_ua: FloatArray, errors_ua: FloatArray) -> ShiftFit:
    """Errors are those of the points; where these scatter more than their errors say, the interval is as much wider."""
    weights = 1 / errors_ua**2
    mean_by, mean_input = np.average(by_ua, weights=weights), np.average(inputs_ua, weights=weights)
    leverage = float(np.sum(weights * (by_ua - mean_by) ** 2))
    slope = float(np.sum(weights * (by_ua - mean_by) * (inputs_ua - mean_input))) / leverage
    at_base_ua = float(mean_input - slope * mean_by)
    chi_squared = float(np.sum(weights * (inputs_ua - at_base_ua - slope * by_ua) ** 2))
    freedom = len(by_ua) - 2
    error = leverage**-0.5 * max(1.0, chi_squared / freedom if freedom else 1.0) ** 0.5
    half = error * float(scipy.special.stdtrit(max(freedom, 1), _LEVEL)) if freedom else error * 1.96
    linear_p = float(scipy.special.gammaincc(freedom / 2, chi_squared / 2)) if freedom else 1.0
    return ShiftFit(slope, Interval(slope - half, slope + half), at_base_ua, linear_p, len(by_ua))
