"""How control currents shift critical inputs: slope, cross-talk, and whether a line is enough (the paper's Fig. 1b).

A control current adds to the input in its own junction and in no other: the critical input of junction i against the
control current of junction k should fall with slope -1 where i = k, and with slope 0 elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtjlab.analysis.estimates import CriticalEstimate, Estimate
from mtjlab.analysis.lines import common_line
from mtjlab.domain import Interval, PerJunction


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
    line = common_line([tuple(np.array(points).T)])
    return ShiftFit(line.slope, line.slope_interval, line.at_zero_ua[0], line.linear_p, line.points)
