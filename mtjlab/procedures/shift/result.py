"""Result of a shift, as printed by ``--json``."""

from typing import Any

from mtjlab.analysis.shift import shifts
from mtjlab.events import SwitchingMeasured
from mtjlab.record import Record


def slopes_json(state: Record) -> dict[str, Any] | None:
    """Slope of each critical input against each control current; None before it is measured."""
    if (found := state.last(SwitchingMeasured)) is None:
        return None
    series = found.series
    fitted = shifts([one.controls_ua for one in series], [one.up for one in series])
    return {
        "slopes": [[fit and fit.slope for fit in row] for row in fitted.fits],
        "slope_intervals": [
            [fit and [fit.slope_interval.low_ua, fit.slope_interval.high_ua] for fit in row] for row in fitted.fits
        ],
        "linear_p": [[fit and fit.linear_p for fit in row] for row in fitted.fits],
    }
