"""The shift of critical inputs by control currents: slope, cross-talk, and a test of the straight line."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from mtjlab.analysis.estimates import CriticalEstimate, NotDetermined
from mtjlab.analysis.shift import ShiftFit, Shifts, shifts
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.domain import Interval, PerJunction

SWITCH_UA = (224.0, -66.0, 196.0)
ERROR_UA = 1.0
Truth = Callable[[Sequence[float], int], float]
"""Critical junction current of a junction under control currents."""


def no_cross_talk(_controls_ua: Sequence[float], junction: int) -> float:
    return SWITCH_UA[junction]


def each_alone(steps_ua: Sequence[float] = (-80.0, -40.0, 40.0, 80.0)) -> list[PerJunction]:
    """All at -500 uA, then each control current moved alone."""
    alone = [tuple(-500.0 + step * (i == k) for i in range(3)) for k in range(3) for step in steps_ua]
    return [(-500.0,) * 3, *alone]


def measured(truth: Truth, rows_ua: Sequence[PerJunction], seed: int = 0) -> list[list[CriticalEstimate]]:
    rng = np.random.default_rng(seed)

    def estimate(mean_ua: float) -> CriticalEstimate:
        near = Interval(mean_ua - 2, mean_ua + 2)
        return CriticalEstimate(SwitchingLaw(mean_ua, 4.3), near, Interval(3.0, 6.0), ERROR_UA, 0.7, 20, 20)

    return [[estimate(truth(row, k) + rng.normal(0, ERROR_UA)) for k in range(len(row))] for row in rows_ua]


def found(truth: Truth = no_cross_talk, seed: int = 0, rows_ua: Sequence[PerJunction] | None = None) -> Shifts:
    rows_ua = each_alone() if rows_ua is None else rows_ua
    return shifts(rows_ua, measured(truth, rows_ua, seed))


def fit(of: Shifts, junction: int, moved: int) -> ShiftFit:
    one = of.fits[junction][moved]
    assert one is not None
    return one


def test_a_chain_that_adds_currents_has_slope_minus_one_and_no_cross_talk() -> None:
    slopes = [[fit(found(), i, k).slope for k in range(3)] for i in range(3)]
    assert np.array(slopes) == pytest.approx(-np.eye(3), abs=0.04)
    assert [fit(found(), i, i).critical_input_ua for i in range(3)] == pytest.approx([724, 434, 696], abs=2)
    assert fit(found(), 0, 0).points == 5


def test_intervals_cover_the_slopes_at_least_as_often_as_they_say() -> None:
    """Scatter beyond the errors widens an interval and none narrows it: so it covers more rather than less."""
    covered = [
        -float(i == k) in fit(found(seed=s), i, k).slope_interval for s in range(40) for i in range(3) for k in range(3)
    ]
    assert np.mean(covered) >= 0.93


def test_cross_talk_is_seen_where_it_is() -> None:
    talking = found(lambda controls_ua, k: SWITCH_UA[k] - 0.2 * (controls_ua[0] + 500) * (k == 1))
    assert fit(talking, 1, 0).slope == pytest.approx(-0.2, abs=0.04)
    assert 0.0 not in fit(talking, 1, 0).slope_interval
    assert 0.0 in fit(talking, 2, 0).slope_interval


def test_a_bent_line_is_noticed_and_a_straight_one_is_not_called_bent() -> None:
    bent = found(lambda controls_ua, k: SWITCH_UA[k] + 2e-3 * (controls_ua[k] + 500) ** 2)
    assert all(fit(bent, k, k).linear_p < 0.01 for k in range(3))
    straight = [fit(found(seed=seed), k, k).linear_p for seed in range(60) for k in range(3)]
    assert np.mean(np.array(straight) < 0.05) == pytest.approx(0.05, abs=0.05)


def test_two_settings_give_a_line_and_say_nothing_against_its_straightness() -> None:
    one = fit(found(rows_ua=[(-500.0,) * 3, (-500.0, -400.0, -500.0)]), 1, 1)
    assert one.slope == pytest.approx(-1, abs=0.06)
    assert -1.0 in one.slope_interval
    assert (one.points, one.linear_p) == (2, 1.0)


def test_a_control_current_that_was_not_moved_and_a_junction_that_was_not_determined_have_no_slope() -> None:
    rows_ua = [(-500.0,) * 3, (-500.0, -400.0, -500.0)]
    critical: list[list[CriticalEstimate | NotDetermined]] = [list(row) for row in measured(no_cross_talk, rows_ua)]
    critical[1][2] = NotDetermined("it did not switch")
    told = shifts(rows_ua, critical)
    assert told.fits[0][0] is None
    assert told.fits[1][1] is not None
    assert told.fits[2][1] is None
