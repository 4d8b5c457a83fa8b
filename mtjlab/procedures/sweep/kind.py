"""The kind of run for sweeps."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mtjlab.bench import Bench
from mtjlab.calibration import write_calibration
from mtjlab.config import PlanConfig
from mtjlab.events import CurveTaken, Event, SwitchingMeasured
from mtjlab.procedures.controls import control_row
from mtjlab.procedures.counting import curve_counter
from mtjlab.procedures.curves import REFERENCE_LOOPS, CurvesTally, series_so_far
from mtjlab.procedures.kind import (
    Counter,
    EndedRun,
    Environment,
    Extent,
    Kind,
    Procedure,
    ProcedureContext,
    Reach,
    Run,
    Times,
)
from mtjlab.procedures.reference_sweep import staircase_ua
from mtjlab.procedures.sweep.plan import SweepOptions, SweepPlan
from mtjlab.procedures.sweep.procedure import sweep
from mtjlab.procedures.switching_result import switching_result

if TYPE_CHECKING:
    from rich.console import Console

    from mtjlab.comparison import Panel
    from mtjlab.figures.named import NamedFigure
    from mtjlab.procedures.redetect import Redetection
    from mtjlab.schema import Table


class Sweep(Kind[SweepPlan]):
    """Measure resistance curves and critical currents; saved as a calibration."""

    name = "sweep"
    plan, options = SweepPlan, SweepOptions
    hands_over: ClassVar[tuple[type[Event], ...]] = (CurveTaken, SwitchingMeasured)
    tracked = (CurveTaken,)
    view_titles = ("Critical inputs", "Resistance curves")
    judged = (CurveTaken,)
    measures_curves = True
    form = "resistance curves"

    def resolve(self, options: SweepOptions, environment: Environment) -> SweepPlan:
        """Return the plan; default control currents: those at the start of a training."""
        controls_ua = control_row(options.controls_ua, environment.config, environment.bench.junctions)
        return SweepPlan(controls_ua=controls_ua, legs=options.legs, staircase=options.staircase)

    def reach(self, plan: SweepPlan) -> Reach:
        """Inputs of a curve at the control currents."""
        return Reach((plan.controls_ua,), staircase_ua(plan.staircase))

    def procedure(self, bench: Bench, context: ProcedureContext[SweepPlan]) -> Procedure[Any]:
        """Measure curves, and the critical currents from them."""
        yield from context.record_calibration(bench)
        return (yield from sweep(bench, context.config, context.plan, context.calibrated, context.taken_over))

    def extent(self, plan: SweepPlan, config: PlanConfig, times: Times) -> Extent:
        """Curves."""
        count, legs = plan.staircase.repetitions, 2 if plan.legs == "loop" else 1
        return Extent("curve", count, count, times.curve_s(plan.staircase, legs), times.references(REFERENCE_LOOPS))

    def counter(self, plan: SweepPlan, config: PlanConfig) -> Counter:
        """Count curves."""
        return curve_counter()

    def reevaluate(self, event: Event, redetection: "Redetection[SweepPlan]") -> Event:
        """Replace critical currents by those from the re-evaluated curves."""
        return redetection.switching(event)

    def save(self, folder: Path, run: EndedRun[SweepPlan]) -> None:
        """Save the calibration."""
        write_calibration(folder, run.state, run.bench.device.name)

    def result(self, run: Run[SweepPlan]) -> dict[str, Any]:
        """Critical currents with their intervals."""
        return switching_result(run)

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print critical inputs as a table."""
        from mtjlab.procedures.switching_table import show_switching

        show_switching(result, figures, console)

    def panels(self, runs: Sequence[Run[SweepPlan]]) -> Iterable["Panel"]:
        """Critical currents of each junction."""
        from mtjlab.procedures.switching_panels import critical_panels

        return critical_panels([next(iter(series_so_far(run.state)), None) for run in runs])

    def figures(self, run: Run[SweepPlan]) -> Iterator["NamedFigure"]:
        """Curves, switching probabilities and critical inputs."""
        from mtjlab.procedures.sweep.figures import sweep_figures

        return sweep_figures(run)

    def export(self, run: Run[SweepPlan]) -> Iterable["Table"]:
        """Table of critical currents."""
        from mtjlab.tables.critical import FoundSeries, critical_currents
        from mtjlab.tables.curves import CURVES

        return (critical_currents(FoundSeries(CurvesTally()), CURVES),)
