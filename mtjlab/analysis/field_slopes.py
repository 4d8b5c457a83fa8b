"""How a magnetic field moves critical currents: a field along the easy axis tilts the barriers as a current does.

In a linear law, Ic(H) = Ic(H0) - kappa (H - H0) with the same kappa for both directions of switching: that of the bench
file's ``critical_shift_ua_per_mt``. Where the two directions differ, or the law bends, residuals are large for a line
(``linear_p``), and the interval is wider by as much.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtjlab.analysis.estimates import CriticalEstimate, Estimate
from mtjlab.analysis.field_loops import Measured
from mtjlab.analysis.lines import Group, common_line


@dataclass(frozen=True, slots=True)
class FieldSlope:
    """Critical currents of one junction against the field, with straight lines through them.

    ``shift_ua_per_mt`` is kappa: by how much a mT lowers them. ``up_ua`` and ``down_ua`` are the critical currents AP
    -> P and P -> AP on the lines at ``field_mt``, the middle of the fields. None, for both, where fewer than two fields
    tell them; ``reason`` says so.
    """

    junction: int
    field_mt: float
    shift_ua_per_mt: Measured | None = None
    up_ua: float | None = None
    down_ua: float | None = None
    linear_p: float = 1.0
    points: int = 0
    reason: str = ""

    def up_at(self, field_mt: float) -> float:
        """Critical current AP -> P (uA) on the line. Raises ValueError if there is none."""
        return self._at(self.up_ua, field_mt)

    def down_at(self, field_mt: float) -> float:
        """Critical current P -> AP (uA) on the line. Raises ValueError if there is none."""
        return self._at(self.down_ua, field_mt)

    def _at(self, middle_ua: float | None, field_mt: float) -> float:
        if self.shift_ua_per_mt is None or middle_ua is None:
            raise ValueError(self.reason)
        return middle_ua - self.shift_ua_per_mt.value * (field_mt - self.field_mt)


def field_slope(
    junction: int, fields_mt: Sequence[float], up: Sequence[Estimate], down: Sequence[Estimate]
) -> FieldSlope:
    """Lines through the critical currents ``up`` (AP -> P) and ``down`` (P -> AP) of a junction in ``fields_mt``."""
    middle_mt = (min(fields_mt) + max(fields_mt)) / 2 if fields_mt else 0.0
    groups = [_group([field_mt - middle_mt for field_mt in fields_mt], critical) for critical in (up, down)]
    if any(len(set(at.tolist())) < 2 for at, _, _ in groups):
        reason = "its critical currents in both directions are not determined in two fields."
        return FieldSlope(junction, middle_mt, reason=reason)
    line = common_line(groups)
    shift = Measured(-line.slope, -line.slope_interval.high_ua, -line.slope_interval.low_ua)
    up_ua, down_ua = line.at_zero_ua
    return FieldSlope(junction, middle_mt, shift, up_ua, down_ua, line.linear_p, line.points)


def _group(at_mt: Sequence[float], critical: Sequence[Estimate]) -> Group:
    known = [
        (at, one.law.mean_ua, one.mean_error_ua)
        for at, one in zip(at_mt, critical, strict=True)
        if isinstance(one, CriticalEstimate)
    ]
    at, values_ua, errors_ua = np.array(known).reshape(-1, 3).T
    return at, values_ua, errors_ua
