"""Pulses start from rest, are journalled first, stay within the limits, and determine I50."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig, SweepSettings
from mtjlab.errors import LimitExceededError, RefusedError
from mtjlab.events import ControlsPlanned, Event, Pulsed, PulsePlanned, RestPlanned, to_json
from mtjlab.events.codec import decoded
from mtjlab.experiment import OnBench, prepare
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.look import NotResetError
from mtjlab.procedures.pulse.events import PulsesMeasured
from mtjlab.procedures.pulse.plan import PulseOptions, PulsePlan
from mtjlab.procedures.pulse.procedure import pulse
from mtjlab.transitions import junction_currents_on_the_way_ua
from tests.support.trainings import bench_and_chain
from tests.support.wired import wired_bench, wired_config

UP_UA, DOWN_UA = (224.0, -66.0, 196.0), (-57.0, -347.0, -85.0)
REST_UA = (83.5, -206.5, 55.5)
"""Centres of the loops of the paper's chip."""
CONFIG = PlanConfig(sweep=SweepSettings(input_step_ua=10.0, repetitions=3))
WIDTHS_S = (1e-5, 1e-2)


def pulsing(bench: Bench, taken: Sequence[Event] = (), **asked: Any) -> list[Event]:
    plan = PulsePlan.model_validate({"widths_s": WIDTHS_S, "probes": 40, **asked})
    return list(pulse(bench, CONFIG, plan, taken_over=taken))


def pulses_in(events: Sequence[Event], purpose: str = "probe") -> list[Pulsed]:
    return [event for event in events if isinstance(event, Pulsed) and event.purpose == purpose]


def found_in(events: Sequence[Event]) -> PulsesMeasured:
    last = events[-1]
    assert isinstance(last, PulsesMeasured)
    return last


@pytest.fixture(scope="module")
def events() -> list[Event]:
    bench, _ = bench_and_chain()
    return pulsing(bench)


def test_rest_is_in_the_middle_of_each_loop_where_both_states_last_for_years(events: list[Event]) -> None:
    (rest,) = [event for event in events if isinstance(event, RestPlanned)]
    assert rest.currents_ua == pytest.approx(REST_UA, abs=5.0)
    assert min(rest.lifetimes_s) > 1e8
    assert rest.reset_ua < 0


def test_every_pulse_is_journalled_before_it_is_given(events: list[Event]) -> None:
    given = [(before, event) for before, event in pairwise(events) if isinstance(event, Pulsed)]
    assert given
    for before, event in given:
        assert isinstance(before, PulsePlanned)
        assert (before.purpose, before.pulse_ua, before.width_s) == (event.purpose, event.pulse_ua, event.width_s)
        assert before.t_s <= event.t_s


def test_no_pulse_meets_a_junction_that_is_not_antiparallel(events: list[Event]) -> None:
    pulsed = [event for event in events if isinstance(event, Pulsed)]
    assert pulsed[0].purpose == "reset"
    for before, event in pairwise(pulsed):
        assert event.purpose == ("probe" if before.is_reset else "reset")


def test_each_width_is_probed_as_often_as_asked_where_outcomes_differ(events: list[Event]) -> None:
    assert Counter(event.width_s for event in pulses_in(events)) == dict.fromkeys(WIDTHS_S, 40)
    later = [event for event in pulses_in(events) if event.series == 0][20:]
    for k in range(3):
        switched = [event.verdicts[k] for event in later]
        assert len(set(switched)) == 2


def test_junctions_switch_where_the_law_of_the_chip_says(events: list[Event]) -> None:
    _, chain = bench_and_chain()
    thresholds = found_in(events).thresholds
    assert [(one.junction, one.width_s) for one in thresholds] == [(k, w) for w in WIDTHS_S for k in range(3)]
    for one in thresholds:
        law = chain.models[one.junction].switching_law()
        assert one.low_ua is not None
        assert one.high_ua is not None
        expected = law.rate_per_s
        assert expected("AP", (one.low_ua - 3) * 1e-6) * one.width_s < 0.6931
        assert expected("AP", (one.high_ua + 3) * 1e-6) * one.width_s > 0.6931


def test_i50_rises_by_the_slope_of_the_law_for_shorter_pulses(events: list[Event]) -> None:
    assert [slope.junction for slope in found_in(events).slopes] == [0, 1, 2]
    for slope in found_in(events).slopes:
        assert slope.low_ua - 0.5 < -3.35 < slope.high_ua + 0.5


