"""A run again: gone on with after it was interrupted, or repeated, from what its folder holds."""

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from mtjlab.config import (
    ASKED,
    BenchConfig,
    InstrumentBenchConfig,
    Network,
    bench_of,
    plan_of,
    section_of,
)
from mtjlab.errors import RefusedError
from mtjlab.events import EncodedToken, Parent, Progress, RunStarted
from mtjlab.experiment.bench_file import demanded_bench
from mtjlab.experiment.check import CheckRequest, PreparedCheck, prepared_check
from mtjlab.experiment.classifying import PreparedClassify, prepared_classify
from mtjlab.experiment.data_of_run import data_of_run
from mtjlab.experiment.measuring import MeasuringRequest, PreparedMeasuring, prepared_measuring
from mtjlab.experiment.training import PreparedTraining, TrainingRequest, prepared_training
from mtjlab.reading import read_events
from mtjlab.run_state import PIECES, RunState, completes, fold
from mtjlab.run_status import standing
from mtjlab.store import REQUEST, read_request, run_id

Prepared: TypeAlias = PreparedTraining | PreparedMeasuring | PreparedClassify | PreparedCheck


def prepare_resume(folder: Path) -> PreparedTraining | PreparedMeasuring | PreparedClassify:
    """What the run in ``folder`` was about, from what it completed last on, as a new run that names it.

    Faults that simulated instruments had are over; what is simulated takes another course.

    Raises:
        RefusedError: the run goes on or is finished, cannot be resumed, or is damaged.
    """
    stands = standing(folder)
    if stands.status in ("running", "finished"):
        remedy = "Stop it first: `mtjlab stop`." if stands.status == "running" else "Repeat it with `mtjlab rerun`."
        raise RefusedError(f"{folder}: the run is {stands.status}, so there is nothing to go on with. {remedy}")
    prepared = _prepared(folder)
    if isinstance(prepared, PreparedCheck):
        raise RefusedError(f"{folder}: a check is not resumed. `mtjlab rerun` repeats it.")
    parent = take_over(folder)
    if parent.taken_n is None and (first := read_request(folder)["run"].get("parent")):
        return prepare_resume(_resumed_by(folder, first))
    return replace(prepared, bench=without_faults(prepared.bench), noise_seed=prepared.noise_seed + 1, parent=parent)


def prepare_rerun(folder: Path) -> Prepared:
    """The run in ``folder`` once more, with all that it was asked; on the bench in process it gives the same events.

    Raises:
        RefusedError: it cannot be repeated, or is damaged.
    """
    prepared = replace(_prepared(folder), rerun_of=run_id(folder))
    started = next(iter(read_events(folder)), None)
    if isinstance(prepared, PreparedCheck) or not isinstance(started, RunStarted):
        return prepared
    return replace(prepared, parent=started.parent)


def take_over(folder: Path) -> Parent:
    """What a run has to hand over: all up to its last complete step, and nothing of what was not complete.

    Raises:
        RefusedError: there is no journal, it is damaged, or what was recovered of it is too little.
    """
    state, last_n, taken_n = RunState(), -1, None
    for last_n, event in enumerate(read_events(folder)):
        state.take(event)
        if completes(state, event):
            taken_n = last_n
    if state.events_lost and taken_n is None:
        raise RefusedError(
            f"{folder}: what was recovered of this run holds nothing complete to go on from. `mtjlab rerun` repeats it."
        )
    if taken_n is None:
        return Parent(run_id(folder), last_n, taken_n, Progress())
    procedure = read_request(folder)["run"]["procedure"]
    taken = fold(islice(read_events(folder), taken_n + 1), PIECES[procedure])
    return Parent(run_id(folder), last_n, taken_n, taken.progress)


def without_faults(bench: BenchConfig) -> BenchConfig:
    """The bench whose simulated instruments have no faults."""
    if not isinstance(bench, InstrumentBenchConfig):
        return bench
    return bench.model_copy(update={"simulation": bench.simulation.model_copy(update={"faults": ()})})


