"""Slopes of critical currents against the field, and the field that is chosen from them."""

import numpy as np
import pytest

from mtjlab.analysis.estimates import CriticalEstimate, Estimate, NotDetermined
from mtjlab.analysis.field_loops import Measured
from mtjlab.analysis.field_slopes import FieldSlope, field_slope
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.analysis.working_point import Asked, choose_field
from mtjlab.domain import Interval

KAPPA = 20.0
FIELDS_MT = (2.0, 4.0, 6.0, 8.0, 10.0)
CONTROLS_UA = (-500.0, -500.0)


def critical(mean_ua: float, error_ua: float = 2.0, rising: bool = True) -> CriticalEstimate:
    around = Interval(mean_ua - 2 * error_ua, mean_ua + 2 * error_ua)
    return CriticalEstimate(SwitchingLaw(mean_ua, 4.3, rising), around, Interval(3.0, 6.0), error_ua, 1.0, 3, 3)


def measured(rng: np.random.Generator, at_6_mt_ua: float) -> list[Estimate]:
    return [critical(at_6_mt_ua - KAPPA * (field_mt - 6.0) + rng.normal(0.0, 2.0)) for field_mt in FIELDS_MT]


def test_the_slope_of_both_directions_is_covered_by_its_interval() -> None:
    rng = np.random.default_rng(1)
    found = [field_slope(0, FIELDS_MT, measured(rng, 224.0), measured(rng, -57.0)) for _ in range(400)]
    shifts = [one.shift_ua_per_mt for one in found]
    covered = sum(shift is not None and shift.low <= KAPPA <= shift.high for shift in shifts)
    assert 0.94 * len(found) <= covered
    assert np.mean([one.up_ua or 0.0 for one in found]) == pytest.approx(224.0, abs=0.3)
    assert np.mean([one.down_ua or 0.0 for one in found]) == pytest.approx(-57.0, abs=0.3)


def test_fields_in_which_a_critical_current_is_not_determined_are_left_out() -> None:
    up = [critical(224.0), NotDetermined("it did not switch."), critical(144.0)]
    down = [critical(-57.0, rising=False), critical(-97.0, rising=False), NotDetermined("no")]
    found = field_slope(0, (6.0, 8.0, 10.0), up, down)
    assert found.points == 4
    assert found.shift_ua_per_mt is not None
    assert found.shift_ua_per_mt.value == pytest.approx(KAPPA)
    alone = field_slope(0, (6.0, 8.0), up[:2], down[:2])
    assert alone.shift_ua_per_mt is None
    assert "two fields" in alone.reason


def slope(junction: int, up_ua: float, down_ua: float, shift: float = KAPPA) -> FieldSlope:
    return FieldSlope(junction, 6.0, Measured(shift, shift - 1, shift + 1), up_ua, down_ua, points=10)


def asked(lowest_ua: float = 40.0, highest_ua: float = 860.0, margin_ua: float = 40.0) -> Asked:
    return Asked(CONTROLS_UA, margin_ua, lowest_ua, highest_ua)


def test_the_field_is_midway_between_the_reset_and_the_highest_critical_input() -> None:
    point = choose_field([slope(0, 224.0, -57.0), slope(1, -66.0, -347.0)], FIELDS_MT, asked())
    # reset of J2: 113 - 20 h uA to spare; critical input of J1 below 860 uA: 136 + 20 h
    assert point.field_mt == pytest.approx(6.0 - 23 / 40, abs=0.01)
    assert point.margin_ua == pytest.approx(124.5, abs=0.2)
    assert point.critical_inputs_ua == pytest.approx((735.5, 445.5), abs=0.2)
    assert point.reset_currents_ua == pytest.approx((-45.5, -335.5), abs=0.2)
    assert "reset of J2 at -500 uA" in point.reason
    assert "critical input of J1, not above 860 uA" in point.reason


def test_no_field_outside_the_measured_ones_is_chosen() -> None:
    point = choose_field([slope(0, 224.0, -57.0), slope(1, -66.0, -347.0)], (7.0, 9.0), asked())
    assert (point.field_mt, point.is_possible) == (7.0, True)
    assert "end of the measured fields" in point.reason


def test_where_demands_contradict_each_other_the_nearest_miss_is_said() -> None:
    narrow = choose_field([slope(0, 224.0, -57.0), slope(1, -66.0, -347.0)], FIELDS_MT, asked(500.0, 600.0))
    assert not narrow.is_possible
    assert "no field from 2 to 10 mT" in narrow.reason
    assert "Ask for other" in narrow.reason
    beyond = choose_field([slope(0, 224.0, -57.0), slope(1, -66.0, -347.0)], (2.0, 4.0), asked(100.0, 600.0))
    assert not beyond.is_possible
    assert "Measure in fields beyond" in beyond.reason


def test_a_chip_whose_critical_currents_rise_with_the_field_works_as_well() -> None:
    point = choose_field([slope(0, 224.0, -57.0, -KAPPA), slope(1, -66.0, -347.0, -KAPPA)], FIELDS_MT, asked())
    assert point.field_mt == pytest.approx(6.0 + 23 / 40, abs=0.01)
