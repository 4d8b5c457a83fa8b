"""Table of mean dwells, with the same columns and units in the terminal and in the window."""

from collections.abc import Iterable, Mapping
from typing import Any

from mtjlab.procedures.dwell.law import VAGUE

HEADS = (
    ("", "junction, counted from source 1 to ground, and its state"),
    ("current\n/ uA", "current through the junction"),
    ("dwells", "number of complete dwells"),
    ("mean\n/ s", "mean dwell"),
    ("95 %\ninterval", "of the mean dwell"),
    ("expected\n/ s", "mean dwell expected from the critical currents"),
    ("95 %\ninterval", "of the expected mean dwell"),
)
"""Name with unit, and meaning, of each column."""


HARDLY_KNOWN = "hardly known"
WHY_HARDLY_KNOWN = (
    f"{HARDLY_KNOWN}: the critical currents determine the expected mean dwell only to within a factor of "
    f"{VAGUE:.6g}. A calibration (`--calibration`) from a sweep of many repetitions narrows it."
)
"""Note below the table."""


def listed_dwells(dwells: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Rows for each junction, state and input, from mean dwells as printed by ``--json``."""
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
    """Mean dwell expected from the critical currents, with its interval; empty if unknown."""
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
