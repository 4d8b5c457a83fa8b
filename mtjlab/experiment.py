"""Composes an experiment: files -> bench and plan -> procedure -> run folder.

Everything that can be refused is refused before a run folder exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

from mtjlab.bench import Bench
from mtjlab.benches import open_bench
from mtjlab.config import BenchConfig, PlanConfig, read_bench, read_plan
from mtjlab.domain import input_label
from mtjlab.encoding.encode import demand_classes_apart, demand_enough_configurations
from mtjlab.errors import LimitExceededError, RefusedError
from mtjlab.events import RunEnded, RunStarted
from mtjlab.narrative import log_in, tell
from mtjlab.procedures.safe import go_safe
from mtjlab.procedures.sweep import staircase_ua
from mtjlab.procedures.training import TrainingPlan, train
from mtjlab.provenance import ROOT, provenance, software
from mtjlab.run_state import fold
from mtjlab.runner import Runner, Viewer
from mtjlab.stopping import StopSwitch, signals_press
from mtjlab.store import Journal, create_run_folder, read_events, span_s, write_request
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.hillenbrand import SURROGATE
from mtjlab.vowels.splits import split
from mtjlab.vowels.tables import read_table

DEFAULT_BENCH = ROOT / "configs" / "simulated.toml"
DEFAULT_PLAN = ROOT / "configs" / "vowels.toml"


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """What a person asks for; None leaves a value to the plan file."""

    bench: Path = DEFAULT_BENCH
    plan: Path = DEFAULT_PLAN
    seed: int | None = None
    steps: int | None = None
    recognition_every_steps: int | None = None


@dataclass(frozen=True, slots=True)
class PreparedTraining:
    """A training that could start: files read, bench opened, everything checked that can be checked without current."""

    request: TrainingRequest
    bench_config: BenchConfig
    bench: Bench
    plan: TrainingPlan


@dataclass(frozen=True, slots=True)
class RunResult:
    """Where a run is and how it ended."""

    folder: Path
    ended: RunEnded


def prepare_training(request: TrainingRequest) -> PreparedTraining:
    """Read and check all of ``request``.

    Raises:
        RefusedError: something in it cannot be done; the message names file, key and remedy.
    """
    bench_config = read_bench(request.bench)
    config = _with_wishes(read_plan(request.plan), request)
    data = load_data(config, request.plan.parent)
    demand_enough_configurations(len(data.classes), bench_config.junctions, config.encoding.inputs)
    parts = split(data, config.seed, config.data.split, config.data.train_fraction)
    demand_classes_apart([token for token in data.tokens if token.name in parts.train])
    plan = TrainingPlan(config, data, parts)
    bench = open_bench(bench_config, config.seed)
    _demand_inside_limits(plan, bench, request)
    return PreparedTraining(request, bench_config, bench, plan)


def run_training(prepared: PreparedTraining, runs: Path, viewers: Sequence[Viewer] = ()) -> RunResult:
    """Train into a new run folder under ``runs``; ``viewers`` see each event after it is journalled.

    Raises:
        RefusedError: the run folder cannot be made; nothing was started.
    """
    bench, plan = prepared.bench, prepared.plan
    folder = create_run_folder(runs, "train", datetime.now())
    run = f"{folder.parent.name}/{folder.name}"
    about = {"id": run, "procedure": "train", **provenance(), **_files(prepared.request)}
    journal = _begin(folder, {"run": about, **_asked(prepared)})
    started = RunStarted(
        run=run,
        procedure="train",
        bench=bench.description,
        plan=plan.config.name,
        data=plan.data.name,
        seed=plan.config.seed,
        software=software(),
    )
    switch = StopSwitch(folder)
    with journal, log_in(folder), signals_press(switch):
        ended = Runner(journal, switch, (tell, *viewers)).run(started, train(bench, plan), go_safe(bench))
    return RunResult(folder, ended)


def _begin(folder: Path, request: dict[str, Any]) -> Journal:
    """Write what was asked and open the journal, or leave nothing behind."""
    try:
        write_request(folder, request)
        return Journal(folder)
    except OSError as error:
        rmtree(folder, ignore_errors=True)
        raise RefusedError(
            f"{folder}: nothing can be written there ({error.strerror}). Nothing was started. Make room, or choose "
            "another place with --runs."
        ) from error


def load_data(config: PlanConfig, beside: Path) -> DataSet:
    """The table that the plan names, relative to the folder ``beside``; the vowels if it names none."""
    return find_vowels() if config.data.table is None else read_table(beside / config.data.table)


def summary(folder: Path) -> dict[str, Any]:
    """The result of a run in plain words and numbers, as ``--json`` prints it.

    Raises:
        RefusedError: ``folder`` is no run folder, or its journal is damaged.
    """
    state = fold(read_events(folder))
    started, ended = state.started, state.ended
    last = state.recognition[-1] if state.recognition else None
    return {
        "run": str(folder),
        "status": ended.status if ended else "unfinished",
        "reason": ended.reason if ended else "",
        "bench": started.bench.name if started else None,
        "simulated": started.bench.simulated if started else None,
        "vowels": started.data if started else None,
        "seed": started.seed if started else None,
        "steps": state.step,
        "recognition": {"train": last.train, "test": last.test} if last else None,
        "recognition_by_step": [{"step": r.step, "train": r.train, "test": r.test} for r in state.recognition],
        "control_currents_ua": state.controls.by_label() if state.controls else None,
        "assignment_proven_optimal": state.encoded.encoding.proven_optimal if state.encoded else None,
        "presentations": state.presentations,
        "without_configuration": state.without_configuration,
        "reset_failures": state.reset_failures,
        "held_moves": state.held_moves,
        "duration_s": span_s(folder),
    }


def draw(folder: Path) -> list[Path]:
    """Draw all figures of a run into its folder.

    Raises:
        RefusedError: ``folder`` is no run folder, its journal is damaged, or nothing was measured yet.
    """
    from mtjlab.figures import draw_figures  # noqa: PLC0415  drawing is slow to import and not always wanted

    return draw_figures(folder)


def _with_wishes(plan: PlanConfig, request: TrainingRequest) -> PlanConfig:
    wishes = {"steps": request.steps, "recognition_every_steps": request.recognition_every_steps}
    training = plan.training.model_copy(update={key: wish for key, wish in wishes.items() if wish is not None})
    seed = plan.seed if request.seed is None else request.seed
    return plan.model_copy(update={"training": training, "seed": seed})


def _demand_inside_limits(plan: TrainingPlan, bench: Bench, request: TrainingRequest) -> None:
    controls = plan.start_controls(bench.description.junctions)
    shape = (plan.config.encoding.inputs, *{len(row) for row in controls.by_input_ua})
    if shape != (len(controls.by_input_ua), bench.description.junctions):
        raise RefusedError(
            f"{request.plan}: training.start_control_ua needs one list per input ({plan.config.encoding.inputs}), each "
            f"with one current per junction ({bench.description.junctions}); or one number for all of them."
        )
    top_ua = staircase_ua(plan.config.sweep)[-1]
    for j, row_ua in enumerate(controls.by_input_ua):
        try:
            bench.plan(row_ua)
        except LimitExceededError as error:
            raise RefusedError(f"{request.plan}: training.start_control_ua, input {input_label(j)}: {error}") from error
    try:
        bench.plan([control + top_ua for control in controls.by_input_ua[0]])
    except LimitExceededError as error:
        raise RefusedError(f"{request.plan}: sweep.input_stop_ua = {top_ua:.6g}: {error}") from error


def _files(request: TrainingRequest) -> dict[str, str]:
    return {"bench_file": str(request.bench.resolve()), "plan_file": str(request.plan.resolve())}


def _asked(prepared: PreparedTraining) -> dict[str, Any]:
    data = prepared.plan.data
    return {
        "data": {
            "name": data.name,
            "surrogate": data.name == SURROGATE,
            "source": data.source,
            "tokens": len(data.tokens),
            "sha256": data.checksum,
        },
        "bench": prepared.bench_config.model_dump(mode="json"),
        "plan": prepared.plan.config.model_dump(mode="json"),
    }
