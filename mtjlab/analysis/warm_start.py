"""A warm start: the control currents that put the threshold of every junction onto a boundary of the encoding, at once.

The critical input of a junction is its critical current less its control current, so a boundary t asks for
I_C = I_sw - t, with I_sw the current that switches it as often as not within the dwell of a presentation.
"""

from collections.abc import Sequence

import numpy as np
import scipy

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.arrays import FloatArray
from mtjlab.domain import ControlCurrents, Interval, PerJunction, input_label
from mtjlab.errors import BenchFaultError

_FORBIDDEN = 1e12
_CLEAR_SPREADS = 8.0
"""How far below its threshold a junction stays that shall not switch."""


def warm_start(
    critical: Sequence[CriticalEstimate],
    boundaries_ua: Sequence[Sequence[float]],
    highest_ua: Sequence[float],
    allowed: Sequence[Interval],
    dwell_s: float,
) -> ControlCurrents:
    """Control currents for ``boundaries_ua[input]`` within ``allowed[junction]``, to the nA.

    Which junction takes which boundary is chosen so that the control currents of an input move least against each
    other. Junctions that no boundary is left for are kept from switching at the highest input, ``highest_ua[input]``.

    Raises:
        BenchFaultError: within ``allowed``, the junctions cannot take all boundaries and leave out what is left.
    """
    laws = [estimate.law for estimate in critical]
    held_ua = np.array([law.held_ua(dwell_s) for law in laws])
    idle_ua = held_ua - _CLEAR_SPREADS * np.array([law.spread_ua for law in laws])
    return ControlCurrents(
        tuple(
            _row_ua(held_ua[:, np.newaxis] - np.sort(bounds_ua), idle_ua - top_ua, allowed, j)
            for j, (bounds_ua, top_ua) in enumerate(zip(boundaries_ua, highest_ua, strict=True))
        )
    )


def _row_ua(wanted_ua: FloatArray, unused_ua: FloatArray, allowed: Sequence[Interval], j: int) -> PerJunction:
    """Control currents of input j: each junction takes a boundary, ``wanted_ua[junction, boundary]``, or none."""
    left_out = wanted_ua.shape[0] - wanted_ua.shape[1]
    unused_ua = np.minimum(unused_ua, [limit.high_ua for limit in allowed])
    choices_ua = np.hstack([wanted_ua, np.repeat(unused_ua[:, np.newaxis], left_out, axis=1)])
    moves_ua2 = np.pad((wanted_ua - wanted_ua.mean()) ** 2, ((0, 0), (0, left_out)))
    inside = np.array(
        [[current in limit for current in row] for row, limit in zip(choices_ua.tolist(), allowed, strict=True)]
    )
    costs = np.where(inside, moves_ua2, _FORBIDDEN)
    junctions, places = scipy.optimize.linear_sum_assignment(costs)
    if costs[junctions, places].max() >= _FORBIDDEN:
        raise BenchFaultError(
            f"No warm start: for input {input_label(j)}, the junctions cannot take all boundaries, and stay out of the "
            "way where none is left for them, within the allowed control currents. Lower "
            "encoding.boundary_spacing_ua, or with held inputs encoding.reset_margin_ua, or start without --warm-start."
        )
    return tuple(round(current, 3) for current in choices_ua[junctions, places].tolist())
