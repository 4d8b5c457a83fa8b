"""Result of a measurement against the field, as printed by ``--json``."""

from collections.abc import Mapping
from typing import Any

from mtjlab.analysis.field_loops import LoopEstimate, Measured
from mtjlab.analysis.field_slopes import FieldSlope
from mtjlab.domain import junction_label
from mtjlab.procedures.field.events import WorkingPointChosen, working_point_text
from mtjlab.procedures.field.plan import FieldPlan
from mtjlab.procedures.field.state import FieldState

LOOP_KEYS = (
    "coercive_mt",
    "shift_mt",
    "tmr",
    "up_mt",
    "down_mt",
    "up_spread_mt",
    "down_spread_mt",
    "r_p_kohm",
    "r_ap_kohm",
)


def field_json(state: FieldState, plan: FieldPlan, safe: bool) -> dict[str, Any]:
    """Loops of each junction, slopes against the field, and the working point."""
    return {
        "safe": safe,
        "probe_ua": list(plan.probe_ua),
        "loops": len(state.complete_loops),
        "readings": state.points,
        "junctions": [_loop_json(one) for one in state.loops()],
        "fields_mt": [state.fields_mt[series] for series in sorted(state.fields_mt)],
        "skipped": {str(series + 1): reason for series, reason in sorted(state.skipped.items())},
        "slopes": [_slope_json(one) for one in state.slopes()],
        "working_point": None if state.chosen is None else _working_point_json(state.chosen),
    }


def _loop_json(one: LoopEstimate) -> dict[str, Any]:
    values: Mapping[str, Any] = {key: _measured_json(getattr(one, key)) for key in LOOP_KEYS}
    return {
        "junction": junction_label(one.junction),
        **values,
        "ramp_mt_per_s": one.ramp_mt_per_s,
        "legs": one.legs,
        "parallel_at_high_fields": one.prefers_parallel,
        "not_determined": one.reason or None,
    }


def _slope_json(one: FieldSlope) -> dict[str, Any]:
    return {
        "junction": junction_label(one.junction),
        "critical_shift_ua_per_mt": _measured_json(one.shift_ua_per_mt),
        "field_mt": one.field_mt,
        "critical_current_up_ua": one.up_ua,
        "critical_current_down_ua": one.down_ua,
        "linear_p": one.linear_p,
        "points": one.points,
        "not_determined": one.reason or None,
    }


def _measured_json(measured: Measured | None) -> dict[str, float] | None:
    return None if measured is None else {"value": measured.value, "low": measured.low, "high": measured.high}


def _working_point_json(chosen: WorkingPointChosen) -> dict[str, Any]:
    point = chosen.point
    field_mt = point.field_mt if point and point.is_possible else None
    return {
        "field_mt": field_mt,
        "best_field_mt": point.field_mt if point else None,
        "margin_ua": point.margin_ua if point else None,
        "critical_inputs_ua": list(point.critical_inputs_ua) if point else None,
        "reset_currents_ua": list(point.reset_currents_ua) if point else None,
        "reason": working_point_text(point, chosen.reason),
        "option": None if field_mt is None else f"--field-mt {field_mt:.6g}",
    }
