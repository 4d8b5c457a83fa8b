"""Numbers of results beside each other: what is not the same, in words."""

import pytest

from mtjlab.comparison import Path, differing_numbers, quantity


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("steps",), "training steps"),
        (("duration_s",), "duration (s)"),
        (("recognition", "interval", "test", 2), "recognition rate, 95 % interval, test subset, upper end"),
        (("control_currents_ua", "b", 2), "control currents, input B, J2 (µA)"),
        (("series", 1, "up", 2, "critical_current_ua"), "series 1, AP → P, J2, critical current (µA)"),
        (
            ("series", 1, "down", 3, "spread_interval_ua", 1),
            "series 1, P → AP, J3, spread, 95 % interval, lower end (µA)",
        ),
        (("shift", "slope_intervals", 1, 2, 2), "shift, slope intervals 1 2, upper end"),
        (("series", 2, "up", 1, "ramp_ua_per_s"), "series 2, AP → P, J1, ramp (µA/s)"),
        (("matrix_ohm", 1, 3), "matrix 1 3 (Ω)"),
    ],
)
def test_a_number_is_named_in_words_with_its_unit(path: Path, words: str) -> None:
    assert quantity(path) == words


def test_only_what_differs_is_listed() -> None:
    rows = differing_numbers([{"steps": 1, "same": 2.0, "is": True}, {"steps": 3, "same": 2.0, "is": False}])
    assert [(row.quantity, row.values, row.difference) for row in rows] == [("training steps", (1.0, 3.0), 2.0)]
