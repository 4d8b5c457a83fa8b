"""Mean dwells as they are listed in the terminal and in the window: the same columns, units and words."""

from collections.abc import Iterable, Mapping
from typing import Any

from mtjlab.procedures.dwell.law import VAGUE

HEADS = (
    ("", "the junction, counted from source 1 to ground, and the state that it stays in"),
    ("current\n/ uA", "current through the junction"),
    ("dwells", "how many dwells were seen to end"),
    ("mean\n/ s", "mean dwell"),
    ("95 %\ninterval", "of the mean dwell"),
    ("expected\n/ s", "mean dwell that critical currents let expect"),
    ("95 %\ninterval", "of what is expected"),
)
"""Name with unit, and meaning, of each column."""


HARDLY_KNOWN = "hardly known"
WHY_HARDLY_KNOWN = (
    f"{HARDLY_KNOWN}: the critical currents measured before leave the mean dwell open by more than a factor of "
    f"{VAGUE:.6g}. `--calibration` with a sweep of many repetitions narrows it."
)
"""Said below the list where it occurs."""


def listed_dwells(dwells: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """A row for each junction, state and input, of mean dwells as ``--json`` prints them."""
    return [
        (
            f"{one['junction']} {one['state']}",
            f"{one['current_ua']:.6g}",
            str(one["n"]),
            _number(one["mean_s"]),
            _interval(one["low_s"], one["high_s"]),
            *_expected(one),
        )
        for one in dwells
    ]


def _expected(one: Mapping[str, Any]) -> tuple[str, str]:
    """What critical currents let expect, if they say anything."""
    if one["law_s"] is None or one["law_high_s"] > VAGUE * one["law_low_s"]:
        return "", HARDLY_KNOWN if one["law_s"] is not None else ""
    return _number(one["law_s"]), _interval(one["law_low_s"], one["law_high_s"])


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _interval(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    if high is None:
        return f"above {low:.3g}"
    return f"below {high:.3g}" if low is None else f"{low:.3g} .. {high:.3g}"
