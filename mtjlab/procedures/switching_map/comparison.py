"""Maps beside each other: boundaries of each, where their configurations differ, and by how much boundaries moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import hypot

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.comparison import Curve, Panel, Patch, Style, spread_out
from mtjlab.domain import Interval, PerJunction, SwitchingConfiguration, input_label, junction_label
from mtjlab.procedures.curves import series_so_far
from mtjlab.procedures.kind import Run
from mtjlab.procedures.switching_map.plan import MapPlan

DIFFER = "where the first and the last map differ"
AGREE = "the first and the last map agree within their 95 % intervals"


@dataclass(frozen=True, slots=True)
class Boundary:
    """Input (uA) at which a junction switches, and the half width of its 95 % interval."""

    at_ua: float
    half_ua: float

    def differs_from(self, other: "Boundary") -> bool:
        """Whether the intervals of both have no input in common."""
        return abs(self.at_ua - other.at_ua) > self.half_ua + other.half_ua


Boundaries = tuple[tuple[Boundary | None, ...], ...]
"""``[input][junction]``; None where it is not determined."""


def map_panels(runs: Sequence[Run[MapPlan]]) -> tuple[Panel, ...]:
    """The plane of the inputs, and the differences of boundaries from those of the first run."""
    found = [boundaries_of(run) for run in runs]
    if any(len(one) != 2 for one in found):
        return ()
    return _plane(runs, found), *_moved(found)


def boundaries_of(run: Run[MapPlan]) -> Boundaries:
    """Boundaries of a map for presentations as its plan has them."""
    if run.started is None:
        return ()
    dwell_s = run.config.presentation_dwell_s(run.started.bench.aperture_s)
    return tuple(
        tuple(
            _boundary(one.shifted(-control_ua), dwell_s) if isinstance(one, CriticalEstimate) else None
            for one, control_ua in zip(series.up, series.controls_ua, strict=False)
        )
        for series in series_so_far(run.state)
    )


def _boundary(estimate: CriticalEstimate, dwell_s: float) -> Boundary:
    interval = estimate.mean_interval
    return Boundary(estimate.law.held_ua(dwell_s), (interval.high_ua - interval.low_ua) / 2)


def differences(one: Sequence[PerJunction], other: Sequence[PerJunction], shown: Interval) -> Iterator[Patch]:
    """Parts of the plane where two maps have different configurations."""
    sides = [
        [*pairwise(sorted({shown.low_ua, shown.high_ua, *(ua for ua in (*first, *second) if ua in shown)}))]
        for first, second in zip(one, other, strict=True)
    ]
    for across, up in product(*sides):
        middle = [sum(side) / 2 for side in (across, up)]
        before, after = (
            SwitchingConfiguration(tuple(sum(ua < at for ua in row) for row, at in zip(rows, middle, strict=True)))
            for rows in (one, other)
        )
        if before != after:
            yield Patch(Interval(*across), Interval(*up), f"{before} → {after}")


def _plane(runs: Sequence[Run[MapPlan]], found: Sequence[Boundaries]) -> Panel:
    shown = runs[0].plan.inputs
    lines = []
    for of, (a, b) in enumerate(found):
        lines += [Curve(of, (at, at), (shown.low_ua, shown.high_ua), _style(of)) for at in _known(a)]
        lines += [Curve(of, (shown.low_ua, shown.high_ua), (at, at), _style(of)) for at in _known(b)]
    is_complete = all(one is not None for rows in found for row in rows for one in row)
    patches = tuple(_beyond_intervals(found[0], found[-1], shown)) if is_complete else ()
    return Panel(DIFFER if patches or not is_complete else AGREE, "I_A (µA)", "I_B (µA)", tuple(lines), patches)


def _beyond_intervals(first: Boundaries, last: Boundaries, shown: Interval) -> Iterator[Patch]:
    """Parts of the plane where two maps differ, by boundaries whose intervals have nothing in common."""
    pairs = [list(zip(*rows, strict=True)) for rows in zip(first, last, strict=True)]
    before = [tuple(a.at_ua for a, _ in row if a) for row in pairs]
    after = [tuple(b.at_ua if b.differs_from(a) else a.at_ua for a, b in row if a and b) for row in pairs]
    return differences(before, after, shown)


def _known(row: Sequence[Boundary | None]) -> list[float]:
    return [one.at_ua for one in row if one is not None]


def _style(of: int) -> Style:
    return "solid" if of == 0 else "dotted"


def _moved(found: Sequence[Boundaries]) -> Iterator[Panel]:
    """By how much each boundary lies above that of the first map; bars are 95 % intervals of the difference."""
    ticks = tuple(f"{input_label(j)} {junction_label(k)}" for j, row in enumerate(found[0]) for k in range(len(row)))
    flat = [[one for row in rows for one in row] for rows in found]
    if len(found) < 2 or any(len(one) != len(ticks) for one in flat):
        return
    curves = []
    for of, row in enumerate(flat[1:], start=1):
        moved = [
            (place, one.at_ua - first.at_ua, hypot(one.half_ua, first.half_ua))
            for place, (first, one) in enumerate(zip(flat[0], row, strict=True))
            if one is not None and first is not None
        ]
        curves.append(
            Curve(
                of,
                tuple(place + spread_out(of - 1, len(flat) - 1) for place, _, _ in moved),
                tuple(by for _, by, _ in moved),
                "marks",
                tuple(half for _, _, half in moved),
            )
        )
    yield Panel("boundaries against the first map", "input and junction", "moved by (µA)", tuple(curves), ticks=ticks)
