"""The kind of run for shifts."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.events import CurveTaken, Event, SwitchingMeasured
from mtjlab.procedures.controls import control_row
from mtjlab.procedures.counting import curve_counter
from mtjlab.procedures.curves import REFERENCE_LOOPS, CurvesTally
from mtjlab.procedures.kind import Counter, Environment, Extent, Kind, Procedure, ProcedureContext, Reach, Run, Times
from mtjlab.procedures.reference_sweep import staircase_ua
from mtjlab.procedures.shift.plan import ShiftOptions, ShiftPlan
from mtjlab.procedures.shift.procedure import shift
from mtjlab.procedures.shift.result import slopes_json
from mtjlab.procedures.switching_result import switching_result

if TYPE_CHECKING:
    from rich.console import Console

    from mtjlab.comparison import Panel
    from mtjlab.figures.named import NamedFigure
    from mtjlab.procedures.redetect import Redetection
    from mtjlab.schema import Table


class Shift(Kind[ShiftPlan]):
    """Measure how each control current shifts the critical inputs: slope, cross-talk, linearity."""

    name = "shift"
    plan, options = ShiftPlan, ShiftOptions
    hands_over: ClassVar[tuple[type[Event], ...]] = (CurveTaken, SwitchingMeasured)
    tracked = (CurveTaken,)
    view_titles = ("Critical inputs", "Resistance curves")
    judged = (CurveTaken,)
    measures_curves = True
    form = "shift"

    def resolve(self, options: ShiftOptions, environment: Environment) -> ShiftPlan:
        """Return the plan; default control currents: those at the start of a training."""
        controls_ua = control_row(options.controls_ua, environment.config, environment.bench.junctions)
        return ShiftPlan(controls_ua=controls_ua, by_ua=options.by_ua, staircase=options.staircase)

    def reach(self, plan: ShiftPlan) -> Reach:
        """Inputs of a curve at each set of control currents."""
        return Reach(plan.rows_ua, staircase_ua(plan.staircase))

    def procedure(self, bench: Bench, context: ProcedureContext[ShiftPlan]) -> Procedure[Any]:
        """Measure the curves of each series."""
        yield from context.record_calibration(bench)
        return (yield from shift(bench, context.config, context.plan, context.calibrated, context.taken_over))

    def extent(self, plan: ShiftPlan, config: PlanConfig, times: Times) -> Extent:
        """Curves of all series."""
        count = len(plan.rows_ua) * plan.staircase.repetitions
        return Extent("curve", count, count, times.curve_s(plan.staircase, legs=1), times.references(REFERENCE_LOOPS))

    def counter(self, plan: ShiftPlan, config: PlanConfig) -> Counter:
        """Count curves."""
        return curve_counter()

    def reevaluate(self, event: Event, redetection: "Redetection[ShiftPlan]") -> Event:
        """Replace critical currents by those from the re-evaluated curves."""
        return redetection.switching(event)

    def result(self, run: Run[ShiftPlan]) -> dict[str, Any]:
        """Critical currents, and slopes against each control current."""
        return switching_result(run, shift=slopes_json(run.state))

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print slopes as a table."""
        from mtjlab.procedures.switching_table import show_switching

        show_switching(result, figures, console)

    def panels(self, runs: Sequence[Run[ShiftPlan]]) -> Iterable["Panel"]:
        """Critical inputs against control currents."""
        from mtjlab.procedures.shift.comparison import shift_panels

        return shift_panels(runs)

    def figures(self, run: Run[ShiftPlan]) -> Iterator["NamedFigure"]:
        """Curves, shifts and cross-talk."""
        from mtjlab.procedures.shift.figures import shift_figures

        return shift_figures(run)

    def export(self, run: Run[ShiftPlan]) -> Iterable["Table"]:
        """Table of critical currents."""
        from mtjlab.tables.critical import FoundSeries, critical_currents
        from mtjlab.tables.curves import CURVES

        return (critical_currents(FoundSeries(CurvesTally()), CURVES),)
