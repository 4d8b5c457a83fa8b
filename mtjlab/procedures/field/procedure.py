"""Resistance loops against the field, then sweeps of the input in several fields, then the choice of a field."""

from collections.abc import Sequence
from dataclasses import dataclass

from mtjlab.analysis.working_point import Asked, choose_field
from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.domain import PerJunction
from mtjlab.events import Event, FieldSet, JunctionsMeasured, SwitchingMeasured
from mtjlab.procedures.curves import CurvesMeasurement, CurvesPlan, move_controls
from mtjlab.procedures.field.events import LoopPoint, LoopsMeasured, SeriesInField, WorkingPointChosen
from mtjlab.procedures.field.plan import FieldPlan
from mtjlab.procedures.field.state import FieldState
from mtjlab.procedures.look import NotResetError
from mtjlab.procedures.magnet import move_field
from mtjlab.procedures.reference_sweep import SAMPLES, staircase_ua
from mtjlab.procedures.types import Procedure
from mtjlab.rack import MagneticField


def measure_field(
    bench: Bench,
    magnet: MagneticField,
    config: PlanConfig,
    plan: FieldPlan,
    calibrated: JunctionsMeasured | None = None,
    taken_over: Sequence[Event] = (),
) -> Procedure[WorkingPointChosen | None]:
    """Measure what ``plan`` asks for, except for what was ``taken_over``; the field ends where it began.

    Raises:
        LimitExceededError: a curve would leave the limits, or a field those of the magnet.
        BenchFaultError: a field is not reached, or the junctions cannot be measured.
    """
    state = FieldState()
    for event in taken_over:
        state.take(event)
    run = _Run(bench, magnet, plan, state)
    began_mt = magnet.read().supply_mt
    if plan.has_loops and state.loops_measured is None:
        yield from run.measure_loops()
        yield from run.rest_in(began_mt)
    if not plan.has_sweeps:
        return None
    if state.switching is None:
        curves = CurvesPlan(config, plan.staircase, (plan.controls_ua,) * len(plan.fields_mt), "loop", calibrated)
        measurement = yield from CurvesMeasurement.start(bench, curves, taken_over)
        yield from run.measure_series(measurement)
        yield from run.rest_in(began_mt)
    chosen = working_point_chosen(bench.time_s, state, plan, config.encoding.reset_margin_ua)
    yield chosen
    return chosen


@dataclass(frozen=True, slots=True)
class _Run:
    bench: Bench
    magnet: MagneticField
    plan: FieldPlan
    state: FieldState

    def measure_loops(self) -> Procedure[None]:
        """Measure the missing loops, each at its probing current."""
        done, probes_ua = self.state.complete_loops, self.plan.probe_ua
        for loop in range(self.plan.loops):
            if loop not in done:
                probe_ua = probes_ua[loop % len(probes_ua)]
                yield from self._rest_at(probe_ua)
                yield from self._move(self.plan.rising_mt[0], abs(probe_ua))
                for rising in (True, False):
                    for field_mt in self.plan.rising_mt if rising else self.plan.rising_mt[::-1]:
                        yield from self._point(loop, rising, field_mt, abs(probe_ua))
        measured = LoopsMeasured(self.bench.time_s, self.state.loops(), self.state.points)
        yield from self._taken(measured)

    def measure_series(self, measurement: CurvesMeasurement) -> Procedure[None]:
        """Measure the missing curves in every field; a field in which junctions do not reset is left out."""
        for series, field_mt in enumerate(self.plan.fields_mt):
            if series in self.state.skipped or not measurement.missing(series):
                continue
            reached = yield from self.rest_in(field_mt)
            in_field = SeriesInField(self.bench.time_s, series, reached.reading.field_mt)
            yield from self._taken(in_field)
            taken = len(measurement.curves)
            try:
                yield from measurement.measure_series(series)
            except NotResetError as error:
                yield from self._taken(SeriesInField(self.bench.time_s, series, in_field.field_mt, str(error)))
            for curve in measurement.curves[taken:]:
                self.state.take(curve)
        readings = 2 * len(staircase_ua(self.plan.staircase)) * len(measurement.curves)
        yield from self._taken(SwitchingMeasured(self.bench.time_s, self.state.series(), readings))

    def rest_in(self, field_mt: float) -> Procedure[FieldSet]:
        """Move to a field without currents."""
        yield from self._rest_at(0.0)
        return (yield from self._move(field_mt, 0.0))

    def _move(self, field_mt: float, most_ua: float) -> Procedure[FieldSet]:
        return (yield from move_field(self.bench, self.magnet, field_mt, most_ua))

    def _rest_at(self, current_ua: float) -> Procedure[None]:
        row_ua: PerJunction = (current_ua,) * self.bench.description.junctions
        if self.bench.controls_ua != row_ua:
            yield from move_controls(self.bench, row_ua)

    def _point(self, loop: int, rising: bool, field_mt: float, most_ua: float) -> Procedure[None]:
        reached = yield from move_field(self.bench, self.magnet, field_mt, most_ua, is_step=True)
        self.bench.rest(self.plan.field_dwell_s)
        reading = self.bench.read(SAMPLES)
        yield from self._taken(LoopPoint(loop, rising, reached.reading.field_mt, reached.t_s, reading))

    def _taken(self, event: Event) -> Procedure[None]:
        self.state.take(event)
        yield event


def working_point_chosen(t_s: float, state: FieldState, plan: FieldPlan, reset_margin_ua: float) -> WorkingPointChosen:
    """The field to work in, among those that were measured, or why there is none."""
    slopes = state.slopes()
    missing = [slope.reason for slope in slopes if slope.shift_ua_per_mt is None]
    if not slopes or missing:
        reason = missing[0] if missing else "critical currents are not measured in two fields."
        return WorkingPointChosen(t_s, slopes, None, reason)
    fields_mt = [field_mt for field_mt, _ in state.measured_series()]
    asked = Asked(plan.controls_ua, reset_margin_ua, *plan.critical_inputs_ua)
    return WorkingPointChosen(t_s, slopes, choose_field(slopes, fields_mt, asked))
