"""Moves of the control currents of many replicas, and inputs at which they can be read: as for one chain, at once.

``transitions.plan_transition`` plans; its usual answer, one sub-step, is computed here for all replicas together, and
it is asked for the others. ``detection.detector.reading_input_ua`` says of one chain what ``reading_inputs_ua`` says of
all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtjlab.arrays import BoolArray, FloatArray
from mtjlab.config import DetectorSettings
from mtjlab.detection.detector import ROUNDING_UA
from mtjlab.domain import ControlCurrents, Interval, source_currents_ua
from mtjlab.envelope import LIMIT_ROUNDING_UA
from mtjlab.errors import LimitExceededError
from mtjlab.transitions import plan_transition


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Junction currents [G, R, N] after each group of settings, and where [G, R] sources settle after it.

    They lead to ``target_ua`` [R, N] of the sources. ``possible`` [R]: whether the limits allow the move;
    ``ends_with_ups`` [R]: whether the last settings go up.
    """

    target_ua: FloatArray
    currents_ua: FloatArray
    settles: BoolArray
    possible: BoolArray
    ends_with_ups: BoolArray

    @property
    def last(self) -> BoolArray:
        """Whether no group comes after each [G, R]."""
        followed = np.cumsum(self.settles[::-1], axis=0, dtype=np.int64)[::-1] > self.settles
        return np.asarray(~followed)


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """Allowed currents of the junctions of all replicas: [R][N], and their ends [R, N]."""

    allowed: tuple[tuple[Interval, ...], ...]
    low_ua: FloatArray
    high_ua: FloatArray

    @classmethod
    def of(cls, allowed: Sequence[Sequence[Interval]]) -> "Limits":
        """Limits of replicas."""
        low_ua = np.array([[one.low_ua for one in chain] for chain in allowed])
        high_ua = np.array([[one.high_ua for one in chain] for chain in allowed])
        return cls(tuple(map(tuple, allowed)), low_ua, high_ua)

    def allow(self, currents_ua: FloatArray, rounding_ua: float = LIMIT_ROUNDING_UA) -> BoolArray:
        """Whether the junction currents [R, N] of each replica are inside."""
        inside = (currents_ua >= self.low_ua - rounding_ua) & (currents_ua <= self.high_ua + rounding_ua)
        return np.asarray(inside.all(axis=1))

    def moves(self, start_ua: FloatArray, target_ua: FloatArray) -> Moves:
        """Moves from source currents [R, N] to others."""
        lowest_ua = np.cumsum(np.minimum(start_ua, target_ua), axis=1)
        ends_ua = np.cumsum(target_ua, axis=1)
        possible = self.allow(ends_ua, rounding_ua=0.0)
        settles = [np.any(target_ua < start_ua, axis=1), np.any(target_ua > start_ua, axis=1)]
        ends_with_ups = settles[1].copy()
        planned = {}
        for r in np.flatnonzero(possible & np.any(lowest_ua < self.low_ua, axis=1)).tolist():
            try:
                planned[r] = plan_transition(start_ua[r].tolist(), target_ua[r].tolist(), self.allowed[r])
            except LimitExceededError:
                possible[r] = False
        count = max([2, *(len(one.settled_ua()) for one in planned.values())])
        currents_ua = np.stack([lowest_ua, *[ends_ua] * (count - 1)])
        settle = np.zeros((count, len(possible)), dtype=bool)
        settle[:2] = settles
        for r, one in planned.items():
            settled_ua = one.settled_ua()
            ends_with_ups[r] = one.ends_with_ups
            for g in range(count):
                currents_ua[g, r] = settled_ua[min(g, len(settled_ua) - 1)]
                settle[g, r] = g < len(settled_ua)
        return Moves(target_ua, currents_ua, settle & possible, possible, ends_with_ups)


def sources_ua(controls: Sequence[ControlCurrents], j: int) -> FloatArray:
    """Source currents [R, N] of the control currents of input j."""
    return np.array([source_currents_ua(one.by_input_ua[j], 0.0) for one in controls])


def reading_inputs_ua(
    controls_ua: FloatArray,
    inputs_ua: FloatArray,
    critical_ua: tuple[FloatArray, FloatArray],
    settings: DetectorSettings,
) -> FloatArray:
    """``reading_input_ua`` [R]: controls [R, N], inputs [R], critical currents up and down [R, N]; NaN for None."""
    lowered_ua, edge_ua = inputs_ua, settings.dead_band_ua - ROUNDING_UA
    while True:
        inside = np.abs(controls_ua + lowered_ua[:, np.newaxis]) < edge_ua
        is_hidden = inside.any(axis=1)
        if not is_hidden.any():
            break
        least_ua = np.where(inside, -settings.dead_band_ua - controls_ua, np.inf).min(axis=1)
        lowered_ua = np.where(is_hidden, least_ua, lowered_ua)
    (up_ua, down_ua), margin_ua = critical_ua, settings.reading_margin_ua
    switched = controls_ua + inputs_ua[:, np.newaxis] > up_ua - margin_ua
    undone = np.any(switched & (controls_ua + lowered_ua[:, np.newaxis] < down_ua + margin_ua), axis=1)
    return np.where(undone & (lowered_ua < inputs_ua), np.nan, lowered_ua)
