"""Maps beside each other: boundaries of each, where their configurations differ, and by how much boundaries moved."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.comparison import Curve, Panel, Patch, Style, spread_out
from mtjlab.domain import Interval, PerJunction, SwitchingConfiguration, input_label, junction_label
from mtjlab.procedures.curves import series_so_far
from mtjlab.procedures.kind import Run
from mtjlab.procedures.switching_map.plan import MapPlan

Boundaries = tuple[tuple[float | None, ...], ...]
"""Inputs (uA) at which junctions switch, ``[input][junction]``; None where it is not determined."""


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
            one.shifted(-control_ua).law.held_ua(dwell_s) if isinstance(one, CriticalEstimate) else None
            for one, control_ua in zip(series.up, series.controls_ua, strict=False)
        )
        for series in series_so_far(run.state)
    )


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
    known = [[tuple(ua for ua in row if ua is not None) for row in rows] for rows in found]
    lines = []
    for of, (a, b) in enumerate(known):
        lines += [Curve(of, (ua, ua), (shown.low_ua, shown.high_ua), _style(of)) for ua in a]
        lines += [Curve(of, (shown.low_ua, shown.high_ua), (ua, ua), _style(of)) for ua in b]
    is_complete = all(ua is not None for rows in found for row in rows for ua in row)
    patches = differences(known[0], known[-1], shown) if is_complete else ()
    return Panel("where the first and the last map differ", "I_A (µA)", "I_B (µA)", tuple(lines), tuple(patches))


def _style(of: int) -> Style:
    return "solid" if of == 0 else "dotted"


def _moved(found: Sequence[Boundaries]) -> Iterator[Panel]:
    ticks = tuple(f"{input_label(j)} {junction_label(k)}" for j, row in enumerate(found[0]) for k in range(len(row)))
    flat = [[ua for row in rows for ua in row] for rows in found]
    if len(found) < 2 or any(len(one) != len(ticks) for one in flat):
        return
    curves = []
    for of, row in enumerate(flat[1:], start=1):
        moved = [
            (place, ua - first_ua)
            for place, (first_ua, ua) in enumerate(zip(flat[0], row, strict=True))
            if ua is not None and first_ua is not None
        ]
        curves.append(
            Curve(
                of,
                tuple(place + spread_out(of - 1, len(flat) - 1) for place, _ in moved),
                tuple(by for _, by in moved),
                "marks",
            )
        )
    yield Panel("boundaries against the first map", "input and junction", "moved by (µA)", tuple(curves), ticks=ticks)
