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
_ABOVE_ALL = 1e3
"""Weight of what is missing of that, in the choice of the junction: against the squares of all moves."""


def warm_start(
    critical: Sequence[CriticalEstimate],
    boundaries_ua: Sequence[Sequence[float]],
    highest_ua: Sequence[float],
    allowed: Sequence[Interval],
    dwell_s: float,
) -> ControlCurrents:
    """Control currents for ``boundaries_ua[input]`` within ``allowed[junction]``, to the nA.

    Which junction takes which boundary is chosen so that the control currents of an input move least against each
    other. Junctions that no boundary is left for are kept as clear of switching at the highest input as possible,
    ``highest_ua[input]``, and below their threshold.

    Raises:
        BenchFaultError: within ``allowed``, the junctions cannot take all boundaries and leave out what is left.
    """
    laws = [estimate.law for estimate in critical]
    held_ua = np.array([law.held_ua(dwell_s) for law in laws])
    clear_ua = _CLEAR_SPREADS * np.array([law.spread_ua for law in laws])
    return ControlCurrents(
        tuple(
            _row_ua(held_ua[:, np.newaxis] - np.sort(bounds_ua), held_ua - top_ua, clear_ua, allowed, j)
            for j, (bounds_ua, top_ua) in enumerate(zip(boundaries_ua, highest_ua, strict=True))
        )
    )


def _row_ua(
    wanted_ua: FloatArray, unused_ua: FloatArray, clear_ua: FloatArray, allowed: Sequence[Interval], j: int
) -> PerJunction:
    """Control currents of input j: each junction takes a boundary, ``wanted_ua[junction, boundary]``, or none.

    One that takes none stays ``clear_ua`` below ``unused_ua``, or as much as is allowed.
    """
    left_out = wanted_ua.shape[0] - wanted_ua.shape[1]
    low_ua, high_ua = (np.array(ends) for ends in zip(*((one.low_ua, one.high_ua) for one in allowed), strict=True))
    idle_ua = np.clip(unused_ua - clear_ua, np.minimum(low_ua, unused_ua), high_ua)
    missing_ua = np.maximum(0.0, idle_ua - (unused_ua - clear_ua))
    choices_ua = np.hstack([wanted_ua, np.repeat(idle_ua[:, np.newaxis], left_out, axis=1)])
    moves_ua2 = (wanted_ua - wanted_ua.mean()) ** 2
    costs = np.hstack([moves_ua2, np.repeat((_ABOVE_ALL * missing_ua[:, np.newaxis]) ** 2, left_out, axis=1)])
    costs[(choices_ua < low_ua[:, np.newaxis]) | (choices_ua > high_ua[:, np.newaxis])] = _FORBIDDEN
    junctions, places = scipy.optimize.linear_sum_assignment(costs)
    if costs[junctions, places].max() >= _FORBIDDEN:
        raise BenchFaultError(
            f"No warm start: for input {input_label(j)}, the junctions cannot take all boundaries, and stay out of the "
            "way where none is left for them, within the allowed control currents. Lower "
            "encoding.boundary_spacing_ua, or with held inputs encoding.reset_margin_ua, or start without --warm-start."
        )
    return tuple(round(current, 3) for current in choices_ua[junctions, places].tolist())
