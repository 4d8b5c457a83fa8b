"""A warm start: the control currents that put the threshold of every junction onto a boundary of the encoding, at once.

The critical input of a junction is its critical current less its control current, so a boundary t asks for
I_C = I_sw - t, with I_sw the current that switches it as often as not within the dwell of a presentation.
"""

from collections.abc import Sequence

import numpy as np
import scipy

from mtjlab.analysis.critical import CriticalEstimate
from mtjlab.detection.resistance import FloatArray
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
    other. A junction that no boundary is left for is kept from switching at the highest input, ``highest_ua[input]``.

    Raises:
        BenchFaultError: some boundary can be taken by no junction that is left.
    """
    laws = [estimate.law for estimate in critical]
    held_ua = np.array([law.held_ua(dwell_s) for law in laws])
    idle_ua = np.array([law.held_ua(dwell_s) - _CLEAR_SPREADS * law.spread_ua for law in laws])
    rows = []
    for j, (bounds_ua, top_ua) in enumerate(zip(boundaries_ua, highest_ua, strict=True)):
        unused = [max(limit.low_ua, idle - top_ua) for limit, idle in zip(allowed, idle_ua.tolist(), strict=True)]
        rows.append(_row_ua(held_ua, np.sort(bounds_ua), allowed, unused, j))
    return ControlCurrents(tuple(rows))


def _row_ua(
    held_ua: FloatArray, bounds_ua: FloatArray, allowed: Sequence[Interval], unused_ua: Sequence[float], j: int
) -> PerJunction:
    wanted_ua = held_ua[:, np.newaxis] - bounds_ua
    inside = np.array(
        [[current in interval for current in row] for row, interval in zip(wanted_ua, allowed, strict=True)]
    )
    costs = np.where(inside, (wanted_ua - wanted_ua.mean()) ** 2, _FORBIDDEN)
    junctions, places = scipy.optimize.linear_sum_assignment(costs)
    if costs[junctions, places].max() >= _FORBIDDEN:
        raise BenchFaultError(
            f"No warm start: for input {input_label(j)}, no junction may take the boundary at "
            f"{bounds_ua[places[np.argmax(costs[junctions, places])]]:.0f} uA within the control currents at which it "
            "resets. Lower encoding.reset_margin_ua, or start without --warm-start."
        )
    row_ua = list(unused_ua)
    for k, place in zip(junctions.tolist(), places.tolist(), strict=True):
        row_ua[k] = float(wanted_ua[k, place])
    return tuple(round(current, 3) for current in row_ua)
