"""Resistance curves at one or more sets of control currents, for sweeps, shifts and maps."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from mtjlab.analysis.critical import estimate_critical
from mtjlab.analysis.estimates import Estimate
from mtjlab.analysis.legs import Leg, passages, seen_states
from mtjlab.analysis.passage import Passage
from mtjlab.bench import Bench
from mtjlab.config import DetectorSettings, Legs, PlanConfig, SweepSettings
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import ControlCurrents, PerJunction
from mtjlab.events import (
    ControlsPlanned,
    CurveTaken,
    Event,
    JunctionsMeasured,
    SeriesMeasured,
    SweepPoint,
    SwitchingMeasured,
)
from mtjlab.procedures.deviation_check import DeviationCheck
from mtjlab.procedures.limits import demand_inside_limits
from mtjlab.procedures.look import Observer
from mtjlab.procedures.reference_sweep import reference_sweep, staircase_ua, sweep_point
from mtjlab.procedures.types import Procedure
from mtjlab.record import Record

REFERENCE_LOOPS = 3
"""Number of loops to fit references to."""


@dataclass(frozen=True, slots=True)
class CurvesPlan:
    """Curves of the same ``staircase`` and ``legs`` at each of ``rows``, one control current per junction.

    ``calibrated`` are known references; if None, references are measured first.
    """

    config: PlanConfig
    staircase: SweepSettings
    rows: tuple[PerJunction, ...]
    legs: Legs = "loop"
    calibrated: JunctionsMeasured | None = None


def know_references(
    bench: Bench, config: PlanConfig, calibrated: JunctionsMeasured | None
) -> Procedure[JunctionsMeasured]:
    """Get the references of the detector: from a calibration, or measured now.

    They are measured as before a training, at the control currents of its start and with the loops of ``config.sweep``:
    at the requested control currents a junction might not switch at all.

    Raises:
        LimitExceededError: the loops would leave the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured.
    """
    if calibrated is None:
        yield from hold(bench, reference_row_ua(config, bench.description.junctions))
        loops = min(config.sweep.repetitions, REFERENCE_LOOPS)
        measured = yield from reference_sweep(bench, config.sweep.model_copy(update={"repetitions": loops}))
    else:
        measured = replace(calibrated, t_s=bench.time_s)
        yield measured
    bench.predict_voltages_with([reference.law for reference in measured.references])
    return measured


def reference_row_ua(config: PlanConfig, junctions: int) -> PerJunction:
    """Control currents for measuring references."""
    return config.training.start_controls(junctions, inputs=1).by_input_ua[0]


def measure_curves(
    bench: Bench, plan: CurvesPlan, taken_over: Sequence[Event] = ()
) -> Procedure[tuple[CurveTaken, ...]]:
    """Measure every curve of ``plan`` that was not ``taken_over``; returns all curves.

    Raises:
        LimitExceededError: a curve would leave the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset.
    """
    curves = [one for one in taken_over if isinstance(one, CurveTaken)]
    done = {(curve.series, curve.repetition) for curve in curves}
    measured = yield from know_references(bench, plan.config, plan.calibrated)
    demand_inside_limits(bench.envelope, bench.controls_ua, plan.rows, staircase_ua(plan.staircase))
    observer = Observer(bench, measured.references, plan.config.detector, plan.config.presentation)
    deviation_check = DeviationCheck(bench, measured.references)
    for series, row_ua in enumerate(plan.rows):
        wanted = [n for n in range(plan.staircase.repetitions) if (series, n) not in done]
        if wanted:
            yield from hold(bench, row_ua, series)
        for repetition in wanted:
            yield from deviation_check.check((yield from observer.demand_reset()))
            curves.append((yield from _curve(observer, plan, series, repetition)))
    return tuple(curves)


def hold(bench: Bench, row_ua: PerJunction, series: int | None = None) -> Procedure[None]:
    """Move to control currents from the present ones."""
    transition, cautions = bench.plan(row_ua), bench.envelope.cautions(row_ua)
    yield ControlsPlanned(bench.time_s, 0, ControlCurrents((row_ua,)), (transition,), cautions, series)
    bench.execute(transition)


def _curve(observer: Observer, plan: CurvesPlan, series: int, repetition: int) -> Procedure[CurveTaken]:
    bench, settings = observer.bench, plan.staircase
    up_ua = staircase_ua(settings)
    legs_ua = {"loop": ((True, up_ua), (False, up_ua[::-1])), "up": ((True, up_ua),), "down": ((False, up_ua[::-1]),)}
    points: list[SweepPoint] = []
    for rising, leg_ua in legs_ua[plan.legs]:
        for input_ua in leg_ua:
            points.append(sweep_point(bench, input_ua, settings.dwell_s, repetition, rising, "curve", series))
            yield points[-1]
    bench.idle()
    passages = passages_of_legs(points, observer.references, observer.detector, bench.description.aperture_s)
    curve = CurveTaken(bench.time_s, series, plan.rows[series], repetition, passages)
    yield curve
    return curve


def passages_of_legs(
    points: Sequence[SweepPoint],
    references: Sequence[JunctionReference],
    detector: DetectorSettings,
    aperture_s: float,
) -> tuple[tuple[Passage, ...], ...]:
    """Evaluate the legs of a curve: ``[junction][leg]``."""
    readings = [point.reading for point in points]
    legs: list[Leg] = [(point.repetition, point.rising) for point in points]
    return passages(readings, seen_states(references, readings, detector), legs, aperture_s)


def measure_switching(
    bench: Bench,
    plan: CurvesPlan,
    taken_over: Sequence[Event] = (),
) -> Procedure[SwitchingMeasured]:
    """Measure every curve of ``plan`` that was not ``taken_over``, and determine where the junctions switch.

    Raises:
        LimitExceededError: a curve would leave the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset.
    """
    curves = yield from measure_curves(bench, plan, taken_over)
    legs = 2 if plan.legs == "loop" else 1
    readings = len(curves) * legs * len(staircase_ua(plan.staircase))
    measured = SwitchingMeasured(bench.time_s, series_measured(curves), readings)
    yield measured
    return measured


def series_so_far(state: Record) -> tuple[SeriesMeasured, ...]:
    """Critical currents of a run, or those from the curves so far."""
    found = state.last(SwitchingMeasured)
    return series_measured(state.each(CurveTaken)) if found is None else found.series


def series_measured(curves: Sequence[CurveTaken]) -> tuple[SeriesMeasured, ...]:
    """Critical currents from each series of curves."""
    by_series: dict[int, list[CurveTaken]] = defaultdict(list)
    for curve in curves:
        by_series[curve.series].append(curve)
    return tuple(
        SeriesMeasured(
            of_series[0].controls_ua, _estimates(of_series, rising=True), _estimates(of_series, rising=False)
        )
        for _, of_series in sorted(by_series.items())
    )


def _estimates(curves: Sequence[CurveTaken], rising: bool) -> tuple[Estimate, ...]:
    by_junction = [_of_junction(curves, k, rising) for k in range(len(curves[0].passages))]
    return tuple(estimate_critical(passages) for passages in by_junction) if all(by_junction) else ()


def _of_junction(curves: Sequence[CurveTaken], junction: int, rising: bool) -> list[Passage]:
    legs = chain.from_iterable(curve.passages[junction] for curve in curves)
    return [passage for passage in legs if passage.rising == rising]
