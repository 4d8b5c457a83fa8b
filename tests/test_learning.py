"""The learning rule of the paper, as a specification."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.domain import ControlCurrents, CriticalCurrents, Interval, SwitchingConfiguration
from mtjlab.learning import Lesson, draw_tokens, learn, ranks, votes

SPREAD = (4.3, 4.3, 4.3)
CRITICAL = CriticalCurrents((224, -66, 196), (-57, -347, -85), SPREAD, SPREAD, repetitions=3, ramp_ua_per_s=100)
START = ControlCurrents.uniform(-500, 3, 2)
ANYWHERE = [Interval(-1000, 1000)] * 3
J1, J2, J3 = 0, 1, 2

counts = st.integers(0, 3)
configurations = st.builds(lambda a, b: SwitchingConfiguration((a, b)), counts, counts)
lessons = st.lists(st.builds(Lesson, configurations, st.none() | configurations), max_size=7)


def lesson(assigned: tuple[int, int], observed: tuple[int, int] | None) -> Lesson:
    return Lesson(SwitchingConfiguration(assigned), SwitchingConfiguration(observed) if observed else None)


def test_junctions_are_ranked_by_their_present_critical_input() -> None:
    assert ranks(CRITICAL, (-500, -500, -500)) == (3, 1, 2)
    assert ranks(CRITICAL, (-400, -700, -500)) == (1, 2, 3)


def test_a_junction_that_switched_wrongly_becomes_harder_to_switch() -> None:
    """[1A, ..] was assigned and [2A, ..] came: the second to switch, J3, votes down; its control falls by one step."""
    step = learn([lesson((1, 0), (2, 0))], START, lambda _: CRITICAL, lambda _: ANYWHERE, 10)
    assert step.votes == ((0, 0, -1), (0, 0, 0))
    assert step.moves_ua == ((0, 0, -10), (0, 0, 0))


def test_junctions_that_did_not_switch_become_easier_to_switch() -> None:
    step = learn([lesson((0, 3), (0, 1))], START, lambda _: CRITICAL, lambda _: ANYWHERE, 10)
    assert step.moves_ua == ((0, 0, 0), (10, 0, 10))


def test_opposite_votes_tie_and_a_tie_moves_nothing() -> None:
    step = learn([lesson((1, 0), (2, 0)), lesson((2, 0), (1, 0))], START, lambda _: CRITICAL, lambda _: ANYWHERE, 10)
    assert step.moves_ua == ((0, 0, 0), (0, 0, 0))


def test_a_majority_moves_one_step_however_large() -> None:
    step = learn([lesson((1, 0), (2, 0))] * 5, START, lambda _: CRITICAL, lambda _: ANYWHERE, 10)
    assert step.votes[0][J3] == -5
    assert step.moves_ua[0][J3] == -10


def test_a_move_out_of_the_allowed_controls_is_held_and_named() -> None:
    allowed = [Interval(-600, -400), Interval(-600, -400), Interval(-505, -400)]
    step = learn([lesson((1, 0), (2, 0))], START, lambda _: CRITICAL, lambda _: allowed, 10)
    assert step.votes[0][J3] == -1
    assert step.moves_ua == ((0, 0, 0), (0, 0, 0))
    assert step.held == ((0, J3),)


def test_a_control_outside_may_come_back() -> None:
    allowed = [Interval(-600, -400), Interval(-600, -400), Interval(-600, -520)]
    step = learn([lesson((1, 0), (2, 0))], START, lambda _: CRITICAL, lambda _: allowed, 10)
    assert step.moves_ua[0][J3] == -10
    assert step.held == ()


@given(assigned=st.lists(configurations, max_size=7))
def test_when_all_is_right_nothing_moves(assigned: list[SwitchingConfiguration]) -> None:
    step = learn([Lesson(k, k) for k in assigned], START, lambda _: CRITICAL, lambda _: ANYWHERE, 10)
    assert step.moves_ua == ((0, 0, 0), (0, 0, 0))


@given(assigned=st.lists(configurations, max_size=7))
def test_a_presentation_without_a_configuration_has_no_vote(assigned: list[SwitchingConfiguration]) -> None:
    step = learn([Lesson(k, None) for k in assigned], START, lambda _: CRITICAL, lambda _: ANYWHERE, 10)
    assert step.votes == ((0, 0, 0), (0, 0, 0))


@given(shown=lessons)
def test_every_move_is_a_step_up_a_step_down_or_none(shown: list[Lesson]) -> None:
    step = learn(shown, START, lambda _: CRITICAL, lambda _: ANYWHERE, 10)
    for row, moves in zip(step.votes, step.moves_ua, strict=True):
        for vote, move in zip(row, moves, strict=True):
            assert move == 10 * ((vote > 0) - (vote < 0))


@given(shown=lessons)
def test_exchanging_what_was_assigned_and_what_came_turns_every_vote_around(shown: list[Lesson]) -> None:
    turned = [Lesson(l.observed, l.assigned) for l in shown if l.observed is not None]  # noqa: E741
    forth = learn(shown, START, lambda _: CRITICAL, lambda _: ANYWHERE, 10).votes
    back = learn(turned, START, lambda _: CRITICAL, lambda _: ANYWHERE, 10).votes
    assert back == tuple(tuple(-vote for vote in row) for row in forth)


@given(assigned=counts, switched=counts)
def test_as_many_junctions_vote_as_switched_wrongly(assigned: int, switched: int) -> None:
    assert sum(votes((3, 1, 2), [(assigned, switched)])) == assigned - switched


BY_CLASS = {"ae": ["a1", "a2", "a3"], "ih": ["i1", "i2"], "uw": ["u1"]}


@given(seed=st.integers(0, 2**32), step=st.integers(0, 1000))
def test_a_step_draws_one_token_of_each_class_by_seed_and_step_alone(seed: int, step: int) -> None:
    drawn = draw_tokens(seed, step, BY_CLASS)
    assert sorted(name[0] for name in drawn) == ["a", "i", "u"]
    assert drawn == draw_tokens(seed, step, dict(reversed(BY_CLASS.items())))


def test_all_tokens_of_a_class_are_drawn_alike() -> None:
    drawn = [name for step in range(600) for name in draw_tokens(1, step, BY_CLASS) if name[0] == "a"]
    expected, deviation = 200, (600 * (1 / 3) * (2 / 3)) ** 0.5
    for name in BY_CLASS["ae"]:
        assert drawn.count(name) == pytest.approx(expected, abs=4 * deviation)
