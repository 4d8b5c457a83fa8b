"""The kind of run for comparisons of a chip with what it was."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mtjlab.analysis.estimates import CriticalEstimate, Estimate
from mtjlab.bench import Bench
from mtjlab.calibration import Calibration
from mtjlab.config import PlanConfig
from mtjlab.errors import RefusedError
from mtjlab.events import CurveTaken, Event
from mtjlab.extent import Preparation
from mtjlab.procedures.chip_comparison.events import ChipCompared
from mtjlab.procedures.chip_comparison.plan import ChipComparisonOptions, ChipComparisonPlan, ChipValues
from mtjlab.procedures.chip_comparison.procedure import REFERENCE_LOOPS, compare_chip, legs_ua, loop_ua
from mtjlab.procedures.controls import control_row
from mtjlab.procedures.counting import curve_counter
from mtjlab.procedures.kind import Counter, Environment, Extent, Kind, Procedure, ProcedureContext, Reach, Run, Times

if TYPE_CHECKING:
    from rich.console import Console

    from mtjlab.figures.named import NamedFigure
    from mtjlab.schema import Table

MOST_EARLIER = 20
"""Latest comparisons whose scatter counts as normal."""


class ChipComparison(Kind[ChipComparisonPlan]):
    """Compare a chip with its calibration and its history: thresholds, spreads, resistances, offsets."""

    name = "compare-chip"
    plan, options = ChipComparisonPlan, ChipComparisonOptions
    events: ClassVar[tuple[type[Event], ...]] = (ChipCompared,)
    tracked = (CurveTaken,)
    judged: ClassVar[tuple[type[Event], ...]] = (CurveTaken,)
    measures_curves = True
    view_titles = ("Resistance curves",)
    form = "chip as before?"
    plan_tables = ("sweep", "detector")

    def resolve(self, options: ChipComparisonOptions, environment: Environment) -> ChipComparisonPlan:
        """Return the plan, with what the chip was by the calibration; default: the latest of this chip.

        Raises:
            RefusedError: there is no calibration of this chip.
        """
        calibration = environment.calibration or environment.latest_calibration()
        if calibration is None:
            raise RefusedError(
                f"There is no calibration of the chip {environment.bench.device.name!r} to compare with. Measure one "
                "(`mtjlab sweep`), or give one as calibration.",
                ("calibration",),
            )
        controls_ua = control_row(options.controls_ua, environment.config, environment.bench.junctions)
        earlier = tuple(
            ChipValues(run=event.before, measured_at=event.before_at, values=dict(event.measured.values))
            for folder in environment.runs_of_chip(self.name, MOST_EARLIER)
            for event in environment.last_events(folder)
            if isinstance(event, ChipCompared) and event.before == calibration.run
        )
        return ChipComparisonPlan(
            **options.model_dump(exclude={"controls_ua"}),
            controls_ua=controls_ua,
            before=values_of(calibration),
            earlier=earlier,
        )

    def reach(self, plan: ChipComparisonPlan) -> Reach:
        """All inputs of the loops at the control currents."""
        return Reach((plan.controls_ua,), loop_ua(plan, PlanConfig()))

    def procedure(self, bench: Bench, context: ProcedureContext[ChipComparisonPlan]) -> Procedure[Any]:
        """Measure the chip, and compare it."""
        return compare_chip(bench, context.config, context.plan)

    def extent(self, plan: ChipComparisonPlan, config: PlanConfig, times: Times) -> Extent:
        """Short loops."""
        point_s, points = times.settle_s + times.reading_s, 2 * REFERENCE_LOOPS * len(loop_ua(plan, config))
        loop_s = sum(map(len, legs_ua(plan, config))) * point_s
        return Extent("loop", plan.loops, plan.loops, loop_s, Preparation(points * point_s, points))

    def counter(self, plan: ChipComparisonPlan, config: PlanConfig) -> Counter:
        """Count short loops."""
        return curve_counter()

    def result(self, run: Run[ChipComparisonPlan]) -> dict[str, Any]:
        """Comparison of every quantity."""
        from mtjlab.procedures.chip_comparison.result import comparison_json

        return comparison_json(run)

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print what has changed, and all quantities as a table."""
        from mtjlab.procedures.chip_comparison.result import show_comparison

        show_comparison(result, figures, console)

    def figures(self, run: Run[ChipComparisonPlan]) -> Iterator["NamedFigure"]:
        """Deviations of all quantities, and the loops."""
        from mtjlab.procedures.chip_comparison.figures import comparison_figures

        return comparison_figures(run)

    def export(self, run: Run[ChipComparisonPlan]) -> Iterable["Table"]:
        """Table of all comparisons."""
        from mtjlab.procedures.chip_comparison.tables import comparison_tables

        return comparison_tables()


def values_of(calibration: Calibration) -> ChipValues:
    """What a calibration tells of a chip."""
    up, down = calibration.switching.up, calibration.switching.down
    references = calibration.measured.references
    critical = calibration.measured.critical
    return ChipValues(
        run=calibration.run,
        measured_at=calibration.measured_at.isoformat(timespec="seconds"),
        values={
            "critical_up_ua": _means(up, critical.up_ua),
            "critical_down_ua": _means(down, critical.down_ua),
            "spread_up_ua": _spreads(up, len(references)),
            "spread_down_ua": _spreads(down, len(references)),
            "resistance_parallel_ohm": tuple(one.law.r_p_ohm for one in references),
            "tmr": tuple(one.law.tmr for one in references),
            "offset_mv": tuple(one.offset_mv for one in references),
        },
        errors={
            name: tuple(getattr(one, key) if isinstance(one, CriticalEstimate) else None for one in estimates)
            for name, estimates, key in (
                ("critical_up_ua", up, "mean_error_ua"),
                ("critical_down_ua", down, "mean_error_ua"),
                ("spread_up_ua", up, "spread_error_ua"),
                ("spread_down_ua", down, "spread_error_ua"),
            )
            if len(estimates) == len(references)
        },
    )


def _means(estimates: Sequence[Estimate], otherwise_ua: Sequence[float]) -> tuple[float | None, ...]:
    """Means of all curves; of the references where the calibration has no legs in this direction."""
    if not estimates:
        return tuple(otherwise_ua)
    return tuple(one.law.mean_ua if isinstance(one, CriticalEstimate) else None for one in estimates)


def _spreads(estimates: Sequence[Estimate], junctions: int) -> tuple[float | None, ...]:
    if not estimates:
        return (None,) * junctions
    return tuple(one.law.spread_ua if isinstance(one, CriticalEstimate) else None for one in estimates)
