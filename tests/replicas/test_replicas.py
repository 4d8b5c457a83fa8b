"""Replicas against the event engine: the same trainings, token by token; and against the law of held inputs."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.stats

from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.benches import open_bench
from mtjlab.config import DetectorSettings, PlanConfig, SimulatedBenchConfig, Simulation, TrainingSettings
from mtjlab.domain import ControlCurrents
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.procedures.training.state import TrainingState
from mtjlab.replicas.course import Course, Left, course_of
from mtjlab.replicas.training import measured_replicas, train_replicas
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split
from tests.procedures.test_warm import critical
from tests.support.tiny_measurements import calibrated

SEEDS = range(3)


def plan_of(seed: int, detector: DetectorSettings | None = None, **training: object) -> TrainingPlan:
    settings = TrainingSettings.model_validate(training)
    config = PlanConfig(seed=seed, training=settings, detector=detector or DetectorSettings())
    return TrainingPlan(config.with_references_for_probes(), surrogate(), split(surrogate(), seed))


def chip(**simulation: object) -> SimulatedBenchConfig:
    return SimulatedBenchConfig(simulation=Simulation.model_validate(simulation))


def of_events(bench: SimulatedBenchConfig, plan: TrainingPlan) -> Course:
    return course_of(TrainingState.of(train(open_bench(bench, plan.config.seed), plan)))


RULES = {
    "paper": {"steps": 3, "recognition_every_steps": 3},
    "paired": {"rule": "paired", "steps": 3, "recognition_every_steps": 3},
    "probes": {"rule": "none", "steps": 1, "probe_first": 16, "recognition_every_steps": 0},
    "no recognition": {"steps": 12, "recognition_every_steps": 0, "control_step_ua": 25},
}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_gives_the_very_course_of_the_event_engine(rule: str) -> None:
    plans = [plan_of(seed, **RULES[rule]) for seed in SEEDS]
    assert train_replicas([chip()] * len(plans), plans) == [of_events(chip(), plan) for plan in plans]


def test_a_warm_start_gives_the_very_course_of_the_event_engine() -> None:
    warm = [replace(plan_of(seed, steps=1), calibrated=calibrated(), warm=critical()) for seed in SEEDS]
    assert train_replicas([chip()] * len(warm), warm) == [of_events(chip(), plan) for plan in warm]


@pytest.mark.parametrize(
    "simulation",
    [
        {"critical_drift_ua_per_h": 600.0, "critical_spread_ua": (8.0, 3.0, 5.0)},
        {"hum_mv": 0.05, "hum_hz": 55.0, "meter_noise_mv": 0.02, "meter_noise_aperture_s": 0.01, "field_mt": 7.0},
    ],
)
def test_chips_that_drift_or_hum_do_it_in_replicas_too(simulation: dict[str, object]) -> None:
    bench, plans = chip(**simulation), [plan_of(seed, steps=4, recognition_every_steps=4) for seed in SEEDS]
    assert train_replicas([bench] * len(plans), plans) == [of_events(bench, plan) for plan in plans]


def test_readings_that_are_repeated_or_silent_take_their_time_in_replicas_too() -> None:
    """With so wide a dead band inputs are lowered, and many tokens have no configuration."""
    detector = DetectorSettings(dead_band_ua=60.0, samples=3, rereads=1)
    plans = [plan_of(seed, detector, steps=4, recognition_every_steps=0) for seed in SEEDS]
    found = train_replicas([chip()] * len(plans), plans)
    for course, plan in zip(found, plans, strict=True):
        assert isinstance(course, Left) or course == of_events(chip(), plan)
    assert any(isinstance(course, Course) for course in found)


def test_chips_of_one_batch_may_differ() -> None:
    up_ua, down_ua = (196.0, 224.0, -66.0), (-85.0, -57.0, -347.0)
    benches = [chip(), chip(critical_current_ap_to_p_ua=up_ua, critical_current_p_to_ap_ua=down_ua)]
    plans = [plan_of(0, steps=2, recognition_every_steps=0)] * 2
    assert train_replicas(benches, plans) == [of_events(bench, plans[0]) for bench in benches]


def test_what_noise_may_hide_is_left_to_the_event_engine() -> None:
    (left,) = train_replicas([chip(meter_noise_mv=1.0)], [plan_of(0, steps=1)])
    assert left == Left("noise may hide a state, or a junction deviates from its reference")


def test_pulses_and_refreshes_are_refused() -> None:
    plan = plan_of(0, steps=1, refresh_every_steps=2)
    with pytest.raises(RefusedError, match="events"):
        train_replicas([chip()], [plan])


def test_chips_that_cannot_be_measured_are_a_fault() -> None:
    with pytest.raises(BenchFaultError, match="No replica could be measured"):
        train_replicas([chip(critical_current_ap_to_p_ua=(900.0, -66.0, 196.0))], [plan_of(0, steps=1)])


REPLICAS, INPUT_UA, DWELL_S = 1500, 719.5, 0.09


def switched_at(up_ua: float) -> int:
    """Of so many replicas, how many have the first junction switched by an input near its threshold."""
    bench = chip(critical_current_ap_to_p_ua=(up_ua, -66.0, 196.0))
    plan = replace(plan_of(0), calibrated=calibrated())
    plans = [replace(plan, config=plan.config.model_copy(update={"seed": seed})) for seed in range(REPLICAS)]
    replicas = measured_replicas([bench] * REPLICAS, plans)
    replicas.held.arrive([ControlCurrents.uniform(-500.0, 3, 1)] * REPLICAS)
    counts = replicas.held.present(np.full((REPLICAS, 1), INPUT_UA), replicas.going.now)
    assert set(counts[:, 0].tolist()) <= {2, 3}, "the others switch surely"
    return int((counts == 3).sum())


def test_at_fixed_controls_as_many_switch_as_expected_and_5_ua_show() -> None:
    expected = float(SwitchingLaw(224.0, 4.3).probability(INPUT_UA - 500.0, DWELL_S))
    assert 0.2 < expected < 0.8
    assert scipy.stats.binomtest(switched_at(224.0), REPLICAS, expected).pvalue > 1e-3
    assert scipy.stats.binomtest(switched_at(229.0), REPLICAS, expected).pvalue < 1e-6
