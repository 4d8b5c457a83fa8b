"""Result of a sweep, a shift or a map, as printed by ``--json``."""

from collections.abc import Sequence
from typing import Any

from mtjlab.analysis.estimates import CriticalEstimate, Estimate, NotDetermined
from mtjlab.events import CurveTaken, SeriesMeasured, SwitchingMeasured
from mtjlab.procedures.kind import Run


def switching_result(
    run: Run[Any], probes: int = 0, inputs: Sequence[str] = (), **own: dict[str, Any] | None
) -> dict[str, Any]:
    """Result of a run that measured critical currents; ``probes``, ``map`` and ``shift`` are of such runs only.

    ``inputs``: names of the inputs, if there is one series for each.
    """
    state = run.state
    found = state.last(SwitchingMeasured)
    return {
        "safe": state.safe,
        "curves": state.number(CurveTaken),
        "probes": probes,
        "presentations": state.tallies["presentations"],
        "readings": found.readings if found else None,
        "series": [
            _series_json(one, inputs[k] if inputs else None) for k, one in enumerate(found.series if found else ())
        ],
        "map": own.get("map"),
        "shift": own.get("shift"),
        "calibration": next((str(path) for path in run.folder.glob("calibration-*.json")), None),
    }


def _series_json(series: SeriesMeasured, input_name: str | None) -> dict[str, Any]:
    return {
        "input": input_name,
        "control_currents_ua": list(series.controls_ua),
        "up": [_estimate_json(one, c) for one, c in zip(series.up, series.controls_ua, strict=False)],
        "down": [_estimate_json(one, c) for one, c in zip(series.down, series.controls_ua, strict=False)],
    }


def _estimate_json(estimate: Estimate, control_ua: float) -> dict[str, Any]:
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
