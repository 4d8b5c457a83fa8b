"""Result of a measurement by pulses, as printed by ``--json``."""

from typing import Any

from mtjlab.analysis.pulses import PulseThreshold, WidthSlope, width_slopes
from mtjlab.domain import junction_label
from mtjlab.procedures.pulse.state import PulseState, Share


def pulses_json(state: PulseState, safe: bool) -> dict[str, Any]:
    """I50 of each junction and width, its slope against width, and switching probabilities at each current."""
    thresholds, rest = state.thresholds(), state.rest
    return {
        "safe": safe,
        "rest_currents_ua": list(rest.currents_ua) if rest else None,
        "reset_pulse_ua": rest.reset_ua if rest else None,
        "reset_s": rest.reset_s if rest else None,
        "pulses": state.pulses.total(),
        "reset_pulses": state.resets,
        "failed_resets": state.failed_resets,
        "disturbed": state.disturbed,
        "undecided": state.undecided,
        "series": [_threshold_json(one) for one in thresholds],
        "slopes": [_slope_json(one) for one in width_slopes(thresholds)],
        "probabilities": [_share_json(one) for one in state.shares()],
    }


def _threshold_json(one: PulseThreshold) -> dict[str, Any]:
    return {
        "junction": junction_label(one.junction),
        "width_s": one.width_s,
        "i50_ua": one.i50_ua,
        "low_ua": one.low_ua,
        "high_ua": one.high_ua,
        "spread_ua": one.spread_ua,
        "n": one.n,
    }


def _slope_json(one: WidthSlope) -> dict[str, Any]:
    return {
        "junction": junction_label(one.junction),
        "slope_ua": one.slope_ua,
        "low_ua": one.low_ua,
        "high_ua": one.high_ua,
    }


def _share_json(one: Share) -> dict[str, Any]:
    counts = {"n": one.n, "switched": one.switched, "probability": one.probability}
    place = {"junction": one.junction, "width_s": one.width_s, "current_ua": one.current_ua}
    return {**place, **counts, "low": one.low, "high": one.high, "write_error_rate": one.write_error_rate}
