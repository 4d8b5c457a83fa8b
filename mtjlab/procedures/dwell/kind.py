"""The kind of run for dwell times."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mtjlab.bench import Bench
from mtjlab.config import InstrumentBenchConfig, PlanConfig
from mtjlab.domain import PerJunction
from mtjlab.envelope import Envelope
from mtjlab.errors import RefusedError
from mtjlab.events import Event
from mtjlab.procedures.curves import REFERENCE_LOOPS, reference_row_ua
from mtjlab.procedures.dwell.events import DwellsMeasured, HoldsPlanned, JunctionsHeld
from mtjlab.procedures.dwell.holds import Currents, currents_for, indistinct_junctions, levels_at
from mtjlab.procedures.dwell.plan import DwellPlan
from mtjlab.procedures.dwell.procedure import dwell
from mtjlab.procedures.dwell.result import dwells_json
from mtjlab.procedures.dwell.state import DwellState, seconds_counter
from mtjlab.procedures.kind import Counter, Environment, Extent, Kind, Procedure, ProcedureContext, Reach, Run, Times
from mtjlab.procedures.reach import REFERENCE_KEYS, demand_one_for_each, demand_reachable
from mtjlab.typed_numbers import distinct_texts, shown_number

if TYPE_CHECKING:
    from rich.console import Console

    from mtjlab.comparison import Panel
    from mtjlab.figures.named import NamedFigure
    from mtjlab.procedures.redetect import Redetection
    from mtjlab.schema import Table

KEYS = ("controls_ua", "inputs_ua")


class Dwell(Kind[DwellPlan]):
    """Hold junctions at given currents, and measure the dwell times in each state (telegraph noise)."""

    name = "dwell"
    plan = options = DwellPlan
    events: ClassVar[tuple[type[Event], ...]] = (HoldsPlanned, JunctionsHeld, DwellsMeasured)
    hands_over: ClassVar[tuple[type[Event], ...]] = (HoldsPlanned, JunctionsHeld)
    view_titles = ("Dwell times", "Mean dwells")
    judged: ClassVar[tuple[type[Event], ...]] = (JunctionsHeld,)
    form = "dwell times"
    plan_tables = ("sweep", "detector", "presentation", "encoding")

    def resolve(self, options: DwellPlan, environment: Environment) -> DwellPlan:
        """Return the plan with one control current for each junction; default: from the measured junctions."""
        if options.controls_ua is None or len(options.controls_ua) != 1:
            return options
        return options.model_copy(update={"controls_ua": options.controls_ua * environment.bench.junctions})

    def reach(self, plan: DwellPlan) -> Reach | None:
        """All inputs at the requested control currents; None if these depend on the measured junctions."""
        return None if plan.controls_ua is None else Reach((plan.controls_ua,), plan.inputs_ua or (0.0,), KEYS)

    def demand(self, plan: DwellPlan, config: PlanConfig, envelope: Envelope, environment: Environment) -> None:
        """Check the plan, or the reference sweep if its currents depend on the measured junctions.

        Raises:
            RefusedError: a limit would be exceeded, with any control currents for these inputs.
        """
        if plan.controls_ua is not None:
            demand_one_for_each((plan.controls_ua,), environment.bench, KEYS[0])
        _demand_seen(plan, config, environment.bench.aperture_s)
        reach = self.reach(plan)
        if reach is None and environment.calibration is not None:
            currents = currents_for(plan, config, environment.calibration.refined)
            reach = Reach((currents.controls_ua,), currents.inputs_ua, ("inputs_ua", "inputs_ua"))
        if reach is None:
            _demand_room_for(plan.inputs_ua or (0.0,), envelope)
            reach = Reach((reference_row_ua(config, environment.bench.junctions),), (0.0,), REFERENCE_KEYS)
        demand_reachable(reach, envelope, environment.bench, config, environment.calibration)

    def procedure(self, bench: Bench, context: ProcedureContext[DwellPlan]) -> Procedure[Any]:
        """Measure references, then hold the junctions."""
        yield from context.record_calibration(bench)
        differences = (
            isinstance(context.bench, InstrumentBenchConfig) and context.bench.wiring.voltmeters == "to-ground"
        )
        known = context.calibration.refined if context.calibration else None
        return (yield from dwell(bench, context.config, context.plan, known, context.taken_over, differences))

    def extent(self, plan: DwellPlan, config: PlanConfig, times: Times) -> Extent:
        """Seconds at the currents of the plan, without resets."""
        seconds = ceil(plan.for_s * len(plan.inputs_ua or (0.0,)))
        return Extent("second", seconds, seconds, 1.0, times.references(REFERENCE_LOOPS), of=" of holding")

    def counter(self, plan: DwellPlan, config: PlanConfig) -> Counter:
        """Count whole seconds."""
        return seconds_counter()

    def new_state(self) -> DwellState:
        """State with no dwells yet."""
        return DwellState()

    def reevaluate(self, event: Event, redetection: "Redetection[DwellPlan]") -> Event:
        """Re-evaluate levels with the new settings, and dwells with the new levels."""
        match event:
            case HoldsPlanned():
                currents = Currents(event.controls_ua, event.inputs_ua, event.resets)
                levels = tuple(levels_at(row, redetection.config, redetection.measured) for row in currents.held_ua)
                others = (caution for caution in event.cautions if caution not in indistinct_junctions(event.levels))
                return replace(event, levels=levels, cautions=(*indistinct_junctions(levels), *others))
            case JunctionsHeld():
                levels_now = levels_at(event.reading.currents_ua, redetection.config, redetection.measured)
                return replace(event, levels=levels_now)
            case DwellsMeasured():
                state = redetection.state.kind_state
                assert isinstance(state, DwellState)
                return replace(event, dwells=state.dwells(), readings=state.samples)
            case _:
                return event

    def result(self, run: Run[DwellPlan]) -> dict[str, Any]:
        """Mean dwells with their intervals."""
        assert isinstance(run.kind_state, DwellState)
        return dwells_json(run.kind_state, run.state.safe)

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print mean dwells as a table."""
        from mtjlab.procedures.dwell.terminal import show_dwells

        show_dwells(result, figures, console)

    def panels(self, runs: Sequence[Run[DwellPlan]]) -> Iterable["Panel"]:
        """Mean dwells against the input."""
        from mtjlab.procedures.dwell.comparison import dwell_panels

        return dwell_panels(runs)

    def figures(self, run: Run[DwellPlan]) -> Iterator["NamedFigure"]:
        """Figures of voltage traces, survival of dwells, and rates."""
        from mtjlab.procedures.dwell.figures import dwell_figures

        return dwell_figures(run.events())

    def export(self, run: Run[DwellPlan]) -> Iterable["Table"]:
        """Tables of mean dwells, and of every sample."""
        from mtjlab.procedures.dwell.tables import dwell_tables

        return () if run.started is None else dwell_tables(run.started.bench.junctions)


