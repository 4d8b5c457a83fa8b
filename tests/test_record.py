"""The fold of events that everyone reads."""

from dataclasses import fields, replace
from itertools import chain

import pytest

from mtjlab.analysis.estimates import NotDetermined
from mtjlab.domain import Verdict
from mtjlab.events import (
    CalibrationTaken,
    Continued,
    ControlsPlanned,
    CurveTaken,
    Event,
    EventLost,
    Parent,
    Presented,
    Progress,
    RunEnded,
    RunStarted,
    SeriesMeasured,
    Suspended,
    SweepPoint,
    SwitchingMeasured,
    TakenOver,
    TokensEncoded,
    WentSafe,
    to_json,
)
from mtjlab.learning import LearningStep
from mtjlab.procedures.classify.events import TokensClassified
from mtjlab.procedures.handing_over import hand_over
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.switching_map.events import Probed
from mtjlab.procedures.training.events import Prediction, RecognitionMeasured, StepTrained, WarmStarted
from mtjlab.reading import Translation, from_json
from mtjlab.record import Record, fold
from tests.support.journals import (
    MOVES,
    OUTCOME,
    PRESENTED,
    READING,
    START,
    TRAINING,
    controls_after,
    folded,
    step_of_training,
    taken_over,
)
from tests.support.samples import ENCODING, STARTED

LEARNT = controls_after(1)
LEARNING = LearningStep(((1, 0, 0), (0, 2, -1)), MOVES, held=((1, 1),))
STUCK = replace(OUTCOME, reset_verdicts=(Verdict.AP, Verdict.P, Verdict.AP))
NOTHING_CAME = replace(PRESENTED, configuration=None, outcomes=(STUCK,))


def test_a_run_begins_with_nothing_known() -> None:
    state = folded([])
    assert (state.step, state.controls, state.safe) == (0, None, False)


def test_control_currents_are_kept_for_every_step() -> None:
    state = folded(
        [ControlsPlanned(0.0, 0, START, ()), ControlsPlanned(0.1, 0, START, ()), StepTrained(1.0, 1, LEARNING, LEARNT)]
    )
    assert list(state.controls_by_step) == [START, LEARNT]
    assert (state.step, state.controls, state.held_moves) == (1, LEARNT, 1)


def test_presentations_are_counted_with_those_that_gave_nothing() -> None:
    state = folded([PRESENTED, NOTHING_CAME])
    assert (state.presentations, state.without_configuration, state.reset_failures) == (2, 1, 1)


def test_recognition_is_kept_for_every_step() -> None:
    one, two = (RecognitionMeasured(1.0, step, 0.5, 0.4, (), ()) for step in (0, 10))
    assert list(folded([one, two]).recognition) == [one, two]


def test_start_encoding_safety_and_end_are_kept() -> None:
    encoded, ended = TokensEncoded(0.5, ENCODING, ()), RunEnded("stopped", "Ctrl-C")
    state = folded([STARTED, encoded, WentSafe(2.0, (0.0,) * 3), ended])
    assert (state.started, state.encoded, state.safe, state.ended) == (STARTED, encoded, True, ended)


def test_cautions_add_up() -> None:
    state = folded([ControlsPlanned(0.0, step, START, (), (f"caution {step}",)) for step in (0, 1)])
    assert state.cautions == ("caution 0", "caution 1")


def test_of_each_type_the_last_event_is_known_and_how_many_there_were() -> None:
    state = fold([STARTED, PRESENTED, NOTHING_CAME, WentSafe(2.0, (0.0,) * 3)])
    assert (state.last(Presented), state.number(Presented)) == (NOTHING_CAME, 2)
    assert (state.last(SweepPoint), state.number(SweepPoint)) == (None, 0)


def test_every_event_of_a_type_is_known_to_whom_keeps_it_alone() -> None:
    events = [PRESENTED, NOTHING_CAME, PRESENTED]
    assert list(fold(events, tracked=(Presented,)).each(Presented)) == events
    with pytest.raises(KeyError):
        fold(events).each(Presented)


def test_a_pause_lasts_until_the_run_goes_on_or_ends() -> None:
    paused = Suspended(3.0, "the field is out")
    assert folded([STARTED, paused]).suspended == paused
    assert folded([STARTED, paused, Continued(9.0, 6.0)]).suspended is None
    assert folded([STARTED, paused, RunEnded("stopped", "")]).suspended is None
    assert folded([STARTED, paused, Continued(9.0, 6.0), paused]).suspensions == 2


TRAIN = KINDS["train"]
PARENT = hand_over("2026-11-22/0007-train", enumerate([STARTED, *TRAINING[1:]]), TRAIN)


