"""Carry out a request: its procedure on its bench, into a new run folder."""

import gc
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from typing import Any

from mtjlab.bench import Bench
from mtjlab.benches import open_equipment, simulators
from mtjlab.benches.recording import TRAFFIC, recording
from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.domain import GaussmeterReading, LinkStudy
from mtjlab.errors import BenchFaultError, RefusedError, reason_of, remedy_of
from mtjlab.events import RunEnded, RunStarted, TakenOver
from mtjlab.experiment.request import Request
from mtjlab.guardian import GuardianClient, guarded
from mtjlab.log_messages import log_end, log_event, log_in
from mtjlab.procedures.kind import EndedRun, ProcedureContext
from mtjlab.procedures.magnet import with_field_read
from mtjlab.procedures.safe import connect, go_safe
from mtjlab.procedures.types import Procedure
from mtjlab.provenance import provenance, software
from mtjlab.rack import MagneticField
from mtjlab.record import Record
from mtjlab.run_status import StatusReport
from mtjlab.runner import Runner, Viewer
from mtjlab.runs.confirming import confirm_off
from mtjlab.runs.listing import run_summary
from mtjlab.runs.memory import gaussmeter_reading
from mtjlab.sources_left import AT_ZERO, sources_left
from mtjlab.stopping import LookAround, StopSwitch, signals_press
from mtjlab.store import (
    NOT_REACHED,
    NOT_SAFE,
    Journal,
    RequestFollower,
    beating,
    create_run_folder,
    run_id,
    write_request,
)
from mtjlab.wall_clock import WallClock

log = logging.getLogger(__name__)

