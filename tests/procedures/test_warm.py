"""Warm starts of a training: thresholds on the boundaries from the start, rates as predicted, within all limits."""

from dataclasses import replace
from functools import cache
from itertools import chain, pairwise
from typing import Literal

import pytest

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.bench import Bench
from mtjlab.config import EncodingSettings, PlanConfig, SweepSettings, TrainingSettings
from mtjlab.encoding.fitted import Encoding
from mtjlab.errors import BenchFaultError
from mtjlab.events import (
    ControlsPlanned,
    Event,
    JunctionsMeasured,
    LookedAgain,
    Presented,
    Suspended,
    SweepPoint,
    SwitchingMeasured,
    TokensEncoded,
)
from mtjlab.procedures.inputs import HeldInputs
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.sweep.procedure import sweep
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained, WarmStarted
from mtjlab.procedures.training.procedure import resume_training, train
from mtjlab.procedures.training.steps import TrainingPlan
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split
from tests.support.journals import folded
from tests.support.tiny_measurements import START_UA, bench_of, calibrated, estimated
from tests.support.trainings import DATA, Field, plan_of_few, tokens_of


def critical_of(bench: Bench) -> tuple[CriticalEstimate, ...]:
    """Critical currents of the junctions of a bench, from a sweep."""
    row_ua = (-500.0,) * bench.description.junctions
    requested = SweepPlan(controls_ua=row_ua, staircase=SweepSettings(repetitions=10))
    *_, last = sweep(bench, PlanConfig(sweep=SweepSettings(repetitions=1)), requested)
    assert isinstance(last, SwitchingMeasured)
    return tuple(estimated(last.series[0].up))


@cache
def critical() -> tuple[CriticalEstimate, ...]:
    """Critical currents of the default chip."""
    return critical_of(bench_of(seed=7))


def warm_plan(steps: int = 0) -> TrainingPlan:
    """Seven surrogate vowels."""
    config = PlanConfig(seed=1, training=TrainingSettings(steps=steps))
    return TrainingPlan(config, surrogate(), split(surrogate(), 1), calibrated(), critical())


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return list(train(bench_of(seed=1), warm_plan()))


def warm_in(events: list[Event]) -> WarmStarted:
    (warm,) = [event for event in events if isinstance(event, WarmStarted)]
    return warm


def rates_in(events: list[Event]) -> RecognitionMeasured:
    return next(event for event in events if isinstance(event, RecognitionMeasured))


def test_vowels_are_recognised_before_any_training(events: list[Event]) -> None:
    measured = rates_in(events)
    assert measured.step == 0
    assert measured.train > 0.98
    assert measured.test > 0.96


def test_by_pulses_of_the_width_of_the_option_too() -> None:
    """A junction that no boundary is left for has less room than with held inputs: 90 uA from rest."""
    plan = warm_plan()
    events = list(train(bench_of(seed=1), replace(plan, config=plan.config.with_pulses(1e-3))))
    assert rates_in(events).train > 0.95
    assert rates_in(events).train == pytest.approx(warm_in(events).warm.train, abs=0.03)


def test_the_rates_are_as_predicted(events: list[Event]) -> None:
    warm, measured = warm_in(events), rates_in(events)
    assert measured.train == pytest.approx(warm.warm.train, abs=0.01)
    assert measured.test == pytest.approx(warm.warm.test, abs=0.03)


def test_the_rates_of_the_cold_start_are_predicted_too(events: list[Event]) -> None:
    """Of the same encoding."""
    plan = warm_plan()
    joint = plan.config.model_copy(update={"encoding": EncodingSettings(table="joint")})
    cold = rates_in(list(train(bench_of(seed=1), replace(plan, config=joint, warm=None))))
    assert warm_in(events).cold.train == pytest.approx(cold.train, abs=0.05)
    assert cold.train < 0.6


def test_the_prediction_is_journalled_before_the_controls_move(events: list[Event]) -> None:
    place = events.index(warm_in(events))
    before = [event for event in events[:place] if isinstance(event, ControlsPlanned)]
    after = [event for event in events[place:] if isinstance(event, ControlsPlanned)]
    assert [plan.controls.by_input_ua[0] for plan in before] == [START_UA]
    assert after[0].controls == warm_in(events).controls
    assert list(folded(events).controls_by_step) == [warm_in(events).controls]


def test_it_needs_no_readings(events: list[Event]) -> None:
    assert not [event for event in events if isinstance(event, SweepPoint)]


def test_every_control_current_is_inside_the_limits_and_leaves_room_to_reset(events: list[Event]) -> None:
    bench, plan = bench_of(), warm_plan()
    bench.predict_voltages_with([reference.law for reference in calibrated().references])
    allowed = HeldInputs(bench, plan.config, calibrated()).allowed_controls()
    for row_ua in warm_in(events).controls.by_input_ua:
        assert all(control in interval for control, interval in zip(row_ua, allowed, strict=True))
    assert folded(events).reset_failures == 0


def test_a_junction_without_a_boundary_switches_at_no_token(events: list[Event]) -> None:
    encoded = next(event for event in events if isinstance(event, TokensEncoded))
    warm = warm_in(events)
    for j, row_ua in enumerate(warm.controls.by_input_ua):
        thresholds_ua = sorted(one.law.held_ua(warm.dwell_s) - c for one, c in zip(critical(), row_ua, strict=True))
        boundaries_ua = encoded.encoding.boundaries_ua[j]
        highest_ua = max(token.inputs_ua[j] for token in encoded.tokens)
        assert thresholds_ua[: len(boundaries_ua)] == pytest.approx(boundaries_ua, abs=0.01)
        assert all(threshold > highest_ua + 30.0 for threshold in thresholds_ua[len(boundaries_ua) :])


