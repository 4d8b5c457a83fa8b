"""Measure a chip in loops of the input with small steps where it should switch, and compare it with what it was."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from statistics import fmean

import numpy as np

from mtjlab.analysis.chip_comparison import THRESHOLDS, Measured, compare
from mtjlab.analysis.estimates import CriticalEstimate, Estimate
from mtjlab.analysis.legs import seen_states
from mtjlab.analysis.pooled_references import fitted_references, pooled
from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.detection.detector import Detector
from mtjlab.events import CurveTaken, JunctionsMeasured, SweepPoint
from mtjlab.procedures.chip_comparison.events import ChipCompared
from mtjlab.procedures.chip_comparison.plan import ChipComparisonPlan, ChipValues
from mtjlab.procedures.curves import move_controls, passages_of_legs, series_measured
from mtjlab.procedures.limits import demand_inside_limits
from mtjlab.procedures.reference_sweep import fit_loops, sweep_point, take_loops
from mtjlab.procedures.types import Procedure

PERCENT = 100.0


REFERENCE_LOOPS = 2


def loop_ua(plan: ChipComparisonPlan, config: PlanConfig) -> tuple[float, ...]:
    """Inputs of the loops that references are fitted to: large steps, and small ones near expected thresholds."""
    sweep, step_ua = config.sweep, plan.far_step_ua
    steps = int((sweep.input_stop_ua - sweep.input_start_ua) / step_ua) + 1
    grid = {round(sweep.input_start_ua + k * step_ua, 3) for k in range(steps)} | {sweep.input_stop_ua}
    return tuple(sorted(grid.union(*legs_ua(plan, config))))


def legs_ua(plan: ChipComparisonPlan, config: PlanConfig) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Inputs of a short loop, up and down: its ends, and small steps near the thresholds expected in each direction."""
    up, down = (_near(plan, config, plan.before.values[name]) for name in THRESHOLDS)
    return up, down[::-1]


def _near(plan: ChipComparisonPlan, config: PlanConfig, thresholds_ua: Sequence[float | None]) -> tuple[float, ...]:
    low_ua, high_ua = config.sweep.input_start_ua, config.sweep.input_stop_ua
    each, inputs = int(plan.near_ua / plan.step_ua), {low_ua, high_ua}
    for threshold_ua, control_ua in zip(thresholds_ua, plan.controls_ua, strict=True):
        if threshold_ua is not None:
            near = (round(threshold_ua - control_ua + k * plan.step_ua, 3) for k in range(-each, each + 1))
            inputs |= {one for one in near if low_ua <= one <= high_ua}
    return tuple(sorted(inputs))


def compare_chip(bench: Bench, config: PlanConfig, plan: ChipComparisonPlan) -> Procedure[ChipCompared]:
    """Measure resistances, thresholds, spreads and offsets of all junctions, and compare them with what they were.

    Raises:
        LimitExceededError: a junction would leave its limits; nothing was written.
        BenchFaultError: the junctions cannot be measured.
    """
    rising_ua = loop_ua(plan, config)
    demand_inside_limits(bench.envelope, bench.controls_ua, (plan.controls_ua,), rising_ua)
    yield from move_controls(bench, plan.controls_ua)
    points = yield from take_loops(bench, rising_ua, 0.0, REFERENCE_LOOPS)
    step_ua = fmean(abs(b.reading.input_ua - a.reading.input_ua) for a, b in pairwise(points))
    measured = yield from fit_loops(bench, points, step_ua)
    detector = Detector(measured.references, config.detector)
    curves = []
    for repetition in range(plan.loops):
        curves.append((yield from _short_loop(bench, plan, config, detector, repetition)))
    found = measured_chip(config, measured, points, curves)
    before, earlier = plan.before, [one.values for one in plan.earlier]
    comparison = compare(found, Measured(before.values, _errors(before, found)), earlier, _tolerances(plan))
    compared = ChipCompared(bench.time_s, before.run, before.measured_at, found, comparison)
    yield compared
    return compared


def _short_loop(
    bench: Bench, plan: ChipComparisonPlan, config: PlanConfig, detector: Detector, repetition: int
) -> Procedure[CurveTaken]:
    points: list[SweepPoint] = []
    for rising, leg_ua in zip((True, False), legs_ua(plan, config), strict=True):
        for input_ua in leg_ua:
            points.append(sweep_point(bench, input_ua, 0.0, repetition, rising, "curve"))
            yield points[-1]
    bench.idle()
    passages = passages_of_legs(points, detector, bench.description.aperture_s)
    curve = CurveTaken(bench.time_s, 0, plan.controls_ua, repetition, passages)
    yield curve
    return curve


def measured_chip(
    config: PlanConfig, measured: JunctionsMeasured, points: Sequence[SweepPoint], curves: Sequence[CurveTaken]
) -> Measured:
    """Quantities of all junctions with their standard deviations.

    Resistances and offsets are those of ``points``, which gave the references; critical currents those of ``curves``.
    """
    readings = [point.reading for point in points]
    states = seen_states(measured.references, readings, config.detector)
    references = [pooled([one]) for one in fitted_references(measured.references, readings, states)]
    (series,) = series_measured(curves)
    ways = (("up", series.up), ("down", series.down))
    means = {f"critical_{way}_ua": _of(found, lambda one: one.law.mean_ua) for way, found in ways}
    spreads = {f"spread_{way}_ua": _of(found, lambda one: one.law.spread_ua) for way, found in ways}
    mean_errors = {f"critical_{way}_ua": _of(found, lambda one: one.mean_error_ua) for way, found in ways}
    spread_errors = {f"spread_{way}_ua": _of(found, lambda one: one.spread_error_ua) for way, found in ways}
    errors = np.array([one.errors for one in references])
    return Measured(
        {
            **means,
            **spreads,
            "resistance_parallel_ohm": tuple(one.law.r_p_ohm for one in references),
            "tmr": tuple(one.law.tmr for one in references),
            "offset_mv": tuple(one.offset_mv for one in references),
        },
        {
            **mean_errors,
            **spread_errors,
            "resistance_parallel_ohm": tuple(errors[:, 0].tolist()),
            "tmr": tuple(errors[:, 1].tolist()),
            "offset_mv": tuple(errors[:, 4].tolist()),
        },
    )


def _of(estimates: Sequence[Estimate], value: Callable[[CriticalEstimate], float]) -> tuple[float | None, ...]:
    return tuple(value(one) if isinstance(one, CriticalEstimate) else None for one in estimates)


def _errors(before: ChipValues, found: Measured) -> Mapping[str, tuple[float | None, ...]]:
    """Errors of what was before; where a calibration has none, they are taken to be as large as now."""
    return {name: before.errors.get(name, found.errors[name]) for name in found.errors}


def _tolerances(plan: ChipComparisonPlan) -> Mapping[str, float]:
    normal = plan.normal
    return {
        "critical_up_ua": normal.threshold_ua,
        "critical_down_ua": normal.threshold_ua,
        "spread_up_ua": normal.spread_percent / PERCENT,
        "spread_down_ua": normal.spread_percent / PERCENT,
        "resistance_parallel_ohm": normal.resistance_percent / PERCENT,
        "tmr": normal.resistance_percent / PERCENT,
        "offset_mv": normal.offset_mv,
    }