class TestOfARunThatGoesOnWithAnother:
    """What its parent had is its own once its first events are there: the one that names it, and those taken over."""

    started = replace(STARTED, parent=PARENT.by)
    begin = tuple(taken_over(PARENT))

    def test_it_begins_with_all_that_its_parent_had(self) -> None:
        state = folded(self.begin)
        assert state.progress == folded(TRAINING[:13]).progress
        assert (state.step, state.controls) == (2, controls_after(2))
        assert (state.started, state.safe, state.ended) == (self.started, False, None)

    def test_its_own_events_are_added(self) -> None:
        state = folded([*self.begin, ControlsPlanned(0.0, 0, START, ()), *step_of_training(3)])
        assert list(state.controls_by_step) == [controls_after(step) for step in range(4)]
        assert [measured.step for measured in state.recognition] == [0, 1, 2, 3]
        assert state.presentations == folded(TRAINING).presentations + 1

    def test_a_child_of_the_child_has_all_of_both(self) -> None:
        events = [*self.begin, *step_of_training(3)]
        both = hand_over("2026-11-23/0001-train", enumerate(events), TRAIN)
        assert folded(taken_over(both)).progress == folded(events).progress
        assert both.events[: len(PARENT.events)] == PARENT.events

    def test_nothing_is_complete_before_all_is_there_that_it_takes_over(self) -> None:
        for n in range(1, len(self.begin)):
            broken_off = [*self.begin[:n], WentSafe(0.0, (0.0,) * 3), RunEnded("failed", "the disk is full")]
            assert hand_over("", enumerate(broken_off), TRAIN).by.taken_n is None
        assert hand_over("", enumerate(self.begin), TRAIN).by.taken_n == len(PARENT.events)

    def test_what_is_lost_of_it_is_not_waited_for(self) -> None:
        for n in range(1, len(self.begin)):
            recovered = [*self.begin[:n], EventLost(n + 1), *self.begin[n + 1 :]]
            handed = hand_over("", enumerate(recovered), TRAIN)
            assert (handed.by.taken_n, len(handed.events)) == (len(PARENT.events), len(PARENT.events) - 1)

    def test_its_first_event_does_not_grow_with_what_is_taken_over(self) -> None:
        longer = [*TRAINING[:13], *chain.from_iterable(map(step_of_training, range(3, 300)))]
        handed = hand_over("2026-11-22/0007-train", enumerate(longer), TRAIN)
        assert len(handed.events) > 290 * 3
        grown = len(to_json(replace(STARTED, parent=handed.by))) - len(to_json(self.started))
        assert grown < 20


def test_all_that_an_older_version_took_over_in_its_first_event_is_taken_over() -> None:
    everything = replace(
        folded(TRAINING).progress, reset_failures=3, held_moves=4, suspensions=5, events_lost=6, cautions=("caution",)
    )
    unlike_the_default = [f.name for f in fields(Progress) if getattr(everything, f.name) != f.default]
    of_measurements = {"curves", "probes", "mapped", "switching", "shown", "classified", "warm"}
    rare = {"checked", "measured", "without_configuration"}
    assert set(unlike_the_default) | rare | of_measurements == {field.name for field in fields(Progress)}
    old = from_json(to_json(replace(STARTED, parent=Parent("2026-11-22/0007-train", 14, 12, everything))))
    (started, *taken) = Translation().of(old)
    assert isinstance(started, RunStarted)
    assert started.parent is not None
    assert (started.parent.handed_over, started.parent.step) == (len(taken), 2)
    assert folded([started, *taken]).progress == everything
    assert folded(taken_over(hand_over("", enumerate([started, *taken]), TRAIN))).progress == everything


def without(*lost: int) -> list[Event]:
    return [EventLost(n + 1) if n in lost else event for n, event in enumerate(TRAINING)]


