"""Resistance curves at one or more sets of control currents, for sweeps, shifts and maps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from mtjlab.analysis.critical import CriticalTally
from mtjlab.analysis.estimates import Estimate
from mtjlab.analysis.legs import Leg, passages, seen_states
from mtjlab.analysis.passage import Passage
from mtjlab.bench import Bench
from mtjlab.config import Legs, PlanConfig, SweepSettings
from mtjlab.detection.detector import Detector
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


def get_references(
    bench: Bench, config: PlanConfig, calibrated: JunctionsMeasured | None
) -> Procedure[JunctionsMeasured]:
    """Get the references of the detector: from a calibration, or measured now.

    They are measured as before a training, at the control currents of its start and with the loops of ``config.sweep``:
    at the requested control currents a junction might not switch at all.

    Raises:
        RefusedError: pulses of the plan are shorter than the bench can give.
        LimitExceededError: the loops would leave the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured.
    """
    bench.demand_widths(config.presentation.widths_s)
    if calibrated is None:
        yield from move_controls(bench, reference_row_ua(config, bench.description.junctions))
        loops = min(config.sweep.repetitions, REFERENCE_LOOPS)
        measured = yield from reference_sweep(bench, config.sweep.model_copy(update={"repetitions": loops}))
    else:
        measured = replace(calibrated, t_s=bench.time_s)
        yield measured
    bench.predict_voltages_with([reference.law for reference in measured.references])
    return measured


def reference_row_ua(config: PlanConfig, junctions: int) -> PerJunction:
    """Control currents for measuring references."""
    return config.training.start_controls((junctions,), inputs=1).first_ua(junctions)


def measure_curves(
    bench: Bench, plan: CurvesPlan, taken_over: Sequence[Event] = ()
) -> Procedure[tuple[CurveTaken, ...]]:
    """Measure every curve of ``plan`` that was not ``taken_over``; returns all curves.

    Raises:
        LimitExceededError: a curve would leave the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset.
    """
    measurement = yield from CurvesMeasurement.start(bench, plan, taken_over)
    for series in range(len(plan.rows)):
        yield from measurement.measure_series(series)
    return tuple(measurement.curves)


@dataclass(frozen=True, slots=True)
class CurvesMeasurement:
    """Measures the curves of a plan series by series; ``curves`` are those taken over, and those measured."""

    plan: CurvesPlan
    observer: Observer
    deviation_check: DeviationCheck
    curves: list[CurveTaken]

    @classmethod
    def start(cls, bench: Bench, plan: CurvesPlan, taken_over: Sequence[Event] = ()) -> Procedure["CurvesMeasurement"]:
        """Get the references, and check all curves against the limits. Raises as ``measure_curves``."""
        measured = yield from get_references(bench, plan.config, plan.calibrated)
        demand_inside_limits(bench.envelope, bench.controls_ua, plan.rows, staircase_ua(plan.staircase))
        observer = Observer.of(bench, measured, plan.config)
        curves = [one for one in taken_over if isinstance(one, CurveTaken)]
        return cls(plan, observer, DeviationCheck(bench, measured.references), curves)

    def missing(self, series: int) -> list[int]:
        """Repetitions of a series that are not measured yet."""
        done = {curve.repetition for curve in self.curves if curve.series == series}
        return [n for n in range(self.plan.staircase.repetitions) if n not in done]

    def measure_series(self, series: int) -> Procedure[None]:
        """Move to the control currents of a series, and measure its missing curves.

        Raises:
            NotResetError: the junctions do not reset at them.
            BenchFaultError: the junctions cannot be measured.
        """
        missing = self.missing(series)
        if missing:
            yield from move_controls(self.observer.bench, self.plan.rows[series], series)
        for repetition in missing:
            yield from self.deviation_check.check((yield from self.observer.demand_reset()))
            self.curves.append((yield from _curve(self.observer, self.plan, series, repetition)))


def move_controls(bench: Bench, row_ua: PerJunction, series: int | None = None) -> Procedure[None]:
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
    passages = passages_of_legs(points, observer.detector, bench.description.aperture_s)
    curve = CurveTaken(bench.time_s, series, plan.rows[series], repetition, passages)
    yield curve
    return curve


def passages_of_legs(
    points: Sequence[SweepPoint], detector: Detector, aperture_s: float
) -> tuple[tuple[Passage, ...], ...]:
    """Evaluate the legs of a curve: ``[junction][leg]``."""
    readings = [point.reading for point in points]
    legs: list[Leg] = [(point.repetition, point.rising) for point in points]
    return passages(readings, seen_states(detector.references, readings, detector.settings), legs, aperture_s)


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


def series_measured(curves: Iterable[CurveTaken]) -> tuple[SeriesMeasured, ...]:
    """Critical currents from each series of curves."""
    tally = CurvesTally()
    for curve in curves:
        tally.take(curve)
    return tally.series()


@dataclass(frozen=True, slots=True)
class _Series:
    """Curves under the same control currents: a tally for each junction, rising and falling."""

    controls_ua: PerJunction
    up: dict[int, CriticalTally] = field(default_factory=dict)
    down: dict[int, CriticalTally] = field(default_factory=dict)

    def take(self, curve: CurveTaken) -> None:
        for k, legs in enumerate(curve.passages):
            for leg in legs:
                (self.up if leg.rising else self.down).setdefault(k, CriticalTally()).take(leg)

    def estimates(self, tallies: dict[int, CriticalTally]) -> tuple[Estimate, ...]:
        """None unless every junction has legs."""
        is_complete = len(tallies) == len(self.controls_ua)
        return tuple(tallies[k].estimate() for k in sorted(tallies)) if is_complete else ()


class CurvesTally:
    """Critical currents from curves, added up in little memory."""

    events: ClassVar = (CurveTaken,)

    def __init__(self) -> None:
        self._series: dict[int, _Series] = {}

    def take(self, curve: CurveTaken) -> None:
        """Add a curve."""
        self._series.setdefault(curve.series, _Series(curve.controls_ua)).take(curve)

    def series(self) -> tuple[SeriesMeasured, ...]:
        """Critical currents under each set of control currents, by number; one without curves has no currents."""
        return tuple(
            SeriesMeasured(one.controls_ua, one.estimates(one.up), one.estimates(one.down))
            for one in (self._series.get(n, _Series(())) for n in range(max(self._series, default=-1) + 1))
        )
