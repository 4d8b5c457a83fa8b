"""The kind of run for measurements against the magnetic field."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mtjlab.bench import Bench
from mtjlab.config import BenchConfig, FieldSection, PlanConfig, SimulatedFieldSection
from mtjlab.domain import PerJunction
from mtjlab.envelope import Envelope
from mtjlab.errors import LimitExceededError, RefusedError
from mtjlab.events import CurveTaken, Event, SwitchingMeasured
from mtjlab.extent import NO_PREPARATION
from mtjlab.procedures.controls import control_row
from mtjlab.procedures.curves import REFERENCE_LOOPS, CurvesTally
from mtjlab.procedures.field.events import LoopPoint, LoopsMeasured, SeriesInField, WorkingPointChosen
from mtjlab.procedures.field.plan import FieldOptions, FieldPlan
from mtjlab.procedures.field.procedure import measure_field, working_point_chosen
from mtjlab.procedures.field.result import field_json
from mtjlab.procedures.field.state import FieldState
from mtjlab.procedures.kind import (
    Counter,
    Environment,
    Extent,
    Kind,
    KindState,
    Procedure,
    ProcedureContext,
    Reach,
    Run,
    Times,
)
from mtjlab.procedures.reference_sweep import SAMPLES, staircase_ua
from mtjlab.typed_numbers import distinct_texts

if TYPE_CHECKING:
    from rich.console import Console

    from mtjlab.comparison import Panel
    from mtjlab.figures.named import NamedFigure
    from mtjlab.procedures.redetect import Redetection
    from mtjlab.schema import Table

FIELDS_MT = (-4.0, -2.0, 0.0, 2.0, 4.0)
"""Default fields of the sweeps, relative to that of the bench file."""
LOOP_MT = 20.0
"""Default end of the loops: the junctions of the paper have switched within it."""

NOT_SETTABLE = (
    "Nothing on this bench sets the magnetic field, and loops need hundreds of fields. Name a supply in [field] of the "
    "bench file; for junctions simulated in process an empty table [field] is enough. In a field set by hand, sweep "
    "the input: set field.field_mt, then `mtjlab sweep`, for each field."
)


class FieldKind(Kind[FieldPlan]):
    """Measure resistance loops and critical inputs against the magnetic field, and choose a field to work in."""

    name = "field"
    plan, options = FieldPlan, FieldOptions
    events: ClassVar[tuple[type[Event], ...]] = (LoopPoint, LoopsMeasured, SeriesInField, WorkingPointChosen)
    hands_over: ClassVar[tuple[type[Event], ...]] = (
        LoopPoint,
        LoopsMeasured,
        SeriesInField,
        CurveTaken,
        SwitchingMeasured,
    )
    tracked = (CurveTaken,)
    view_titles = ("Loops", "Field")
    judged = (CurveTaken,)
    measures_curves = True
    form = "field"

    def resolve(self, options: FieldOptions, environment: Environment) -> FieldPlan:
        """Return the plan: fields around that of the bench file, control currents of a training.

        Raises:
            RefusedError: nothing on the bench can set a field, or a field is beyond what its magnet gives.
        """
        bench, config = environment.bench, environment.config
        magnet = settable_field(bench)
        sweep = options.staircase
        margin_ua = config.encoding.reset_margin_ua
        asked_ua = options.critical_inputs_ua or (sweep.input_start_ua + margin_ua, sweep.input_stop_ua - margin_ua)
        ends_mt = min(LOOP_MT, magnet.largest_mt)
        values = {
            **dict(options),
            "from_mt": -ends_mt if options.from_mt is None else options.from_mt,
            "to_mt": ends_mt if options.to_mt is None else options.to_mt,
            "fields_mt": _fields(magnet) if options.fields_mt is None else options.fields_mt,
            "controls_ua": control_row(options.controls_ua, config, bench.junctions),
            "critical_inputs_ua": asked_ua,
            "ramp_mt_per_s": magnet.ramp_mt_per_s,
        }
        plan = FieldPlan(**values)
        _demand_fields(plan, magnet)
        _demand_told_apart(plan, config)
        return plan

    def demand(self, plan: FieldPlan, config: PlanConfig, envelope: Envelope, environment: Environment) -> None:
        """Check probing currents, and the inputs of the sweeps, against the limits."""
        for probe_ua in plan.probe_ua if plan.has_loops else ():
            try:
                envelope.demand((probe_ua,) * environment.bench.junctions, f"a probing current of {probe_ua:.6g} uA")
            except LimitExceededError as error:
                raise LimitExceededError(str(error), ("probe_ua",)) from error
        super().demand(plan, config, envelope, environment)

    def reach(self, plan: FieldPlan) -> Reach | None:
        """Inputs of a curve at the control currents."""
        return Reach((plan.controls_ua,), staircase_ua(plan.staircase)) if plan.has_sweeps else None

    def procedure(self, bench: Bench, context: ProcedureContext[FieldPlan]) -> Procedure[Any]:
        """Measure loops, then sweeps, and choose a field."""
        if context.magnet is None:
            raise RefusedError(NOT_SETTABLE)
        yield from context.record_calibration(bench)
        return (
            yield from measure_field(
                bench, context.magnet, context.config, context.plan, context.calibrated, context.taken_over
            )
        )

    def extent(self, plan: FieldPlan, config: PlanConfig, times: Times) -> Extent:
        """Readings of loops and of curves."""
        in_loops = 2 * len(plan.rising_mt) * plan.loops * plan.has_loops
        point_s = plan.field_step_mt / plan.ramp_mt_per_s + plan.field_dwell_s + SAMPLES * times.aperture_s
        curves = plan.staircase.repetitions * len(plan.fields_mt) * plan.has_sweeps
        in_curves = 2 * plan.staircase.points * curves
        count = in_loops + in_curves
        duration_s = in_loops * point_s + curves * times.curve_s(plan.staircase, legs=2)
        before = times.references(REFERENCE_LOOPS) if plan.has_sweeps and not plan.has_loops else NO_PREPARATION
        return Extent("reading", count, count, duration_s / count, before)

    def counter(self, plan: FieldPlan, config: PlanConfig) -> Counter:
        """Count readings of loops, and those of each complete curve."""
        of_curve = 2 * plan.staircase.points
        return lambda event: int(isinstance(event, LoopPoint)) + of_curve * isinstance(event, CurveTaken)

    def new_state(self) -> FieldState:
        """State without readings."""
        return FieldState()

    def completes(self, event: Event, kind_state: KindState | None) -> bool:
        """Whether ``event`` completes a loop, a curve, or a result."""
        if isinstance(event, LoopPoint):
            assert isinstance(kind_state, FieldState)
            return event.loop in kind_state.complete_loops
        return isinstance(event, self.hands_over) and not (isinstance(event, SeriesInField) and not event.skipped)

    def reevaluate(self, event: Event, redetection: "Redetection[FieldPlan]") -> Event:
        """Replace what follows from the re-evaluated curves; loops need no detector settings."""
        state = redetection.state.kind_state
        assert isinstance(state, FieldState)
        match event:
            case SwitchingMeasured():
                return replace(event, series=state.series())
            case WorkingPointChosen():
                margin_ua = redetection.config.encoding.reset_margin_ua
                return working_point_chosen(event.t_s, state, redetection.plan, margin_ua)
            case _:
                return event

    def result(self, run: Run[FieldPlan]) -> dict[str, Any]:
        """Loops, slopes and the working point."""
        assert isinstance(run.kind_state, FieldState)
        return field_json(run.kind_state, run.plan, run.state.safe)

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print loops and slopes as tables, and the working point."""
        from mtjlab.procedures.field.terminal import show_field

        show_field(result, figures, console)

    def panels(self, runs: Sequence[Run[FieldPlan]]) -> Iterable["Panel"]:
        """Loops of each junction, beside each other."""
        from mtjlab.procedures.field.comparison import field_panels

        return field_panels(runs)

    def figures(self, run: Run[FieldPlan]) -> Iterator["NamedFigure"]:
        """Resistance against the field, and critical inputs against it."""
        from mtjlab.procedures.field.figures import field_figures

        assert isinstance(run.kind_state, FieldState)
        return field_figures(run.kind_state, run.plan)

    def export(self, run: Run[FieldPlan]) -> Iterable["Table"]:
        """Tables of loops, of slopes, of every reading, and of critical currents."""
        from mtjlab.procedures.field.tables import field_tables
        from mtjlab.tables.critical import FoundSeries, critical_currents
        from mtjlab.tables.curves import CURVES

        return (critical_currents(FoundSeries(CurvesTally()), CURVES), *field_tables())


