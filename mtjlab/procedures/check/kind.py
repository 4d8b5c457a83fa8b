"""The kind of run for wiring checks."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.envelope import Envelope
from mtjlab.errors import LimitExceededError, RefusedError
from mtjlab.events import SurveyTaken
from mtjlab.extent import Preparation
from mtjlab.procedures.check.plan import CheckOptions, CheckPlan, wiring_of
from mtjlab.procedures.check.result import findings_json
from mtjlab.procedures.kind import (
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

if TYPE_CHECKING:
    from rich.console import Console

    from mtjlab.schema import Table
    from mtjlab.terminal import View


class Check(Kind[CheckPlan]):
    """Check the wiring: move one source at a time by 10 uA, and see which voltmeters respond.

    Exit code 0 if the wiring is right, 4 if mistakes were found; the bench is safe either way.
    """

    name = "check"
    plan, options = CheckPlan, CheckOptions
    view_titles = ("Wiring", "Resistance curves")
    plan_name = "wiring"
    has_figures = uses_plan = False

    def resolve(self, options: CheckOptions, environment: Environment) -> CheckPlan:
        """Return the fixed plan."""
        return CheckPlan()

    def options_in_file(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Values that differ from the fixed plan, none of which is accepted."""
        fixed = CheckPlan().model_dump(mode="json")
        return {key: value for key, value in content.get(self.name, {}).items() if fixed.get(key) != value}

    def demand(self, plan: CheckPlan, config: PlanConfig, envelope: Envelope, environment: Environment) -> None:
        """Check that the limits allow the probe current."""
        zero_ua = (0.0,) * envelope.junctions
        for current_ua in (plan.probe_ua, -plan.probe_ua):
            try:
                envelope.plan(zero_ua, (current_ua,) * envelope.junctions)
            except LimitExceededError as error:
                raise RefusedError(
                    f"{environment.bench_file}: [limits] do not allow a wiring check: {error}"
                ) from error

    loads = ("mtjlab.procedures.check.procedure",)

    def procedure(self, bench: Bench, context: ProcedureContext[CheckPlan]) -> Procedure[Any]:
        """Check the sources in turn."""
        from mtjlab.procedures.check.procedure import check

        return check(bench, wiring_of(context.bench, context.plan))

    def extent(self, plan: CheckPlan, config: PlanConfig, times: Times) -> Extent:
        """Sources: each is held at plus, minus and zero."""
        return Extent("source", times.junctions, times.junctions, 3 * plan.hold_s, Preparation(plan.hold_s))

    def counter(self, plan: CheckPlan, config: PlanConfig) -> Counter:
        """Count sources: the survey at minus is the last of each."""
        return lambda event: int(isinstance(event, SurveyTaken) and event.settled and event.current_ua < 0)

    def result(self, run: Run[CheckPlan]) -> dict[str, Any]:
        """Findings and explanations."""
        return findings_json(run.state)

    def reports_fault(self, result: dict[str, Any]) -> bool:
        """Whether mistakes were found."""
        return bool(result["mistakes"])

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print the verdict for each part."""
        from mtjlab.procedures.check.terminal import show_check

        show_check(result, console)

    def view(self, watched: WatchedRun[CheckPlan], console: "Console", shown: bool) -> "View":
        """Status line with the source being moved."""
        from mtjlab.procedures.check.terminal import CheckView

        return CheckView(console, shown)

    def export(self, run: Run[CheckPlan]) -> Iterable["Table"]:
        """Tables of matrix, findings, explanations and samples."""
        from mtjlab.procedures.check.tables import check_tables

        return check_tables()
