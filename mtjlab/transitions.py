"""Order and sub-steps of source writes that keep every junction inside its interval.

Sources update one after another, so between two writes junctions carry unintended sums. A transition is split into
sub-steps; in each, every source that goes down is written first, then the sources settle, then every source that
goes up is written.

**No junction ever exceeds the larger of its old and new current.** Junction k carries the sum of sources 1..k. During
the downs of a sub-step that sum only falls, so it stays at or below its value at the start of the sub-step. During the
ups it only rises, so it stays at or below its value at the end of the sub-step. Both values are currents that the plan
keeps at or below max(old, new); where there is one sub-step they are the old and the new current themselves. The order
of writes inside a group is free, for any number of junctions. What remains is an excursion to the low (reset) side,
lowest after the last down; it shrinks with the number of sub-steps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mtjlab.domain import ONE_CHAIN, Interval, PerJunction, junction_currents_ua, junction_label
from mtjlab.errors import LimitExceededError
from mtjlab.typed_numbers import distinct_texts

if TYPE_CHECKING:
    from mtjlab.arrays import FloatArray

MOST_SUB_STEPS = 50


@dataclass(frozen=True, slots=True)
class Write:
    """Set source ``source`` (0 is the top of the chain) to ``current_ua``."""

    source: int
    current_ua: float


@dataclass(frozen=True, slots=True)
class SubStep:
    """Write all ``downs`` in any order, settle, then all ``ups`` in any order, settle."""

    downs: tuple[Write, ...]
    ups: tuple[Write, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """A planned move of the source currents, in uA, from ``start_ua`` to ``target_ua``."""

    start_ua: PerJunction
    target_ua: PerJunction
    sub_steps: tuple[SubStep, ...]

    @property
    def ends_with_ups(self) -> bool:
        """Whether the last settings go up; not if there are none."""
        return bool(self.sub_steps) and bool(self.sub_steps[-1].ups)

    def settled_ua(self, tops: tuple[int, ...] = ONE_CHAIN) -> list[PerJunction]:
        """Junction currents after each group of settings, at which sources settle; the last are those it leads to."""
        sources, settled = list(self.start_ua), []
        for group in (group for step in self.sub_steps for group in (step.downs, step.ups) if group):
            for write in group:
                sources[write.source] = write.current_ua
            settled.append(junction_currents_ua(sources, tops))
        return settled


def plan_transition(
    start_ua: Sequence[float],
    target_ua: Sequence[float],
    limits: Sequence[Interval],
    tops: tuple[int, ...] = ONE_CHAIN,
) -> Transition:
    """Plan the fewest sub-steps from source currents ``start_ua`` to ``target_ua`` inside ``limits`` of each junction.

    Every source moves only towards its target. Parallel chains, whose first sources are ``tops``, move together.

    Raises:
        LimitExceededError: the target is outside the limits, or there is no path inside them.
    """
    start, target = tuple(start_ua), tuple(target_ua)
    demand_inside(junction_currents_ua(target, tops), limits, tops=tops)
    for count in range(1, MOST_SUB_STEPS + 1):
        corners = _corners(start, target, limits, count, tops)
        if corners is not None:
            pairs = zip((start, *corners[:-1]), corners, strict=True)
            return Transition(start, target, tuple(_sub_step(before, after) for before, after in pairs))
    raise LimitExceededError(
        f"no path from source currents {_listed(start)} uA to {_listed(target)} uA keeps every junction inside its "
        f"limits in {MOST_SUB_STEPS} sub-steps. Nothing was written. Make a smaller move first, or widen [limits]."
    )


def junction_currents_on_the_way_ua(transition: Transition, tops: tuple[int, ...] = ONE_CHAIN) -> Iterator[PerJunction]:
    """Junction currents after each single write of ``transition``, in the order of the writes."""
    sources = list(transition.start_ua)
    for step in transition.sub_steps:
        for write in (*step.downs, *step.ups):
            sources[write.source] = write.current_ua
            yield junction_currents_ua(sources, tops)


def controls_applied_s(width_s: float, settle_s: float, settings_s: float = 0.0) -> float:
    """Time for which control currents that envelop a pulse are applied, with ``settings_s`` for setting the sources.

    Sources settle between settings down and up, on the way there and in up to two sub-steps on the way back.
    """
    return width_s + 4 * settle_s + settings_s


def demand_inside(
    currents_ua: PerJunction,
    limits: Sequence[Interval],
    rounding_ua: float = 0.0,
    tops: Sequence[int] = ONE_CHAIN,
) -> None:
    """Check that the current of each junction is inside its limits, to within ``rounding_ua``.

    Raises:
        LimitExceededError: a current is outside its limits.
    """
    for index, (current, limit) in enumerate(zip(currents_ua, limits, strict=True)):
        if not limit.low_ua - rounding_ua <= current <= limit.high_ua + rounding_ua:
            carried, low, high = distinct_texts(current, limit.low_ua, limit.high_ua)
            set_by = limit.set_by(current)
            raise LimitExceededError(
                f"{junction_label(index, tops)} would carry {carried} uA, outside its limits {low}..{high} uA"
                f"{f' ({set_by})' if set_by else ''}. Nothing was written. Request less, or change [limits]."
            )


def _sub_step(before: PerJunction, after: PerJunction) -> SubStep:
    moves = [(k, old, new) for k, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    return SubStep(
        downs=tuple(Write(k, new) for k, old, new in moves if new < old),
        ups=tuple(Write(k, new) for k, old, new in moves if new > old),
    )


def _corners(
    start: PerJunction, target: PerJunction, limits: Sequence[Interval], count: int, tops: tuple[int, ...]
) -> tuple[PerJunction, ...] | None:
    """Source currents at the end of each of ``count`` sub-steps, or None if no such path stays inside the limits."""
    if count == 1:
        lowest = junction_currents_ua([min(old, new) for old, new in zip(start, target, strict=True)], tops)
        return (target,) if all(low >= limit.low_ua for low, limit in zip(lowest, limits, strict=True)) else None
    return _corners_by_linear_programme(start, target, limits, count, tops)


def _corners_by_linear_programme(
    from_ua: PerJunction, to_ua: PerJunction, limits: Sequence[Interval], count: int, tops: tuple[int, ...]
) -> tuple[PerJunction, ...] | None:
    """Corners with the most room to the low limits.

    Unknowns x: progress p_m of each source (0..1) at the end of sub-steps m = 1..count-1, and the room (uA). With S the
    running sum and d the moves, junctions end sub-step m at S(start + p_m d), and its downs take them as low as
    S(start + p_(m-1) d + (p_m - p_(m-1)) min(d, 0)).
    """
    import numpy as np  # noqa: PLC0415  whoever only reads transitions needs none of it
    from scipy.optimize import linprog  # noqa: PLC0415  as above

    start, target = np.array(from_ua), np.array(to_ua)
    n, unknowns = len(start), len(start) * (count - 1) + 1
    running_sum = np.array([junction_currents_ua(row, tops) for row in np.eye(n).tolist()]).T
    move = target - start
    whole, downs = running_sum * move, running_sum * np.minimum(move, 0.0)
    begin, end = running_sum @ start, running_sum @ target
    floor = np.array([limit.low_ua for limit in limits])
    room = np.zeros(unknowns)
    room[-1] = 1.0

    def progress(m: int) -> "tuple[FloatArray, FloatArray]":
        """Matrix and constant of p_m as a function of the unknowns."""
        matrix = np.zeros((n, unknowns))
        if 0 < m < count:
            matrix[:, n * (m - 1) : n * m] = np.eye(n)
        return matrix, np.full(n, float(m == count))

    rows, bounds = [], []
    for m in range(1, count + 1):
        (before, before_0), (after, after_0) = progress(m - 1), progress(m)
        rows.append(room - (whole - downs) @ before - downs @ after)
        bounds.append(begin - floor + (whole - downs) @ before_0 + downs @ after_0)
        rows.append(whole @ after)
        bounds.append(np.maximum(begin, end) - begin - whole @ after_0)
        rows.append(before - after)
        bounds.append(after_0 - before_0)
    widest = max(limit.high_ua - limit.low_ua for limit in limits)
    solved = linprog(
        -room,
        A_ub=np.vstack(rows),
        b_ub=np.concatenate(bounds),
        bounds=[(0.0, 1.0)] * (unknowns - 1) + [(0.0, widest)],
    )
    if not solved.success or solved.x is None:
        return None
    corners = start + solved.x[:-1].reshape(count - 1, n) * move
    return tuple(tuple(float(current) for current in row) for row in (*corners, to_ua))


def _listed(currents_ua: Sequence[float]) -> str:
    return "(" + ", ".join(f"{current:.6g}" for current in currents_ua) + ")"