def test_it_is_the_start_of_a_training() -> None:
    plan = replace(plan_of_few(steps=2), calibrated=calibrated(), warm=critical())
    events = list(train(bench_of(), plan))
    state = folded(events)
    assert state.step == 2
    assert state.controls_by_step[0] == warm_in(events).controls
    for before, now in pairwise(state.controls_by_step):
        pairs = zip(chain(*before.by_input_ua), chain(*now.by_input_ua), strict=True)
        assert {round(later - earlier, 6) for earlier, later in pairs} <= {-10.0, 0.0, 10.0}


@pytest.mark.parametrize("last", [TokensEncoded, WarmStarted, RecognitionMeasured, StepTrained])
def test_a_resumed_training_does_not_start_warm_again(last: type[Event]) -> None:
    plan = replace(plan_of_few(steps=1), calibrated=calibrated(), warm=critical())
    whole = list(train(bench_of(), plan))
    known = whole[: 1 + next(n for n, event in enumerate(whole) if isinstance(event, last))]
    child = list(resume_training(bench_of(seed=2), plan, known))
    assert sum(isinstance(event, WarmStarted) for event in child) == (last is TokensEncoded)
    assert tokens_of(child) == tokens_of(whole)[len(tokens_of(known)) :]


def test_a_suspended_training_measures_its_junctions_again() -> None:
    """The calibration may no longer be valid."""
    plan = replace(plan_of_few(steps=1, look_every_s=1.0), calibrated=calibrated())
    field, events = Field(6.0), []
    for event in train(bench_of(), plan, field):
        events.append(event)
        if isinstance(event, StepTrained | LookedAgain):
            field.field_mt = 9.0 if isinstance(event, StepTrained) else 6.0
    paused = next(n for n, event in enumerate(events) if isinstance(event, Suspended))
    assert not [event for event in events[:paused] if isinstance(event, SweepPoint)]
    assert [event for event in events[paused:] if isinstance(event, SweepPoint)]
    known = [event.references for event in events if isinstance(event, JunctionsMeasured)]
    assert known[0] == calibrated().references != known[1]


def test_without_possible_control_currents_nothing_moves() -> None:
    plan = warm_plan()
    far = tuple(one.shifted(-400.0) for one in critical())
    bench, events = bench_of(), list[Event]()
    with pytest.raises(BenchFaultError, match="No warm start"):
        events.extend(train(bench, replace(plan, warm=far)))
    assert bench.controls_ua == START_UA
    assert not [event for event in events if isinstance(event, WarmStarted)]


def test_five_junctions_and_three_inputs_start_warm() -> None:
    up_ua = (224.0, -66.0, 196.0, 90.0, 20.0)
    truth = {"critical_current_ap_to_p_ua": up_ua, "critical_current_p_to_ap_ua": tuple(up - 281.0 for up in up_ua)}
    config = PlanConfig(
        seed=1,
        encoding=EncodingSettings(inputs=3),
        sweep=SweepSettings(repetitions=1),
        training=TrainingSettings(steps=1),
    )
    warm = critical_of(bench_of(seed=8, **truth))
    events = list(train(bench_of(seed=1, **truth), TrainingPlan(config, DATA, split(DATA, 1), warm=warm)))
    controls = warm_in(events).controls
    assert (len(controls.by_input_ua), len(controls.by_input_ua[0])) == (3, 5)
    assert rates_in(events).train > 0.95
    assert warm_in(events).warm.train > 0.95
    assert warm_in(events).warm.train > warm_in(events).cold.train


def test_every_configuration_has_a_class_on_a_warm_start_and_one_for_each_class_without(events: list[Event]) -> None:
    cold = encode_of(list(train(bench_of(seed=1), replace(warm_plan(), warm=None))))
    assert len(encode_of(events).configurations) == 16
    assert len(cold.configurations) == 7


@pytest.mark.parametrize(("table", "configurations"), [("one", 3), ("joint", 16)])
def test_the_table_may_be_asked_for(table: Literal["one", "joint"], configurations: int) -> None:
    plan = plan_of_few(steps=0)
    config = plan.config.model_copy(update={"encoding": EncodingSettings(table=table)})
    events = list(train(bench_of(), replace(plan, config=config)))
    assert len(encode_of(events).configurations) == configurations


def test_a_token_in_any_configuration_of_its_class_votes_for_nothing() -> None:
    plan = replace(plan_of_few(steps=3), calibrated=calibrated(), warm=critical())
    events = list(train(bench_of(), plan))
    table = encode_of(events).table
    shown = [event for event in events if isinstance(event, Presented) and event.purpose == "training"]
    for step in (event for event in events if isinstance(event, StepTrained)):
        right = [one.recognised_as == one.token.label for one in shown if one.step == step.step]
        assert all(right)
        assert not any(map(any, step.learning.votes))
    assert all(len(table.of_class(label)) > 1 for label in table.classes)


def encode_of(events: list[Event]) -> Encoding:
    return next(event.encoding for event in events if isinstance(event, TokensEncoded))
