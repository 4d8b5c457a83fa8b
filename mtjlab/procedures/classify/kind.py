"""Classification, as everything else knows it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mtjlab.bench import Bench
from mtjlab.config import Network, PlanConfig, section_of
from mtjlab.counted import counted
from mtjlab.envelope import Envelope
from mtjlab.errors import RefusedError
from mtjlab.events import Event, Presented, TokensEncoded
from mtjlab.procedures.classify.events import TokensClassified
from mtjlab.procedures.classify.plan import ClassifyOptions, ClassifyPlan
from mtjlab.procedures.classify.procedure import classified_as, classify
from mtjlab.procedures.classify.result import classified_json
from mtjlab.procedures.classify.token_sources import of_run, of_table, typed
from mtjlab.procedures.counting import counts_presentations
from mtjlab.procedures.curves import REFERENCE_LOOPS
from mtjlab.procedures.kind import Counter, Environment, Extent, Kind, Procedure, ProcedureContext, Reach, Run, Times
from mtjlab.record import fold

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

    from mtjlab.comparison import Panel
    from mtjlab.procedures.redetect import Redetection
    from mtjlab.schema import Table


class Classify(Kind[ClassifyPlan]):
    """Classify tokens: those of a table, typed ones, or without either the test subset of the training."""

    name = "classify"
    plan, options = ClassifyPlan, ClassifyOptions
    events: ClassVar[tuple[type[Event], ...]] = (TokensClassified,)
    hands_over: ClassVar[tuple[type[Event], ...]] = (Presented,)
    tracked = (Presented,)
    view_titles = ("Switching map", "Resistance curves", "Confusion")
    judged = (Presented,)
    form = "classification"
    has_figures = False

    def resolve(self, options: ClassifyOptions, environment: Environment) -> ClassifyPlan:
        """With the network and the tokens in full."""
        source = environment.file_or_run(options.network)
        network, table = environment.network(source), options.tokens and str(environment.path(options.tokens).resolve())
        if table is not None:
            tokens = of_table(environment.path(table), network)
        elif options.features:
            tokens = typed(options.features, network)
        else:
            tokens = of_run(source, lambda: fold(environment.events(source)).last(TokensEncoded), network)
        return ClassifyPlan(network=network, times=options.times, tokens=tokens, table=table, features=options.features)

    def tables(self, plan: ClassifyPlan) -> dict[str, Any]:
        """The network has a table of its own."""
        told = plan.model_dump(mode="json")
        return {"network": told.pop("network"), self.name: told}

    def restore(self, path: Path, content: Mapping[str, Any]) -> ClassifyPlan:
        """From both tables."""
        section_of(path, content.get("network", {}), Network)  # whose complaint names its own keys
        return section_of(path, {**content.get(self.name, {}), "network": content.get("network", {})}, self.plan)

    def options_of_run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """By the run that made the network; tokens by their table, or typed."""
        told, network = request.get(self.name, {}), request.get("network", {}).get("run")
        options = {key: told.get(key) for key in ("times", "features")}
        return {"network": network, "tokens": told.get("table") or _typed_table(request), **options}

    def demand(self, plan: ClassifyPlan, config: PlanConfig, envelope: Envelope, environment: Environment) -> None:
        """Make sure that the network is one for the bench, too."""
        junctions = len(plan.network.control_currents_ua[0])
        if junctions != environment.bench.junctions:
            raise RefusedError(
                f"The network is one of {counted(junctions, 'junction')}, the bench {environment.bench.name!r} has "
                f"{environment.bench.junctions}. Give the bench that it was trained on."
            )
        super().demand(plan, config, envelope, environment)

    def reach(self, plan: ClassifyPlan) -> Reach:
        """The control currents alone: an input that would leave the limits is not applied."""
        return Reach(plan.network.control_currents_ua, (0.0,))

    def procedure(self, bench: Bench, context: ProcedureContext[ClassifyPlan]) -> Procedure[Any]:
        """Presentations, and what they were recognised as."""
        yield from context.take_calibration(bench)
        return (yield from classify(bench, context.config, context.plan, context.calibrated, context.taken_over))

    def estimated(self, options: ClassifyOptions, environment: Environment) -> Extent:
        """For each token: how many there are is known once they are read."""
        times = Times.of(environment.bench, environment.config, environment.calibration is not None)
        each, plural = "presentation of each token", "presentations of each token"
        return Extent(each, options.times, options.times, times.presentation_s, plural=plural, per=" for each")

    def extent(self, plan: ClassifyPlan, config: PlanConfig, times: Times) -> Extent:
        """In presentations."""
        count = plan.times * len(plan.tokens)
        return Extent("presentation", count, count, times.presentation_s, times.references(REFERENCE_LOOPS))

    def counter(self, plan: ClassifyPlan, config: PlanConfig) -> Counter:
        """Presentations that count."""
        return counts_presentations(config.presentation)

    def reevaluate(self, event: Event, redetection: "Redetection[ClassifyPlan]") -> Event | None:
        """What tokens are recognised as by their presentations as they are told now."""
        if not isinstance(event, TokensClassified):
            return event
        class_of = redetection.plan.network.class_of
        names = [(token.name, token.label) for token in event.tokens]
        return classified_as(event.t_s, names, redetection.shown, redetection.config.presentation, class_of)

    def result(self, run: Run[ClassifyPlan]) -> dict[str, Any]:
        """What was recognised."""
        return classified_json(run.state)

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """A line for each token."""
        from mtjlab.procedures.classify.terminal import show_classified

        show_classified(result, console)

    def panels(self, runs: Sequence[Run[ClassifyPlan]]) -> Iterable["Panel"]:
        """Share of each class that was recognised."""
        from mtjlab.procedures.classify.comparison import recognised_panels

        return recognised_panels(runs)

    def figures(self, run: Run[ClassifyPlan]) -> Iterator[tuple[str, "Figure"]]:
        """The reference sweep."""
        from mtjlab.procedures.swept import reference_figures

        return reference_figures(run)

    def export(self, run: Run[ClassifyPlan]) -> Iterable["Table"]:
        """What tokens were recognised as."""
        from mtjlab.procedures.classify.tables import classified

        return (classified(),)


def _typed_table(request: Mapping[str, Any]) -> str | None:
    """Of older versions, which did not say it elsewhere."""
    command = list(request.get("run", {}).get("command", ()))
    return command[command.index("--tokens") + 1] if "--tokens" in command[:-1] else None