def settable_field(bench: BenchConfig) -> FieldSection | SimulatedFieldSection:
    """The field of a bench. Raises RefusedError where nothing but a person sets it."""
    if bench.field is None or not bench.field.largest_mt:
        raise RefusedError(NOT_SETTABLE)
    return bench.field


def _fields(magnet: FieldSection | SimulatedFieldSection) -> PerJunction:
    """Default fields of the sweeps: those that the magnet gives."""
    around_mt = (magnet.field_mt + by_mt for by_mt in FIELDS_MT)
    return tuple(field_mt for field_mt in around_mt if abs(field_mt) <= magnet.largest_mt)


def _demand_fields(plan: FieldPlan, magnet: FieldSection | SimulatedFieldSection) -> None:
    """Check that the magnet gives all fields. Raises RefusedError."""
    ends_mt = {"from_mt": (plan.from_mt,), "to_mt": (plan.to_mt,)} if plan.has_loops else {}
    keyed = {**ends_mt, **({"fields_mt": plan.fields_mt} if plan.has_sweeps else {})}
    for key, fields_mt in keyed.items():
        for field_mt in fields_mt:
            if abs(field_mt) > magnet.largest_mt:
                asked, largest = distinct_texts(field_mt, magnet.largest_mt)
                raise RefusedError(
                    f"{key}: a field of {asked} mT is beyond the {largest} mT that the magnet of the bench gives "
                    "([field] of its file). Ask for less.",
                    (key,),
                )


def _demand_told_apart(plan: FieldPlan, config: PlanConfig) -> None:
    """Check that probing currents are large enough to tell the states apart. Raises RefusedError."""
    for probe_ua in plan.probe_ua if plan.has_loops else ():
        if abs(probe_ua) < config.detector.dead_band_ua:
            asked, least = distinct_texts(probe_ua, config.detector.dead_band_ua)
            raise RefusedError(
                f"At a probing current of {asked} uA the two states cannot be told apart: it is below {least} uA "
                "(detector.dead_band_ua of the plan). Ask for more.",
                ("probe_ua",),
            )
