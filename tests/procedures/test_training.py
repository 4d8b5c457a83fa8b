"""Training on the simulated bench: it learns, uses measurements only, and is exactly reproducible."""

from dataclasses import replace
from itertools import chain

import pytest

from mtjlab.benches import open_bench
from mtjlab.config import (
    Data,
    EncodingSettings,
    PlanConfig,
    SimulatedBenchConfig,
    Simulation,
    SweepSettings,
    TrainingSettings,
)
from mtjlab.domain import ControlCurrents
from mtjlab.events import ControlsPlanned, Event, Presented, TokensEncoded
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.vowels.data_set import DataSet, Token
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split
from tests.support.journals import folded

QUICK = SweepSettings(repetitions=1)


def plan_for(data: DataSet, seed: int = 1, inputs: int = 2, **training: int) -> TrainingPlan:
    config = PlanConfig(
        seed=seed,
        data=Data(),
        encoding=EncodingSettings(inputs=inputs),
        sweep=QUICK,
        training=TrainingSettings(**training),  # type: ignore[arg-type]
    )
    return TrainingPlan(config, data, split(data, seed))


def trained(plan: TrainingPlan, **truth: object) -> list[Event]:
    config = SimulatedBenchConfig(simulation=Simulation(**truth))  # type: ignore[arg-type]
    return list(train(open_bench(config, plan.config.seed), plan))


def rates(events: list[Event]) -> dict[int, tuple[float, float]]:
    return {event.step: (event.train, event.test) for event in events if isinstance(event, RecognitionMeasured)}


@pytest.fixture(scope="module")
def vowels_learnt() -> list[Event]:
    return trained(plan_for(surrogate(), steps=40, recognition_every_steps=40))


def test_seven_vowels_are_learnt(vowels_learnt: list[Event]) -> None:
    measured = rates(vowels_learnt)
    assert measured[0][0] < 0.7
    assert measured[40][0] > 0.93
    assert measured[40][1] > 0.90


def test_each_step_presents_one_training_token_of_each_class_then_moves(vowels_learnt: list[Event]) -> None:
    state = folded(vowels_learnt)
    for step in range(1, 41):
        shown = [e for e in vowels_learnt if isinstance(e, Presented) and e.purpose == "training" and e.step == step]
        assert sorted(e.token.label for e in shown if e.attempt == 1) == list(surrogate().classes)
        assert {e.token.subset for e in shown} == {"train"}
    assert state.step == 40
    for before, now in zip(state.controls_by_step, state.controls_by_step[1:], strict=False):
        currents = zip(chain(*before.by_input_ua), chain(*now.by_input_ua), strict=True)
        assert {after - earlier for earlier, after in currents} <= {-10, 0, 10}


def test_every_move_of_the_controls_is_journalled_before_it_is_made(vowels_learnt: list[Event]) -> None:
    """The plan of a step has the transitions to and between its controls, each starting where another ends."""
    plans = [event for event in vowels_learnt if isinstance(event, ControlsPlanned)]
    assert [plan.step for plan in plans] == [0, *range(41)]
    held = plans[0].transitions[0].target_ua
    for plan in plans[1:]:
        arrival, *around = plan.transitions
        assert arrival.start_ua == held
        held = arrival.target_ua
        assert [t.start_ua for t in around] == [held, *(t.target_ua for t in around[:-1])]
        assert around[-1].target_ua == held


def test_the_same_seed_gives_the_same_events() -> None:
    plan = plan_for(surrogate(), steps=3, recognition_every_steps=0)
    assert trained(plan) == trained(plan)


def test_another_seed_gives_other_events() -> None:
    one, other = (trained(plan_for(surrogate(), seed=seed, steps=2, recognition_every_steps=0)) for seed in (1, 2))
    assert one != other


def test_the_tokens_of_a_step_depend_on_seed_and_step_only() -> None:
    """A run that measures recognition in between presents the same training tokens as one that does not."""
    every, never = (plan_for(surrogate(), steps=3, recognition_every_steps=k) for k in (1, 0))
    names = [
        [e.token.name for e in trained(plan) if isinstance(e, Presented) and e.purpose == "training"]
        for plan in (every, never)
    ]
    assert names[0] == names[1]


