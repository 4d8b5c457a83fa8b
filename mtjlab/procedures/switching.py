"""Where the junctions switch: under given control currents (``sweep``), and as control currents move (``shift``)."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

from mtjlab.analysis.critical import Estimate, estimate_critical
from mtjlab.analysis.legs import Passage
from mtjlab.bench import Bench
from mtjlab.config import PlanConfig, ShiftAsked, SweepAsked
from mtjlab.domain import PerJunction
from mtjlab.events import CurveTaken, JunctionsMeasured, Progress, SeriesMeasured, SwitchingMeasured
from mtjlab.procedures.curves import CurvesPlan, measure_curves
from mtjlab.procedures.sweep import staircase_ua
from mtjlab.procedures.types import Procedure


def sweep(
    bench: Bench,
    config: PlanConfig,
    asked: SweepAsked,
    calibrated: JunctionsMeasured | None = None,
    progress: Progress = Progress(),  # noqa: B008  frozen
) -> Procedure[SwitchingMeasured]:
    """Resistance curves under one set of control currents, and the critical currents they tell.

    Raises:
        LimitExceededError: a curve would leave the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset.
    """
    plan = CurvesPlan(config, asked.staircase, (asked.controls_ua,), asked.legs, calibrated)
    return (yield from _measured(bench, plan, progress))


def shift(
    bench: Bench,
    config: PlanConfig,
    asked: ShiftAsked,
    calibrated: JunctionsMeasured | None = None,
    progress: Progress = Progress(),  # noqa: B008  frozen
) -> Procedure[SwitchingMeasured]:
    """Critical currents while one control current after another is moved.

    Raises:
        LimitExceededError: a curve would leave the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset.
    """
    plan = CurvesPlan(config, asked.staircase, shifted_rows(asked), "up", calibrated)
    return (yield from _measured(bench, plan, progress))


def shifted_rows(asked: ShiftAsked) -> tuple[PerJunction, ...]:
    """The control currents of each series: first none moved, then each junction's by each amount."""
    rows = [asked.controls_ua]
    for k in range(len(asked.controls_ua)):
        for by_ua in asked.by_ua:
            rows.append(tuple(current + by_ua * (i == k) for i, current in enumerate(asked.controls_ua)))
    return tuple(rows)


def series_measured(curves: Sequence[CurveTaken]) -> tuple[SeriesMeasured, ...]:
    """Critical currents of each series of curves."""
    by_series: dict[int, list[CurveTaken]] = defaultdict(list)
    for curve in curves:
        by_series[curve.series].append(curve)
    return tuple(
        SeriesMeasured(taken[0].controls_ua, _estimates(taken, rising=True), _estimates(taken, rising=False))
        for _, taken in sorted(by_series.items())
    )


def _measured(bench: Bench, plan: CurvesPlan, progress: Progress) -> Procedure[SwitchingMeasured]:
    curves = yield from measure_curves(bench, plan, progress.curves)
    legs = 2 if plan.legs == "loop" else 1
    readings = len(curves) * legs * len(staircase_ua(plan.staircase))
    measured = SwitchingMeasured(bench.time_s, series_measured(curves), readings)
    yield measured
    return measured


def _estimates(curves: Sequence[CurveTaken], rising: bool) -> tuple[Estimate, ...]:
    passages = [_of_junction(curves, k, rising) for k in range(len(curves[0].passages))]
    return tuple(estimate_critical(told) for told in passages) if all(passages) else ()


def _of_junction(curves: Sequence[CurveTaken], junction: int, rising: bool) -> list[Passage]:
    legs = chain.from_iterable(curve.passages[junction] for curve in curves)
    return [passage for passage in legs if passage.rising == rising]
