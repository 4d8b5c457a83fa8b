"""Warm starts: thresholds put onto boundaries, inside the limits, and nothing switches that is not asked to."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.analysis.warm_start import warm_start
from mtjlab.domain import ControlCurrents, Interval
from mtjlab.errors import BenchFaultError

DWELL_S = 0.09
ALLOWED = (Interval(-690.0, -97.0), Interval(-690.0, -387.0), Interval(-690.0, -125.0))
BOUNDS_UA = ((495.0, 625.0, 735.0), (505.0, 625.0))
HIGHEST_UA = (820.0, 790.0)


def estimate(mean_ua: float, spread_ua: float = 4.3) -> CriticalEstimate:
    return CriticalEstimate(
        SwitchingLaw(mean_ua, spread_ua), Interval(mean_ua - 1, mean_ua + 1), Interval(3.5, 5.5), 0.5, 0.5, 20, 20
    )


CHIP = [estimate(mean_ua) for mean_ua in (224.0, -66.0, 196.0)]


def thresholds_ua(critical: list[CriticalEstimate], row_ua: tuple[float, ...]) -> list[float]:
    """The inputs that switch each junction as often as not."""
    return [one.law.held_ua(DWELL_S) - control for one, control in zip(critical, row_ua, strict=True)]


def started(critical: list[CriticalEstimate], allowed: tuple[Interval, ...] = ALLOWED) -> ControlCurrents:
    return warm_start(critical, BOUNDS_UA, HIGHEST_UA, allowed, DWELL_S)


def test_every_boundary_is_the_threshold_of_a_junction() -> None:
    for row_ua, bounds_ua in zip(started(CHIP).by_input_ua, BOUNDS_UA, strict=True):
        assert sorted(thresholds_ua(CHIP, row_ua))[: len(bounds_ua)] == pytest.approx(bounds_ua, abs=1e-3)


def test_a_shorter_dwell_asks_for_7_7_ua_a_decade_more() -> None:
    shorter = warm_start(CHIP, BOUNDS_UA, HIGHEST_UA, ALLOWED, DWELL_S / 10)
    for row_ua, shorter_ua in zip(started(CHIP).by_input_ua, shorter.by_input_ua, strict=True):
        moves_ua = [new - old for old, new in zip(row_ua, shorter_ua, strict=True)]
        assert moves_ua == pytest.approx([7.72] * 3, abs=0.01)


def test_a_calibration_on_a_faster_ramp_gives_the_same_control_currents() -> None:
    """Of the same chip: on a ramp of 800 uA/s its junctions switch later."""
    faster = [replace(one, law=one.law.at_ramp(800.0)) for one in CHIP]
    for row_ua, faster_ua in zip(started(CHIP).by_input_ua, started(faster).by_input_ua, strict=True):
        assert faster_ua == pytest.approx(row_ua, abs=2e-3)


def test_a_junction_that_no_boundary_is_left_for_does_not_switch_at_the_highest_input() -> None:
    row_ua = started(CHIP).by_input_ua[1]
    spare = max(range(3), key=lambda k: thresholds_ua(CHIP, row_ua)[k])
    assert CHIP[spare].law.probability(HIGHEST_UA[1] + row_ua[spare], DWELL_S) < 1e-4


def test_the_control_currents_of_an_input_move_least_against_each_other() -> None:
    row_ua = started(CHIP).by_input_ua[0]
    held_ua = [one.law.held_ua(DWELL_S) for one in CHIP]
    every = [[held - bound for held, bound in zip(held_ua, order, strict=True)] for order in permutations(BOUNDS_UA[0])]
    assert sorted(row_ua) == pytest.approx(
        sorted(min(every, key=lambda row: sum((c - sum(row) / 3) ** 2 for c in row))), abs=1e-3
    )


def test_a_junction_that_cannot_be_kept_from_switching_takes_a_boundary() -> None:
    """J2 would have to go below its lowest control current, however much farther the others move for it."""
    chip = [estimate(mean_ua) for mean_ua in (224.0, -180.0, 196.0)]
    row_ua = started(chip, (ALLOWED[0], Interval(-690.0, -300.0), ALLOWED[2])).by_input_ua[1]
    assert row_ua[1] >= -690.0
    assert thresholds_ua(chip, row_ua)[1] == pytest.approx(505.0, abs=1e-3)


def test_a_junction_that_is_left_out_keeps_as_clear_as_it_may_where_there_is_little_room() -> None:
    """By pulses, control currents reach 90 uA: a third boundary fits, and hardly what is beyond the highest input."""
    allowed = [Interval(one.law.held_ua(DWELL_S) - 800.0, one.law.held_ua(DWELL_S) - 480.0) for one in CHIP]
    row_ua = warm_start(CHIP, [BOUNDS_UA[1]], [HIGHEST_UA[1]], allowed, DWELL_S).by_input_ua[0]
    assert sorted(thresholds_ua(CHIP, row_ua)) == pytest.approx([*BOUNDS_UA[1], 800.0], abs=1e-3)


def test_where_none_can_be_left_out_there_is_no_warm_start() -> None:
    chip = [estimate(mean_ua) for mean_ua in (-60.0, -66.0, -70.0)]
    with pytest.raises(BenchFaultError, match=r"input B.*--warm-start"):
        started(chip, (Interval(-810.0, -400.0),) * 3)


def test_a_boundary_that_no_junction_may_take_is_refused_by_its_input() -> None:
    with pytest.raises(BenchFaultError, match="input A"):
        started(CHIP, (Interval(-400.0, -97.0),) * 3)


currents = st.floats(-300.0, 300.0)


@given(
    means_ua=st.lists(currents, min_size=1, max_size=6),
    bounds_ua=st.lists(st.floats(300.0, 900.0), min_size=1, max_size=6),
    low_ua=st.floats(-900.0, -400.0),
    spread_ua=st.floats(1.0, 15.0),
)
def test_whatever_the_chip_controls_are_inside_and_only_boundaries_switch(
    means_ua: list[float], bounds_ua: list[float], low_ua: float, spread_ua: float
) -> None:
    bounds_ua = sorted(bounds_ua[: len(means_ua)])
    chip = [estimate(mean_ua, spread_ua) for mean_ua in means_ua]
    allowed = [Interval(low_ua, -200.0)] * len(chip)
    highest_ua = bounds_ua[-1] + 50.0
    try:
        (row_ua,) = warm_start(chip, [bounds_ua], [highest_ua], allowed, DWELL_S).by_input_ua
    except BenchFaultError:
        return
    assert all(low_ua - 1e-3 <= control <= -200.0 + 1e-3 for control in row_ua)
    found_ua = sorted(thresholds_ua(chip, row_ua))
    assert found_ua[: len(bounds_ua)] == pytest.approx(bounds_ua, abs=1e-3)
    left_out = sorted(range(len(chip)), key=lambda k: thresholds_ua(chip, row_ua)[k])[len(bounds_ua) :]
    for k in left_out:
        clear_ua = thresholds_ua(chip, row_ua)[k] - highest_ua
        assert clear_ua > (-1e-3 if row_ua[k] == pytest.approx(low_ua, abs=1e-3) else 7 * spread_ua)
