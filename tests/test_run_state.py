"""The fold of events that everyone reads."""

from dataclasses import replace

from samples import ENCODING, STARTED

from mtjlab.detection.detector import Flips
from mtjlab.domain import ControlCurrents, Reading, SwitchingConfiguration, Verdict
from mtjlab.events import (
    ControlsPlanned,
    EncodedToken,
    InputOutcome,
    Presented,
    RecognitionMeasured,
    RunEnded,
    StepTrained,
    TokensEncoded,
    WentSafe,
    glance_at,
    to_json,
)
from mtjlab.learning import LearningStep
from mtjlab.run_state import RunState, after, counted, fold

START = ControlCurrents.uniform(-500, 3, 2)
LEARNT = START.moved([[10, 0, 0], [0, 0, -10]])
READING = Reading(1.0, 550, (50, 50, 50), ((120.0, 55.0, 120.0),) * 2)
OUTCOME = InputOutcome(
    550, (READING,), (Verdict.AP, Verdict.P, Verdict.AP), 1, Flips(), (READING,), (Verdict.AP, Verdict.AP, Verdict.AP)
)
PRESENTED = Presented(
    0, "training", EncodedToken("w01ih", "ih", "train", (550, 300)), 1, (OUTCOME,), SwitchingConfiguration((1, 0)), None
)
NOTHING_CAME = replace(
    PRESENTED, configuration=None, outcomes=(replace(OUTCOME, reset_verdicts=(Verdict.AP, Verdict.P, Verdict.AP)),)
)
LEARNING = LearningStep(((1, 0, 0), (0, 2, -1)), ((10, 0, 0), (0, 0, -10)), held=((1, 1),))


def test_a_run_begins_with_nothing_known() -> None:
    state = RunState()
    assert (state.step, state.controls, state.safe) == (0, None, False)


def test_control_currents_are_kept_for_every_step() -> None:
    state = fold(
        [ControlsPlanned(0.0, 0, START, ()), ControlsPlanned(0.1, 0, START, ()), StepTrained(1.0, 1, LEARNING, LEARNT)]
    )
    assert state.controls_by_step == (START, LEARNT)
    assert (state.step, state.controls, state.held_moves) == (1, LEARNT, 1)


def test_presentations_are_counted_with_those_that_gave_nothing() -> None:
    state = fold([PRESENTED, NOTHING_CAME])
    assert (state.presentations, state.without_configuration, state.reset_failures) == (2, 1, 1)


def test_recognition_is_kept_for_every_step() -> None:
    one, two = (RecognitionMeasured(1.0, step, 0.5, 0.4, (), ()) for step in (0, 10))
    assert fold([one, two]).recognition == (one, two)


def test_start_encoding_safety_and_end_are_kept() -> None:
    encoded, ended = TokensEncoded(0.5, ENCODING, ()), RunEnded("stopped", "Ctrl-C")
    state = fold([STARTED, encoded, WentSafe(2.0, (0.0,) * 3), ended])
    assert (state.started, state.encoded, state.safe, state.ended) == (STARTED, encoded, True, ended)


def test_cautions_add_up() -> None:
    state = fold([ControlsPlanned(0.0, step, START, (), (f"caution {step}",)) for step in (0, 1)])
    assert state.cautions == ("caution 0", "caution 1")


def test_folding_step_by_step_is_folding_at_once() -> None:
    events = [STARTED, PRESENTED, NOTHING_CAME, WentSafe(2.0, (0.0,) * 3)]
    state = RunState()
    for event in events:
        state = after(state, event)
    assert state == fold(events)


def test_presentations_count_the_same_at_a_glance() -> None:
    presented = [PRESENTED, NOTHING_CAME, PRESENTED]
    assert counted(RunState(), [glance_at(to_json(one)) for one in presented]) == fold(presented)
