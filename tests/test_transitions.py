"""Transitions: no junction ever exceeds max(old, new), no limit is passed, and no more sub-steps than needed."""

from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mtjlab.domain import Interval, PerJunction, junction_currents_ua, source_currents_ua
from mtjlab.errors import LimitExceededError
from mtjlab.transitions import SubStep, Transition, junction_currents_on_the_way_ua, plan_transition

ROUNDING_UA = 1e-6
START, SECOND = source_currents_ua((-500, -500, -500), 0), source_currents_ua((-460, -380, -560), 0)


def limits(low_ua: float, junctions: int = 3) -> list[Interval]:
    return [Interval(low_ua, 750)] * junctions


def moves() -> st.SearchStrategy[tuple[PerJunction, PerJunction]]:
    """Two sets of junction currents of a chain of 1 to 8 junctions, as source currents."""
    current = st.integers(-600, 600)
    pairs = st.lists(st.tuples(current, current), min_size=1, max_size=8)
    return pairs.map(lambda p: tuple(source_currents_ua(side, 0) for side in zip(*p, strict=True)))  # type: ignore[return-value]


def every_order(transition: Transition) -> list[Transition]:
    """The transition with the writes of each group in reverse and in turn: the order inside a group is free."""
    return [
        Transition(
            transition.start_ua,
            transition.target_ua,
            tuple(SubStep(tuple(d), tuple(u)) for d, u in zip(downs, ups, strict=True)),
        )
        for order in (list, reversed)
        for downs in [[order(step.downs) for step in transition.sub_steps]]
        for ups in [[order(step.ups) for step in transition.sub_steps]]
    ]


@given(move=moves(), low_ua=st.sampled_from([-4000, -800, -700, -650]))
def test_no_junction_ever_exceeds_the_larger_of_old_and_new(
    move: tuple[PerJunction, PerJunction], low_ua: float
) -> None:
    old, new = move
    try:
        planned = plan_transition(old, new, limits(low_ua, len(old)))
    except LimitExceededError:
        assume(False)
    ceiling = [max(pair) for pair in zip(junction_currents_ua(old), junction_currents_ua(new), strict=True)]
    for transition in every_order(planned):
        for currents in junction_currents_on_the_way_ua(transition):
            assert all(now <= most + ROUNDING_UA for now, most in zip(currents, ceiling, strict=True))
            assert all(now >= low_ua - ROUNDING_UA for now in currents)


@given(move=moves())
def test_a_transition_ends_exactly_at_its_target(move: tuple[PerJunction, PerJunction]) -> None:
    old, new = move
    sources = list(old)
    for step in plan_transition(old, new, limits(-10_000, len(old))).sub_steps:
        for write in (*step.downs, *step.ups):
            sources[write.source] = write.current_ua
    assert tuple(sources) == new


def test_with_room_enough_one_sub_step_does() -> None:
    transition = plan_transition(START, SECOND, limits(-750))
    assert len(transition.sub_steps) == 1
    assert [write.source for write in transition.sub_steps[0].downs] == [2]
    assert min(map(min, junction_currents_on_the_way_ua(transition))) == -680


@pytest.mark.parametrize(("low_ua", "needed"), [(-680, 1), (-679, 2), (-590, 2), (-589, 3), (-561, 3)])
def test_tighter_limits_take_the_fewest_sub_steps(low_ua: float, needed: int) -> None:
    assert len(plan_transition(START, SECOND, limits(low_ua)).sub_steps) == needed


def test_a_detour_that_saves_sub_steps_is_found() -> None:
    """On the straight line J3 would need three sub-steps; raising source 3 first needs two."""
    start, target = source_currents_ua((-500, -500, -740), 0), source_currents_ua((-600, -500, -400), 0)
    assert len(plan_transition(start, target, limits(-750)).sub_steps) == 2


def test_a_target_outside_the_limits_is_refused_by_junction_and_current() -> None:
    with pytest.raises(LimitExceededError, match=r"J2 would carry -900 uA, outside its limits -750\.\.750 uA"):
        plan_transition(START, source_currents_ua((-500, -900, -500), 0), limits(-750))


def test_a_move_with_no_room_at_all_is_refused() -> None:
    """J2 stands at its limit and would have to dip below it: no number of sub-steps helps."""
    start, target = source_currents_ua((-500, -750), 0), source_currents_ua((-510, -750), 0)
    with pytest.raises(LimitExceededError, match="no path"):
        plan_transition(start, target, limits(-750, 2))


def test_every_one_shot_order_of_the_papers_move_would_leave_the_interval() -> None:
    """Why downs and ups are grouped: each of the six orders takes a junction 80 uA or more outside old..new."""
    old, new = junction_currents_ua(START), junction_currents_ua(SECOND)
    for order in permutations(range(3)):
        sources, worst = list(START), 0.0
        for source in order:
            sources[source] = SECOND[source]
            for now, a, b in zip(junction_currents_ua(sources), old, new, strict=True):
                worst = max(worst, now - max(a, b), min(a, b) - now)
        assert worst >= 80