class TestOfARecoveredRun:
    """Events 5 to 8 are presentation, learning, plan and recognition of step 1; 9 to 12 those of step 2."""

    def test_what_is_lost_is_counted(self) -> None:
        state = folded(without(5, 9))
        assert (state.events_lost, state.presentations, state.step) == (2, 0, 2)

    def test_a_lost_step_is_told_by_the_plan_of_its_controls(self) -> None:
        assert list(folded(without(6)).controls_by_step) == list(folded(TRAINING).controls_by_step)

    def test_a_step_of_which_nothing_is_left_is_made_up_by_nobody(self) -> None:
        state = folded(without(6, 7))
        assert (state.step, list(state.controls_by_step)) == (0, [START])

    @pytest.mark.parametrize(
        ("lost", "complete"),
        [
            ((), [3, 4, 6, 8, 10, 12]),
            ((6,), [3, 4, 8, 10, 12]),
            ((6, 7), [3, 4]),
            ((8,), [3, 4, 6, 10, 12]),
            ((3,), []),
        ],
    )
    def test_a_run_that_resumes_it_finds_complete_only_what_follows_on_what_is_known(
        self, lost: tuple[int, ...], complete: list[int]
    ) -> None:
        events = without(*lost)
        ends = [hand_over("", enumerate(events[:n]), TRAIN).by.taken_n for n in range(1 + len(events))]
        assert [taken_n for taken_n in dict.fromkeys(ends) if taken_n is not None] == complete


def test_one_who_looks_on_keeps_nothing_that_grows_and_tells_the_same() -> None:
    looking_on, whole = Record(), Record(tracked=(Presented,))
    events = (*TRAINING, replace(PRESENTED, purpose="map"), replace(PRESENTED, purpose="classify"))
    for event in events:
        looking_on.take(event)
        whole.take(event)
    assert (looking_on.last(Presented), looking_on.tallies) == (whole.last(Presented), whole.tallies)
    sizes = [len(held) for held in vars(looking_on).values() if isinstance(held, dict)]
    for event in events * 3:
        looking_on.take(event)
    assert [len(held) for held in vars(looking_on).values() if isinstance(held, dict)] == sizes


def ends_with(kind: str, event: Event) -> bool:
    """Whether a run that resumes one which came so far takes all of it over."""
    return hand_over("", enumerate([STARTED, event]), KINDS[kind]).by.taken_n == 1


class TestOfAMeasurement:
    """What it is made of is kept piece by piece, and each piece is complete as soon as it is told."""

    curve = CurveTaken(1.0, 0, (-500.0,) * 3, 0, ((), (), ()))
    probe = Probed(2.0, 0, (), (READING,), (Verdict.AP,) * 3)
    mapped, shown = replace(PRESENTED, purpose="map"), replace(PRESENTED, purpose="classify")
    switching = SwitchingMeasured(3.0, (SeriesMeasured((-500.0,) * 3, (NotDetermined("far"),) * 3, ()),), 60)
    classified = TokensClassified(4.0, ())
    taken = CalibrationTaken(0.0, "chip 1", "2026-11-22/0001-sweep", "2026-11-22T09:00:00+00:00")

    def test_every_piece_is_kept(self) -> None:
        pieces = [self.curve, self.probe, self.mapped, self.shown, self.switching, self.classified]
        state = folded([STARTED, self.taken, *pieces])
        assert (list(state.curves), list(state.probes)) == ([self.curve], [self.probe])
        assert (state.mapped, state.shown) == ([self.mapped], [self.shown])
        assert (state.switching, state.classified) == (self.switching, self.classified)
        assert state.presentations == 2

    def test_each_is_complete_when_it_is_told_and_what_led_to_it_is_not(self) -> None:
        pieces: list[Event] = [self.curve, self.probe, self.mapped, self.shown, self.switching]
        ways: list[Event] = [
            self.taken,
            ControlsPlanned(0.0, 0, START, ()),
            SweepPoint(0, rising=True, reading=READING, purpose="reference"),
        ]
        whose = [{kind for kind in KINDS if ends_with(kind, event)} for event in pieces]
        curves, presentations = {"sweep", "shift", "map", "field"}, {"map", "classify"}
        assert whose == [curves, {"map"}, presentations, presentations, curves]
        assert not any(ends_with(kind, event) for kind in KINDS for event in ways)

    def test_presentations_of_a_training_are_not_pieces_of_it(self) -> None:
        assert not ends_with("train", PRESENTED)

    def test_a_warm_start_is_the_start_of_its_training(self) -> None:
        warm = WarmStarted(1.0, LEARNT, 0.09, Prediction(0.99, 0.98), Prediction(0.4, 0.4))
        state = folded([STARTED, ControlsPlanned(0.0, 0, START, ()), warm, ControlsPlanned(1.0, 0, LEARNT, ())])
        assert (state.warm, list(state.controls_by_step), state.step) == (warm, [LEARNT], 0)
        assert ends_with("train", warm)

    def test_all_of_it_comes_back_from_the_wire(self) -> None:
        for event in (self.curve, self.probe, self.mapped, self.shown, self.switching, self.classified, self.taken):
            assert from_json(to_json(event)) == event
            assert from_json(to_json(TakenOver(event))) == TakenOver(event)