def test_labels_of_the_test_subset_change_nothing_but_the_test_rates() -> None:
    plan = plan_for(surrogate(), steps=2, recognition_every_steps=1)
    labels = [token.label for token in plan.data.tokens if token.name in plan.split.test]
    turned = iter(labels[1:] + labels[:1])
    tokens = tuple(
        replace(token, label=next(turned)) if token.name in plan.split.test else token for token in plan.data.tokens
    )
    other = replace(plan, data=replace(plan.data, tokens=tokens))
    one, two = trained(plan), trained(other)
    assert [train for train, _ in rates(one).values()] == [train for train, _ in rates(two).values()]
    assert [test for _, test in rates(one).values()] != [test for _, test in rates(two).values()]
    controls = [[e.controls for e in events if isinstance(e, StepTrained)] for events in (one, two)]
    assert controls[0] == controls[1]


def test_another_chip_is_learnt_with_the_same_plan() -> None:
    """Other order of junctions, thresholds shifted by 80 uA, R_P up by 30 %, TMR 80 %: none of it is in the plan."""
    chip = {
        "critical_current_ap_to_p_ua": (276.0, 304.0, -146.0),
        "critical_current_p_to_ap_ua": (-5.0, 23.0, -427.0),
        "resistance_parallel_ohm": 1430.0,
        "tmr_percent": 80.0,
    }
    measured = rates(trained(plan_for(surrogate(), steps=40, recognition_every_steps=40), **chip))
    assert measured[40][0] > 0.93


def test_a_test_token_far_outside_the_limits_is_not_applied_and_the_run_continues() -> None:
    plan = plan_for(surrogate(), steps=0)
    far = plan.split.test[0]
    tokens = tuple(
        replace(t, features=tuple(20 * f for f in t.features)) if t.name == far else t for t in plan.data.tokens
    )
    events = trained(replace(plan, data=replace(plan.data, tokens=tokens)))
    (shown,) = [event for event in events if isinstance(event, Presented) and event.token.name == far]
    assert (shown.outcomes, shown.configuration, shown.recognised_as) == ((), None, None)
    assert isinstance(events[-1], RecognitionMeasured)


def test_zero_steps_only_measure_the_recognition() -> None:
    events = trained(plan_for(surrogate(), steps=0))
    assert list(rates(events)) == [0]
    assert not [event for event in events if isinstance(event, StepTrained)]


def grid(inputs: int, levels: int, tokens: int) -> DataSet:
    """Well-separated classes on a grid: ``levels`` to the power of ``inputs`` of them."""
    shown = []
    for number in range(levels**inputs):
        place = [float(number // levels**axis % levels) for axis in range(inputs)]
        for k in range(tokens):
            wiggle = [0.08 * ((7 * k + 3 * axis + number) % 11 - 5) / 5 for axis in range(inputs)]
            features = tuple(p + w for p, w in zip(place, wiggle, strict=True))
            shown.append(Token(f"t{number:02}-{k}", f"c{number:02}", None, features))
    return DataSet("grid", tuple(f"x{axis}" for axis in range(inputs)), tuple(shown))


def test_sixteen_classes_fill_every_configuration_of_three_junctions_and_two_inputs() -> None:
    events = trained(plan_for(grid(2, 4, 6), steps=25, recognition_every_steps=25))
    encoded = next(event for event in events if isinstance(event, TokensEncoded))
    assert len({configuration for _, configuration in encoded.encoding.configurations}) == 16
    assert not encoded.encoding.proven_optimal
    assert rates(events)[25][1] > 0.9


def test_five_junctions_and_three_inputs_are_trained() -> None:
    up_ua = (224.0, -66.0, 196.0, 90.0, 20.0)
    truth = {"critical_current_ap_to_p_ua": up_ua, "critical_current_p_to_ap_ua": tuple(up - 281 for up in up_ua)}
    events = trained(plan_for(grid(3, 2, 5), inputs=3, steps=25, recognition_every_steps=25), **truth)
    assert rates(events)[25][0] > 0.9
    controls = folded(events).controls
    assert isinstance(controls, ControlCurrents)
    assert (len(controls.by_input_ua), len(controls.by_input_ua[0])) == (3, 5)
