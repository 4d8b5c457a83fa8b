"""The kind of run for switching maps."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mtjlab.analysis.rest import RestState
from mtjlab.bench import Bench
from mtjlab.config import BenchConfig, PlanConfig, PresentationSettings
from mtjlab.counted import counted
from mtjlab.domain import PerJunction, input_label
from mtjlab.envelope import Envelope
from mtjlab.errors import RefusedError, blamed_on
from mtjlab.events import CurveTaken, Event, Presented, SwitchingMeasured
from mtjlab.procedures.controls import control_rows
from mtjlab.procedures.counting import curve_counter, event_counter, presentation_counter
from mtjlab.procedures.curves import REFERENCE_LOOPS
from mtjlab.procedures.kind import Counter, Environment, Extent, Kind, Procedure, ProcedureContext, Reach, Run, Times
from mtjlab.procedures.limits import (
    controls_applied_for_s,
    demand_possible_widths,
    demand_pulses_inside_limits,
    demand_same_inputs,
)
from mtjlab.procedures.reach import demand_reachable
from mtjlab.procedures.reference_sweep import staircase_ua
from mtjlab.procedures.switching_map.events import Probed
from mtjlab.procedures.switching_map.plan import MapOptions, MapPlan
from mtjlab.procedures.switching_map.probing import probed_series, probes_expected, reevaluated
from mtjlab.procedures.switching_map.procedure import mapped_series, switching_map
from mtjlab.procedures.switching_map.result import map_json
from mtjlab.procedures.switching_result import switching_result

if TYPE_CHECKING:
    from rich.console import Console

    from mtjlab.comparison import Panel
    from mtjlab.figures.named import NamedFigure
    from mtjlab.procedures.redetect import Redetection
    from mtjlab.schema import Table

INPUTS = 2
PULSED_STOP_UA = 400.0
"""Largest pulse of a map if none is given: junctions at rest switch at some 150 uA."""


class SwitchingMap(Kind[MapPlan]):
    """Measure the switching map of the two inputs at given control currents."""

    name = "map"
    plan, options = MapPlan, MapOptions
    events: ClassVar[tuple[type[Event], ...]] = (Probed,)
    hands_over: ClassVar[tuple[type[Event], ...]] = (CurveTaken, Probed, Presented, SwitchingMeasured)
    tracked = (CurveTaken, Probed, Presented)
    view_titles = ("Switching map", "Resistance curves")
    judged = (CurveTaken, Probed, Presented)
    measures_curves = True
    form = "switching map"

    def config_with(self, options: MapOptions, config: PlanConfig, bench: BenchConfig) -> PlanConfig:
        """Plan file with the requested pulses."""
        return config.with_pulses(options.pulse_width_s)

    def resolve(self, options: MapOptions, environment: Environment) -> MapPlan:
        """Return the plan; default control currents: those learnt by a run, or those at the start of a training."""
        settings = self.config_with(options, environment.config, environment.bench).presentation
        if options.controls_of:
            controls_ua = _learnt_by(options.controls_of, environment, settings)
        else:
            asked_ua = options.controls_ua
            if settings.is_pulsed:
                rest_ua = _rest(environment, settings).currents_ua
                asked_ua = asked_ua or (rest_ua,)
            controls_ua = control_rows(asked_ua, environment.config, environment.bench.junctions, INPUTS)
        given = {key: getattr(options, key) for key in MapPlan.model_fields}
        if settings.is_pulsed and "input_stop_ua" not in options.staircase.model_fields_set:
            given["staircase"] = options.staircase.model_copy(update={"input_stop_ua": PULSED_STOP_UA})
        return MapPlan(**{**given, "controls_ua": controls_ua})

    def reach(self, plan: MapPlan) -> Reach:
        """All inputs of the range at each set of control currents."""
        return Reach(plan.controls_ua, staircase_ua(plan.staircase))

    def demand(self, plan: MapPlan, config: PlanConfig, envelope: Envelope, environment: Environment) -> None:
        """Check the limits; pulses only switch from rest currents, so there are no curves."""
        if not config.presentation.is_pulsed:
            super().demand(plan, config, envelope, environment)
            return
        if plan.way == "curves":
            raise RefusedError("A map by pulses has no curves. Choose the mode raster or adaptive.", ("map.way",))
        demand_possible_widths(envelope, config.presentation)
        if environment.calibration is not None:
            _demand_kept(_rest(environment, config.presentation), plan.controls_ua)
        rows = Reach(plan.controls_ua, (0.0,))
        demand_reachable(rows, envelope, environment.bench, config, environment.calibration)
        demand_pulses_inside_limits(envelope, plan.controls_ua, staircase_ua(plan.staircase)[-1])

    def procedure(self, bench: Bench, context: ProcedureContext[MapPlan]) -> Procedure[Any]:
        """Measure curves, presentations or probes."""
        yield from context.record_calibration(bench)
        return (yield from switching_map(bench, context.config, context.plan, context.calibrated, context.taken_over))

    def extent(self, plan: MapPlan, config: PlanConfig, times: Times) -> Extent:
        """Curves, presentations, or an expected range of probes."""
        before = times.references(REFERENCE_LOOPS)
        match plan.way:
            case "curves":
                count = len(plan.controls_ua) * plan.staircase.repetitions
                return Extent(
                    "curve", count, count, times.curve_s(plan.staircase, legs=1), times.references(REFERENCE_LOOPS)
                )
            case "raster":
                count = plan.times * len(plan.cells_ua) ** 2
                return Extent("presentation", count, count, times.presentation_s, before)
            case "adaptive":
                low, high = (
                    INPUTS * min(plan.most_probes, round(times.junctions * probes))
                    for probes in probes_expected(plan.width_ua)
                )
                probe_s = times.presentation_s / config.encoding.inputs
                too_few = (
                    f", too few for intervals of {plan.width_ua:.6g} uA" if low == INPUTS * plan.most_probes else ""
                )
                return Extent("probe", low, high, probe_s, times.references(REFERENCE_LOOPS), of=too_few)

    def estimated(self, options: MapOptions, environment: Environment) -> Extent:
        """Size of the run; control currents learnt by a training do not affect it, and are not read yet."""
        if options.controls_of:
            environment.run(options.controls_of)
            any_ua = ((0.0,) * environment.bench.junctions,) * INPUTS
            options = options.model_copy(update={"controls_of": None, "controls_ua": any_ua})
        return super().estimated(options, environment)

    def counter(self, plan: MapPlan, config: PlanConfig) -> Counter:
        """Count curves, presentations or probes."""
        match plan.way:
            case "curves":
                return curve_counter()
            case "raster":
                return presentation_counter(config.presentation)
            case "adaptive":
                return event_counter(Probed)

    def reevaluate(self, event: Event, redetection: "Redetection[MapPlan]") -> Event:
        """Re-evaluate probes, and critical currents from the re-evaluated measurements."""
        state = redetection.state
        if isinstance(event, Probed):
            return reevaluated(event, redetection.judge)
        if not isinstance(event, SwitchingMeasured) or state.each(CurveTaken):
            return redetection.switching(event)
        if probes := state.each(Probed):
            return replace(event, series=probed_series(redetection.config, redetection.plan, probes))
        return replace(event, series=mapped_series([one.controls_ua for one in event.series], state.each(Presented)))

    def result(self, run: Run[MapPlan]) -> dict[str, Any]:
        """Critical currents, and the area of each configuration."""
        inputs = [input_label(j) for j in range(len(run.plan.controls_ua))]
        return switching_result(run, run.state.number(Probed), inputs, map=map_json(run))

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print critical inputs as a table."""
        from mtjlab.procedures.switching_table import show_switching

        show_switching(result, figures, console)

    def panels(self, runs: Sequence[Run[MapPlan]]) -> Iterable["Panel"]:
        """Where maps differ, and by how much their boundaries moved."""
        from mtjlab.procedures.switching_map.comparison import map_panels

        return map_panels(runs)

    def figures(self, run: Run[MapPlan]) -> Iterator["NamedFigure"]:
        """The map, and the measurements for it."""
        from mtjlab.procedures.switching_map.figures import map_figures

        return map_figures(run)

    def export(self, run: Run[MapPlan]) -> Iterable["Table"]:
        """Tables of the map, of the measurements for it, and of values computed from the switching laws."""
        from mtjlab.procedures.switching_map.tables import map_tables

        return map_tables(run)


