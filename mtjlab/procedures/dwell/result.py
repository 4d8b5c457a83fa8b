"""Result of a measurement of dwell times, as printed by ``--json``."""

from collections.abc import Sequence
from typing import Any

from mtjlab.domain import junction_label
from mtjlab.procedures.dwell.events import DwellTime
from mtjlab.procedures.dwell.rates import FittedLaw, fitted_laws
from mtjlab.procedures.dwell.state import DwellState


def dwells_json(state: DwellState, safe: bool) -> dict[str, Any]:
    """Dwell times of each junction, state and input; for several inputs also the fitted laws."""
    dwells, planned = state.dwells(), state.planned
    return {
        "safe": safe,
        "resets": planned.resets if planned else None,
        "control_currents_ua": list(planned.controls_ua) if planned else None,
        "inputs_ua": list(planned.inputs_ua) if planned else None,
        "holds": state.holds,
        "samples": state.samples,
        "held_s": round(state.held_in_all_s, 6),
        "dwell": [dwell_json(one) for one in dwells],
        "laws": _laws_json(fitted_laws(dwells)),
    }


def dwell_json(one: DwellTime) -> dict[str, Any]:
    """A mean dwell, as printed by ``--json``."""
    return {
        "junction": junction_label(one.junction),
        "state": str(one.state),
        "n": one.n,
        "mean_s": one.mean_s,
        "low_s": one.low_s,
        "high_s": one.high_s,
        "held_s": one.held_s,
        "input_ua": one.input_ua,
        "current_ua": one.current_ua,
        "law_s": one.law_s,
        "law_low_s": one.law_low_s,
        "law_high_s": one.law_high_s,
    }


def _laws_json(laws: Sequence[FittedLaw]) -> list[dict[str, Any]]:
    return [
        {
            "junction": junction_label(one.junction),
            "state": str(one.state),
            "critical_current_ua": one.law.mean_ua,
            "critical_current_interval_ua": [one.mean_interval.low_ua, one.mean_interval.high_ua],
            "spread_ua": one.law.spread_ua,
            "spread_interval_ua": [one.spread_interval.low_ua, one.spread_interval.high_ua],
            "ramp_ua_per_s": one.law.ramp_ua_per_s,
        }
        for one in laws
    ]