def _resumed_by(folder: Path, first: str) -> Path:
    """The folder of the run ``first``, which the run in ``folder`` had not begun to go on with."""
    beside = folder.resolve().parent.parent / first
    if not beside.is_dir():
        raise RefusedError(
            f"{folder}: it had not begun to go on with {first}, which is not beside it any more. Resume that one, "
            "wherever it is: `mtjlab resume`."
        )
    return beside


def _prepared(folder: Path) -> Prepared:
    request = read_request(folder)
    procedure = request.get("run", {}).get("procedure")
    match procedure:
        case "train":
            return _training(folder, request)
        case "check":
            return _check(folder, request)
        case str() if procedure in ASKED:
            return _measuring(folder, request, procedure)
        case "classify":
            return _classify(folder, request)
        case "live":
            raise RefusedError(f"{folder}: what was turned by hand is not done again. `mtjlab live` begins anew.")
        case _:
            raise RefusedError(f"{folder / REQUEST}: run.procedure is {procedure!r}: not one that can be done again.")


def _measuring(folder: Path, request: dict[str, Any], procedure: str) -> PreparedMeasuring:
    path = folder / REQUEST
    config = plan_of(path, request.get("plan", {}))
    wanted = section_of(path, request.get(procedure, {}), ASKED[procedure])
    prepared = prepared_measuring(_asked(request), _bench(folder, request), config, wanted)
    return replace(prepared, noise_seed=int(request["run"].get("noise_seed", 0)))


def _classify(folder: Path, request: dict[str, Any]) -> PreparedClassify:
    path, asked = folder / REQUEST, request.get("classify", {})
    config = plan_of(path, request.get("plan", {}))
    network = section_of(path, request.get("network", {}), Network)
    try:
        tokens = tuple(
            EncodedToken(str(t["name"]), str(t["label"]), "test", tuple(map(float, t["inputs_ua"])))
            for t in asked["tokens"]
        )
        times = int(asked["times"])
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedError(f"{path}: [classify] is damaged ({error}). Restore it from a copy.") from error
    prepared = prepared_classify(_asked(request), _bench(folder, request), config, network, tokens, times)
    return replace(prepared, noise_seed=int(request["run"].get("noise_seed", 0)))


def _asked(request: dict[str, Any]) -> MeasuringRequest:
    run = request["run"]
    calibration = run.get("calibration")
    return MeasuringRequest(
        Path(run.get("bench_file", "")),
        Path(run.get("plan_file", "")),
        Path(calibration) if calibration else None,
        int(run.get("seed", 0)),
        bool(run.get("simulate", False)),
    )


def _training(folder: Path, request: dict[str, Any]) -> PreparedTraining:
    run = request["run"]
    config = plan_of(folder / REQUEST, request.get("plan", {}))
    asked = TrainingRequest(
        Path(run.get("bench_file", "")),
        Path(run.get("plan_file", "")),
        simulate=bool(run.get("simulate", False)),
        check=bool(run.get("check", False)),
        calibration=Path(run["calibration"]) if run.get("calibration") else None,
        warm_start=bool(run.get("warm_start", False)),
    )
    data = data_of_run(folder)
    prepared = prepared_training(asked, _bench(folder, request), config, data)
    return replace(prepared, noise_seed=int(run.get("noise_seed", config.seed)))


def _check(folder: Path, request: dict[str, Any]) -> PreparedCheck:
    run = request["run"]
    asked = CheckRequest(Path(run.get("bench_file", "")), int(run.get("seed", 0)), bool(run.get("simulate", False)))
    return prepared_check(asked, _bench(folder, request))


def _bench(folder: Path, request: dict[str, Any]) -> BenchConfig:
    bench = bench_of(folder / REQUEST, request.get("bench", {}))
    return demanded_bench(folder / REQUEST, bench, bool(request["run"].get("simulate", False)))
