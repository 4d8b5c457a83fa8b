"""The engine's side of its guardian: starts it, tells it that all goes well, and notices when it is gone."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import IO, Any

import psutil

from mtjlab.config import InstrumentBenchConfig
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.guardian.orders import BEAT, HELD, READY, SAFE, TAKE_OVER, Orders

BEAT_S = 0.1
HUNG_S = 120.0
"""An engine that has not looked around for so long does nothing sensible; fits of many classes take a minute."""
READY_WITHIN_S = 30.0
LEAVES_WITHIN_S = 10.0


class Watch:
    """A guardian on watch."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._pipe: IO[str] = _piped(process.stdin)
        self._seen_s = monotonic()
        self._ended = threading.Event()
        self._beats = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self._beats.start()

    def look_around(self) -> None:
        """The engine is alive and well.

        Raises:
            BenchFaultError: the guardian is gone, so the bench must go safe.
        """
        self._seen_s = monotonic()
        if self._process.poll() is not None:
            raise BenchFaultError(
                f"The guardian, which would switch the sources off if this program died, has ended (code "
                f"{self._process.returncode}). Nothing goes on without it. Look into guardian.txt of the run."
            )

    def end(self, off: bool) -> None:
        """Send the guardian home if all outputs are ``off``; otherwise leave the bench to it, and wait for it."""
        if self._ended.is_set():
            return
        self._ended.set()
        self._beats.join()
        with suppress(OSError, ValueError):
            self._pipe.write(f"{SAFE if off else TAKE_OVER}\n")
            self._pipe.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(LEAVES_WITHIN_S)

    def _beat(self) -> None:
        while not self._ended.wait(BEAT_S):
            if monotonic() - self._seen_s > HUNG_S:
                return
            with suppress(OSError, ValueError):  # a guardian that is gone is noticed elsewhere
                self._pipe.write(f"{BEAT}\n")
                self._pipe.flush()


@contextmanager
def guarded(folder: Path, bench: InstrumentBenchConfig, simulated: bool, program: str) -> Iterator[Watch]:
    """A guardian that holds the instruments of ``bench`` against other programs, and is ready to take them to zero.

    It holds them, not the engine, so that nobody can take the bench between the death of an engine and its rescue.
    Whoever opened the bench calls ``end`` when all outputs are off; leaving without that leaves it to the guardian.

    Raises:
        RefusedError: another program holds an instrument.
        BenchFaultError: the guardian does not start.
    """
    watch = Watch(_started(_orders(folder, bench, simulated, program)))
    try:
        yield watch
    finally:
        watch.end(off=False)


def _orders(folder: Path, bench: InstrumentBenchConfig, simulated: bool, program: str) -> Orders:
    return Orders(
        program=program,
        folder=folder.resolve(),
        engine_pid=os.getpid(),
        engine_created_s=psutil.Process().create_time(),
        bench=bench,
        simulated=simulated,
    )


def _started(orders: Orders) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "mtjlab.guardian"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        **_own_group(),
    )
    _piped(process.stdin).write(f"{orders.model_dump_json()}\n")
    _piped(process.stdin).flush()
    said = _first_line(process)
    if said.startswith(HELD):
        raise RefusedError(said.removeprefix(HELD).strip())
    if said != READY:
        process.kill()
        raise BenchFaultError(
            f"The guardian, which would switch the sources off if this program died, did not start (it said {said!r}). "
            "No output was switched on. Start `python -m mtjlab.guardian` by hand to see why."
        )
    return process


def _first_line(process: subprocess.Popen[str]) -> str:
    timer = threading.Timer(READY_WITHIN_S, process.kill)
    timer.start()
    line = _piped(process.stdout).readline().strip()
    timer.cancel()
    return line


def _own_group() -> dict[str, Any]:
    """Ctrl-C at the terminal, and its closing, are for the engine alone."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _piped(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream
