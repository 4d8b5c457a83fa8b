"""Panels of critical currents, for runs of several kinds that measure them."""

from collections.abc import Iterable, Sequence

from mtjlab.analysis.estimates import CriticalEstimate, Estimate
from mtjlab.comparison import Curve, Panel, spread_out
from mtjlab.domain import junction_label
from mtjlab.events import SeriesMeasured


def critical_panels(series: Sequence[SeriesMeasured | None]) -> tuple[Panel, ...]:
    """Critical currents of each junction, a panel for each direction; ``series`` of each run, or None."""
    directions = (
        ("AP → P", [one.up if one else () for one in series]),
        ("P → AP", [one.down if one else () for one in series]),
    )
    return tuple(_panel(title, estimates) for title, estimates in directions if any(_known(one) for one in estimates))


def _panel(title: str, estimates: Sequence[Sequence[Estimate]]) -> Panel:
    junctions = max(map(len, estimates))
    return Panel(
        f"critical current {title}",
        "junction",
        "critical current (µA)",
        tuple(critical_curve(of, len(estimates), enumerate(one)) for of, one in enumerate(estimates)),
        ticks=tuple(map(junction_label, range(junctions))),
    )


def critical_curve(of: int, count: int, estimates: Iterable[tuple[int, Estimate]]) -> Curve:
    """Estimates that are determined at their places, as marks with intervals."""
    known = [(place, one) for place, one in estimates if isinstance(one, CriticalEstimate)]
    return Curve(
        of,
        tuple(place + spread_out(of, count) for place, _ in known),
        tuple(one.law.mean_ua for _, one in known),
        "marks",
        tuple((one.mean_interval.high_ua - one.mean_interval.low_ua) / 2 for _, one in known),
    )


def _known(estimates: Sequence[Estimate]) -> bool:
    return any(isinstance(one, CriticalEstimate) for one in estimates)
