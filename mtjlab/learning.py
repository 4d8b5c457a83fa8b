"""Learning rules: moves of the control currents from the presentations of a training step, and their mean.

For each input, junctions are ranked by their present critical input. Where n junctions switched and k were assigned,
every junction of rank k+1..n switched wrongly and votes to be harder to switch, every one of rank n+1..k votes to be
easier. Each control current moves one step by the sign of its votes; a tie moves nothing.
Source: Lopez et al., Phys. Rev. Applied 22, 014082 (2024), section II, in words.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mtjlab.domain import ControlCurrents, CriticalCurrents, CriticalOf, Interval, SwitchingConfiguration


@dataclass(frozen=True, slots=True)
class Lesson:
    """One presentation of a training step: a configuration of its class, and the observed one, or None."""

    assigned: SwitchingConfiguration
    observed: SwitchingConfiguration | None


@dataclass(frozen=True, slots=True)
class LearningStep:
    """Votes and moves of each control current, ``[input][junction]``.

    ``held``: (input, junction) of moves that were not made because the control current would exceed its range.
    """

    votes: tuple[tuple[int, ...], ...]
    moves_ua: tuple[tuple[float, ...], ...]
    held: tuple[tuple[int, int], ...] = ()


def draw_tokens(seed: int, step: int, by_class: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Draw one token of each class for training step ``step``, in random order, from ``seed`` and ``step`` only."""
    rng = random.Random(f"{seed}/tokens/{step}")
    drawn = [rng.choice(by_class[label]) for label in sorted(by_class)]
    rng.shuffle(drawn)
    return tuple(drawn)


def ranks(critical: CriticalCurrents, controls_ua: Sequence[float]) -> tuple[int, ...]:
    """Rank of each junction by its present critical input; 1 switches first."""
    inputs_ua = critical.inputs_ua(controls_ua)
    order = sorted(range(len(inputs_ua)), key=lambda junction: (inputs_ua[junction], junction))
    return tuple(order.index(junction) + 1 for junction in range(len(inputs_ua)))


def votes(rank: Sequence[int], counts: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Sum of votes on each junction, from the (assigned, switched) counts of the presentations of one input."""
    return tuple(
        sum((switched < r <= assigned) - (assigned < r <= switched) for assigned, switched in counts) for r in rank
    )


def learn(
    lessons: Sequence[Lesson],
    controls: ControlCurrents,
    critical_of: CriticalOf,
    allowed_of: Callable[[int], Sequence[Interval]],
    step_ua: float,
) -> LearningStep:
    """Compute the moves of all control currents after the presentations of one training step.

    ``allowed_of`` an input: allowed control currents of each junction. A presentation without a configuration has no
    vote.
    """
    valid = [(lesson.assigned.counts, lesson.observed.counts) for lesson in lessons if lesson.observed is not None]
    all_votes = tuple(
        votes(ranks(critical_of(j), row), [(assigned[j], observed[j]) for assigned, observed in valid])
        for j, row in enumerate(controls.by_input_ua)
    )
    wanted = [[step_ua * ((vote > 0) - (vote < 0)) for vote in row] for row in all_votes]
    held = tuple(
        (j, k)
        for j, row in enumerate(wanted)
        for k, (move, allowed) in enumerate(zip(row, allowed_of(j), strict=True))
        if _leaves(allowed, controls.by_input_ua[j][k] + move, move)
    )
    moves_ua = tuple(
        tuple(0.0 if (j, k) in held else move for k, move in enumerate(row)) for j, row in enumerate(wanted)
    )
    return LearningStep(all_votes, moves_ua, held)


def _leaves(allowed: Interval, target_ua: float, move_ua: float) -> bool:
    """Whether a move leaves ``allowed``; one from outside towards it does not."""
    return (move_ua > 0 and target_ua > allowed.high_ua) or (move_ua < 0 and target_ua < allowed.low_ua)


FOLLOWS_AFTER_STEPS = 5
"""Delay with which the paired rule follows a drift: 4 to 6 steps in simulations of 0.1 uA a presentation."""


def averaged(courses: Sequence[ControlCurrents]) -> tuple[ControlCurrents, float]:
    """Mean of control currents of successive steps as it should be after the last, and their common slope (uA a step).

    Control currents that have found their places move to and fro around them, and together with a drift of all
    thresholds, ``FOLLOWS_AFTER_STEPS`` later. The line through their mean over junctions and inputs is that drift.
    """
    values_ua = np.array([controls.by_input_ua for controls in courses])
    steps = np.arange(len(courses)) - (len(courses) - 1) / 2
    squares = float(np.sum(steps**2))
    slope_ua = float(steps @ values_ua.mean(axis=(1, 2))) / squares if squares else 0.0
    rows_ua = values_ua.mean(axis=0) + slope_ua * (steps[-1] + FOLLOWS_AFTER_STEPS)
    return ControlCurrents(tuple(tuple(round(one, 3) for one in row) for row in rows_ua.tolist())), round(slope_ua, 6)
