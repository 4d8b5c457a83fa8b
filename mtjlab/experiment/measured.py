"""What a sweep, a shift or a map found, in plain words and numbers, as ``--json`` prints it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mtjlab.analysis.critical import CriticalEstimate, Estimate, NotDetermined
from mtjlab.analysis.shift import shifts
from mtjlab.analysis.switching_map import critical_inputs, switching_map
from mtjlab.config import MapAsked, plan_of, section_of
from mtjlab.domain import Interval
from mtjlab.events import CurveTaken, Probed, SeriesMeasured
from mtjlab.experiment.results import of_any_run
from mtjlab.reading import read_events
from mtjlab.run_state import RunState, fold
from mtjlab.store import REQUEST, read_request

CELLS = 181
"""Cells along an axis of the map that a result is told from; 5 uA each, for inputs up to 900 uA."""


def measuring_result(folder: Path) -> dict[str, Any]:
    """What a measurement found.

    Raises:
        RefusedError: ``folder`` is no run folder, or its journal is damaged.
    """
    state = fold(read_events(folder))
    found = state.switching
    return {
        **of_any_run(folder, state),
        "safe": state.safe,
        "curves": state.number(CurveTaken),
        "probes": state.number(Probed),
        "presentations": state.presentations,
        "readings": found.readings if found else None,
        "series": [_series_told(one) for one in found.series] if found else [],
        "map": _map_told(folder, state),
        "shift": _shift_told(folder, state),
        "calibration": next((str(path) for path in folder.glob("calibration-*.json")), None),
    }


def _map_told(folder: Path, state: RunState) -> dict[str, Any] | None:
    """Area of each configuration, for presentations as the plan has them; None where a junction is not determined."""
    request = read_request(folder)
    if "map" not in request or state.switching is None or state.started is None:
        return None
    asked = section_of(folder / REQUEST, request["map"], MapAsked)
    dwell_s = plan_of(folder / REQUEST, request["plan"]).presentation_dwell_s(state.started.bench.aperture_s)
    rows = [_determined(one) for one in state.switching.series]
    if len(rows) != 2 or not all(rows):
        return None
    box = Interval(asked.staircase.input_start_ua, asked.staircase.input_stop_ua)
    cells_ua = np.linspace(box.low_ua, box.high_ua, CELLS)
    critical = [critical_inputs(row, s.controls_ua) for row, s in zip(rows, state.switching.series, strict=True)]
    drawn = switching_map(critical, (cells_ua, cells_ua), dwell_s)
    return {
        "dwell_s": dwell_s,
        "inputs_ua": [box.low_ua, box.high_ua],
        "regions": [
            {"configuration": str(configuration), "area_ua2": area}
            for configuration, area in drawn.areas_ua2((box, box)).items()
        ],
        "sure_of_the_least_sure_cell": float(drawn.sure.min()),
    }


def _shift_told(folder: Path, state: RunState) -> dict[str, Any] | None:
    """Slope of each critical input against each control current; None if that was not asked for."""
    if "shift" not in read_request(folder) or state.switching is None:
        return None
    series = state.switching.series
    told = shifts([one.controls_ua for one in series], [one.up for one in series])
    return {
        "slopes": [[fit and fit.slope for fit in row] for row in told.fits],
        "slope_intervals": [
            [fit and [fit.slope_interval.low_ua, fit.slope_interval.high_ua] for fit in row] for row in told.fits
        ],
        "linear_p": [[fit and fit.linear_p for fit in row] for row in told.fits],
    }


def _determined(series: SeriesMeasured) -> Sequence[CriticalEstimate]:
    known = [one for one in series.up if isinstance(one, CriticalEstimate)]
    return known if len(known) == len(series.up) else ()


def _series_told(series: SeriesMeasured) -> dict[str, Any]:
    return {
        "control_currents_ua": list(series.controls_ua),
        "up": [_told(one, c) for one, c in zip(series.up, series.controls_ua, strict=False)],
        "down": [_told(one, c) for one, c in zip(series.down, series.controls_ua, strict=False)],
    }


def _told(estimate: Estimate, control_ua: float) -> dict[str, Any]:
    match estimate:
        case CriticalEstimate(law, mean, spread):
            return {
                "determined": True,
                "critical_current_ua": law.mean_ua,
                "critical_current_interval_ua": [mean.low_ua, mean.high_ua],
                "critical_input_ua": law.mean_ua - control_ua,
                "critical_input_interval_ua": [mean.low_ua - control_ua, mean.high_ua - control_ua],
                "spread_ua": law.spread_ua,
                "spread_interval_ua": [spread.low_ua, spread.high_ua],
                "ramp_ua_per_s": law.ramp_ua_per_s,
                "switched": estimate.switched,
                "repetitions": estimate.repetitions,
            }
        case NotDetermined(reason):
            return {"determined": False, "reason": reason}
    raise TypeError(f"{estimate!r} is no estimate")
