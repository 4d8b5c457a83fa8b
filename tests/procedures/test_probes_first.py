"""Probes first: control currents from a few inputs, which follow a drift; and the paired rule."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab import experiment
from mtjlab.analysis.thresholds import Thresholds, near_law
from mtjlab.bench import Bench
from mtjlab.config import PlanConfig, SimulatedBenchConfig, TrainingSettings, read_bench
from mtjlab.domain import ControlCurrents, Interval, Verdict
from mtjlab.errors import BenchFaultError
from mtjlab.events import Event, JunctionsMeasured, Presented, SweepPoint
from mtjlab.learning import FOLLOWS_AFTER_STEPS, averaged
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.training.events import (
    ControlsAveraged,
    RecognitionMeasured,
    Refreshed,
    StepTrained,
    ThresholdsProbed,
    WarmStarted,
)
from mtjlab.procedures.training.expected import ExpectedRates, are_joined
from mtjlab.procedures.training.probing import demand_found, probe_currents, within
from mtjlab.procedures.training.procedure import resume_training, train
from mtjlab.procedures.training.state import TrainingState
from mtjlab.procedures.training.steps import TrainingPlan
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split
from tests.support.asking import TrainingRequest, prepare_training
from tests.support.tiny_measurements import UP_UA, bench_of
from tests.support.trainings import bench_and_rack, plan_of_few, write_plan

CONFIGS = Path(__file__).parents[2] / "configs"
PROBES = 16
DRIFT_UA_PER_H = 1000.0


def planned(plan: TrainingPlan, **training: object) -> TrainingPlan:
    """The plan with other settings of the training."""
    settings = plan.config.training.model_copy(update=training)
    return replace(plan, config=plan.config.model_copy(update={"training": settings}))


def of(events: list[Event], kind: type) -> list:
    return [event for event in events if isinstance(event, kind)]


def drifting(seed: int = 1) -> Bench:
    return bench_of(seed, critical_drift_ua_per_h=DRIFT_UA_PER_H)


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """Seven surrogate vowels, from a cold chip."""
    config = PlanConfig(seed=1, training=TrainingSettings(steps=0, probe_first=PROBES)).with_references_for_probes()
    return list(train(bench_of(seed=1), TrainingPlan(config, surrogate(), split(surrogate(), 1))))


def test_a_cold_chip_recognises_vowels_after_seconds_and_sixteen_inputs(events: list[Event]) -> None:
    (warm,), (measured,) = of(events, WarmStarted), of(events, RecognitionMeasured)
    assert len(of(events, ThresholdsProbed)) == PROBES
    assert warm.t_s < 8.0
    assert measured.step == 0
    assert measured.train > 0.97


def test_one_coarse_loop_comes_first(events: list[Event]) -> None:
    points = of(events, SweepPoint)
    assert {point.repetition for point in points} == {0}
    assert len(points) == 62


def test_every_junction_is_probed_near_its_own_threshold_and_reset_afterwards(events: list[Event]) -> None:
    for probe in of(events, ThresholdsProbed):
        assert probe.outcome.reset
        assert all(abs(current - up) < 60 for current, up in zip(probe.currents_ua, UP_UA, strict=True))


def test_a_resumed_run_repeats_no_probe(events: list[Event]) -> None:
    config = PlanConfig(seed=1, training=TrainingSettings(steps=0, probe_first=PROBES, recognition_every_steps=0))
    taken = of(events, ThresholdsProbed)[:7]
    plan = TrainingPlan(config, surrogate(), split(surrogate(), 1))
    resumed = list(resume_training(bench_of(seed=1), plan, taken))
    assert len(of(resumed, ThresholdsProbed)) == PROBES - 7
    assert len(of(resumed, WarmStarted)) == 1


def test_control_currents_follow_a_drift() -> None:
    """Without learning, for 40 steps of three presentations: thresholds move by some 13 uA, control currents as far."""
    plan = planned(plan_of_few(40), rule="none", probe_first=PROBES, refresh_every_steps=5, recognition_every_steps=0)
    events = list(train(drifting(), plan))
    (warm,), refreshed = of(events, WarmStarted), of(events, Refreshed)
    last = refreshed[-1]
    drift_ua = DRIFT_UA_PER_H * (last.t_s - warm.t_s) / 3600.0
    assert drift_ua > 10.0
    assert sum(one.common_ua for one in refreshed) == pytest.approx(drift_ua, abs=6.0)
    moved_ua = [
        after - before
        for old, new in zip(warm.controls.by_input_ua, last.controls.by_input_ua, strict=True)
        for before, after in zip(old, new, strict=True)
    ]
    assert moved_ua == pytest.approx([drift_ua] * len(moved_ua), abs=8.0)


def test_without_a_rule_only_a_refresh_moves_control_currents() -> None:
    plan = planned(plan_of_few(4), rule="none", probe_first=PROBES)
    events = list(train(bench_of(), plan))
    (warm,) = of(events, WarmStarted)
    assert [one.controls for one in of(events, StepTrained)] == [warm.controls] * 4
    assert all(not any(map(any, one.learning.moves_ua)) for one in of(events, StepTrained))


def test_recognition_is_refreshed_too() -> None:
    """It takes as long as many steps."""
    plan = planned(plan_of_few(0), probe_first=PROBES, refresh_every_steps=1)
    events = list(train(bench_of(), plan))
    presented = len(of(events, Presented))
    assert len(of(events, Refreshed)) == (presented - 1) // 3


def test_a_run_that_is_resumed_after_its_start_probes_again_before_it_goes_on() -> None:
    plan = planned(plan_of_few(2), probe_first=PROBES, refresh_every_steps=5, recognition_every_steps=0)
    events = list(train(bench_of(), plan))
    handed = [one for one in events if isinstance(one, KINDS["train"].hands_over)]
    state = TrainingState.of(handed)
    before = handed[: handed.index(of(events, StepTrained)[0]) + 1]
    resumed = list(resume_training(bench_of(), plan, before))
    assert list(ExpectedRates().between(TrainingState.of([*handed, *of(resumed, JunctionsMeasured)]))) == [0, 1, 2]
    assert len(of(resumed, Refreshed)) == 1
    assert len(of(resumed, StepTrained)) == state.step - 1


def test_the_paired_rule_presents_every_token_lowered_and_raised() -> None:
    plan = planned(plan_of_few(2), rule="paired", pair_offset_ua=25.0, recognition_every_steps=0)
    events = list(train(bench_of(), plan))
    training = [one for one in of(events, Presented) if one.purpose == "training"]
    assert len(training) == 2 * 2 * 3
    for low, high in zip(training[::2], training[1::2], strict=True):
        assert low.token.name == high.token.name
        assert [b - a for a, b in zip(low.token.inputs_ua, high.token.inputs_ua, strict=True)] == pytest.approx(
            [50.0, 50.0]
        )


def test_the_paired_rule_ends_with_the_mean_of_its_last_control_currents() -> None:
    plan = planned(plan_of_few(25), rule="paired", recognition_every_steps=25)
    events = list(train(bench_of(), plan))
    (mean,) = of(events, ControlsAveraged)
    courses = [one.controls for one in of(events, StepTrained)][-20:]
    assert mean.steps == 20
    assert mean.controls == averaged(courses)[0]
    state = TrainingState.of(events)
    assert state.controls == mean.controls
    assert events.index(of(events, RecognitionMeasured)[-1]) > events.index(mean)


@given(
    st.lists(st.floats(-600, -300), min_size=4, max_size=4),
    st.floats(-3, 3),
    st.integers(2, 20),
)
def test_the_mean_of_control_currents_that_drift_is_where_a_rule_without_delay_would_be(
    start_ua: list[float], slope_ua: float, steps: int
) -> None:
    a, b, c, d = start_ua
    courses = [
        ControlCurrents(((a + slope_ua * n, b + slope_ua * n), (c + slope_ua * n, d + slope_ua * n)))
        for n in range(steps)
    ]
    mean, slope = averaged(courses)
    assert slope == pytest.approx(slope_ua, abs=1e-5)
    for found, last in zip(mean.by_input_ua, courses[-1].by_input_ua, strict=True):
        ahead = [one + slope_ua * FOLLOWS_AFTER_STEPS for one in last]
        assert found == pytest.approx(ahead, abs=2e-3)


@given(st.lists(st.floats(-200, 250), min_size=3, max_size=3))
def test_a_probe_puts_every_junction_at_its_target_and_resets_it_without_input(targets_ua: list[float]) -> None:
    allowed = [Interval(-900.0, -97.0), Interval(-900.0, -387.0), Interval(-900.0, -125.0)]
    input_ua, controls_ua = probe_currents(targets_ua, allowed)
    assert input_ua >= 0
    for target, control, one in zip(targets_ua, controls_ua, allowed, strict=True):
        assert control in one
        assert control + input_ua == pytest.approx(target, abs=2e-3)


def test_junctions_too_different_for_one_input_are_named() -> None:
    allowed = [Interval(-400.0, -97.0), Interval(-400.0, -387.0)]
    with pytest.raises(BenchFaultError, match=r"J1 would need a control current of .* --warm-start"):
        probe_currents((-300.0, 300.0), allowed)


def test_a_threshold_that_has_not_been_found_is_named() -> None:
    known = Thresholds.near([near_law(200.0, 100.0)] * 2, 18.0)
    for _ in range(4):
        known = known.after(known.targets_ua(0.09), 0.09, [Verdict.AP, Verdict.P])
    with pytest.raises(BenchFaultError, match=r"J1 switched in 0 of them.*training\.probe_first"):
        demand_found(known)


def test_control_currents_outside_their_range_stay_where_they_were() -> None:
    before = ControlCurrents(((-500.0, -400.0),))
    wanted = ControlCurrents(((-510.0, -90.0),))
    controls, held = within(wanted, before, [Interval(-600.0, -100.0)] * 2)
    assert controls == ControlCurrents(((-510.0, -400.0),))
    assert held == ((0, 1),)


@pytest.mark.parametrize(("bench", "every"), [("simulated.toml", 1), ("keithley-6221-2182a.toml", 80)])
def test_with_instruments_recognition_is_measured_first_and_last(bench: str, every: int) -> None:
    kind = KINDS["train"]
    config = kind.config_with(kind.options(), PlanConfig(), read_bench(CONFIGS / bench))
    assert config.training.recognition_every_steps == every


def test_the_paired_rule_takes_forty_steps_unless_it_is_told() -> None:
    kind = KINDS["train"]
    assert kind.config_with(kind.options(rule="paired"), PlanConfig(), SimulatedBenchConfig()).training.steps == 40
    assert (
        kind.config_with(kind.options(rule="paired", steps=7), PlanConfig(), SimulatedBenchConfig()).training.steps == 7
    )


def test_steps_follow_each_other(events: list[Event]) -> None:
    times = [one.t_s for one in of(events, ThresholdsProbed)]
    assert all(later > earlier for earlier, later in pairwise(times))


def test_expected_rates_are_told_where_none_were_measured_and_agree_with_those_that_were(events: list[Event]) -> None:
    (measured,) = of(events, RecognitionMeasured)
    unmeasured = TrainingState.of(one for one in events if one is not measured)
    assert ExpectedRates().between(TrainingState.of(events)) == {}
    expected = ExpectedRates().between(unmeasured)
    assert list(expected) == [0]
    assert expected[0].train == pytest.approx(measured.train, abs=0.02)
    assert expected[0].test == pytest.approx(measured.test, abs=0.04)


def test_time_to_measure_recognition_is_no_time_of_learning() -> None:
    plan = planned(plan_of_few(3), recognition_every_steps=1)
    often, never = (
        TrainingState.of(train(bench_of(), planned(plan, recognition_every_steps=every))) for every in (1, 0)
    )
    assert often.learning_s == pytest.approx(never.learning_s, rel=0.05)


def test_no_line_joins_rates_that_are_many_steps_apart() -> None:
    assert are_joined([0, 1, 2, 3])
    assert not are_joined([0, 10])


def test_probes_and_drift_are_exported(tmp_path: Path) -> None:
    plan = write_plan(
        tmp_path, training={"steps": 2, "probe_first": 9, "refresh_every_steps": 1, "recognition_every_steps": 0}
    )
    folder = experiment.execute(prepare_training(TrainingRequest(plan=plan)), tmp_path).folder
    experiment.export(folder, "csv", tmp_path / "out")
    probes, drift, steps = (
        pd.read_csv(tmp_path / "out" / f"{name}.csv") for name in ("threshold-probes", "drift", "steps")
    )
    assert list(probes["First"])[:9] == [True] * 9
    assert probes["J1 error (uA)"].iloc[8] < probes["J1 error (uA)"].iloc[0]
    assert len(drift) == 1
    assert list(steps["Step"]) == [0, 1, 2]


@pytest.mark.parametrize("source", [0, 1, 2])
def test_a_source_that_delivers_nothing_is_named_before_an_input_is_applied(source: int) -> None:
    """References need source 1 alone; the first probe is the first to need the others."""
    plan = planned(plan_of_few(0), probe_first=PROBES)
    bench, rack = bench_and_rack()
    seen: list[Event] = []

    def go_on() -> None:
        for event in train(bench, plan):
            seen.append(event)
            if isinstance(event, JunctionsMeasured):
                rack.deliver(source, 0.0)

    with pytest.raises(BenchFaultError, match=f"Source J{source + 1} delivers nothing"):
        go_on()
    assert of(seen, ThresholdsProbed) == []


def test_a_drift_that_a_refresh_cannot_follow_ends_the_run() -> None:
    plan = planned(plan_of_few(60), rule="none", probe_first=PROBES, refresh_every_steps=8, recognition_every_steps=0)
    with pytest.raises(BenchFaultError, match=r"drifted farther than a refresh can follow.*refresh_every_steps"):
        list(train(bench_of(1, critical_drift_ua_per_h=15_000.0), plan))
