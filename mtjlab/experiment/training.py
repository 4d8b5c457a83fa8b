"""A training: files -> bench and plan -> procedure.

Everything that can be refused is refused before a run folder exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtjlab.analysis.critical import CriticalEstimate
from mtjlab.bench import Bench
from mtjlab.benches import envelope_of
from mtjlab.config import BenchConfig, PlanConfig, read_plan
from mtjlab.domain import input_label
from mtjlab.encoding.encode import demand_classes_apart, demand_enough_configurations
from mtjlab.envelope import Envelope
from mtjlab.errors import LimitExceededError, RefusedError
from mtjlab.events import Progress
from mtjlab.experiment.bench_file import read_asked_bench
from mtjlab.experiment.calibration import Calibration, read_calibration
from mtjlab.experiment.check import check_plan
from mtjlab.experiment.engine import Order, RunResult, execute
from mtjlab.experiment.kept import Kept
from mtjlab.experiment.networks import save_network
from mtjlab.procedures.check import CheckPlan, demand_right_wiring
from mtjlab.procedures.sweep import staircase_ua
from mtjlab.procedures.training import TrainingPlan, go_on
from mtjlab.procedures.types import Procedure
from mtjlab.provenance import ROOT
from mtjlab.rack import MagneticField
from mtjlab.run_state import HandedOver
from mtjlab.runner import Viewer
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
    simulate: bool = False
    faults: tuple[str, ...] = ()
    speed: float | None = None
    check: bool = False
    calibration: Path | None = None
    warm_start: bool = False


@dataclass(frozen=True, slots=True)
class PreparedTraining:
    """A training that could start: files read, and everything checked that can be checked without a bench.

    ``parent`` is the run that it resumes, ``rerun_of`` the one that it repeats.
    """

    request: TrainingRequest
    bench: BenchConfig
    plan: TrainingPlan
    calibration: Calibration | None
    noise_seed: int
    parent: HandedOver | None = None
    rerun_of: str | None = None

    @property
    def check(self) -> CheckPlan | None:
        """How the wiring is checked first, if it is."""
        return check_plan(self.bench) if self.request.check else None


def prepare_training(request: TrainingRequest) -> PreparedTraining:
    """Read and check all of ``request``.

    Raises:
        RefusedError: something in it cannot be done; the message names file, key and remedy.
    """
    bench = read_asked_bench(request.bench, request.simulate, request.faults, request.speed)
    config = _with_wishes(read_plan(request.plan), request)
    return prepared_training(request, bench, config, load_data(config, request.plan.parent))


def prepared_training(
    request: TrainingRequest, bench: BenchConfig, config: PlanConfig, data: DataSet
) -> PreparedTraining:
    """A training of ``data`` on ``bench``, checked.

    Raises:
        RefusedError: something in it cannot be done; the message names file, key and remedy.
    """
    demand_enough_configurations(len(data.classes), bench.junctions, config.encoding.inputs)
    parts = split(data, config.seed, config.data.split, config.data.train_fraction)
    demand_classes_apart([token for token in data.tokens if token.name in parts.train])
    calibration = read_calibration(request.calibration, bench, request.simulate) if request.calibration else None
    plan = TrainingPlan(config, data, parts, calibration.measured if calibration else None, _warm(request, calibration))
    envelope = envelope_of(bench)
    if calibration is not None:
        envelope = envelope.with_laws(calibration.laws)
    _demand_inside_limits(plan, envelope, request)
    return PreparedTraining(request, bench, plan, calibration, noise_seed=config.seed)


def training_order(prepared: PreparedTraining) -> Order:
    """The training as the engine takes it."""
    return Order(
        procedure="train",
        bench=prepared.bench,
        seed=prepared.plan.config.seed,
        plan=prepared.plan.config.name,
        data=prepared.plan.data.name,
        begin=lambda bench, field, _folder: _train(bench, prepared, field),
        files=_files(prepared.request),
        asked=_asked(prepared),
        simulate=prepared.request.simulate,
        noise_seed=prepared.noise_seed,
        parent=prepared.parent,
        rerun_of=prepared.rerun_of,
    )


def run_training(prepared: PreparedTraining, runs: Path, viewers: Sequence[Viewer] = ()) -> RunResult:
    """Train into a new run folder under ``runs``; ``viewers`` see each event after it is journalled.

    Raises:
        RefusedError: the run folder cannot be made; nothing was started.
    """
    kept, device, features = Kept(), prepared.bench.device.name, prepared.plan.data.feature_names
    result = execute(training_order(prepared), runs, (*viewers, kept.see))
    kept.save(lambda state: save_network(result.folder, state, device, features))
    return result


def _train(bench: Bench, prepared: PreparedTraining, field: MagneticField | None) -> Procedure[Any]:
    if prepared.check:
        yield from demand_right_wiring(bench, prepared.check)
    if prepared.calibration:
        yield prepared.calibration.taken(bench.time_s)
    progress = prepared.parent.progress if prepared.parent else Progress()
    return (yield from go_on(bench, prepared.plan, progress, field))


def load_data(config: PlanConfig, beside: Path) -> DataSet:
    """The table that the plan names, relative to the folder ``beside``; the vowels if it names none."""
    return find_vowels() if config.data.table is None else read_table(beside / config.data.table)


def _warm(request: TrainingRequest, calibration: Calibration | None) -> tuple[CriticalEstimate, ...] | None:
    """Critical currents of every junction, if a warm start is wanted."""
    if not request.warm_start:
        return None
    if calibration is None:
        raise RefusedError("--warm-start needs --calibration FILE: `mtjlab sweep` measures critical currents.")
    known = tuple(one for one in calibration.switching.up if isinstance(one, CriticalEstimate))
    if len(known) != len(calibration.measured.references):
        raise RefusedError(
            f"{request.calibration}: does not tell where every junction switches (AP -> P). Sweep more often."
        )
    return known


def _with_wishes(plan: PlanConfig, request: TrainingRequest) -> PlanConfig:
    wishes = {"steps": request.steps, "recognition_every_steps": request.recognition_every_steps}
    training = plan.training.model_copy(update={key: wish for key, wish in wishes.items() if wish is not None})
    seed = plan.seed if request.seed is None else request.seed
    return plan.model_copy(update={"training": training, "seed": seed})


def _demand_inside_limits(plan: TrainingPlan, envelope: Envelope, request: TrainingRequest) -> None:
    controls = plan.start_controls(envelope.junctions)
    shape = (plan.config.encoding.inputs, *{len(row) for row in controls.by_input_ua})
    if shape != (len(controls.by_input_ua), envelope.junctions):
        raise RefusedError(
            f"{request.plan}: training.start_control_ua needs one list per input ({plan.config.encoding.inputs}), each "
            f"with one current per junction ({envelope.junctions}); or one number for all of them."
        )
    top_ua, zero_ua = staircase_ua(plan.config.sweep)[-1], (0.0,) * envelope.junctions
    for j, row_ua in enumerate(controls.by_input_ua):
        try:
            envelope.plan(zero_ua, row_ua)
        except LimitExceededError as error:
            raise RefusedError(f"{request.plan}: training.start_control_ua, input {input_label(j)}: {error}") from error
    try:
        envelope.plan(zero_ua, [control + top_ua for control in controls.by_input_ua[0]])
    except LimitExceededError as error:
        raise RefusedError(f"{request.plan}: sweep.input_stop_ua = {top_ua:.6g}: {error}") from error


def _files(request: TrainingRequest) -> dict[str, Any]:
    return {
        "bench_file": str(request.bench.resolve()),
        "plan_file": str(request.plan.resolve()),
        "check": request.check,
        "calibration": str(request.calibration.resolve()) if request.calibration else None,
        "warm_start": request.warm_start,
    }


def _asked(prepared: PreparedTraining) -> dict[str, Any]:
    data = prepared.plan.data
    return {
        "data": {
            "name": data.name,
            "surrogate": data.name == SURROGATE,
            "source": data.source,
            "tokens": len(data.tokens),
            "classes": len(data.classes),
            "sha256": data.checksum,
            "features": list(data.feature_names),
            "talkers": {token.name: token.talker for token in data.tokens if token.talker is not None} or None,
        },
        "plan": prepared.plan.config.model_dump(mode="json"),
    }
