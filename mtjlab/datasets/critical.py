"""Critical currents and critical inputs as variables of a data set, with their intervals, or why there are none."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mtjlab.analysis.critical import CriticalEstimate, Estimate, NotDetermined
from mtjlab.datasets.variables import MISSING, count, real, text
from mtjlab.events import SeriesMeasured

Known: TypeAlias = Estimate | None
"""None where no leg went that way."""
Value: TypeAlias = Callable[[CriticalEstimate], float]

_END = "end of the 95 % interval of"
IN_UA: tuple[tuple[str, str, Value], ...] = (
    ("critical_current", "critical junction current, mean", lambda e: e.law.mean_ua),
    ("critical_current_low", f"lower {_END} critical_current", lambda e: e.mean_interval.low_ua),
    ("critical_current_high", f"upper {_END} critical_current", lambda e: e.mean_interval.high_ua),
    ("critical_current_error", "standard deviation of what is known of critical_current", lambda e: e.mean_error_ua),
    ("spread", "standard deviation of the critical current from one switch to the next", lambda e: e.law.spread_ua),
    ("spread_low", f"lower {_END} spread", lambda e: e.spread_interval.low_ua),
    ("spread_high", f"upper {_END} spread", lambda e: e.spread_interval.high_ua),
    ("spread_error", "standard deviation of what is known of spread", lambda e: e.spread_error_ua),
)
"""Name, long name and value of what is given in uA."""
AS_INPUTS = ("critical_current", "critical_current_low", "critical_current_high")


def critical_currents(dim: str, series: Sequence[SeriesMeasured]) -> dict[str, xr.Variable]:
    """Critical currents [``dim``, direction, junction] under the control currents of each series."""
    dims = (dim, "direction", "junction")
    controls_ua = np.array([one.controls_ua for one in series])
    estimates = np.array([[_padded(one.up, one), _padded(one.down, one)] for one in series], dtype=object)
    told = {name: real(dims, _values(estimates, value), "uA", long_name) for name, long_name, value in IN_UA}
    inputs = {
        name.replace("current", "input"): real(
            dims, told[name].to_numpy() - controls_ua[:, np.newaxis], "uA", f"{name} minus control_current"
        )
        for name in AS_INPUTS
    }
    ramp = "rate of the continuous ramp that critical_current holds for"
    return {
        "control_current": real((dim, "junction"), controls_ua, "uA", "control current"),
        **told,
        **inputs,
        "reference_ramp": real(dims, _values(estimates, lambda e: e.law.ramp_ua_per_s), "uA s-1", ramp),
        "switched": count(dims, _values(estimates, lambda e: e.switched, MISSING), "legs in which it switched"),
        "legs": count(dims, _values(estimates, lambda e: e.repetitions, MISSING), "legs, or presentations, that count"),
        "not_determined": text(dims, _reasons(estimates), "why critical_current is not determined"),
    }


def _padded(estimates: Sequence[Known], series: SeriesMeasured) -> list[Known]:
    return list(estimates) or [None] * len(series.controls_ua)


def _values(estimates: NDArray[np.object_], value: Value, missing: float = np.nan) -> NDArray[np.float64]:
    values = [value(one) if isinstance(one, CriticalEstimate) else missing for one in estimates.flat]
    return np.array(values, dtype=np.float64).reshape(estimates.shape)


def _reasons(estimates: NDArray[np.object_]) -> NDArray[np.object_]:
    reasons = [one.reason if isinstance(one, NotDetermined) else "" for one in estimates.flat]
    return np.array(reasons, dtype=object).reshape(estimates.shape)
