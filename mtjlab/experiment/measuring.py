"""Measuring procedures: files and wishes -> bench, plan and procedure, for sweep, shift and map alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from mtjlab.bench import Bench
from mtjlab.config import (
    Asked,
    BenchConfig,
    MapAsked,
    PlanConfig,
    ShiftAsked,
    SweepAsked,
    read_bench,
    read_plan,
)
from mtjlab.counted import counted
from mtjlab.domain import PerJunction
from mtjlab.errors import RefusedError
from mtjlab.events import JunctionsMeasured, Progress, SwitchingMeasured
from mtjlab.experiment.bench_file import read_asked_bench
from mtjlab.experiment.calibration import Calibration, read_calibration, write_calibration
from mtjlab.experiment.engine import Order, RunResult, execute
from mtjlab.experiment.kept import Kept
from mtjlab.experiment.limits import demand_one_for_each, demand_possible
from mtjlab.procedures.mapping import switching_map
from mtjlab.procedures.sweep import staircase_ua
from mtjlab.procedures.switching import shift, shifted_rows, sweep
from mtjlab.procedures.types import Procedure
from mtjlab.reading import read_events
from mtjlab.run_state import HandedOver, fold
from mtjlab.runner import Viewer
from mtjlab.typed_numbers import NotANumberError, read_number

Measuring: TypeAlias = Callable[
    [Bench, PlanConfig, Any, JunctionsMeasured | None, Progress], Procedure[SwitchingMeasured]
]
PROCEDURES: dict[str, Measuring] = {"sweep": sweep, "shift": shift, "map": switching_map}


@dataclass(frozen=True, slots=True)
class MeasuringRequest:
    """What a person asks for: on which bench, with which plan, and what."""

    bench: Path
    plan: Path
    calibration: Path | None = None
    seed: int = 0
    simulate: bool = False
    faults: tuple[str, ...] = ()
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class PreparedMeasuring:
    """A measuring procedure that could start. ``parent`` is the run that it resumes, ``rerun_of`` what it repeats."""

    request: MeasuringRequest
    bench: BenchConfig
    config: PlanConfig
    asked: Asked
    calibration: Calibration | None
    noise_seed: int
    parent: HandedOver | None = None
    rerun_of: str | None = None


def prepare_measuring(request: MeasuringRequest, asked: Asked) -> PreparedMeasuring:
    """Read and check all of ``request``; ``asked`` stays inside the limits of the bench.

    Raises:
        RefusedError: something in it cannot be done; the message names what, and what would have been reached.
    """
    bench = read_asked_bench(request.bench, request.simulate, request.faults, request.speed)
    return prepared_measuring(request, bench, read_plan(request.plan), asked)


def prepared_measuring(
    request: MeasuringRequest, bench: BenchConfig, config: PlanConfig, asked: Asked
) -> PreparedMeasuring:
    """``asked`` on ``bench``, checked.

    Raises:
        RefusedError: something in it cannot be done.
    """
    rows_ua = rows_of(asked)
    demand_one_for_each(rows_ua, bench)
    calibration = read_calibration(request.calibration, bench, request.simulate) if request.calibration else None
    demand_possible(bench, config, calibration, rows_ua, staircase_ua(asked.staircase))
    return PreparedMeasuring(request, bench, config, asked, calibration, noise_seed=request.seed)


def run_measuring(prepared: PreparedMeasuring, runs: Path, viewers: Sequence[Viewer] = ()) -> RunResult:
    """Measure into a new run folder under ``runs``; ``viewers`` see each event after it is journalled.

    Raises:
        RefusedError: the run folder cannot be made; nothing was started.
    """
    request, asked = prepared.request, prepared.asked
    files = {
        "bench_file": str(request.bench.resolve()),
        "plan_file": str(request.plan.resolve()),
        "calibration": str(request.calibration.resolve()) if request.calibration else None,
    }
    order = Order(
        procedure=asked.procedure,
        bench=prepared.bench,
        seed=request.seed,
        plan=prepared.config.name,
        data="",
        begin=lambda bench, _field, _folder: _measure(bench, prepared),
        files=files,
        asked={asked.procedure: asked.model_dump(mode="json"), "plan": prepared.config.model_dump(mode="json")},
        simulate=request.simulate,
        noise_seed=prepared.noise_seed,
        parent=prepared.parent,
        rerun_of=prepared.rerun_of,
    )
    kept, device = Kept(), prepared.bench.device.name
    result = execute(order, runs, (*viewers, kept.see))
    if asked.procedure == "sweep":
        kept.save(lambda state: write_calibration(result.folder, state, device))
    return result


def rows_of(asked: Asked) -> tuple[PerJunction, ...]:
    """The control currents of every series of ``asked``."""
    match asked:
        case SweepAsked():
            return (asked.controls_ua,)
        case ShiftAsked():
            return shifted_rows(asked)
        case MapAsked():
            return asked.controls_ua


def asked_controls(request: MeasuringRequest, text: str | None, inputs: int) -> tuple[PerJunction, ...]:
    """Control currents as they were typed, one row for each input; without any those at which a training starts.

    Raises:
        RefusedError: they are no numbers, or there are too few rows.
    """
    junctions = read_bench(request.bench).junctions
    if text is None:
        return read_plan(request.plan).training.start_controls(junctions, inputs).by_input_ua[:inputs]
    typed = [currents_ua(row, "--controls") for row in text.split(";")]
    rows = tuple(row * junctions if len(row) == 1 else row for row in typed)
    if len(rows) not in (1, inputs):
        raise RefusedError(f"--controls {text}: give one row of control currents, or {inputs} with ';' between them.")
    return rows * inputs if len(rows) == 1 else rows


def currents_ua(text: str, option: str) -> PerJunction:
    """Currents as they were typed, with commas between. Raises RefusedError naming the option."""
    try:
        return tuple(read_number(part) for part in text.split(","))
    except NotANumberError as error:
        raise RefusedError(f"{option} {text}: {error}, several with commas between, as -460,-380,-560.") from error


def controls_of(folder: Path) -> tuple[PerJunction, ...]:
    """The control currents of two inputs that the run in ``folder`` has learnt.

    Raises:
        RefusedError: it has none, or of another number of inputs, or is damaged.
    """
    state = fold(read_events(folder))
    if state.encoded is None or state.controls is None:
        raise RefusedError(f"{folder}: the run has learnt no control currents. Give a training.")
    rows = state.controls.by_input_ua
    if len(rows) != 2:
        raise RefusedError(
            f"{folder}: the run has control currents of {counted(len(rows), 'input')}; a map is one of two."
        )
    return rows


def _measure(bench: Bench, prepared: PreparedMeasuring) -> Procedure[SwitchingMeasured]:
    calibration = prepared.calibration
    if calibration is not None:
        yield calibration.taken(bench.time_s)
    progress = prepared.parent.progress if prepared.parent else Progress()
    procedure = PROCEDURES[prepared.asked.procedure]
    measured = calibration.measured if calibration else None
    return (yield from procedure(bench, prepared.config, prepared.asked, measured, progress))
