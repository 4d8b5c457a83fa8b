"""Where each switching configuration lies among the inputs, as measured thresholds and control currents tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from mtjlab.domain import ControlCurrents, CriticalOf, Interval, PerJunction, SwitchingConfiguration


@dataclass(frozen=True, slots=True)
class Region:
    """A box among the inputs that gives one switching configuration: ``bounds[j]`` is its side along input j."""

    configuration: SwitchingConfiguration
    bounds: tuple[Interval, ...]


def boundaries_ua(critical_of: CriticalOf, controls: ControlCurrents) -> tuple[PerJunction, ...]:
    """Inputs at which each junction switches, ``[input][junction]``: critical currents minus control currents."""
    spans = controls.spans(len(critical_of(0).up_ua))
    return tuple(critical_of(j).of(spans[j]).inputs_ua(row_ua) for j, row_ua in enumerate(controls.by_input_ua))


def regions(boundaries: Sequence[PerJunction], shown: Sequence[Interval]) -> tuple[Region, ...]:
    """The regions that ``boundaries`` cut the box ``shown`` into, cut off at its edges; empty ones are left out."""
    sides = [_sides(row_ua, along) for row_ua, along in zip(boundaries, shown, strict=True)]
    return tuple(
        Region(SwitchingConfiguration(tuple(count for count, _ in box)), tuple(side for _, side in box))
        for box in product(*sides)
    )


def _sides(boundaries: PerJunction, shown: Interval) -> list[tuple[int, Interval]]:
    """Number of junctions switched, and the inputs at which so many are."""
    edges = np.clip([shown.low_ua, *sorted(boundaries), shown.high_ua], shown.low_ua, shown.high_ua).tolist()
    return [(count, Interval(low, high)) for count, (low, high) in enumerate(pairwise(edges)) if low < high]
