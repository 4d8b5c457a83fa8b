"""All control currents at once: from measured thresholds and the boundaries of the encoding, I_C = I_switch - boundary.

Any junction may take any boundary: the number switched counts, not which. The assignment that is chosen keeps every
junction inside its limits and resetting, and moves the control currents least.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment, minimize_scalar

from mtjlab.analysis.critical import CriticalEstimate
from mtjlab.analysis.switching_map import critical_inputs, map_axis
from mtjlab.detection.resistance import FloatArray
from mtjlab.domain import ControlCurrents, Interval, PerJunction, input_label, junction_label
from mtjlab.encoding.encode import Chip
from mtjlab.errors import RefusedError

CLEARANCE_UA = 50.0
"""A junction that has no boundary switches this far beyond the highest input."""


@dataclass(frozen=True, slots=True)
class LabelledInputs:
    """The input currents of a token, and the number of junctions that each of them should switch."""

    inputs_ua: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WarmStart:
    """Control currents, and which boundary each junction takes: ``boundary[input][junction]``, from 0; None for none.

    ``boundaries_ua[input]`` are the boundaries as they were given.
    """

    controls: ControlCurrents
    boundary: tuple[tuple[int | None, ...], ...]
    boundaries_ua: tuple[tuple[float, ...], ...]


def learnt_boundaries_ua(tokens: Sequence[LabelledInputs], spread_ua: float) -> tuple[tuple[float, ...], ...]:
    """Boundaries ``[input][level]`` that part the tokens of a training subset best, for thresholds of this spread.

    An encoding has them midway between class means. Here each is where the logistic loss of its distance to every token
    is least: what lies several spreads on the right side does not count, and outliers count linearly.
    """
    inputs_ua, counts = (np.array([getattr(token, name) for token in tokens]) for name in ("inputs_ua", "counts"))
    return tuple(
        tuple(sorted(_best_boundary_ua(column_ua, levels > below, spread_ua) for below in range(levels.max())))
        for column_ua, levels in zip(inputs_ua.T, counts.T, strict=True)
    )


def warm_start(
    thresholds_ua: PerJunction,
    chip: Chip,
    boundaries_ua: Sequence[Sequence[float]],
    highest_ua: Sequence[float],
    start: ControlCurrents,
) -> WarmStart:
    """Control currents that bring the threshold of some junction to every boundary.

    ``thresholds_ua`` are junction currents that switch as often as not in the dwell of a presentation (``held_ua``).
    ``chip.allowed`` are limits of junction currents, less what transitions need, and ``chip.critical.down_ua`` what a
    reset needs. ``highest_ua`` is the highest input that will be applied, for each input; junctions without a boundary
    stay unswitched by it.
    Controls are to be near ``start``.

    Raises:
        RefusedError: no assignment of junctions keeps all of them inside their limits and resetting.
    """
    rows = [
        _row(j, thresholds_ua, chip, boundaries, highest, near_ua)
        for j, (boundaries, highest, near_ua) in enumerate(
            zip(boundaries_ua, highest_ua, start.by_input_ua, strict=True)
        )
    ]
    return WarmStart(
        ControlCurrents(tuple(controls for controls, _ in rows)),
        tuple(taken for _, taken in rows),
        tuple(tuple(row) for row in boundaries_ua),
    )


def expected_recognition(
    critical: Sequence[CriticalEstimate], controls: ControlCurrents, tokens: Sequence[LabelledInputs], dwell_s: float
) -> float:
    """Share of presentations that will give the counts of their tokens, from critical junction currents."""
    chance = np.ones(len(tokens))
    for j, controls_ua in enumerate(controls.by_input_ua):
        inputs_ua = np.array([token.inputs_ua[j] for token in tokens])
        axis = map_axis(critical_inputs(critical, controls_ua), inputs_ua, dwell_s)
        chance *= axis.probabilities[np.arange(len(tokens)), [token.counts[j] for token in tokens]]
    return float(chance.mean())


def _best_boundary_ua(inputs_ua: FloatArray, above: FloatArray, spread_ua: float) -> float:
    sign = np.where(above, 1.0, -1.0)
    found = minimize_scalar(
        lambda boundary_ua: float(np.logaddexp(0.0, -sign * (inputs_ua - boundary_ua) / spread_ua).sum()),
        bounds=(float(inputs_ua.min()), float(inputs_ua.max())),
        method="bounded",
    )
    return float(found.x)


def _row(
    j: int,
    thresholds_ua: PerJunction,
    chip: Chip,
    boundaries_ua: Sequence[float],
    highest_ua: float,
    near_ua: PerJunction,
) -> tuple[PerJunction, tuple[int | None, ...]]:
    """Control currents of one input, and the boundary of each junction."""
    allowed = [_allowed_controls(chip, k, highest_ua) for k in range(len(thresholds_ua))]
    wanted = _wanted_ua(np.array(thresholds_ua), np.array(boundaries_ua), highest_ua, np.array(near_ua))
    inside = np.array([[current in interval for current in row] for row, interval in zip(wanted, allowed, strict=True)])
    moves_ua = np.where(inside, np.abs(wanted - np.array(near_ua)[:, np.newaxis]), np.inf)
    try:
        junctions, places = linear_sum_assignment(moves_ua)
    except ValueError as error:
        raise RefusedError(_why_not(j, allowed, wanted, boundaries_ua)) from error
    controls_ua = tuple(round(float(current), 3) for current in wanted[junctions, places])
    return controls_ua, tuple(place if place < len(boundaries_ua) else None for place in places.tolist())


def _allowed_controls(chip: Chip, junction: int, highest_ua: float) -> Interval:
    """Control currents at which a junction resets, and is inside its limits with and without the highest input."""
    limit, down_ua = chip.allowed[junction], chip.critical.down_ua[junction]
    return Interval(limit.low_ua, min(limit.high_ua - highest_ua, down_ua - chip.reset_margin_ua))


def _wanted_ua(
    thresholds_ua: FloatArray, boundaries_ua: FloatArray, highest_ua: float, near_ua: FloatArray
) -> FloatArray:
    """Control current [N, N] of each junction for each boundary; in columns beyond these, to stay unswitched."""
    for_boundaries = thresholds_ua[:, np.newaxis] - boundaries_ua
    unswitched = np.minimum(near_ua, thresholds_ua - highest_ua - CLEARANCE_UA)
    spare = np.repeat(unswitched[:, np.newaxis], len(thresholds_ua) - len(boundaries_ua), axis=1)
    return np.hstack([for_boundaries, spare])


def _why_not(j: int, allowed: Sequence[Interval], wanted: FloatArray, boundaries_ua: Sequence[float]) -> str:
    junctions = "; ".join(
        f"{junction_label(k)} may be held at {interval.low_ua:.0f} to {interval.high_ua:.0f} uA and would need "
        + ", ".join(f"{current:.0f} uA for {edge:.0f} uA" for current, edge in zip(row, boundaries_ua, strict=False))
        for k, (interval, row) in enumerate(zip(allowed, wanted.tolist(), strict=True))
    )
    return (
        f"No control currents bring the junctions to the boundaries of input {input_label(j)}: {junctions}. Start at "
        "given control currents (without a warm start), or change encoding.boundary_spacing_ua or "
        "encoding.reset_margin_ua."
    )