SLOW_LIBRARIES = ("scipy.linalg", "scipy.optimize", "scipy.special")
"""Needed by fits. Importing them may block all threads for seconds, which a guardian would take for a hung engine: they
are imported before it starts."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """Folder and end of a run; ``is_refused``: the bench is free but cannot do it, and no current was driven."""

    folder: Path
    ended: RunEnded
    is_refused: bool = False

    @property
    def status_report(self) -> StatusReport:
        """Status with the state of the sources; known even if the journal could not record the end."""
        return StatusReport(self.ended.status, self.ended.reason, sources_left(self.folder))


def execute(request: Request, runs: Path, viewers: Sequence[Viewer] = ()) -> RunResult:
    """Carry out ``request`` into a new run folder under ``runs``; ``viewers`` see each event after it is journalled.

    Raises:
        RefusedError: the run folder cannot be made, or simulated instruments or guardian do not start.
    """
    measured_field = None if request.simulate else gaussmeter_reading(request.bench)
    content = _run_toml(request, measured_field)
    folder = create_run_folder(runs, request.kind.name, datetime.now())
    switch, record = StopSwitch(folder), Record(kind_state=request.kind.new_state())
    clock = WallClock(unwatched_is_a_fault=isinstance(request.bench, InstrumentBenchConfig))
    with ExitStack() as stack:
        try:
            write_request(folder, {**content, "run": {"id": run_id(folder), **content["run"]}})
            journal = stack.enter_context(Journal(folder))
            setup = _setup(request, folder, measured_field)
            bench, field, watch = stack.enter_context(equipped(setup, folder, switch, clock))
        except (OSError, BenchFaultError, RefusedError) as error:
            stack.close()
            rmtree(folder, ignore_errors=True)
            raise _refusal(folder, error) from error
        started = _started(request, folder, bench)
        stack.enter_context(log_in(folder))
        stack.enter_context(beating(folder))
        stack.enter_context(signals_press(switch))
        runner = Runner(journal, switch, (log_event, *viewers, record.take), clock)
        ended = runner.run(started, _whole(request, bench, field, folder), to_safety(bench, field, watch))
    result = RunResult(folder, ended, runner.is_refused and not bench.was_driven and not bench.is_in_use)
    left = result.status_report.sources
    if isinstance(request.bench, InstrumentBenchConfig) and not request.simulate and left and left.text == AT_ZERO:
        confirm_off(runs, request.bench, f"run {run_id(folder)} went safe on the same sources")
    _save_results(request, folder, record)
    log_end(folder, result.status_report)  # last, as a guardian may have acted until now
    run_summary(folder)  # writes the summary that later lists read
    return result


@dataclass(frozen=True, slots=True)
class Setup:
    """How to open a bench: ``simulate`` simulates its instruments, ``program`` is the holder of locks.

    ``loads`` are modules to import before, since that may take longer than a guardian waits for a sign of life.
    ``said`` is what a person read of a field set by hand. ``keeps_traffic``: all that is said goes into the run folder.
    """

    bench: BenchConfig
    simulate: bool
    noise_seed: int
    program: str
    in_real_time: bool = False
    loads: tuple[str, ...] = ()
    said: GaussmeterReading | None = None
    keeps_traffic: bool = False


def _setup(request: Request, folder: Path, said: GaussmeterReading | None) -> Setup:
    program = f"mtjlab {request.kind.name}, run {run_id(folder)}"
    kind = request.kind
    return Setup(
        request.bench,
        request.simulate,
        request.noise_seed,
        program,
        kind.gives_way,
        kind.loads,
        said,
        kind.keeps_traffic,
    )


@contextmanager
def equipped(
    setup: Setup, folder: Path, switch: StopSwitch, clock: WallClock | None = None
) -> Iterator[tuple[Bench, MagneticField | None, GuardianClient | None]]:
    """Open the bench and its field, with simulated instruments if requested, and with a guardian."""
    clock, config = clock or WallClock(unwatched_is_a_fault=False), setup.bench
    if not isinstance(config, InstrumentBenchConfig):
        look = _look_around(switch, clock.look_around)
        opened = open_equipment(config, setup.noise_seed, look_around=look, in_real_time=setup.in_real_time)
        yield opened.bench, opened.field, None
        return
    for library in (*SLOW_LIBRARIES, *setup.loads):
        import_module(library)
    with ExitStack() as stack:
        stack.enter_context(short_collections())
        running = None
        if setup.simulate:
            running = stack.enter_context(simulators.simulated(config, folder / simulators.LOG, setup.noise_seed))
            config = simulators.redirected(config, running)
        watch = stack.enter_context(guarded(folder, config, setup.simulate, setup.program))
        if running is not None:
            running.stay_for(watch.pid)
        look = _look_around(switch, watch.look_around, clock.look_around)
        traffic = stack.enter_context(recording(folder / TRAFFIC, _speed(setup))) if setup.keeps_traffic else None
        opened = open_equipment(
            config, setup.noise_seed, setup.simulate, look, claims=watch, said=setup.said, traffic=traffic
        )
        bench, field = opened.bench, opened.field
        clock.reading_s = lambda: bench.reading_s
        stack.callback(_leave, bench, watch)
        stack.callback(_close, field)
        yield bench, field, watch


def _speed(setup: Setup) -> float:
    """Bench seconds in a second of the clock."""
    return setup.bench.simulation.speed if setup.simulate and setup.bench.kind == "instruments" else 1.0


@contextmanager
def short_collections() -> Iterator[None]:
    """Leave what is loaded out of garbage collections: with it one takes 20 to 140 ms, in which an input stays on."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def to_safety(bench: Bench, field: MagneticField | None, watch: GuardianClient | None) -> Procedure[None]:
    """The final procedure: go safe; if an output may still be on, the guardian tries before the final event is written.

    Raises:
        BenchFaultError: as ``go_safe``, with the result of the guardian.
    """
    try:
        yield from go_safe(bench, field)
    except BenchFaultError as error:
        if bench.is_off or watch is None:
            raise
        bench.close()
        _close(field)
        reached = watch.take_over()
        outcome = NOT_REACHED if reached.startswith(NOT_SAFE) else f"The guardian then tried: {reached}."
        raise BenchFaultError(f"{error} {outcome}") from error