def test_while_controls_move_no_junction_leaves_its_loop(events: list[Event]) -> None:
    ways = [way for event in events if isinstance(event, PulsePlanned) for way in event.transitions]
    assert ways
    for way in ways:
        for currents_ua in junction_currents_on_the_way_ua(way):
            for current_ua, up_ua, down_ua in zip(currents_ua, UP_UA, DOWN_UA, strict=True):
                assert down_ua + 20.0 < current_ua < up_ua - 20.0


def test_events_are_read_back_as_they_were(events: list[Event]) -> None:
    for event in events:
        assert decoded(type(event), to_json(event)) == event


def test_a_resumed_run_gives_only_the_pulses_that_are_missing(events: list[Event]) -> None:
    taken = [event for event in events if isinstance(event, Pulsed)][:90]
    bench, _ = bench_and_chain(seed=2)
    again = pulsing(bench, taken)
    assert len(pulses_in(taken)) + len(pulses_in(again)) == 80
    assert found_in(again).pulses == 80


def test_shorter_than_the_model_holds_is_refused_before_a_pulse() -> None:
    bench, _ = bench_and_chain()
    with pytest.raises(RefusedError, match=r"too short for this bench, minimum 5e-07 s \(set by model\)"):
        pulsing(bench, widths_s=(1e-7,))


def test_the_bench_itself_gives_no_pulse_that_is_too_short() -> None:
    bench, chain = bench_and_chain()
    bench.connect()
    bench.switch_on()
    before_s = chain.time_s
    with pytest.raises(RefusedError, match="too short for this bench"):
        bench.pulse(50.0, 1e-7)
    assert chain.time_s == before_s


def test_a_request_for_pulses_that_are_too_short_is_refused_before_the_bench_is_connected(tmp_path: Path) -> None:
    request = OnBench(runs=tmp_path)
    for key, asked in (("widths_s", {"widths_s": (1e-7,)}), ("reset_s", {"widths_s": (1e-3,), "reset_s": 1e-7})):
        with pytest.raises(RefusedError, match="too short for this bench, minimum 5e-07 s") as refused:
            prepare(KINDS["pulse"], PulseOptions.model_validate(asked), request)
        assert refused.value.keys == (key,)
    assert not list(tmp_path.iterdir())


def pulses_on_a_chip_that_changed(down_ua: float) -> Iterator[Event]:
    """After the references are known, the P state of J2 is stable down to another current."""
    bench, chain = bench_and_chain()
    for event in pulse(bench, CONFIG, PulsePlan(widths_s=(1e-3,), probes=5)):
        if isinstance(event, RestPlanned):
            chain.replace_junction(1, replace(chain.models[1], critical_current_down_a=down_ua * 1e-6))
        yield event


def test_a_reset_pulse_that_fails_is_counted_and_the_next_is_stronger() -> None:
    resets = pulses_in(list(pulses_on_a_chip_that_changed(-420.0)), "reset")
    failed = [(before, event) for before, event in pairwise(resets) if not before.is_reset]
    assert failed
    assert all(event.pulse_ua == before.pulse_ua - 20.0 for before, event in failed)


def test_junctions_that_no_pulse_resets_end_the_run_with_their_names() -> None:
    with pytest.raises(NotResetError, match=r"J2 \(P\)"):
        list(pulses_on_a_chip_that_changed(-600.0))


def test_rest_is_held_at_the_end() -> None:
    bench, _ = bench_and_chain()
    pulsing(bench, widths_s=(1e-3,), probes=3)
    assert bench.input_ua == 0.0
    assert bench.controls_ua == pytest.approx(REST_UA, abs=5.0)


def test_over_the_drivers_a_pulse_is_as_long_as_it_was_measured_to_be() -> None:
    bench = wired_bench(wired_config("keithley-6221-2182a.toml"))
    events = pulsing(bench, widths_s=(0.5,), probes=4)
    assert [event for event in events if isinstance(event, ControlsPlanned)]
    for event in pulses_in(events):
        assert event.given.width_s == pytest.approx(0.5, abs=0.05)
        assert 0.0 < event.given.uncertainty_s < 0.05


def test_a_pulse_beyond_the_limits_is_refused_and_nothing_moves() -> None:
    bench, chain = bench_and_chain()
    with pytest.raises(LimitExceededError, match=r"a pulse of 900 uA: J1 would carry 900 uA"):
        bench.pulse(900.0, 1e-3)
    assert chain.junction_currents_a == (0.0, 0.0, 0.0)
