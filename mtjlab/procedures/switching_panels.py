"""Panels of critical currents, for runs of several kinds that measure them, or their references."""

from collections.abc import Iterable, Sequence
from math import sqrt

from mtjlab.analysis.estimates import CriticalEstimate, Estimate
from mtjlab.comparison import Curve, Panel, spread_out
from mtjlab.domain import CriticalCurrents, junction_label
from mtjlab.events import JunctionsMeasured, SeriesMeasured

UP, DOWN = "AP → P", "P → AP"
INTERVAL = 1.96
"""Half width of a 95 % interval, in standard errors."""


def critical_panels(series: Sequence[SeriesMeasured | None]) -> tuple[Panel, ...]:
    """Critical currents of each junction, a panel for each direction; ``series`` of each run, or None."""
    directions = (
        (UP, [one.up if one else () for one in series]),
        (DOWN, [one.down if one else () for one in series]),
    )
    return tuple(_panel(title, estimates) for title, estimates in directions if any(_known(one) for one in estimates))


def reference_panels(measured: Sequence[JunctionsMeasured | None]) -> tuple[Panel, ...]:
    """Critical currents in the references of each run, or None where it has none; a panel for each direction."""
    known = [(of, one.critical) for of, one in enumerate(measured) if one is not None]
    if not known:
        return ()
    ticks = tuple(map(junction_label, range(max(len(critical.up_ua) for _, critical in known))))
    return tuple(
        Panel(
            f"critical current {direction}",
            "junction",
            "critical current (µA)",
            tuple(_of_references(of, len(measured), critical, direction == UP) for of, critical in known),
            ticks=ticks,
        )
        for direction in (UP, DOWN)
    )


def _of_references(of: int, count: int, critical: CriticalCurrents, is_up: bool) -> Curve:
    means = critical.up_ua if is_up else critical.down_ua
    spreads = critical.up_spread_ua if is_up else critical.down_spread_ua
    return Curve(
        of,
        tuple(place + spread_out(of, count) for place in range(len(means))),
        means,
        "marks",
        tuple(half_width_ua(spread_ua, critical.repetitions) for spread_ua in spreads),
    )


def half_width_ua(spread_ua: float, repetitions: int) -> float:
    """Half width of the 95 % interval of a mean."""
    return INTERVAL * spread_ua / sqrt(repetitions)


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