def _demand_kept(rest: RestState, rows_ua: Sequence[PerJunction]) -> None:
    """Check that no state is lost at control currents. Raises LimitExceededError."""
    with blamed_on("controls_ua", "controls_of"):
        for row_ua in rows_ua:
            rest.demand([control - at_rest for control, at_rest in zip(row_ua, rest.currents_ua, strict=True)])


def _rest(environment: Environment, settings: PresentationSettings) -> RestState:
    """Rest of the calibrated chip. Raises RefusedError without a calibration."""
    if environment.calibration is None:
        raise RefusedError(
            "A map by pulses starts from the rest currents of the chip, which a calibration tells. Give a calibration, "
            "control currents, or the training that has learnt them.",
            ("controls_ua",),
        )
    applied_s = controls_applied_for_s(settings, environment.bench.timing.settle_s)
    return RestState.of(environment.calibration.refined.critical, applied_s)


def _learnt_by(named: str, environment: Environment, settings: PresentationSettings) -> tuple[PerJunction, ...]:
    with blamed_on("controls_of"):
        folder = environment.run(named)
        network = environment.network(folder)
    demand_same_inputs(network.pulse_width_s, settings, "map.pulse_width_s")
    rows = network.control_currents_ua
    if len(rows) != INPUTS:
        raise RefusedError(
            f"{folder}: the run has control currents for {counted(len(rows), 'input')}; a map needs two.",
            ("controls_of",),
        )
    return rows
