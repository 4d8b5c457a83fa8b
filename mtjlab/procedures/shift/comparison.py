"""Shifts beside each other: the critical input of each junction against its own control current."""

from collections.abc import Sequence

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.comparison import Curve, Panel
from mtjlab.domain import junction_label
from mtjlab.events import SeriesMeasured
from mtjlab.procedures.curves import series_so_far
from mtjlab.procedures.kind import Run
from mtjlab.procedures.shift.plan import ShiftPlan


def shift_panels(runs: Sequence[Run[ShiftPlan]]) -> tuple[Panel, ...]:
    """A panel for each junction."""
    series = [series_so_far(run.state) for run in runs]
    junctions = max((len(one.controls_ua) for of_run in series for one in of_run), default=0)
    return tuple(
        Panel(
            f"{junction_label(k)}, AP → P",
            "own control current (µA)",
            "critical input (µA)",
            tuple(_curve(of, of_run, k) for of, of_run in enumerate(series)),
        )
        for k in range(junctions)
    )


def _curve(of: int, series: Sequence[SeriesMeasured], k: int) -> Curve:
    base_ua = series[0].controls_ua if series else ()
    own = [
        (one.controls_ua[k], estimate)
        for one in series
        if k < len(one.up)
        and all(ua == base_ua[i] for i, ua in enumerate(one.controls_ua) if i != k)
        and isinstance(estimate := one.up[k], CriticalEstimate)
    ]
    own.sort(key=lambda point: point[0])
    return Curve(
        of,
        tuple(control_ua for control_ua, _ in own),
        tuple(estimate.law.mean_ua - control_ua for control_ua, estimate in own),
        "solid",
        tuple((estimate.mean_interval.high_ua - estimate.mean_interval.low_ua) / 2 for _, estimate in own),
    )
