"""Probes of an adaptive map: their inputs and readings; a search always ends."""

import pytest

from mtjlab.analysis.estimates import NotDetermined
from mtjlab.analysis.passage import Course
from mtjlab.bench import Bench
from mtjlab.domain import Reading, Verdict
from mtjlab.events import Event, ResetVerified, SwitchingMeasured
from mtjlab.procedures.switching_map.events import Probed, ProbeStep
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.procedures.switching_map.procedure import switching_map
from tests.support.tiny_measurements import CONFIG, START_UA, bench_of, calibrated, estimated, map_asked, references_of

AP, P = Verdict.AP, Verdict.P
STABLE_UA = -281.0
"""Distance from AP -> P down to P -> AP."""


def reading(t_s: float, input_ua: float) -> Reading:
    return Reading(t_s, input_ua, (input_ua - 500.0,), ((1.0,), (1.0,)))


def probed(bench: Bench, requested: MapPlan) -> list[Event]:
    return list(switching_map(bench, CONFIG, requested, references_of(bench)))


def probes_in(events: list[Event]) -> list[Probed]:
    return [event for event in events if isinstance(event, Probed)]


class TestCourseOfAProbe:
    """Inputs between the times of its readings."""

    def test_holds_the_input_before_for_the_rest_of_its_aperture(self) -> None:
        steps = (
            ProbeStep(430.0, 1.0, 1.09, (reading(1.10, 430.0),), (AP,)),
            ProbeStep(700.0, 1.1, 1.19, (reading(1.20, 700.0),), (P,)),
        )
        (passage,) = Probed(1.3, 0, steps, (), ()).passages
        assert passage.survived.currents_ua == (430.0,)
        assert passage.switched_in.currents_ua == (430.0, 700.0)
        assert passage.survived.durations_s == pytest.approx((0.09,))
        assert passage.switched_in.durations_s == pytest.approx((0.01, 0.09))

    def test_holds_the_lower_input_at_which_a_dead_band_was_read(self) -> None:
        steps = (
            ProbeStep(505.0, 1.0, 1.06, (reading(1.11, 490.0),), (AP,)),
            ProbeStep(700.0, 1.11, 1.20, (reading(1.21, 700.0),), (P,)),
        )
        (passage,) = Probed(1.3, 0, steps, (), ()).passages
        assert passage.survived == Course((505.0,), (steps[0].until_s - 1.0,))
        assert passage.switched_in.currents_ua == (490.0, 700.0)
        assert passage.switched_in.durations_s == pytest.approx((0.05, 0.09))


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return list(switching_map(bench_of(), CONFIG, map_asked("adaptive", width_ua=20.0), calibrated()))


def test_inputs_of_a_probe_rise_from_confirmed_reset_junctions(events: list[Event]) -> None:
    for probe in probes_in(events):
        inputs_ua = [step.input_ua for step in probe.steps]
        assert inputs_ua == sorted(inputs_ua)
        assert len(inputs_ua) <= 3
        assert probe.reset
    began = [n for n, event in enumerate(events) if isinstance(event, ResetVerified)]
    assert [type(events[n + 1]) for n in began] == [Probed, Probed]


def test_no_reading_is_lost_and_each_is_counted(events: list[Event]) -> None:
    last = events[-1]
    assert isinstance(last, SwitchingMeasured)
    taken = [r for p in probes_in(events) for r in (*[r for s in p.steps for r in s.readings], *p.reset_readings)]
    assert last.readings == len(taken)
    assert [reading.t_s for reading in taken] == sorted({reading.t_s for reading in taken})


def test_it_ends_as_soon_as_every_critical_input_is_known_well_enough(events: list[Event]) -> None:
    last = events[-1]
    assert isinstance(last, SwitchingMeasured)
    for series in last.series:
        for one in estimated(series.up):
            assert one.mean_interval.high_ua - one.mean_interval.low_ua <= 20.0


class TestAJunctionThatSwitchesNearZeroCurrent:
    """Its control current is minus its critical input: there is no voltage to read where it switches."""

    def test_is_read_at_a_lower_input_and_found(self) -> None:
        up_ua = (224.0, 2.0, 196.0)
        bench = bench_of(
            critical_current_ap_to_p_ua=up_ua, critical_current_p_to_ap_ua=tuple(up + STABLE_UA for up in up_ua)
        )
        events = probed(bench, map_asked("adaptive", controls_ua=(START_UA, START_UA), width_ua=8.0))
        last = events[-1]
        assert isinstance(last, SwitchingMeasured)
        steps = [step for probe in probes_in(events) for step in probe.steps]
        assert any(step.readings[-1].input_ua < step.input_ua for step in steps)
        for series in last.series:
            j2 = estimated(series.up)[1]
            assert j2.law.mean_ua == pytest.approx(2.0, abs=3 * j2.mean_error_ua)

    def test_ends_the_search_where_it_cannot_be_read_at_all(self) -> None:
        """It switches back to AP at -22 uA, so no lower input shows whether it had switched."""
        chip = {
            "critical_current_ap_to_p_ua": (224.0, 2.0, 196.0),
            "critical_current_p_to_ap_ua": (-57.0, -22.0, -85.0),
            "critical_spread_ua": 1.0,
        }
        events = probed(bench_of(**chip), map_asked("adaptive", width_ua=10.0, most_probes=40))
        last = events[-1]
        assert isinstance(last, SwitchingMeasured)
        for series in last.series:
            assert isinstance(series.up[1], NotDetermined)
            assert "after 40 probes" in series.up[1].reason
            assert "near zero junction current" in series.up[1].reason
            assert len(estimated([series.up[0], series.up[2]])) == 2
        assert [sum(probe.series == j for probe in probes_in(events)) for j in (0, 1)] == [40, 40]


def test_five_junctions_are_probed_as_three() -> None:
    up_ua = (224.0, -66.0, 196.0, 90.0, 20.0)
    bench = bench_of(
        critical_current_ap_to_p_ua=up_ua, critical_current_p_to_ap_ua=tuple(up + STABLE_UA for up in up_ua)
    )
    row_ua = (-500.0,) * 5
    last = probed(bench, map_asked("adaptive", controls_ua=(row_ua, row_ua), width_ua=25.0))[-1]
    assert isinstance(last, SwitchingMeasured)
    for series in last.series:
        assert [one.law.mean_ua for one in estimated(series.up)] == pytest.approx(up_ua, abs=25.0)