def _leave(bench: Bench, watch: GuardianClient) -> None:
    """Close the instruments first, so that a guardian that has to act finds their addresses free."""
    bench.close()
    watch.end(bench.is_off)


def _look_around(switch: StopSwitch, *others: Callable[[], None]) -> LookAround:
    """Check ``switch`` in every wait, and ``others`` until the run goes safe."""

    def look_around(may_stop: bool) -> None:
        switch.look_around(may_stop)
        if not switch.is_shut:
            for look in others:
                look()

    return look_around


def _close(field: MagneticField | None) -> None:
    if field is not None:
        field.close()


def _whole(request: Request, bench: Bench, field: MagneticField | None, folder: Path) -> Procedure[Any]:
    """The procedure of a run, from connecting to a final check that the sources still deliver what was set.

    Events taken over from a resumed run come first, so that the journal is complete without that run.
    """
    taken = request.parent.events if request.parent else ()
    yield from map(TakenOver, taken)
    yield from connect(bench, field)
    context = ProcedureContext(
        request.plan,
        request.config,
        request.bench,
        request.calibration,
        taken_over=tuple(taken),
        magnet=field,
        data=request.data,
        requests=RequestFollower(folder).news,
        study_link=partial(_link_study, request, folder),
    )
    procedure, suspend = request.kind.procedure(bench, context), request.config.suspend
    done = yield from with_field_read(procedure, bench, field, suspend, pauses=not request.kind.gives_way)
    bench.demand_sources()
    return done


def _link_study(request: Request, folder: Path) -> LinkStudy:
    """What the traffic so far tells; nothing for a bench without instruments."""
    if not (isinstance(request.bench, InstrumentBenchConfig) and request.kind.keeps_traffic):
        return LinkStudy()
    from mtjlab.benches.traffic import study_link  # noqa: PLC0415  simulated instruments: slow to import

    return study_link(folder / TRAFFIC, request.bench)


def _run_toml(request: Request, measured_field: GaussmeterReading | None) -> dict[str, Any]:
    """Content of ``run.toml`` but for the id of the run; it takes time, so it is made before the folder."""
    run = {
        "procedure": request.kind.name,
        "simulate": request.simulate,
        "seed": request.seed,
        "noise_seed": request.noise_seed,
        "parent": request.parent.run if request.parent else None,
        "rerun_of": request.rerun_of,
    }
    bench = request.bench.model_dump(mode="json")
    gaussmeter = {"gaussmeter": asdict(measured_field)} if measured_field else {}
    tables = request.asked
    run |= provenance() | request.files | tables.pop("run", {})
    return {"run": run, **tables, **gaussmeter, "bench": bench}


def _started(request: Request, folder: Path, bench: Bench) -> RunStarted:
    return RunStarted(
        run=run_id(folder),
        procedure=request.kind.name,
        bench=bench.description,
        plan=request.kind.plan_name or request.config.name,
        data=request.data.name if request.data else "",
        seed=request.seed,
        software=software(),
        parent=request.parent.by if request.parent else None,
    )


def _save_results(request: Request, folder: Path, record: Record) -> None:
    """Write the files of its kind beside the journal, if possible; the journal holds the same data."""
    try:
        request.kind.save(folder, EndedRun(request.plan, request.bench, record))
    except OSError as error:
        log.warning("no file can be saved beside the journal (%s)", error)
    except Exception:
        log.exception("the results cannot be saved beside the journal, which holds all their data")


def _refusal(folder: Path, error: Exception) -> RefusedError:
    if isinstance(error, OSError):
        return RefusedError(
            f"{folder}: no file can be written there ({reason_of(error)}). Nothing was started. "
            f"{remedy_of(error)}; --runs names another place."
        )
    return RefusedError(str(error))