def _demand_seen(plan: DwellPlan, config: PlanConfig, aperture_s: float) -> None:
    """Check that there will be samples, and that they can distinguish the states. Raises RefusedError."""
    inputs_ua = plan.inputs_ua or (0.0,)
    if plan.way == "reset" and plan.without_resets:
        raise RefusedError(
            f"Junctions are reset at zero input, which is not below the first of inputs_ua, {inputs_ua[0]:.6g} "
            "uA: they would not reset. Give inputs_ua above 0, or way = 'hold'.",
            KEYS[1:],
        )
    if plan.for_s < aperture_s:
        options, needed = distinct_texts(plan.for_s, aperture_s)
        raise RefusedError(
            f"for_s = {options} is shorter than one sample ({needed} s): nothing would be measured. Give more.",
            ("for_s",),
        )
    if plan.controls_ua is None:
        return
    most_ua = max(abs(control + input_ua) for control in plan.controls_ua for input_ua in inputs_ua)
    if most_ua < config.detector.dead_band_ua:
        most, least = distinct_texts(most_ua, config.detector.dead_band_ua)
        raise RefusedError(
            f"No junction would carry more than {most} uA, and below {least} uA "
            "(detector.dead_band_ua) its two states cannot be distinguished. Give other controls_ua or inputs_ua.",
            KEYS,
        )


def _demand_room_for(inputs_ua: PerJunction, envelope: Envelope) -> None:
    """Check that some control currents allow both zero input and ``inputs_ua``. Raises RefusedError."""
    low_ua, high_ua = min(0.0, *inputs_ua), max(0.0, *inputs_ua)
    room_ua = min(allowed.high_ua - allowed.low_ua for allowed in envelope.allowed_ua)
    if high_ua - low_ua > room_ua:
        span, room = distinct_texts(high_ua - low_ua, room_ua)
        raise RefusedError(
            f"Inputs from {shown_number(low_ua)} to {shown_number(high_ua)} uA span {span} uA and exceed the limits "
            f"with any control currents: the allowed range of a junction spans {room} uA. Give inputs_ua that are "
            "closer to each other.",
            KEYS[1:],
        )
