"""Training, as everything else knows it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.bench import Bench
from mtjlab.calibration import Calibration
from mtjlab.config import NETWORK, Network, PlanConfig, section_of, write_network
from mtjlab.encoding.encode import demand_classes_apart, demand_enough_configurations
from mtjlab.envelope import Envelope
from mtjlab.errors import RefusedError
from mtjlab.events import ControlsPlanned, Event, Presented, TokensEncoded
from mtjlab.procedures.check.plan import wiring_of
from mtjlab.procedures.check.procedure import demand_right_wiring
from mtjlab.procedures.kind import (
    Counter,
    EndedRun,
    Environment,
    Extent,
    Kind,
    KindState,
    Procedure,
    ProcedureContext,
    Run,
    Times,
    WatchedRun,
)
from mtjlab.procedures.training.counting import CountsPresentations
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained, WarmStarted
from mtjlab.procedures.training.limits import demand_inside_limits
from mtjlab.procedures.training.network import network_from
from mtjlab.procedures.training.plan import LearntData, TrainOptions, TrainPlan, measures_recognition
from mtjlab.procedures.training.procedure import TrainingPlan, resume_training
from mtjlab.procedures.training.recognition import reevaluated
from mtjlab.procedures.training.result import training_json
from mtjlab.procedures.training.state import TrainingState, training_state
from mtjlab.vowels.hillenbrand import SURROGATE
from mtjlab.vowels.splits import split

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

    from mtjlab.comparison import Panel
    from mtjlab.procedures.redetect import Redetection
    from mtjlab.schema import Table
    from mtjlab.terminal import View


class Training(Kind[TrainPlan]):
    """Train the chain on a bench, from the reference sweep to figures."""

    name = "train"
    plan, options = TrainPlan, TrainOptions
    events: ClassVar[tuple[type[Event], ...]] = (WarmStarted, StepTrained, RecognitionMeasured)
    hands_over: ClassVar[tuple[type[Event], ...]] = (
        ControlsPlanned,
        TokensEncoded,
        WarmStarted,
        StepTrained,
        RecognitionMeasured,
    )
    view_titles = ("Switching map", "Resistance curves", "Control currents", "Confusion", "Recognition")
    judged = (Presented,)
    uses_plan_seed = needs_data_set = has_lines = True
    plan_tables = ()

    def config_with(self, options: TrainOptions, config: PlanConfig) -> PlanConfig:
        """With the steps that are asked."""
        wishes = {"steps": options.steps, "recognition_every_steps": options.recognition_every_steps}
        wanted = {key: wish for key, wish in wishes.items() if wish is not None}
        return config.model_copy(update={"training": config.training.model_copy(update=wanted)})

    def resolve(self, options: TrainOptions, environment: Environment) -> TrainPlan:
        """With the data that the plan file names."""
        data = environment.data()
        learnt = LearntData.of(data, is_surrogate=data.name == SURROGATE)
        return TrainPlan(check=options.check, warm_start=options.warm_start, data=learnt)

    def tables(self, plan: TrainPlan) -> dict[str, Any]:
        """What is learnt has a table of its own; how it begins stands in [run]."""
        told = plan.model_dump(mode="json")
        return {"data": told.pop("data"), "run": told}

    def restore(self, path: Path, content: Mapping[str, Any]) -> TrainPlan:
        """From [run] and [data]."""
        began = {key: content.get("run", {}).get(key, False) for key in ("check", "warm_start")}
        return section_of(path, {**began, "data": content.get("data", {})}, self.plan)

    def options_in_file(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """What stands in [run] or in a table of its own: all else is in [plan]."""
        run = content["run"]
        return {**content.get(self.name, {}), **{key: run[key] for key in ("check", "warm_start") if key in run}}

    def demand(self, plan: TrainPlan, config: PlanConfig, envelope: Envelope, environment: Environment) -> None:
        """Make sure that the data can be learnt on the bench, and that limits allow the start and the sweep."""
        data = environment.data()
        demand_enough_configurations(len(data.classes), environment.bench.junctions, config.encoding.inputs)
        train = split(data, config.seed, config.data.split, config.data.train_fraction).train
        demand_classes_apart([token for token in data.tokens if token.name in train])
        if plan.warm_start:
            _warm(environment.calibration, environment.calibration_file)
        demand_inside_limits(config, envelope, environment.plan_file)

    def procedure(self, bench: Bench, context: ProcedureContext[TrainPlan]) -> Procedure[Any]:
        """A check if one is asked, then the training or the rest of it."""
        if context.plan.check:
            yield from demand_right_wiring(bench, wiring_of(context.bench))
        yield from context.take_calibration(bench)
        config, data = context.config, context.data
        assert data is not None
        parts = split(data, config.seed, config.data.split, config.data.train_fraction)
        warm = _warm(context.calibration, None) if context.plan.warm_start else None
        plan = TrainingPlan(config, data, parts, context.calibrated, warm)
        return (yield from resume_training(bench, plan, context.taken_over, context.magnet))

    def extent(self, plan: TrainPlan, config: PlanConfig, times: Times) -> Extent:
        """In presentations, if every token gives a configuration at once."""
        steps = config.training.steps
        recognitions = sum(measures_recognition(config.training, step) for step in range(steps + 1))
        count = steps * plan.data.classes + recognitions * plan.data.tokens
        return Extent(
            "presentation", count, count, times.presentation_s, times.references(), of=f" of {plan.data.name}"
        )

    def counter(self, plan: TrainPlan, config: PlanConfig) -> Counter:
        """Presentations that count, of a step or of a measurement of the recognition."""
        return CountsPresentations(plan.data.classes, plan.data.tokens, config.presentation)

    def new_state(self) -> TrainingState:
        """Control currents and recognition so far."""
        return TrainingState()

    def completes(self, event: Event, kind_state: KindState | None) -> bool:
        """Steps and their recognition; a plan is one of a step that may not come to its end."""
        match event:
            case StepTrained() | RecognitionMeasured():
                return training_state(kind_state).is_complete(event.step)
            case ControlsPlanned():
                return False
            case _:
                return super().completes(event, kind_state)

    def steps_done(self, kind_state: KindState | None) -> int | None:
        """Those of what can be learnt."""
        learnt = training_state(kind_state)
        return learnt.step if learnt.encoded else None

    def reevaluate(self, event: Event, redetection: "Redetection[TrainPlan]") -> Event | None:
        """Recognition as presentations are told now."""
        return reevaluated(event, redetection.answers()) if isinstance(event, RecognitionMeasured) else event

    def save(self, folder: Path, run: EndedRun[TrainPlan]) -> None:
        """Save the network that was learnt."""
        network = network_from(
            run.state, training_state(run.state.kind_state), run.bench.device.name, run.plan.data.features
        )
        if network is not None:
            write_network(folder / NETWORK, network)

    def network(self, run: Run[TrainPlan]) -> Network | None:
        """What was learnt so far."""
        return network_from(
            run.state, training_state(run.kind_state), features=run.request.get("data", {}).get("features", ())
        )

    def result(self, run: Run[TrainPlan]) -> dict[str, Any]:
        """Recognition and control currents."""
        return training_json(run.state, training_state(run.kind_state))

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Recognition, control currents, and what went wrong."""
        from mtjlab.procedures.training.terminal import show_summary

        show_summary(result, figures, console)

    def view(self, watched: WatchedRun[TrainPlan], console: "Console", shown: bool) -> "View":
        """A panel, or a line now and then."""
        from mtjlab.procedures.training.terminal import TrainingView

        return TrainingView(watched.meter, watched.config.training.steps, console, shown)

    def panels(self, runs: Sequence[Run[TrainPlan]]) -> Iterable["Panel"]:
        """Recognition against training step."""
        from mtjlab.procedures.training.comparison import recognition_panel

        return (recognition_panel(runs),)

    def figures(self, run: Run[TrainPlan]) -> Iterator[tuple[str, "Figure"]]:
        """Curves, maps, recognition, control currents, confusion."""
        from mtjlab.procedures.training.figures import training_figures

        return training_figures(run)

    def export(self, run: Run[TrainPlan]) -> Iterable["Table"]:
        """Steps, tokens, encoding and recognition; and the check, if it began with one."""
        from mtjlab.procedures.check.tables import check_tables
        from mtjlab.procedures.training.tables import training_tables

        return (*training_tables(run), *check_tables())


def _warm(calibration: Calibration | None, file: Path | None) -> tuple[CriticalEstimate, ...]:
    """Critical currents of every junction."""
    if calibration is None:
        raise RefusedError("--warm-start needs --calibration FILE: `mtjlab sweep` measures critical currents.")
    known = tuple(one for one in calibration.switching.up if isinstance(one, CriticalEstimate))
    if len(known) != len(calibration.measured.references):
        raise RefusedError(f"{file}: does not tell where every junction switches (AP -> P). Sweep more often.")
    return known
