"""A training suspends itself, continues when it can, and then gives the same events as an undisturbed one."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any

import pytest

from instruments.simulated.physics import JunctionChain
from mtjlab.bench import Bench
from mtjlab.domain import Verdict
from mtjlab.errors import BenchFaultError, StopRequestedError
from mtjlab.events import (
    CauseNamed,
    Continued,
    ControlsPlanned,
    Event,
    JunctionsMeasured,
    LookedAgain,
    Presented,
    Suspended,
)
from mtjlab.procedures.present import Presenter
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.procedures.types import Procedure
from tests.support.trainings import Field, bench_and_chain, plan_of_few, tokens_of

OUT_T, IN_T = 16e-3, 6e-3
"""At 16 mT J2 needs -547 uA to reset, and the controls are -500 uA."""
MEASURED_ANEW = ["ControlsPlanned", "JunctionsMeasured", "ControlsPlanned", "ResetVerified", "Continued"]

World = Callable[[Event], None]


def nothing(_: Event) -> None:
    """Nothing happens to the bench."""


def in_turn(*stages: tuple[Callable[[Event], bool], Callable[[], None]]) -> World:
    """Changes happen in turn, each after the event that it waits for."""
    left = list(stages)

    def react(event: Event) -> None:
        if left and left[0][0](event):
            left.pop(0)[1]()

    return react


def trained(step: int) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, StepTrained) and event.step == step


def looked(times: int) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, LookedAgain) and event.look == times


def presented_in(step: int) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, Presented) and (event.step, event.purpose) == (step, "training")


def original_event(bench: Bench, plan: TrainingPlan, react: World = nothing, field: Field | None = None) -> list[Event]:
    """Events of a training that finishes."""
    events = []
    for event in train(bench, plan, field):
        events.append(event)
        react(event)
    return events


def until_fault(bench: Bench, plan: TrainingPlan, react: World = nothing) -> tuple[list[Event], str]:
    """Events of a training that ends with a fault, and the fault."""
    events: list[Event] = []
    try:
        for event in train(bench, plan):
            events.append(event)
            react(event)
    except BenchFaultError as fault:
        return events, str(fault)
    return events, ""


def pauses(events: list[Event]) -> list[str]:
    """Events from the first suspension to the last, without sweep points and quick looks."""
    result = [type(event).__name__ for event in events]
    first, end = result.index("Suspended"), len(result) - result[::-1].index("Continued")
    left_out = ("SweepPoint", "ProbePlanned", "SourceMoved", "CauseNamed")
    return [name for name, _ in groupby(name for name in result[first:end] if name not in left_out)]


def kinds(events: list[Event], *wanted: type) -> list[Any]:
    return [event for event in events if isinstance(event, wanted)]


@pytest.fixture(scope="module")
def undisturbed() -> list[Event]:
    return original_event(bench_and_chain()[0], plan_of_few())


def does_as(events: list[Event], undisturbed: list[Event]) -> bool:
    """Whether tokens, steps and rates are those of an undisturbed run, apart from repetitions."""
    steps = [[(type(e), e.step) for e in kinds(run, StepTrained, RecognitionMeasured)] for run in (events, undisturbed)]
    return tokens_of(events) == tokens_of(undisturbed) and steps[0] == steps[1]


def test_an_undisturbed_training_is_not_suspended(undisturbed: list[Event]) -> None:
    assert not kinds(undisturbed, Suspended, LookedAgain, Continued)


def test_a_field_out_of_range_suspends_the_training_before_the_next_step_until_it_is_back(
    undisturbed: list[Event],
) -> None:
    field = Field(6.0)
    world = in_turn(
        (trained(1), lambda: setattr(field, "field_mt", 6.4)), (looked(2), lambda: setattr(field, "field_mt", 6.0))
    )
    events = original_event(bench_and_chain()[0], plan_of_few(look_every_s=100), world, field)
    assert pauses(events) == ["Suspended", "LookedAgain", *MEASURED_ANEW]
    (suspended,), (continued,), looks = (kinds(events, kind) for kind in (Suspended, Continued, LookedAgain))
    assert suspended.reason == "the field reads 6.4 mT, and was 6 mT before"
    assert [(look.look, look.still) for look in looks] == [(1, suspended.reason), (2, suspended.reason), (3, "")]
    assert does_as(events, undisturbed)
    times_s = [suspended.t_s, *[look.t_s for look in looks], continued.t_s]
    assert all(later - earlier > 100 for earlier, later in pairwise(times_s[:4]))
    assert continued.after_s == round(continued.t_s - suspended.t_s, 6)


def test_controls_are_held_without_input_during_a_suspension_and_restored_after_it() -> None:
    field, (bench, _) = Field(6.0), bench_and_chain()
    held = []
    turns = in_turn(
        (trained(1), lambda: setattr(field, "field_mt", 6.4)), (looked(1), lambda: setattr(field, "field_mt", 6.0))
    )

    def world(event: Event) -> None:
        turns(event)
        if isinstance(event, Suspended | LookedAgain):
            held.append((bench.controls_ua, bench.input_ua))

    events = original_event(bench, plan_of_few(steps=1), world, field)
    (one,) = kinds(events, StepTrained)
    start, *_ = plans = kinds(events, ControlsPlanned)
    assert held == [(one.controls.by_input_ua[-1], 0.0)] * 3
    assert [(plan.step, plan.controls) for plan in plans] == [
        *[(0, start.controls)] * 2,  # to measure the junctions, then to present
        (1, one.controls),
        (0, start.controls), (1, one.controls),  # after the pause the same again
    ]  # fmt: skip


def test_a_junction_not_reset_suspends_the_training_at_once_and_its_token_is_presented_again(
    undisturbed: list[Event],
) -> None:
    bench, chain = bench_and_chain()
    world = in_turn(
        (presented_in(2), lambda: setattr(chain, "field_t", OUT_T)),
        (looked(2), lambda: setattr(chain, "field_t", IN_T)),
    )
    events = original_event(bench, plan_of_few(), world)
    (suspended,), looks = kinds(events, Suspended), kinds(events, LookedAgain)
    assert suspended.reason.startswith("Not reset at zero input: J2 (P at a control current of -")
    assert [look.still for look in looks[:2]] == ["J2 (P) not reset"] * 2
    assert looks[2].still.startswith("junctions have changed since the last look: J2 from ")
    assert [look.still for look in looks[3:]] == [""]
    assert pauses(events) == ["Suspended", "LookedAgain", *MEASURED_ANEW]
    before, after = (kinds(part, Presented) for part in _around(events, suspended))
    assert (before[-1].configuration, before[-1].token) == (None, after[0].token)
    assert after[0].configuration is not None
    assert does_as(events, undisturbed)


def _around(events: list[Event], event: Event) -> tuple[list[Event], list[Event]]:
    return events[: events.index(event)], events[events.index(event) :]


def switch_j2_and_keep_it(chain: JunctionChain) -> None:
    chain.field_t = 60e-3  # it switches by itself, at its control current
    chain.advance(1.0)
    chain.field_t = OUT_T


def test_a_junction_not_reset_at_the_start_of_a_step_suspends_the_training_too(undisturbed: list[Event]) -> None:
    bench, chain = bench_and_chain()
    world = in_turn(
        (trained(1), lambda: switch_j2_and_keep_it(chain)), (looked(1), lambda: setattr(chain, "field_t", IN_T))
    )
    events = original_event(bench, plan_of_few(), world)
    assert [event.reason[:27] for event in kinds(events, Suspended)] == ["Not reset at zero input: J2"]
    assert does_as(events, undisturbed)


def test_a_suspension_ends_only_when_all_junctions_are_reset_against_the_new_references(
    undisturbed: list[Event],
) -> None:
    bench, chain = bench_and_chain()
    field = Field(6.0)
    world = in_turn(
        (trained(1), lambda: setattr(field, "field_mt", 6.4)),
        (looked(1), lambda: setattr(field, "field_mt", 6.0)),
        (lambda event: isinstance(event, JunctionsMeasured), lambda: switch_j2_and_keep_it(chain)),
        (looked(1), lambda: setattr(chain, "field_t", IN_T)),
    )
    events = original_event(bench, plan_of_few(), world, field)
    assert pauses(events) == [
        "Suspended", "LookedAgain", "ControlsPlanned", "JunctionsMeasured", "ControlsPlanned", "ResetFailed",
        "LookedAgain", *MEASURED_ANEW,
    ]  # fmt: skip
    assert [look.still for look in kinds(events, LookedAgain)[2:3]] == ["J2 (P) not reset"]
    assert None not in [event.configuration for event in kinds(events, Presented)]
    assert does_as(events, undisturbed)


def test_a_lasting_problem_ends_the_run_after_the_number_of_looks_in_the_plan() -> None:
    bench, chain = bench_and_chain()
    world = in_turn((presented_in(1), lambda: setattr(chain, "field_t", OUT_T)))
    events, fault = until_fault(bench, plan_of_few(most_looks=4), world)
    assert [look.look for look in kinds(events, LookedAgain)] == [1, 2, 3, 4]
    assert re.match(
        r"Likely cause: sources are right, and J2 does not reset: .* \(observed: Not reset at zero input: J2 .*\)\. "
        r"The run was suspended and could not continue after 4 looks: J2 \(P\) not reset\.",
        fault,
    )


def spoil(monkeypatch: pytest.MonkeyPatch, how: Callable[[Presented], Presented], is_on: Callable[[], bool]) -> None:
    """While ``is_on``, the outcome of every presentation is changed by ``how``."""
    whole = Presenter.present

    def present(self: Presenter, *arguments: Any) -> Procedure[Presented]:
        for event in whole(self, *arguments):
            result = how(event) if isinstance(event, Presented) and is_on() else event
            yield result
        return result  # type: ignore[return-value]

    monkeypatch.setattr(Presenter, "present", present)


def silent(presented: Presented) -> Presented:
    return replace(presented, configuration=None, recognised_as=None)


def not_reset(presented: Presented) -> Presented:
    late = replace(presented.outcomes[-1], reset_verdicts=(Verdict.AP, Verdict.P, Verdict.AP))
    return replace(silent(presented), outcomes=(*presented.outcomes[:-1], late))


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (silent, "4 presentations in a row gave no configuration"),
        (not_reset, "3 presentations in a row ended with a junction not reset"),
    ],
)
def test_failed_presentations_in_a_row_suspend_the_training(
    monkeypatch: pytest.MonkeyPatch, undisturbed: list[Event], how: Callable[[Presented], Presented], reason: str
) -> None:
    spoilt = [False]
    world = in_turn((trained(1), lambda: spoilt.append(True)), (looked(1), lambda: spoilt.append(False)))
    spoil(monkeypatch, how, lambda: spoilt[-1])
    plan = plan_of_few(without_configuration_in_a_row=4, reset_failures_in_a_row=3)
    events = original_event(bench_and_chain()[0], plan, world)
    assert [event.reason for event in kinds(events, Suspended)] == [reason]
    assert pauses(events) == ["Suspended", "LookedAgain", *MEASURED_ANEW]
    assert does_as(events, undisturbed)


def test_repeated_suspensions_without_success_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch, silent, lambda: True)
    events, fault = until_fault(bench_and_chain()[0], plan_of_few(without_configuration_in_a_row=2))
    assert [len(kinds(events, kind)) for kind in (Suspended, LookedAgain, Continued)] == [4, 3, 3]
    assert isinstance(events[-1], Suspended)
    assert "2 presentations in a row gave no configuration. The run was suspended 3 times in a row" in fault


def test_junctions_that_drift_slowly_are_measured_again(undisturbed: list[Event]) -> None:
    """20 % an hour, 8 s at each input: more than 5 uA in total, less from look to look."""
    bench, _ = bench_and_chain(resistance_drift_percent_per_h=20.0)
    events = original_event(bench, plan_of_few(dwell_s=8.0))
    suspended = kinds(events, Suspended)
    assert 2 <= len(suspended) <= 8
    assert all(one.reason.startswith("junctions deviate from their references: J") for one in suspended)
    assert all(re.fullmatch(r"sources are right: J1, J2, J3 drifted, or the voltmeter", one.cause) for one in suspended)
    assert {look.still for look in kinds(events, LookedAgain)} == {""}
    assert None not in [event.configuration for event in kinds(events, Presented)]
    assert not [one for one in kinds(events, CauseNamed) if one.part in ("source", "wiring")]
    assert does_as(events, undisturbed)


def test_junctions_that_keep_drifting_are_not_measured() -> None:
    bench, _ = bench_and_chain(resistance_drift_percent_per_h=100.0)
    events, fault = until_fault(bench, plan_of_few(dwell_s=2.0, most_looks=3))
    assert all("junctions have changed since the last look" in look.still for look in kinds(events, LookedAgain))
    assert "could not continue after 3 looks: junctions have changed since the last look: J1 from" in fault


def change_resistance(chain: JunctionChain, factor: float) -> None:
    for k, model in enumerate(chain.models):
        chain.replace_junction(k, replace(model, resistance_p_ohm=factor * model.resistance_p_ohm))


def test_a_chip_with_a_changed_resistance_is_read_against_new_references(undisturbed: list[Event]) -> None:
    """By one common factor, but with unchanged critical currents: not a source."""
    bench, chain = bench_and_chain()
    events = original_event(bench, plan_of_few(), in_turn((trained(1), lambda: change_resistance(chain, 1.06))))
    (suspended,) = kinds(events, Suspended)
    assert suspended.reason.startswith("junctions deviate from their references: J1 from -")
    assert [look.still for look in kinds(events, LookedAgain)] == [""]
    assert None not in [event.configuration for event in kinds(events, Presented)]
    assert does_as(events, undisturbed)


def test_a_chip_that_changed_too_much_to_recognise_its_states_ends_the_run() -> None:
    """ "Undecided" does not end the suspension: resuming the run measures the references again."""
    bench, chain = bench_and_chain()
    world = in_turn((trained(1), lambda: change_resistance(chain, 1.2)))
    events, fault = until_fault(bench, plan_of_few(most_looks=3), world)
    (suspended,) = kinds(events, Suspended)
    assert suspended.cause.startswith("answers of J1 by 1.")
    assert "could not continue after 3 looks: J1 (undecided), J2 (undecided), J3 (undecided) not reset" in fault


@pytest.mark.parametrize("kind", [Suspended, LookedAgain, Continued])
def test_a_suspended_training_can_be_stopped(kind: type) -> None:
    field = Field(6.0)
    procedure = train(bench_and_chain()[0], plan_of_few(steps=0), field)
    for event in procedure:
        if isinstance(event, ControlsPlanned):
            field.field_mt += 1  # out after the second plan, back after the third
        if isinstance(event, LookedAgain) and kind is Continued:
            field.field_mt = 7.0
        if isinstance(event, kind):
            break
    with pytest.raises(StopRequestedError, match="Ctrl-C"):
        procedure.throw(StopRequestedError("Ctrl-C"))


def test_a_suspended_training_stops_without_waiting_for_its_next_look() -> None:
    """The wait between two looks is a safe point: no input, and nothing incomplete."""
    stop: list[str] = []

    def pause(_duration_s: float, may_stop: bool) -> None:
        if may_stop and stop:
            raise StopRequestedError(stop[0])

    field, (bench, _) = Field(6.0), bench_and_chain(pause=pause)

    def world(event: Event) -> None:
        if trained(1)(event):
            field.field_mt = 6.4
        if looked(1)(event):
            stop.append("Ctrl-C")

    events: list[Event] = []

    def resume_training() -> None:
        for event in train(bench, plan_of_few(), field):
            events.append(event)
            world(event)

    with pytest.raises(StopRequestedError, match="Ctrl-C"):
        resume_training()
    assert isinstance(events[-1], LookedAgain)
