"""Fit of the encoding from features to input currents: configurations of the classes, coefficients and offsets.

Everything is fitted to the training subset only. Scales (``scales``) and assignment (``assignment``) give, for each
input, a projection of the features that orders the classes by their levels; or projections, boundaries and the class
of every configuration are fitted together (``joint``). Here each projection is scaled to a current with a given mean
distance of its boundaries, and shifted such that control currents have the shortest way to go, every junction can
still reset, and all currents stay within the limits.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from math import prod

import numpy as np

from mtjlab.arrays import FloatArray
from mtjlab.counted import counted
from mtjlab.domain import (
    ControlCurrents,
    Interval,
    PerJunction,
    SwitchingConfiguration,
    input_label,
    junction_label,
)
from mtjlab.encoding.assignment import assign, can_be_proven
from mtjlab.encoding.chip import WANDER_UA, Chip
from mtjlab.encoding.fitted import Encoding
from mtjlab.encoding.joint import fit_jointly
from mtjlab.encoding.partition import Partition, one_each
from mtjlab.encoding.scales import ClassMoments, class_moments
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.typed_numbers import distinct_texts
from mtjlab.vowels.data_set import Token


def demand_enough_configurations(classes: int, junctions: int, inputs: int, chains: Sequence[int] = ()) -> None:
    """Raise RefusedError if there are more classes than switching configurations; of parallel ``chains`` if given."""
    configurations = prod(size + 1 for size in chains) if chains else (junctions + 1) ** inputs
    if not 2 <= classes <= configurations:
        raise RefusedError(
            f"{classes} classes cannot be distinguished by {counted(junctions, 'junction')} and "
            f"{counted(inputs, 'input')}, which have {counted(configurations, 'switching configuration')}; at least "
            "2 classes are needed. Use fewer classes, or more junctions or inputs."
        )


def demand_classes_apart(train: Sequence[Token]) -> None:
    """Raise RefusedError if two classes have the same mean in every feature: no input could distinguish them."""
    classes = sorted({token.label for token in train})
    means = class_moments(train, classes).means
    for (one, here), (other, there) in combinations(zip(classes, means, strict=True), 2):
        if np.allclose(here, there, rtol=0.0, atol=1e-9):
            raise RefusedError(
                f"The classes {one!r} and {other!r} coincide: they have the same mean in every feature. "
                "Use other classes, or other features."
            )


def encode(
    train: Sequence[Token],
    chip: Chip,
    start: ControlCurrents,
    spacing_ua: float,
    seed: int = 0,
    jointly: bool = False,
) -> Encoding:
    """Fit the encoding to the training tokens, for a chip that starts at the control currents ``start``.

    Control currents of parallel chains, one chain for each input, are those of its own junctions alone.

    ``jointly``: every configuration stands for its most probable class; otherwise each class has one configuration.

    Raises:
        RefusedError: more classes than configurations, or classes that no linear combination distinguishes.
        BenchFaultError: with no offset of the inputs does every junction switch, reset and stay within its limits.
    """
    rows, inputs = start.by_input_ua, len(start.by_input_ua)
    chips = [chip.of(span) for span in start.spans(len(chip.allowed))]
    is_parallel = any(len(row) != len(chip.allowed) for row in rows)
    classes = sorted({token.label for token in train})
    demand_enough_configurations(
        len(classes), len(chip.allowed), inputs, [len(row) for row in rows] if is_parallel else ()
    )
    if jointly:
        used = [len(row) for row in rows]
    elif is_parallel:
        used = [min(len(row), _most_boundaries(one, (row,), spacing_ua)) for one, row in zip(chips, rows, strict=True)]
    else:
        used = [min(len(chip.allowed), _most_boundaries(chip, rows, spacing_ua))] * inputs
    _demand_room(len(classes), used, spacing_ua)
    partition, proven_optimal = _partition(tuple(train), tuple(used), seed, jointly)
    scales = [spacing_ua / distance for distance in partition.distances]
    slopes_ua = [slopes * scale for slopes, scale in zip(partition.slopes, scales, strict=True)]
    bounds_ua = [bounds * scale for bounds, scale in zip(partition.bounds, scales, strict=True)]
    features = np.array([token.features for token in train])
    shifts_ua = [
        _shift_ua(j, bounds, _moved(features @ slopes, chip.moved_ua), chips[j], rows[j])
        for j, (slopes, bounds) in enumerate(zip(slopes_ua, bounds_ua, strict=True))
    ]
    return Encoding(
        coefficients_ua=tuple(
            (float(shift), *map(float, slopes)) for shift, slopes in zip(shifts_ua, slopes_ua, strict=True)
        ),
        boundaries_ua=tuple(
            tuple(float(bound + shift) for bound in bounds) for shift, bounds in zip(shifts_ua, bounds_ua, strict=True)
        ),
        configurations=tuple((classes[c], SwitchingConfiguration(levels)) for c, levels in partition.cells),
        proven_optimal=proven_optimal,
    )


@lru_cache(maxsize=1024)
def _partition(train: tuple[Token, ...], used: tuple[int, ...], seed: int, jointly: bool) -> tuple[Partition, bool]:
    """``partition_of`` training tokens; kept, since many chips and rules learn the same split."""
    classes = sorted({token.label for token in train})
    return partition_of(class_moments(train, classes), max(used), len(used), seed, jointly, used)


def partition_of(
    moments: ClassMoments, junctions: int, inputs: int, seed: int, jointly: bool, used: Sequence[int] = ()
) -> tuple[Partition, bool]:
    """Partition of the features, and whether no assignment of one configuration to each class overlaps less.

    ``used``: number of boundaries on each input, where that is not ``junctions`` for all.

    Raises:
        RefusedError: no linear combination distinguishes the classes.
    """
    if jointly:
        is_exact = can_be_proven(len(moments.means), junctions + 1, inputs)
        levels = assign(moments, junctions + 1, inputs, seed).levels if is_exact else None
        return fit_jointly(moments, junctions + 1, inputs, seed, levels), False
    most = tuple(count + 1 for count in used) if len(set(used)) > 1 else ()
    assignment = assign(moments, junctions + 1, inputs, seed, most)
    return one_each(assignment.levels, moments), assignment.proven_optimal


def _most_boundaries(chip: Chip, rows: Sequence[PerJunction], spacing_ua: float) -> int:
    """Most boundaries with this mean distance on any input that ``_shift_ua`` may have an offset for; at least one.

    The first and the last of them have to be within reach of the same offset, and of the limits of the first junction.
    """
    critical, controls, most = chip.critical, chip.controls, 1
    for row_ua in rows:
        critical_inputs_ua = critical.inputs_ua(row_ua)
        ranked = sorted(range(len(row_ua)), key=lambda k: critical_inputs_ua[k])
        lowest = ranked[0]
        highest_ua = chip.allowed[lowest].high_ua - WANDER_UA - critical.up_ua[lowest]
        downwards_ua = min(0.0, controls[lowest].high_ua - critical.up_ua[lowest])
        for count, k in enumerate(ranked, start=1):
            room_ua = min(highest_ua, critical.up_ua[k] - controls[k].low_ua + downwards_ua)
            most = count if count > most and (count - 1) * spacing_ua <= room_ua else most
    return most


def _demand_room(classes: int, boundaries: Sequence[int], spacing_ua: float) -> None:
    """Check that the classes have configurations enough within the limits."""
    if classes > prod(count + 1 for count in boundaries):
        room = " and ".join(counted(count, "boundary", "boundaries") for count in dict.fromkeys(boundaries))
        raise BenchFaultError(
            f"The limits of these junctions have room for {room} {spacing_ua:.6g} uA apart on each input, and "
            f"{classes} classes need more. Lower encoding.boundary_spacing_ua, or use fewer classes, or more inputs."
        )


def _shift_ua(j: int, bounds: FloatArray, projected: FloatArray, chip: Chip, start_ua: PerJunction) -> float:
    """Offset of input ``j``: mean of the shifts from boundaries to critical inputs, within the allowed range."""
    critical = chip.critical
    critical_inputs_ua = critical.inputs_ua(start_ua)
    ranked = sorted(range(len(start_ua)), key=lambda k: critical_inputs_ua[k])
    wanted = float(np.mean([critical_inputs_ua[k] - bound for k, bound in zip(ranked, bounds, strict=False)]))
    least, most, clear = -float(projected.min()), np.inf, np.inf
    least_why, most_why = "no input may be negative", ""
    for rank, k in enumerate(ranked):
        up_ua, controls = critical.up_ua[k], chip.controls[k]
        used = rank < len(bounds)
        edge = float(bounds[rank]) if used else float(projected.max())
        if used and up_ua - controls.high_ua - edge > least:
            least, least_why = up_ua - controls.high_ua - edge, controls.high_set_by
        if up_ua - controls.low_ua - edge < most:
            most, most_why = up_ua - controls.low_ua - edge, controls.low_set_by
        clear = min(clear, up_ua - controls.low_ua - edge - (0.0 if used else chip.clear_ua))
        _demand_headroom(j, k, float(projected.max()) - edge + up_ua, chip.allowed[k])
    if least > most:
        raise BenchFaultError(
            f"No input currents suit these junctions: for input {input_label(j)}, {least_why}, while {most_why}. Lower "
            "encoding.boundary_spacing_ua, or with held inputs encoding.reset_margin_ua, or use classes that are "
            "farther apart."
        )
    return min(max(wanted, least), max(clear, least))


def _moved(inputs_ua: FloatArray, by_ua: float) -> FloatArray:
    """Inputs with those farthest off if all are moved down and up."""
    return np.append(inputs_ua, [inputs_ua.min() - by_ua, inputs_ua.max() + by_ua])


def _demand_headroom(j: int, k: int, highest_ua: float, limit: Interval) -> None:
    """Check that the largest input does not take junction ``k``, after training, over its limit."""
    if highest_ua + WANDER_UA > limit.high_ua:
        reached, high = distinct_texts(highest_ua + WANDER_UA, limit.high_ua, digits=4)
        raise BenchFaultError(
            f"The largest input {input_label(j)} would put up to {reached} uA through {junction_label(k)}, "
            f"whose limit is {high} uA. Lower encoding.boundary_spacing_ua, or use classes that "
            "are farther apart."
        )
