"""The shift of critical inputs by control currents: slope, cross-talk, and a test of the straight line."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from mtjlab.analysis.critical import CriticalEstimate
from mtjlab.analysis.shift import ControlShift, MeasuredShift, control_shift
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.domain import Interval
from mtjlab.errors import RefusedError

SWITCH_UA = (224.0, -66.0, 196.0)
ERROR_UA = 1.0
Truth = Callable[[Sequence[float], int], float]


def adding(controls_ua: Sequence[float], junction: int) -> float:
    return SWITCH_UA[junction] - controls_ua[junction]


def measured(truth: Truth, settings: Sequence[Sequence[float]], seed: int = 0) -> list[MeasuredShift]:
    rng = np.random.default_rng(seed)

    def estimate(mean_ua: float) -> CriticalEstimate:
        near = Interval(mean_ua - 2, mean_ua + 2)
        return CriticalEstimate(SwitchingLaw(mean_ua, 4.3), near, Interval(3.0, 6.0), ERROR_UA, 0.7, 20, 20)

    return [
        MeasuredShift(tuple(row), tuple(estimate(truth(row, k) + rng.normal(0, ERROR_UA)) for k in range(len(row))))
        for row in settings
    ]


def each_alone(steps_ua: Sequence[float] = (-80.0, -40.0, 40.0, 80.0)) -> list[list[float]]:
    """All at -500 uA, then each control current moved alone."""
    base = [[-500.0] * 3]
    return base + [[-500.0 + step * (i == k) for i in range(3)] for k in range(3) for step in steps_ua]


def fitted(truth: Truth = adding, seed: int = 0) -> ControlShift:
    return control_shift(measured(truth, each_alone(), seed))


def test_a_chain_that_adds_currents_has_slope_minus_one_and_no_cross_talk() -> None:
    found = fitted()
    assert found.slopes == pytest.approx(-np.eye(3), abs=0.03)
    assert found.offsets_ua == pytest.approx(SWITCH_UA, abs=20)
    assert found.freedom == 13 - 4
    assert (found.straight_p > 0.01).all()


def test_intervals_cover_the_slope_as_often_as_they_say() -> None:
    covered = [-1.0 in fitted(seed=seed).slope_interval(k, k) for seed in range(60) for k in range(3)]
    assert 0.9 <= np.mean(covered) <= 0.985


def test_cross_talk_is_seen_where_it_is() -> None:
    found = fitted(lambda controls_ua, k: adding(controls_ua, k) - 0.1 * controls_ua[0] * (k == 1))
    assert found.slopes[1, 0] == pytest.approx(-0.1, abs=0.03)
    assert 0.0 not in found.slope_interval(1, 0)
    assert found.slopes[2, 0] == pytest.approx(0.0, abs=0.03)


def test_a_bent_line_is_noticed_and_a_straight_one_is_not_called_bent() -> None:
    bent = fitted(lambda controls_ua, k: adding(controls_ua, k) + 1e-3 * (controls_ua[k] + 500) ** 2)
    assert bent.curvatures_per_ua == pytest.approx([1e-3] * 3, abs=4 * float(bent.curvature_errors_per_ua.max()))
    assert (bent.curvature_p < 0.01).all()
    assert (bent.straight_p < 0.05).all()
    p_values = [p for seed in range(30) for p in fitted(seed=seed).curvature_p]
    assert np.mean(np.array(p_values) < 0.05) < 0.15


def test_a_control_current_that_was_not_varied_has_no_slope() -> None:
    found = control_shift(measured(adding, [[-500, -500, -500], [-500, -450, -500], [-500, -400, -500]]))
    assert np.isnan(found.slopes[:, [0, 2]]).all()
    assert found.slopes[1, 1] == pytest.approx(-1, abs=0.1)
    assert np.isnan(found.curvatures_per_ua[[0, 2]]).all()


def test_two_settings_give_a_line_and_say_nothing_of_its_straightness() -> None:
    found = control_shift(measured(adding, [[-500, -500, -500], [-500, -400, -500]]))
    assert found.slopes[1, 1] == pytest.approx(-1, abs=0.1)
    assert found.freedom == 0
    assert np.isnan(found.straight_p).all()


@pytest.mark.parametrize(
    "settings", [[[-500, -500, -500]] * 3, [[-500, -500, -500], [-460, -380, -560]], [[-500, -500, -500]]]
)
def test_settings_that_do_not_tell_the_controls_apart_are_refused(settings: list[list[float]]) -> None:
    with pytest.raises(RefusedError, match="Vary each of them alone"):
        control_shift(measured(adding, settings))
