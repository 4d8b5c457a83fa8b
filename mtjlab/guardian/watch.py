"""The engine's side of its guardian: starts it, tells it that all goes well, and notices when it is gone or hangs.

Nothing here waits without a bound, and the thread of the engine never writes into the pipe: whoever does not read it
holds up nobody but the thread that writes.
"""

import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import IO, Any

from instruments.interfaces import HeldError, Identity
from instruments.processes import created_s
from mtjlab.config import InstrumentBenchConfig
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.guardian.orders import ERRORS, Orders, Recognised, Word, line, parted
from mtjlab.store import opened_to_append, text_in

BEAT_S = 0.1
HUNG_S = 120.0
"""An engine that has not looked around for so long does nothing sensible; fits of many classes take a minute."""
SILENT_S = 2.0
"""Of a guardian that does not answer beats. Counted in looks that found no answer, as it counts those of the engine."""
READY_WITHIN_S = 30.0
ANSWERS_WITHIN_S = 10.0
RESCUES_WITHIN_S = 30.0
LEAVES_WITHIN_S = 10.0
HUNG_LEAVES_WITHIN_S = 1.0
LOOK_S = 0.02
MOST_UNWRITTEN = 100
MOST_SHOWN = 2000
WITHOUT = "Nothing goes on without it: the run ends, all sources to zero."

log = logging.getLogger(__name__)


class Watch:
    """A guardian on watch, by its process, whose pipes are not buffered; its complaints go into the file ``errors``."""

    def __init__(self, process: subprocess.Popen[bytes], errors: Path) -> None:
        self._process = process
        self._errors = errors
        self._unwritten: queue.Queue[bytes | None] = queue.Queue(MOST_UNWRITTEN)
        self._answers: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        self._heard = 0
        self._silent = False
        self._seen_s = monotonic()
        self._ended = threading.Event()
        self._beats = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        threading.Thread(target=self._write, name="words to the guardian", daemon=True).start()
        threading.Thread(target=self._read, name="words of the guardian", daemon=True).start()

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def begin(self, orders: Orders) -> None:
        """Give the orders, and wait until the guardian is ready.

        Raises:
            RefusedError: another program holds an instrument.
            BenchFaultError: the guardian does not start.
        """
        self._say(orders.model_dump_json().encode() + b"\n")
        word, text = self._answer(READY_WITHIN_S) or ("", "")
        if word == Word.READY:
            self._beats.start()
            return
        self._ended.set()
        self._say(None)
        if word == Word.HELD:
            self._leave(LEAVES_WITHIN_S)
            raise RefusedError(text)
        self._process.kill()
        self._leave(LEAVES_WITHIN_S)
        raise BenchFaultError(
            "The guardian, which would switch the sources off if this program died, did not start"
            f"{self._complaint()}. No output was switched on. Start `python -m mtjlab.guardian` by hand to see why."
        )

    def look_around(self) -> None:
        """The engine is alive and well.

        Raises:
            BenchFaultError: the guardian is gone or hangs, so the bench must go safe.
        """
        self._seen_s = monotonic()
        if self._process.poll() is not None:
            raise BenchFaultError(
                "The guardian, which would switch the sources off if this program died, has ended (code "
                f"{self._process.returncode}){self._complaint()}. {WITHOUT}"
            )
        if self._silent:
            raise BenchFaultError(
                "The guardian, which would switch the sources off if this program died, has not answered for "
                f"{SILENT_S:g} s: it hangs, or was stopped. {WITHOUT}"
            )

    def take(self, *addresses: str) -> None:
        """The guardian has held every address of the bench since it was ready."""

    def recognise(self, address: str, identity: Identity) -> None:
        """Have the guardian hold the instrument that answers at ``address``, by model and serial number.

        Raises:
            HeldError: another program holds it, or it was recognised at another address before.
            BenchFaultError: the guardian does not answer.
        """
        one = Recognised(address=address, **{key: getattr(identity, key) for key in Identity.__slots__})
        self._say(line(Word.RECOGNISED, one.model_dump_json()))
        word, text = self._answer(ANSWERS_WITHIN_S) or ("", "")
        if word == Word.HELD:
            raise HeldError(text)
        if word != Word.RECOGNISED:
            self.look_around()
            raise BenchFaultError(f"The guardian did not say whether it holds {address}. {WITHOUT}")

    def take_over(self) -> str:
        """Leave a bench that is not off, its instruments closed, to the guardian; returns what it says it reached."""
        if self._ended.is_set():
            return ""
        self._end(Word.TAKE_OVER)
        word, text = self._answer(RESCUES_WITHIN_S) or ("", "")
        if word == Word.REACHED:
            self._leave(LEAVES_WITHIN_S)
            self._keep_errors()
            return text
        return f"{'it does not answer' if self._silent else 'it did not say what it reached'}{self._complaint()}"

    def end(self, off: bool) -> None:
        """Send the guardian home if all outputs are ``off``; otherwise leave the bench to it, and wait for it.

        One that hangs beside a bench that is off is ended, so that its locks do not remain.
        """
        if not off:
            self.take_over()
            return
        if self._ended.is_set():
            return
        self._end(Word.SAFE)
        if not self._leave(HUNG_LEAVES_WITHIN_S if self._silent else LEAVES_WITHIN_S):
            self._process.kill()
            self._leave(LEAVES_WITHIN_S)
        self._keep_errors()

    def _end(self, word: Word) -> None:
        self._ended.set()
        if self._beats.is_alive():
            self._beats.join(HUNG_LEAVES_WITHIN_S)
        self._say(line(word))
        self._say(None)

    def _say(self, said: bytes | None) -> None:
        with suppress(queue.Full):  # one who does not read is noticed by his silence
            self._unwritten.put_nowait(said)

    def _answer(self, within_s: float) -> tuple[str, str] | None:
        """The next answer but for those to beats; None if the guardian is gone or hangs."""
        end_s = monotonic() + within_s
        while monotonic() < end_s and not self._silent:
            gone = self._process.poll() is not None
            with suppress(queue.Empty):
                return self._answers.get(timeout=LOOK_S)
            if gone:
                return None
        return None

    def _leave(self, within_s: float) -> bool:
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _beat(self) -> None:
        """Beat, and look whether the last ones were answered."""
        heard, silent_s = self._heard, 0.0
        while not self._ended.wait(BEAT_S):
            if monotonic() - self._seen_s > HUNG_S:
                return
            heard, silent_s = self._heard, 0.0 if self._heard != heard else silent_s + BEAT_S
            self._silent = self._silent or silent_s > SILENT_S
            self._say(line(Word.BEAT))

    def _write(self) -> None:
        pipe = _piped(self._process.stdin)
        with suppress(OSError, ValueError):  # a guardian that is gone is noticed elsewhere
            while (said := self._unwritten.get()) is not None:
                while said:
                    said = said[pipe.write(said) :]
        with suppress(OSError):
            pipe.close()

    def _read(self) -> None:
        with suppress(OSError, ValueError):
            while said := _piped(self._process.stdout).readline():
                word, text = parted(said)
                if word != Word.BEAT:
                    self._answers.put((word, text))
                self._heard += 1

    def _complaint(self) -> str:
        """What it said of its own trouble, for the end of a sentence."""
        with suppress(OSError):
            if said := " ".join(text_in(self._errors).split()):
                return f"; it said: {said[-MOST_SHOWN:]}"
        return ""

    def _keep_errors(self) -> None:
        if complaint := self._complaint():
            log.warning("the guardian%s", complaint)
            return
        with suppress(OSError):
            self._errors.unlink(missing_ok=True)


