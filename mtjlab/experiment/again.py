"""A run again: gone on with after it was interrupted, or repeated, from what its folder holds."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from mtjlab.config import BenchConfig, InstrumentBenchConfig, bench_of, plan_of
from mtjlab.errors import RefusedError
from mtjlab.events import Parent, Progress, RunStarted
from mtjlab.experiment.bench_file import demanded_bench
from mtjlab.experiment.check import CheckRequest, PreparedCheck, prepared_check
from mtjlab.experiment.training import PreparedTraining, TrainingRequest, load_data, prepared_training
from mtjlab.run_state import RunState, after, completes
from mtjlab.run_status import standing
from mtjlab.store import REQUEST, read_events, read_request, run_id


def prepare_resume(folder: Path) -> PreparedTraining:
    """The training in ``folder`` from its last complete step on, as a new run that names it.

    Faults that simulated instruments had are over; what is simulated takes another course.

    Raises:
        RefusedError: the run goes on or is finished, cannot be resumed, or is damaged.
    """
    stands = standing(folder)
    if stands.status in ("running", "finished"):
        remedy = "Stop it first: `mtjlab stop`." if stands.status == "running" else "Repeat it with `mtjlab rerun`."
        raise RefusedError(f"{folder}: the run is {stands.status}, so there is nothing to go on with. {remedy}")
    request = read_request(folder)
    if _procedure(folder, request) != "train":
        raise RefusedError(f"{folder}: a {request['run']['procedure']} is not resumed. `mtjlab rerun` repeats it.")
    prepared, parent = _training(folder, request), take_over(folder)
    if parent.taken_n is None and (first := request["run"].get("parent")):
        raise RefusedError(f"{folder}: it has not begun to go on with {first}, so resume that one: `mtjlab resume`.")
    return replace(prepared, bench=without_faults(prepared.bench), noise_seed=prepared.noise_seed + 1, parent=parent)


def prepare_rerun(folder: Path) -> PreparedTraining | PreparedCheck:
    """The run in ``folder`` once more, with all that it was asked; on the bench in process it gives the same events.

    Raises:
        RefusedError: it cannot be repeated, or is damaged.
    """
    request = read_request(folder)
    repeated = run_id(folder)
    if _procedure(folder, request) == "check":
        return replace(_check(folder, request), rerun_of=repeated)
    started = next(iter(read_events(folder)), None)
    parent = started.parent if isinstance(started, RunStarted) else None
    return replace(_training(folder, request), parent=parent, rerun_of=repeated)


def take_over(folder: Path) -> Parent:
    """What a run has to hand over: all up to its last complete step, and nothing of what was not complete.

    Raises:
        RefusedError: there is no journal, it is damaged, or what was recovered of it is too little.
    """
    state, last_n = RunState(), -1
    taken_n, progress = None, Progress()
    for last_n, event in enumerate(read_events(folder)):
        state = after(state, event)
        if completes(state, event):
            taken_n, progress = last_n, state.progress
    if state.events_lost and taken_n is None:
        raise RefusedError(
            f"{folder}: what was recovered of this run holds nothing complete to go on from. `mtjlab rerun` repeats it."
        )
    return Parent(run_id(folder), last_n, taken_n, progress)


def without_faults(bench: BenchConfig) -> BenchConfig:
    """The bench whose simulated instruments have no faults."""
    if not isinstance(bench, InstrumentBenchConfig):
        return bench
    return bench.model_copy(update={"simulation": bench.simulation.model_copy(update={"faults": ()})})


def _procedure(folder: Path, request: dict[str, Any]) -> str:
    procedure = request.get("run", {}).get("procedure")
    if procedure not in ("train", "check"):
        raise RefusedError(f"{folder / REQUEST}: run.procedure is {procedure!r}: not one that can be done again.")
    return str(procedure)


def _training(folder: Path, request: dict[str, Any]) -> PreparedTraining:
    run = request["run"]
    config = plan_of(folder / REQUEST, request.get("plan", {}))
    asked = TrainingRequest(
        Path(run.get("bench_file", "")),
        Path(run.get("plan_file", "")),
        simulate=bool(run.get("simulate", False)),
        check=bool(run.get("check", False)),
    )
    data = load_data(config, asked.plan.parent)
    if data.checksum != request.get("data", {}).get("sha256"):
        raise RefusedError(
            f"{folder}: what the run learnt ({request.get('data', {}).get('name')}) is not what is found now "
            f"({data.name} from {data.source}). Put back the file that it was, or set MTJLAB_VOWELS."
        )
    prepared = prepared_training(asked, _bench(folder, request), config, data)
    return replace(prepared, noise_seed=int(run.get("noise_seed", config.seed)))


def _check(folder: Path, request: dict[str, Any]) -> PreparedCheck:
    run = request["run"]
    asked = CheckRequest(Path(run.get("bench_file", "")), int(run.get("seed", 0)), bool(run.get("simulate", False)))
    return prepared_check(asked, _bench(folder, request))


def _bench(folder: Path, request: dict[str, Any]) -> BenchConfig:
    bench = bench_of(folder / REQUEST, request.get("bench", {}))
    return demanded_bench(folder / REQUEST, bench, bool(request["run"].get("simulate", False)))
