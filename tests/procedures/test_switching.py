"""Sweeps and shifts: measured critical currents; their intervals contain the true values."""

from collections.abc import Sequence

import numpy as np
import pytest

from mtjlab.analysis.estimates import CriticalEstimate, NotDetermined
from mtjlab.config import Legs, SweepSettings
from mtjlab.events import (
    ControlsPlanned,
    CurveTaken,
    Event,
    JunctionsMeasured,
    ResetVerified,
    SeriesMeasured,
    SweepPoint,
    SwitchingMeasured,
)
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.shift.procedure import shift
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.sweep.procedure import sweep
from tests.support.tiny_measurements import (
    COARSE,
    CONFIG,
    DOWN_UA,
    ONCE,
    SECOND_UA,
    SPREAD_UA,
    START_UA,
    UP_UA,
    bench_of,
    calibrated,
    estimated,
    references_of,
)

SWEEP = SweepPlan(controls_ua=SECOND_UA, staircase=SweepSettings(repetitions=12))
BY_UA = (-60.0, -30.0, 30.0, 60.0)


def found_in(events: Sequence[Event]) -> SwitchingMeasured:
    last = events[-1]
    assert isinstance(last, SwitchingMeasured)
    return last


def only(events: Sequence[Event]) -> SeriesMeasured:
    (series,) = found_in(events).series
    return series


@pytest.fixture(scope="module")
def loops() -> list[Event]:
    """A sweep at the paper's second set of control currents, with its own references."""
    return list(sweep(bench_of(seed=1), CONFIG, SWEEP))


def up_to_references(events: Sequence[Event]) -> Sequence[Event]:
    return events[: 1 + next(n for n, event in enumerate(events) if isinstance(event, JunctionsMeasured))]


class TestASweep:
    """A sweep of twelve loops."""

    def test_the_truth_lies_within_the_intervals_in_both_directions(self, loops: list[Event]) -> None:
        series = only(loops)
        assert series.controls_ua == SECOND_UA
        for found, truth_ua in ((series.up, UP_UA), (series.down, DOWN_UA)):
            for one, critical_ua in zip(estimated(found), truth_ua, strict=True):
                assert critical_ua in one.mean_interval
                assert SPREAD_UA in one.spread_interval
                assert (one.switched, one.repetitions) == (12, 12)

    def test_critical_inputs_are_the_papers(self, loops: list[Event]) -> None:
        inputs_ua = [
            one.law.mean_ua - control for one, control in zip(estimated(only(loops).up), SECOND_UA, strict=True)
        ]
        assert inputs_ua == pytest.approx((684.0, 314.0, 756.0), abs=5.0)

    def test_references_are_measured_first_at_the_start_controls_of_a_training(self, loops: list[Event]) -> None:
        plans = [event.controls.by_input_ua[0] for event in loops if isinstance(event, ControlsPlanned)]
        assert plans == [START_UA, SECOND_UA]
        points = [event.reading for event in up_to_references(loops) if isinstance(event, SweepPoint)]
        assert {tuple(c - point.input_ua for c in point.currents_ua) for point in points} == {START_UA}

    def test_each_curve_begins_with_confirmed_reset_junctions_and_is_recorded_when_complete(
        self, loops: list[Event]
    ) -> None:
        curves = loops[len(up_to_references(loops)) :]
        others = [type(event) for event in curves if not isinstance(event, SweepPoint)]
        assert others == [ControlsPlanned, *[ResetVerified, CurveTaken] * 12, SwitchingMeasured]
        assert found_in(loops).readings == len(curves) - len(others) == 12 * 2 * 181

    def test_the_same_seed_gives_the_same_events(self) -> None:
        requested = SweepPlan(controls_ua=START_UA, staircase=ONCE)
        one, two = (list(sweep(bench_of(seed=3), CONFIG, requested, calibrated())) for _ in range(2))
        assert one == two


@pytest.mark.parametrize(("legs", "up", "down"), [("loop", 3, 3), ("up", 3, 0), ("down", 0, 3)])
def test_only_requested_legs_are_measured(legs: Legs, up: int, down: int) -> None:
    requested = SweepPlan(controls_ua=START_UA, legs=legs, staircase=COARSE)
    events = list(sweep(bench_of(), CONFIG, requested, calibrated()))
    series = only(events)
    assert (len(series.up), len(series.down)) == (up, down)
    rising = [event.rising for event in events if isinstance(event, SweepPoint)]
    assert (rising.count(True) > 0, rising.count(False) > 0) == (up > 0, down > 0)
    assert found_in(events).readings == len(rising) == 2 * 31 * (2 if legs == "loop" else 1)


def test_falling_legs_alone_find_where_junctions_switch_back() -> None:
    requested = SweepPlan(controls_ua=START_UA, legs="down", staircase=SweepSettings(repetitions=5))
    found = estimated(only(list(sweep(bench_of(), CONFIG, requested, calibrated()))).down)
    assert all(truth_ua in one.mean_interval for one, truth_ua in zip(found, DOWN_UA, strict=True))