@contextmanager
def guarded(folder: Path, bench: InstrumentBenchConfig, simulated: bool, program: str) -> Iterator[Watch]:
    """A guardian that holds the instruments of ``bench`` against other programs, and is ready to take them to zero.

    It holds them, not the engine, so that nobody can take the bench between the death of an engine and its rescue.
    Whoever opened the bench calls ``end`` when all outputs are off; leaving without that leaves it to the guardian.

    Raises:
        RefusedError: another program holds an instrument.
        BenchFaultError: the guardian does not start.
    """
    watch = Watch(_started(folder / ERRORS), folder / ERRORS)
    watch.begin(_orders(folder, bench, simulated, program))
    try:
        yield watch
    finally:
        watch.end(off=False)


def _orders(folder: Path, bench: InstrumentBenchConfig, simulated: bool, program: str) -> Orders:
    return Orders(
        program=program,
        folder=folder.resolve(),
        engine_pid=os.getpid(),
        engine_created_s=created_s(),
        bench=bench,
        simulated=simulated,
    )


def _started(errors: Path) -> subprocess.Popen[bytes]:
    with opened_to_append(errors) as file:
        return subprocess.Popen(
            [sys.executable, "-m", "mtjlab.guardian"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            bufsize=0,
            **_own_group(),
        )


def _own_group() -> dict[str, Any]:
    """Ctrl-C at the terminal, and its closing, are for the engine alone."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _piped(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
