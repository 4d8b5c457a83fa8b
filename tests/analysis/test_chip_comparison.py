"""A chip is compared with what it was, quantity by quantity; a common shift is told apart."""

from dataclasses import replace

import numpy as np
import pytest

from mtjlab.analysis.chip_comparison import QUANTITIES, Measured, compare

TOLERANCES = dict.fromkeys(("critical_up_ua", "critical_down_ua", "offset_mv"), 0.5) | {
    name: 0.1 for name in QUANTITIES if name.startswith("spread") or name in ("resistance_parallel_ohm", "tmr")
}
BEFORE = Measured(
    {
        "critical_up_ua": (224.0, -66.0, 196.0),
        "critical_down_ua": (-57.0, -347.0, -85.0),
        "spread_up_ua": (4.3, 4.3, 4.3),
        "spread_down_ua": (4.3, 4.3, 4.3),
        "resistance_parallel_ohm": (1100.0, 1100.0, 1100.0),
        "tmr": (1.2, 1.2, 1.2),
        "offset_mv": (0.0, 0.1, 0.2),
    },
    dict.fromkeys(QUANTITIES, (1.0, 1.0, 1.0)) | dict.fromkeys(("tmr", "offset_mv"), (0.02,) * 3),
)


def changed(name: str, by: float | None, junctions: tuple[int, ...] = (1,)) -> Measured:
    """The chip with one quantity changed."""
    values = list(BEFORE.values[name])
    for k in junctions:
        was = values[k]
        assert was is not None
        values[k] = None if by is None else was + by
    return replace(BEFORE, values={**BEFORE.values, name: tuple(values)})


def test_the_same_values_are_no_change() -> None:
    found = compare(BEFORE, BEFORE, (), TOLERANCES)
    assert found.is_unchanged
    assert found.sentence.startswith("the chip is as before: no deviation beyond 3.1")
    assert len(found.compared) == 21


@pytest.mark.parametrize(("name", "by"), [("critical_up_ua", 10.0), ("critical_down_ua", -10.0), ("tmr", 0.9)])
def test_a_change_is_named_by_junction_and_quantity(name: str, by: float) -> None:
    found = compare(changed(name, by), BEFORE, (), TOLERANCES)
    assert [(one.junction, one.quantity) for one in found.changes] == [("J2", name)]
    assert not found.common_changed
    assert "J2" in found.sentence


def test_a_shift_of_all_thresholds_is_told_as_one() -> None:
    up = changed("critical_up_ua", 8.0, (0, 1, 2))
    down = changed("critical_down_ua", 8.0, (0, 1, 2))
    moved = replace(up, values={**up.values, "critical_down_ua": down.values["critical_down_ua"]})
    found = compare(moved, BEFORE, (), TOLERANCES)
    assert found.common_changed
    assert found.common_shift_ua == 8.0
    assert not found.changes
    assert "all thresholds moved by +8.0 uA" in found.sentence


def test_what_cannot_be_determined_any_more_is_a_change() -> None:
    found = compare(changed("critical_up_ua", None), BEFORE, (), TOLERANCES)
    assert found.changes[0].deviations is None
    assert "J2 AP -> P (uA) was -66, and could not be determined" in found.sentence


def test_what_was_not_known_before_is_not_compared() -> None:
    found = compare(BEFORE, changed("spread_down_ua", None, (0, 1, 2)), (), TOLERANCES)
    assert {one.quantity for one in found.compared} == set(QUANTITIES) - {"spread_down_ua"}


def test_what_scatters_from_day_to_day_is_normal() -> None:
    days = [changed("critical_up_ua", by).values for by in (-6.0, 0.0, 6.0)]
    now = changed("critical_up_ua", 9.0)
    assert not compare(now, BEFORE, (), TOLERANCES).is_unchanged
    assert compare(now, BEFORE, days, TOLERANCES).is_unchanged


def test_false_alarms_of_a_whole_chip_stay_below_5_of_100() -> None:
    rng = np.random.default_rng(1)
    alarms = 0
    for _ in range(400):
        values = {
            name: tuple(
                float(one + rng.normal(0.0, 2**0.5 * error)) if one is not None and error is not None else None
                for one, error in zip(BEFORE.values[name], BEFORE.errors[name], strict=True)
            )
            for name in ("critical_up_ua", "critical_down_ua", "offset_mv")
        }
        alarms += not compare(replace(BEFORE, values={**BEFORE.values, **values}), BEFORE, (), TOLERANCES).is_unchanged
    assert alarms <= 0.05 * 400