class TestAJunctionThatNeverSwitches:
    """It is not determined, and the reason names the highest current; all others are measured."""

    def test_because_the_input_range_is_too_small(self) -> None:
        requested = SweepPlan(controls_ua=START_UA, staircase=SweepSettings(input_stop_ua=600.0, repetitions=3))
        self.only_j2_is_determined(requested, 100.0, 100.0)

    def test_because_of_its_control_current(self) -> None:
        """References exist nevertheless: they are measured at currents at which every junction switches."""
        requested = SweepPlan(controls_ua=(-700.0, -500.0, -740.0), staircase=SweepSettings(repetitions=3))
        self.only_j2_is_determined(requested, 200.0, 160.0)

    def only_j2_is_determined(self, requested: SweepPlan, *farthest_ua: float) -> None:
        j1, j2, j3 = only(list(sweep(bench_of(), CONFIG, requested))).up
        assert isinstance(j2, CriticalEstimate)
        assert j2.law.mean_ua == pytest.approx(-66.0, abs=10.0)
        for one, far_ua in zip((j1, j3), farthest_ua, strict=True):
            assert isinstance(one, NotDetermined)
            assert f"did not switch in 3 of 3 legs as far as {far_ua:g} uA" in one.reason
            assert "Sweep farther" in one.reason


def test_a_junction_that_begins_beyond_its_threshold_is_not_determined() -> None:
    requested = SweepPlan(controls_ua=START_UA, legs="up", staircase=SweepSettings(input_start_ua=500.0, repetitions=2))
    up = only(list(sweep(bench_of(), CONFIG, requested, calibrated()))).up
    assert [type(one) for one in up] == [CriticalEstimate, NotDetermined, CriticalEstimate]
    assert isinstance(up[1], NotDetermined)
    assert "Begin the sweep farther off" in up[1].reason


def test_five_junctions_are_swept_as_three() -> None:
    up_ua = (224.0, -66.0, 196.0, 90.0, 20.0)
    down_ua = tuple(up - 281.0 for up in up_ua)
    bench = bench_of(critical_current_ap_to_p_ua=up_ua, critical_current_p_to_ap_ua=down_ua)
    requested = SweepPlan(controls_ua=(-500.0,) * 5, staircase=SweepSettings(repetitions=4))
    series = only(list(sweep(bench, CONFIG, requested)))
    assert [one.law.mean_ua for one in estimated(series.up)] == pytest.approx(up_ua, abs=10.0)
    assert [one.law.mean_ua for one in estimated(series.down)] == pytest.approx(down_ua, abs=10.0)


@pytest.fixture(scope="module")
def shifted() -> SwitchingMeasured:
    """Each control current moved by four amounts, three curves each."""
    staircase = SweepSettings(input_start_ua=300.0, input_stop_ua=840.0, repetitions=3)
    requested = ShiftPlan(controls_ua=START_UA, by_ua=BY_UA, staircase=staircase)
    return found_in(list(shift(bench_of(seed=2), CONFIG, requested, calibrated())))


class TestAShift:
    """Shift of critical inputs by control currents."""

    def inputs_ua(self, shifted: SwitchingMeasured, moved: int) -> list[list[float]]:
        """Critical inputs ``[amount][junction]`` with one control current moved; the first without a move."""
        series = [shifted.series[0], *shifted.series[1 + 4 * moved : 5 + 4 * moved]]
        return [[e.law.mean_ua - c for e, c in zip(estimated(s.up), s.controls_ua, strict=True)] for s in series]

    @pytest.mark.parametrize("moved", range(3))
    def test_its_own_critical_input_goes_down_as_the_control_current_goes_up(
        self, shifted: SwitchingMeasured, moved: int
    ) -> None:
        slopes = np.polyfit([0.0, *BY_UA], self.inputs_ua(shifted, moved), 1)[0]
        assert slopes[moved] == pytest.approx(-1.0, abs=0.1)
        assert np.delete(slopes, moved) == pytest.approx([0.0, 0.0], abs=0.1)

    def test_it_has_a_series_for_each_amount_of_each_junction(self, shifted: SwitchingMeasured) -> None:
        requested = ShiftPlan(controls_ua=START_UA, by_ua=BY_UA)
        assert tuple(series.controls_ua for series in shifted.series) == requested.rows_ua
        assert requested.rows_ua[:2] == (START_UA, (-560.0, -500.0, -500.0))
        assert requested.rows_ua[-1] == (-500.0, -500.0, -440.0)
        assert all(series.down == () for series in shifted.series)


def test_another_chip_has_its_own_references() -> None:
    bench = bench_of(resistance_parallel_ohm=1430.0, tmr_percent=80.0)
    assert references_of(bench).references[0].law.r_p_ohm == pytest.approx(1430.0, rel=0.01)
