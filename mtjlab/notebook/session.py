"""A bench that is open for a block of a notebook; all sources are at zero at its end."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from mtjlab import experiment
from mtjlab.bench import Bench
from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.errors import BenchFaultError, RefusedError, StopRequestedError
from mtjlab.events import Event
from mtjlab.experiment.engine import Setup, equipped, to_safety
from mtjlab.experiment.request import OnBench, Request
from mtjlab.guardian import GuardianClient
from mtjlab.procedures.kind import ProcedureContext
from mtjlab.procedures.magnet import with_field_read
from mtjlab.procedures.safe import connect
from mtjlab.procedures.types import Procedure
from mtjlab.rack import MagneticField
from mtjlab.runs.memory import demand_confirmed, gaussmeter_reading, is_known_bench
from mtjlab.stopping import StopSwitch, signals_press
from mtjlab.supplied_configs import supplied_file
from mtjlab.wall_clock import WallClock

IDLE_S = 600.0
"""If a block does not use its bench for this long, its guardian takes the bench to zero."""
ALIVE_EVERY_S = 5.0
CLOSED = "The bench is closed, all its sources are at zero. Open it again: `with mtjlab.open_bench(FILE) as bench:`."


@contextmanager
def open_bench(
    bench: str | Path = experiment.DEFAULT_BENCH,
    *,
    simulate: bool = False,
    seed: int = 0,
    faults: Sequence[str] = (),
    speed: float | None = None,
    confirm_shorted: bool = False,
) -> Iterator["OpenBench"]:
    """Connect the bench of a file, with a guardian for real outputs. At the end all sources are at zero.

    ``simulate`` replaces the instruments of the file by simulated ones, with ``faults`` and ``speed`` (bench seconds
    per second). ``seed`` is that of the simulation. ``confirm_shorted`` confirms that the chain was shorted while
    bench or chip was connected.

    Raises:
        RefusedError: the file cannot be read, another program uses the bench, or it is new and not confirmed.
        BenchFaultError: an instrument fails, or the bench cannot be taken to zero at the end.
    """
    on = OnBench(bench=supplied_file(Path(bench)), simulate=simulate, seed=seed, faults=tuple(faults), speed=speed)
    config = experiment.read_requested_bench(on.bench, simulate, on.faults, speed)
    demand_shorted(on, config, confirm_shorted)
    opened = OpenBench(on, config)
    try:
        opened.connect()
        yield opened
    finally:
        opened.end()


class OpenBench:
    """An open bench; its instruments are locked against other programs until it is closed."""

    def __init__(self, on: OnBench, config: BenchConfig) -> None:
        """Nothing is connected yet."""
        self.on, self.config = on, config
        self._session: _Session | None = None
        self._stack = ExitStack()
        self._has_ended = False

    def connect(self) -> "_Session":
        """Connect every instrument and switch outputs on at zero, unless that is done already.

        Raises:
            RefusedError: another program uses it, or the block of ``open_bench`` has ended.
            BenchFaultError: an instrument fails; all sources were taken to zero.
        """
        if self._has_ended:
            raise RefusedError(CLOSED)
        if self._session is None:
            with ExitStack() as stack:
                self._session = stack.enter_context(_session(self.on, self.config))
                stack.callback(self._forget)
                self._stack = stack.pop_all()
        return self._session

    def close(self) -> None:
        """Take all sources to zero, switch outputs off, and close the instruments.

        Raises:
            BenchFaultError: an output may be on; the message has the result of the guardian.
        """
        self._stack.close()

    def end(self) -> None:
        """Close the bench for good. Raises BenchFaultError as ``close``."""
        self._has_ended = True
        self.close()

    def events(self, request: Request) -> Iterator[Event]:
        """Carry out a request and yield its events; the bench starts at zero and holds the last currents at the end.

        Raises:
            RefusedError: the bench was closed meanwhile, or the block of ``open_bench`` has ended.
            KeyboardInterrupt: it was interrupted; the procedure ended at a safe point.
            BenchFaultError: an instrument fails.
        """
        session = self.connect()
        _to_zero(session.bench)
        context = ProcedureContext(
            request.plan,
            request.config,
            request.bench,
            request.calibration,
            magnet=session.field,
            data=request.data,
        )
        procedure = request.kind.procedure(session.bench, context)
        yield from session.drive(with_field_read(procedure, session.bench, session.field, request.config.suspend))

    def __repr__(self) -> str:
        """Name of the bench, and whether it is open."""
        state = "at zero, closed" if self._session is None else "open"
        simulated = ", simulated" if self.on.simulate or self.config.kind == "simulated" else ""
        return f"<bench {self.config.name!r}{simulated}, {state}>"

    def _forget(self) -> None:
        self._session = None


class _Session:
    """A connected bench with its field, guardian and stop switch."""

    def __init__(
        self, bench: Bench, field: MagneticField | None, watch: GuardianClient | None, switch: StopSwitch
    ) -> None:
        self.bench, self.field = bench, field
        self._watch, self._switch = watch, switch
        self._used_s = monotonic()
        self._ended = threading.Event()
        if watch is not None:
            threading.Thread(target=self._stay_alive, args=(watch,), name="notebook is alive", daemon=True).start()

    def drive(self, procedure: Procedure[Any]) -> Iterator[Event]:
        """Events of a procedure; an interrupt ends it at its next safe point, never in the middle of an exchange.

        Raises:
            RefusedError: the bench was closed meanwhile; nothing more is written to it.
            KeyboardInterrupt: it was interrupted.
        """
        stopped: str | None = None
        try:
            while True:
                if self._ended.is_set():
                    raise RefusedError(CLOSED)
                self._used_s = monotonic()
                with _presses(self._switch):
                    if stopped is None and (stopped := self._switch.reason) is not None:
                        event = procedure.throw(StopRequestedError(stopped))
                    else:
                        event = next(procedure)
                self._used_s = monotonic()
                yield event
        except StopIteration:
            pass
        except StopRequestedError as stop:
            stopped = str(stop)
        finally:
            procedure.close()
        if stopped is not None:
            self._switch.release()
            raise KeyboardInterrupt(stopped)

    def to_safety(self) -> None:
        """Take the bench to zero; this cannot be interrupted."""
        self._ended.set()
        self._switch.shut()
        with _presses(self._switch):
            for _ in to_safety(self.bench, self.field, self._watch):
                pass

    def _stay_alive(self, watch: GuardianClient) -> None:
        """Report to the guardian between cells, so that an idle operator is not a fault."""
        while not self._ended.wait(ALIVE_EVERY_S):
            if monotonic() - self._used_s < IDLE_S:
                with suppress(BenchFaultError):
                    watch.look_around()


@contextmanager
def _session(on: OnBench, config: BenchConfig) -> Iterator[_Session]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="mtjlab-", ignore_cleanup_errors=True)))
        switch = StopSwitch(folder)
        said = None if on.simulate else gaussmeter_reading(config)
        setup = Setup(config, on.simulate, on.seed or 0, "mtjlab in a notebook", said=said)
        clock = WallClock(unwatched_is_a_fault=False)
        bench, field, watch = stack.enter_context(equipped(setup, folder, switch, clock))
        session = _Session(bench, field, watch, switch)
        stack.callback(session.to_safety)
        for _ in session.drive(connect(bench, field)):
            pass
        yield session


def _presses(switch: StopSwitch) -> Any:
    """Signals reach the main thread alone: elsewhere nothing interrupts."""
    return signals_press(switch) if threading.current_thread() is threading.main_thread() else nullcontext()


def _to_zero(bench: Bench) -> None:
    """Take the bench to zero: a procedure starts from there."""
    if not any(bench.currents_ua):
        return
    bench.idle()
    bench.execute(bench.plan((0.0,) * bench.description.junctions))


def demand_shorted(on: OnBench, config: BenchConfig, confirmed: bool) -> None:
    """Demand a confirmation that the chain of a new bench or chip was shorted. Raises RefusedError."""
    if on.simulate or not isinstance(config, InstrumentBenchConfig) or is_known_bench(config):
        return
    demand_confirmed(on.bench, config, confirmed, "open_bench(..., confirm_shorted=True)")
