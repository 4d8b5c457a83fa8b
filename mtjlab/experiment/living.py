"""A bench turned by hand: files and wishes -> bench and procedure; and what others ask of such a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtjlab.bench import Bench
from mtjlab.config import BenchConfig, LiveAsked, PlanConfig, read_plan
from mtjlab.errors import RefusedError
from mtjlab.events import JunctionsRead, Wish, WishPlanned, WishRefused
from mtjlab.experiment.bench_file import read_asked_bench
from mtjlab.experiment.calibration import Calibration, read_calibration
from mtjlab.experiment.engine import Order, RunResult, execute
from mtjlab.experiment.measuring import MeasuringRequest
from mtjlab.experiment.results import of_any_run
from mtjlab.procedures.live import LivePlan, live
from mtjlab.procedures.types import Procedure
from mtjlab.reading import read_events
from mtjlab.run_state import fold
from mtjlab.run_status import standing
from mtjlab.runner import Viewer
from mtjlab.store import Wishes, ask, read_request

LIVE = "live"


@dataclass(frozen=True, slots=True)
class PreparedLive:
    """A bench that could be turned by hand."""

    request: MeasuringRequest
    bench: BenchConfig
    config: PlanConfig
    asked: LiveAsked
    calibration: Calibration | None


def prepare_live(request: MeasuringRequest, asked: LiveAsked) -> PreparedLive:
    """Read and check all of ``request``.

    Raises:
        RefusedError: something in it cannot be done; the message names file, key and remedy.
    """
    bench = read_asked_bench(request.bench, request.simulate, request.faults, request.speed)
    calibration = read_calibration(request.calibration, bench, request.simulate) if request.calibration else None
    return PreparedLive(request, bench, read_plan(request.plan), asked, calibration)


def run_live(prepared: PreparedLive, runs: Path, viewers: Sequence[Viewer] = ()) -> RunResult:
    """Hold the bench and obey ``requests.jsonl`` in a new run folder under ``runs``.

    Raises:
        RefusedError: the run folder cannot be made; nothing was started.
    """
    request = prepared.request
    order = Order(
        procedure=LIVE,
        bench=prepared.bench,
        seed=request.seed,
        plan=prepared.config.name,
        data="",
        begin=lambda bench, _field, folder: _live(bench, prepared, folder),
        files={
            "bench_file": str(request.bench.resolve()),
            "plan_file": str(request.plan.resolve()),
            "calibration": str(request.calibration.resolve()) if request.calibration else None,
        },
        asked={LIVE: prepared.asked.model_dump(mode="json"), "plan": prepared.config.model_dump(mode="json")},
        simulate=request.simulate,
        in_real_time=True,
        noise_seed=request.seed,
    )
    return execute(order, runs, viewers)


def ask_live(folder: Path, wish: Wish) -> None:
    """Ask the run in ``folder``, which is turned by hand, for other currents; its engine grants or refuses them.

    Raises:
        RefusedError: it is no such run, or does not go on.
    """
    procedure = read_request(folder).get("run", {}).get("procedure")
    if procedure != LIVE:
        raise RefusedError(f"{folder}: is a run of {procedure}, which nobody turns by hand. `mtjlab live` begins one.")
    stands = standing(folder)
    if stands.is_over:
        raise RefusedError(f"{folder}: the run is {stands.status}; nothing was moved. `mtjlab live` begins another.")
    ask(folder, wish)


def live_result(folder: Path) -> dict[str, Any]:
    """What was read and moved by hand, as ``--json`` prints it.

    Raises:
        RefusedError: ``folder`` is no run folder, or its journal is damaged.
    """
    state = fold(read_events(folder))
    planned = state.last(WishPlanned)
    return {
        **of_any_run(folder, state),
        "safe": state.safe,
        "looks": state.number(JunctionsRead),
        "granted": state.number(WishPlanned),
        "refused": state.number(WishRefused),
        "last_controls_ua": list(planned.controls_ua) if planned else None,
        "last_input_ua": planned.input_ua if planned else None,
    }


def _live(bench: Bench, prepared: PreparedLive, folder: Path) -> Procedure[None]:
    calibration, config, asked = prepared.calibration, prepared.config, prepared.asked
    if calibration is not None:
        yield calibration.taken(bench.time_s)
    measured = calibration.measured if calibration else None
    plan = LivePlan(config.detector, config.presentation, asked.every_s, asked.for_s, measured)
    yield from live(bench, plan, Wishes(folder).news)
