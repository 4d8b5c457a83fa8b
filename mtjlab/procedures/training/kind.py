"""The kind of run for trainings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any, ClassVar

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.bench import Bench
from mtjlab.calibration import Calibration
from mtjlab.config import NETWORK, BenchConfig, Network, PlanConfig, section_of, write_network
from mtjlab.config.plan import PAIRED_STEPS
from mtjlab.envelope import Envelope
from mtjlab.errors import RefusedError, blamed_on
from mtjlab.events import ControlsPlanned, Event, Presented, RestPlanned, TokensEncoded
from mtjlab.extent import Preparation
from mtjlab.procedures.check.plan import wiring_of
from mtjlab.procedures.kind import (
    Counter,
    EndedRun,
    Environment,
    Extent,
    Kind,
    KindState,
    Outlook,
    Procedure,
    ProcedureContext,
    Run,
    Times,
    WatchedRun,
)
from mtjlab.procedures.limits import demand_possible_widths
from mtjlab.procedures.training.counting import PresentationCounter
from mtjlab.procedures.training.events import (
    ControlsAveraged,
    RecognitionMeasured,
    Refreshed,
    StepTrained,
    ThresholdsProbed,
    WarmStarted,
)
from mtjlab.procedures.training.limits import (
    NOMINAL_SPREAD_UA,
    demand_coded_by_amplitude,
    demand_fits_chains,
    demand_inside_limits,
    demand_near_boundaries,
)
from mtjlab.procedures.training.network import network_from
from mtjlab.procedures.training.plan import REFRESH_PROBES, LearntData, TrainOptions, TrainPlan, measures_recognition
from mtjlab.procedures.training.recognition import reevaluated
from mtjlab.procedures.training.result import training_json
from mtjlab.procedures.training.state import TrainingState, training_state
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.hillenbrand import SURROGATE
from mtjlab.vowels.splits import split

if TYPE_CHECKING:
    from rich.console import Console

    from mtjlab.comparison import Panel
    from mtjlab.figures.named import NamedFigure
    from mtjlab.procedures.redetect import Redetection
    from mtjlab.schema import Table
    from mtjlab.terminal import View


class Training(Kind[TrainPlan]):
    """Train the chain on a bench, from the reference sweep to figures."""

    name = "train"
    plan, options = TrainPlan, TrainOptions
    events: ClassVar[tuple[type[Event], ...]] = (
        WarmStarted,
        StepTrained,
        RecognitionMeasured,
        ThresholdsProbed,
        Refreshed,
        ControlsAveraged,
    )
    hands_over: ClassVar[tuple[type[Event], ...]] = (
        ControlsPlanned,
        RestPlanned,
        TokensEncoded,
        ThresholdsProbed,
        WarmStarted,
        StepTrained,
        Refreshed,
        ControlsAveraged,
        RecognitionMeasured,
    )
    view_titles = ("Switching map", "Resistance curves", "Control currents", "Confusion", "Recognition")
    judged = (Presented, ThresholdsProbed)
    uses_plan_seed = needs_data_set = has_lines = runs_on_chains = True
    loads = ("mtjlab.procedures.check.procedure", "mtjlab.procedures.training.procedure")
    plan_tables = ()

    def config_with(self, options: TrainOptions, config: PlanConfig, bench: BenchConfig) -> PlanConfig:
        """Plan file with the requested rule and numbers, with pulses, and with the steps at which all is measured."""
        requested = {key: getattr(options, key) for key in type(config.training).model_fields if hasattr(options, key)}
        changes = {key: value for key, value in requested.items() if value is not None}
        if options.rule == "paired":
            changes = {"steps": PAIRED_STEPS, **changes}
        training = config.training.model_copy(update=changes)
        if training.recognition_every_steps is None:
            every = max(1, training.steps) if bench.kind == "instruments" else 1
            training = training.model_copy(update={"recognition_every_steps": every})
        config = config.with_pulses(options.pulse_width_s).model_copy(update={"training": training})
        return config.with_references_for_probes()

    def resolve(self, options: TrainOptions, environment: Environment) -> TrainPlan:
        """Return the plan, with the data set named in the plan file."""
        with blamed_on("data.table"):
            data = environment.data()
        learnt = LearntData.of(data, is_surrogate=data.name == SURROGATE)
        return TrainPlan(check=options.check, warm_start=options.warm_start, data=learnt)

    def tables(self, plan: TrainPlan) -> dict[str, Any]:
        """Tables of the plan: [data] for the data set, keys of [run] for the rest."""
        table = plan.model_dump(mode="json")
        return {"data": table.pop("data"), "run": table}

    def restore(self, path: Path, content: Mapping[str, Any]) -> TrainPlan:
        """Read the plan from [run] and [data]."""
        began = {key: content.get("run", {}).get(key, False) for key in ("check", "warm_start")}
        return section_of(path, {**began, "data": content.get("data", {})}, self.plan)

    def options_in_file(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Values from [run] or [train]; all others are in [plan]."""
        run = content["run"]
        return {**content.get(self.name, {}), **{key: run[key] for key in ("check", "warm_start") if key in run}}

    def demand(self, plan: TrainPlan, config: PlanConfig, envelope: Envelope, environment: Environment) -> None:
        """Check that the data can be learnt on the bench, and the start and the sweep against the limits."""
        from mtjlab.encoding.encode import demand_classes_apart, demand_enough_configurations

        data, chains = environment.data(), environment.bench.chain_sizes
        demand_fits_chains(plan, config, chains)
        with blamed_on("encoding.inputs", "data.table"):
            several = chains if len(chains) > 1 else ()
            demand_enough_configurations(
                len(data.classes), environment.bench.junctions, config.encoding.inputs, several
            )
        with blamed_on("data.split", "data.train_fraction"):
            train = split(data, config.seed, config.data.split, config.data.train_fraction).train
        with blamed_on("data.table"):
            demand_classes_apart([token for token in data.tokens if token.name in train])
        if plan.warm_start:
            with blamed_on("train.warm_start"):
                _warm(environment.calibration, environment.calibration_file)
        demand_possible_widths(envelope, config.presentation)
        demand_near_boundaries(config, environment.bench.junctions, environment.bench.timing.settle_s)
        demand_coded_by_amplitude(config, environment.bench.junctions, _spread_ua(environment.calibration))
        demand_inside_limits(config, envelope, environment.plan_file, chains)

    def procedure(self, bench: Bench, context: ProcedureContext[TrainPlan]) -> Procedure[Any]:
        """Check the wiring if requested, then train or resume the training."""
        from mtjlab.procedures.check.procedure import demand_right_wiring
        from mtjlab.procedures.training.procedure import TrainingPlan, resume_training

        if context.plan.check:
            yield from demand_right_wiring(bench, wiring_of(context.bench))
        yield from context.record_calibration(bench)
        config, data = context.config, context.data
        assert data is not None
        parts = split(data, config.seed, config.data.split, config.data.train_fraction)
        warm = _warm(context.calibration, None) if context.plan.warm_start else None
        plan = TrainingPlan(config, data, parts, context.calibrated, warm)
        return (yield from resume_training(bench, plan, context.taken_over, context.magnet))

    def extent(self, plan: TrainPlan, config: PlanConfig, times: Times) -> Extent:
        """Presentations, if every token gives a configuration at the first attempt."""
        settings, references = config.training, times.references()
        probe_s = times.presentation_s / config.encoding.inputs
        recognitions = sum(measures_recognition(settings, step) for step in range(settings.steps + 1))
        in_steps, measuring = settings.steps * _of_a_step(plan, config), recognitions * plan.data.tokens
        unit_s = times.presentation_s
        if settings.refresh_every_steps:
            unit_s += REFRESH_PROBES * probe_s / (settings.refresh_every_steps * plan.data.classes)
        return Extent(
            "presentation",
            in_steps + measuring,
            in_steps + measuring,
            unit_s,
            Preparation(references.duration_s + settings.probe_first * probe_s, references.points),
            of=f" of {plan.data.name}",
            part=(measuring, "to measure the recognition rate") if measuring and in_steps else None,
        )

    def outlook(self, plan: TrainPlan, config: PlanConfig, junctions: int, data: DataSet | None) -> Outlook | None:
        """What its encoding can reach."""
        from mtjlab.procedures.training.outlook import outlook_of

        starts_on_boundaries = plan.warm_start or config.training.probe_first > 0
        return outlook_of(config, junctions, data, starts_on_boundaries) if data else None

    def counter(self, plan: TrainPlan, config: PlanConfig) -> Counter:
        """Count presentations of steps and recognition measurements."""
        return PresentationCounter(_of_a_step(plan, config), plan.data.tokens, config.presentation)

    def new_state(self) -> TrainingState:
        """State before the first step."""
        return TrainingState()

    def completes(self, event: Event, kind_state: KindState | None) -> bool:
        """Whether a step or its recognition is complete; planned control currents alone complete nothing."""
        match event:
            case StepTrained() | ControlsAveraged() | RecognitionMeasured():
                return training_state(kind_state).is_complete(event.step)
            case ThresholdsProbed():
                return event.is_first
            case ControlsPlanned() | Refreshed():
                return False
            case _:
                return super().completes(event, kind_state)

    def steps_done(self, kind_state: KindState | None) -> int | None:
        """Number of complete steps; None before the tokens are encoded."""
        learnt = training_state(kind_state)
        return learnt.step if learnt.encoded else None

    def reevaluate(self, event: Event, redetection: "Redetection[TrainPlan]") -> Event | None:
        """Re-evaluate probes, and recompute recognition from the re-evaluated presentations."""
        match event:
            case RecognitionMeasured():
                return reevaluated(event, redetection.answers())
            case ThresholdsProbed():
                return replace(event, outcome=redetection.judge.outcome(event.outcome))
            case _:
                return event

    def save(self, folder: Path, run: EndedRun[TrainPlan]) -> None:
        """Save the learnt network."""
        network = network_from(
            run.state, training_state(run.state.kind_state), run.bench.device.name, run.plan.data.features
        )
        if network is not None:
            write_network(folder / NETWORK, network)

    def network(self, run: Run[TrainPlan]) -> Network | None:
        """Network learnt so far."""
        return network_from(
            run.state, training_state(run.kind_state), features=run.request.get("data", {}).get("features", ())
        )

    def result(self, run: Run[TrainPlan]) -> dict[str, Any]:
        """Recognition and control currents."""
        learnt = training_state(run.kind_state)
        if run.config.presentation.is_pulsed and learnt.pulse_width_s is None:
            learnt = learnt.at_step(-1)  # control currents of the sweep are not those of inputs
        needed_s = Times.of(run.bench, run.config).presentation_s if run.bench else None
        return training_json(run.state, learnt, needed_s)

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print recognition, control currents and problems."""
        from mtjlab.procedures.training.terminal import show_summary

        show_summary(result, figures, console)

    def view(self, watched: WatchedRun[TrainPlan], console: "Console", shown: bool) -> "View":
        """Live panel in a terminal, occasional lines elsewhere."""
        from mtjlab.procedures.training.terminal import TrainingView

        return TrainingView(watched.meter, watched.config.training.steps, console, shown)

    def panels(self, runs: Sequence[Run[TrainPlan]]) -> Iterable["Panel"]:
        """Recognition against training step and bench time, and the thresholds of the junctions."""
        from mtjlab.procedures.switching_panels import reference_panels
        from mtjlab.procedures.training.comparison import recognition_panels

        return (*recognition_panels(runs), *reference_panels([run.state.measured for run in runs]))

    def figures(self, run: Run[TrainPlan]) -> Iterator["NamedFigure"]:
        """Figures of curves, maps, recognition, control currents and confusion."""
        from mtjlab.procedures.training.figures import training_figures

        return training_figures(run)

    def export(self, run: Run[TrainPlan]) -> Iterable["Table"]:
        """Tables of steps, tokens, encoding and recognition, and of the wiring check if there was one."""
        from mtjlab.procedures.check.tables import check_tables
        from mtjlab.procedures.training.tables import training_tables

        return (*training_tables(run), *check_tables())


def _of_a_step(plan: TrainPlan, config: PlanConfig) -> int:
    """Number of presentations in a training step."""
    return plan.data.classes * len(config.training.offsets_ua)


def _spread_ua(calibration: Calibration | None) -> float:
    """Mean standard deviation of critical currents."""
    return mean(calibration.refined.critical.up_spread_ua) if calibration else NOMINAL_SPREAD_UA


def _warm(calibration: Calibration | None, file: Path | None) -> tuple[CriticalEstimate, ...]:
    """Critical currents of every junction from a calibration."""
    if calibration is None:
        raise RefusedError("--warm-start needs --calibration FILE: `mtjlab sweep` measures critical currents.")
    known = tuple(one for one in calibration.switching.up if isinstance(one, CriticalEstimate))
    if len(known) != len(calibration.measured.references):
        raise RefusedError(
            f"{file}: does not have the critical current AP -> P of every junction. Sweep with more repetitions."
        )
    return known
