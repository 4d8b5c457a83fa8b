"""The kind of run for classification."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mtjlab.bench import Bench
from mtjlab.config import BenchConfig, Network, PlanConfig, section_of
from mtjlab.counted import counted, word_for
from mtjlab.domain import ControlCurrents
from mtjlab.envelope import Envelope
from mtjlab.errors import RefusedError, blamed_on
from mtjlab.events import Event, Presented, TokensEncoded
from mtjlab.procedures.classify.events import TokensClassified
from mtjlab.procedures.classify.plan import ClassifyOptions, ClassifyPlan
from mtjlab.procedures.classify.procedure import classified_as, classify
from mtjlab.procedures.classify.result import classified_json
from mtjlab.procedures.classify.token_sources import of_run, of_table, typed
from mtjlab.procedures.counting import presentation_counter
from mtjlab.procedures.curves import REFERENCE_LOOPS
from mtjlab.procedures.kind import Counter, Environment, Extent, Kind, Procedure, ProcedureContext, Run, Times
from mtjlab.procedures.limits import demand_possible_widths, demand_same_inputs
from mtjlab.procedures.reach import Reach, demand_reachable
from mtjlab.record import fold

if TYPE_CHECKING:
    from rich.console import Console

    from mtjlab.comparison import Panel
    from mtjlab.figures.named import NamedFigure
    from mtjlab.procedures.redetect import Redetection
    from mtjlab.schema import Table


class Classify(Kind[ClassifyPlan]):
    """Classify tokens: from a table, typed in, or by default the test subset of the training."""

    name = "classify"
    plan, options = ClassifyPlan, ClassifyOptions
    events: ClassVar[tuple[type[Event], ...]] = (TokensClassified,)
    hands_over: ClassVar[tuple[type[Event], ...]] = (Presented,)
    tracked = (Presented,)
    view_titles = ("Switching map", "Resistance curves", "Confusion")
    judged = (Presented,)
    form = "classification"
    has_figures = False
    runs_on_chains = True

    def config_with(self, options: ClassifyOptions, config: PlanConfig, bench: BenchConfig) -> PlanConfig:
        """Plan file with the requested pulses."""
        return config.with_pulses(options.pulse_width_s)

    def resolve(self, options: ClassifyOptions, environment: Environment) -> ClassifyPlan:
        """Read the network and the tokens."""
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
        """Tables of the plan; the network has its own."""
        table = plan.model_dump(mode="json")
        return {"network": table.pop("network"), self.name: table}

    def restore(self, path: Path, content: Mapping[str, Any]) -> ClassifyPlan:
        """Read the plan from both tables."""
        section_of(path, content.get("network", {}), Network)  # so that an error names the keys of [network]
        return section_of(path, {**content.get(self.name, {}), "network": content.get("network", {})}, self.plan)

    def options_of_run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the form: the run that made the network, and the table or the features of the tokens."""
        table, network = request.get(self.name, {}), request.get("network", {}).get("run")
        options = {key: table.get(key) for key in ("times", "features")}
        return {"network": network, "tokens": table.get("table") or _typed_table(request), **options}

    def demand(self, plan: ClassifyPlan, config: PlanConfig, envelope: Envelope, environment: Environment) -> None:
        """Check the limits, and that the network fits the bench."""
        rows, chains = plan.network.control_currents_ua, environment.bench.chain_sizes
        sizes = tuple(len(row) for row in rows)
        if (plan.network.chains or sizes[:1]) != chains:
            of = " and ".join(map(str, dict.fromkeys(sizes)))
            has = " and ".join(map(str, dict.fromkeys(chains)))
            name, where = environment.bench.name, "" if len(chains) == 1 else f" in {counted(len(chains), 'chain')}"
            raise RefusedError(
                f"The network has {of} {word_for(0, 'junction')}, the bench {name!r} has {has}{where}. Give the bench "
                "that it was trained on.",
                ("network",),
            )
        demand_possible_widths(envelope, config.presentation)
        demand_same_inputs(plan.network.pulse_width_s, config.presentation, "classify.pulse_width_s")
        whole = ControlCurrents(rows).first_ua(environment.bench.junctions)
        reach = self.reach(plan) if len(chains) == 1 else Reach((whole,), (0.0,), ("network", "network"))
        demand_reachable(reach, envelope, environment.bench, config, environment.calibration)

    def demand_options(self, options: ClassifyOptions, envelope: Envelope, environment: Environment) -> None:
        """Check the network alone: tokens are read when the run starts, which may take long."""
        with blamed_on("network"):
            network = environment.network(environment.file_or_run(options.network))
        plan = ClassifyPlan(network=network, times=options.times, tokens=())
        self.demand(plan, environment.config, envelope, environment)

    def reach(self, plan: ClassifyPlan) -> Reach:
        """Control currents only: an input that would exceed a limit is not applied."""
        return Reach(plan.network.control_currents_ua, (0.0,), ("network", "network"))

    def procedure(self, bench: Bench, context: ProcedureContext[ClassifyPlan]) -> Procedure[Any]:
        """Present the tokens, and classify them."""
        yield from context.record_calibration(bench)
        return (yield from classify(bench, context.config, context.plan, context.calibrated, context.taken_over))

    def estimated(self, options: ClassifyOptions, environment: Environment) -> Extent:
        """Presentations of each token; the number of tokens is not known before they are read."""
        times = Times.of(environment.bench, environment.config, environment.calibration is not None)
        each, plural = "presentation of each token", "presentations of each token"
        return Extent(each, options.times, options.times, times.presentation_s, plural=plural, per=" for each")

    def extent(self, plan: ClassifyPlan, config: PlanConfig, times: Times) -> Extent:
        """Presentations."""
        count = plan.times * len(plan.tokens)
        return Extent("presentation", count, count, times.presentation_s, times.references(REFERENCE_LOOPS))

    def counter(self, plan: ClassifyPlan, config: PlanConfig) -> Counter:
        """Count final presentations."""
        return presentation_counter(config.presentation)

    def reevaluate(self, event: Event, redetection: "Redetection[ClassifyPlan]") -> Event | None:
        """Classify the tokens by their re-evaluated presentations."""
        if not isinstance(event, TokensClassified):
            return event
        table = redetection.plan.network.table
        names = [(token.name, token.label) for token in event.tokens]
        return classified_as(event.t_s, names, redetection.shown, redetection.config.presentation, table)

    def result(self, run: Run[ClassifyPlan]) -> dict[str, Any]:
        """Class and confidence of each token."""
        return classified_json(run.state)

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print a line for each token."""
        from mtjlab.procedures.classify.terminal import show_classified

        show_classified(result, console)

    def panels(self, runs: Sequence[Run[ClassifyPlan]]) -> Iterable["Panel"]:
        """Share of each class that was recognised."""
        from mtjlab.procedures.classify.comparison import recognised_panels

        return recognised_panels(runs)

    def figures(self, run: Run[ClassifyPlan]) -> Iterator["NamedFigure"]:
        """Figure of the reference sweep."""
        from mtjlab.procedures.swept import reference_figures

        return reference_figures(run)

    def export(self, run: Run[ClassifyPlan]) -> Iterable["Table"]:
        """Table of the classified tokens."""
        from mtjlab.procedures.classify.tables import classified

        return (classified(),)


def _typed_table(request: Mapping[str, Any]) -> str | None:
    """Table of tokens from the command of a run of an older version, which recorded it nowhere else."""
    command = list(request.get("run", {}).get("command", ()))
    return command[command.index("--tokens") + 1] if "--tokens" in command[:-1] else None
