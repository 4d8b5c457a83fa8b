"""How far each current may be turned, within the current limits of the bench; its engine judges anew, voltages too."""

from collections.abc import Sequence

from mtjlab.config import Limits
from mtjlab.domain import Interval


def control_range(limits: Limits, input_ua: float) -> Interval:
    """Of every control current while ``input_ua`` is applied; it stays inside without an input, too."""
    low_ua, high_ua = limits.junction_current_min_ua, limits.junction_current_max_ua
    return Interval(max(low_ua, low_ua - input_ua), min(high_ua, high_ua - input_ua))


def input_range(limits: Limits, controls_ua: Sequence[float]) -> Interval:
    """Of the input under ``controls_ua``; zero is always inside."""
    low_ua = max(limits.junction_current_min_ua - control_ua for control_ua in controls_ua)
    high_ua = min(limits.junction_current_max_ua - control_ua for control_ua in controls_ua)
    return Interval(min(low_ua, 0.0), max(high_ua, 0.0))
