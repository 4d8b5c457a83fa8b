"""The kind of run for manual operation."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.events import Event
from mtjlab.procedures.counting import event_counter
from mtjlab.procedures.kind import (
    Answer,
    Counter,
    Environment,
    Extent,
    Kind,
    Procedure,
    ProcedureContext,
    Run,
    Times,
    WatchedRun,
)
from mtjlab.procedures.manual.events import JunctionsRead, RequestPlanned, RequestRefused, seconds_read_counter
from mtjlab.procedures.manual.plan import ManualPlan
from mtjlab.procedures.manual.procedure import manual
from mtjlab.procedures.manual.result import manual_json

if TYPE_CHECKING:
    from rich.console import Console

    from mtjlab.schema import Table
    from mtjlab.terminal import View


class Manual(Kind[ManualPlan]):
    """Operate a bench by hand: read its junctions continuously, and carry out `mtjlab ask` within the limits.

    Without a calibration, states are by the nominal resistance law and marked so. Ctrl-C ends it, all sources at zero.
    """

    name = "live"
    plan = options = ManualPlan
    events: ClassVar[tuple[type[Event], ...]] = (RequestPlanned, RequestRefused, JunctionsRead)
    view_titles = ("Switching map", "Resistance curves")
    gives_way = True
    plan_tables = ("detector", "presentation")
    has_figures = False

    def resolve(self, options: ManualPlan, environment: Environment) -> ManualPlan:
        """Return the options unchanged."""
        return options

    def procedure(self, bench: Bench, context: ProcedureContext[ManualPlan]) -> Procedure[Any]:
        """Look at the junctions, and carry out requests."""
        yield from context.record_calibration(bench)
        yield from manual(bench, context.config, context.plan, context.requests, context.calibrated)

    def extent(self, plan: ManualPlan, config: PlanConfig, times: Times) -> Extent:
        """Seconds; looks, without an upper bound, where no duration is given."""
        if plan.for_s is None:
            return Extent("reading", 0, None, plan.every_s + (1 + config.detector.rereads) * times.reading_s)
        return Extent("second", plan.whole_seconds, plan.whole_seconds, 1.0)

    def counter(self, plan: ManualPlan, config: PlanConfig) -> Counter:
        """Count seconds, or looks where no duration is given."""
        if plan.for_s is None:
            return event_counter(JunctionsRead)
        return seconds_read_counter(plan.every_s, plan.whole_seconds)

    def answer(self, event: Event) -> Answer | None:
        """Answer given by a planned or a refused request."""
        if isinstance(event, RequestPlanned | RequestRefused):
            return Answer(event.number, isinstance(event, RequestPlanned), event.sentence)
        return None

    def result(self, run: Run[ManualPlan]) -> dict[str, Any]:
        """Numbers of looks and requests, and the last currents."""
        return manual_json(run)

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print the numbers of looks and requests."""
        from mtjlab.procedures.manual.terminal import show_manual

        show_manual(result, console)

    def view(self, watched: WatchedRun[ManualPlan], console: "Console", shown: bool) -> "View":
        """Table of the present state of the junctions."""
        from mtjlab.procedures.manual.terminal import ManualView

        return ManualView(console, shown)

    def export(self, run: Run[ManualPlan]) -> Iterable["Table"]:
        """Table of all looks."""
        from mtjlab.procedures.manual.tables import looks_by_hand

        return looks_by_hand()
