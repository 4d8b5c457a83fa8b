"""Engine side of the guardian: starts it, sends beats, and notices if it has ended or does not respond.

Every wait has a time limit. A thread of its own writes into the pipe, so a guardian that does not read cannot block the
engine.
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
from mtjlab.guardian.protocol import ERRORS, MessageType, Orders, Recognised, format_line, parse_line
from mtjlab.store import open_to_append, text_in

BEAT_S = 0.1
HUNG_S = 120.0
"""Longest time between two checks by the engine before beats stop; fits of many classes take a minute."""
SILENT_S = 2.0
"""Longest time without an answer to a beat. Counted in polls without an answer, as the guardian counts beats."""
READY_WITHIN_S = 30.0
ANSWERS_WITHIN_S = 10.0
RESCUES_WITHIN_S = 30.0
LEAVES_WITHIN_S = 10.0
HUNG_LEAVES_WITHIN_S = 1.0
LOOK_S = 0.02
MOST_UNWRITTEN = 100
MOST_SHOWN = 2000
WITHOUT = "The run cannot continue without it: it ends with all sources at zero."

log = logging.getLogger(__name__)


class GuardianClient:
    """Connection to a guardian process with unbuffered pipes; its standard error goes to the file ``errors``."""

    def __init__(self, process: subprocess.Popen[bytes], errors: Path) -> None:
        self._process = process
        self._errors = errors
        self._unwritten: queue.Queue[bytes | None] = queue.Queue(MOST_UNWRITTEN)
        self._answers: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        self._received = 0
        self._silent = False
        self._seen_s = monotonic()
        self._ended = threading.Event()
        self._beats = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        threading.Thread(target=self._write, name="messages to the guardian", daemon=True).start()
        threading.Thread(target=self._read, name="messages from the guardian", daemon=True).start()

    @property
    def pid(self) -> int:
        """Process ID."""
        return self._process.pid

    def begin(self, orders: Orders) -> None:
        """Send the orders, and wait until the guardian is ready.

        Raises:
            RefusedError: another program holds an instrument.
            BenchFaultError: the guardian does not start.
        """
        self._send(orders.model_dump_json().encode() + b"\n")
        word, text = self._answer(READY_WITHIN_S) or ("", "")
        if word == MessageType.READY:
            self._beats.start()
            return
        self._ended.set()
        self._send(None)
        if word == MessageType.HELD:
            self._leave(LEAVES_WITHIN_S)
            raise RefusedError(text)
        self._process.kill()
        self._leave(LEAVES_WITHIN_S)
        raise BenchFaultError(
            "The guardian, which would switch the sources off if this program died, did not start"
            f"{self._error_text()}. No output was switched on. Start `python -m mtjlab.guardian` by hand to see why."
        )

    def look_around(self) -> None:
        """Report that the engine runs, and check the guardian.

        Raises:
            BenchFaultError: the guardian has ended or does not respond, so the bench must go safe.
        """
        self._seen_s = monotonic()
        if self._process.poll() is not None:
            raise BenchFaultError(
                "The guardian, which would switch the sources off if this program died, has ended (code "
                f"{self._process.returncode}){self._error_text()}. {WITHOUT}"
            )
        if self._silent:
            raise BenchFaultError(
                "The guardian, which would switch the sources off if this program died, has not answered for "
                f"{SILENT_S:g} s: it hangs or is suspended. {WITHOUT}"
            )

    def take(self, *addresses: str) -> None:
        """Do nothing: a guardian that is ready has locked every address of the bench."""

    def recognise(self, address: str, identity: Identity) -> None:
        """Have the guardian lock the instrument at ``address`` by model and serial number.

        Raises:
            HeldError: another program holds it, or it was identified at another address before.
            BenchFaultError: the guardian does not answer.
        """
        one = Recognised(address=address, **{key: getattr(identity, key) for key in Identity.__slots__})
        self._send(format_line(MessageType.RECOGNISED, one.model_dump_json()))
        word, text = self._answer(ANSWERS_WITHIN_S) or ("", "")
        if word == MessageType.HELD:
            raise HeldError(text)
        if word != MessageType.RECOGNISED:
            self.look_around()
            raise BenchFaultError(f"The guardian did not confirm its lock on {address}. {WITHOUT}")

    def take_over(self) -> str:
        """Hand a bench that is not off, with its instruments closed, to the guardian; returns the result as text."""
        if self._ended.is_set():
            return ""
        self._end(MessageType.TAKE_OVER)
        word, text = self._answer(RESCUES_WITHIN_S) or ("", "")
        if word == MessageType.REACHED:
            self._leave(LEAVES_WITHIN_S)
            self._keep_errors()
            return text
        return f"{'it does not answer' if self._silent else 'it did not report a result'}{self._error_text()}"

    def end(self, off: bool) -> None:
        """End the guardian if all outputs are ``off``; otherwise hand the bench over to it, and wait for its end.

        A guardian that hangs although all outputs are off is killed, so that its locks do not remain.
        """
        if not off:
            self.take_over()
            return
        if self._ended.is_set():
            return
        self._end(MessageType.SAFE)
        if not self._leave(HUNG_LEAVES_WITHIN_S if self._silent else LEAVES_WITHIN_S):
            self._process.kill()
            self._leave(LEAVES_WITHIN_S)
        self._keep_errors()

    def _end(self, word: MessageType) -> None:
        self._ended.set()
        if self._beats.is_alive():
            self._beats.join(HUNG_LEAVES_WITHIN_S)
        self._send(format_line(word))
        self._send(None)

    def _send(self, message: bytes | None) -> None:
        with suppress(queue.Full):  # a guardian that does not read does not answer beats either
            self._unwritten.put_nowait(message)

    def _answer(self, within_s: float) -> tuple[str, str] | None:
        """The next answer other than to a beat; None if the guardian has ended or does not respond."""
        end_s = monotonic() + within_s
        while monotonic() < end_s and not self._silent:
            has_ended = self._process.poll() is not None
            with suppress(queue.Empty):
                return self._answers.get(timeout=LOOK_S)
            if has_ended:
                return None
        return None

    def _leave(self, within_s: float) -> bool:
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _beat(self) -> None:
        """Send beats, and check that they are answered."""
        received, silent_s = self._received, 0.0
        while not self._ended.wait(BEAT_S):
            if monotonic() - self._seen_s > HUNG_S:
                return
            received, silent_s = self._received, 0.0 if self._received != received else silent_s + BEAT_S
            self._silent = self._silent or silent_s > SILENT_S
            self._send(format_line(MessageType.BEAT))

    def _write(self) -> None:
        pipe = _piped(self._process.stdin)
        with suppress(OSError, ValueError):  # look_around notices a guardian that has ended
            while (message := self._unwritten.get()) is not None:
                while message:
                    message = message[pipe.write(message) :]
        with suppress(OSError):
            pipe.close()

    def _read(self) -> None:
        with suppress(OSError, ValueError):
            while content := _piped(self._process.stdout).readline():
                word, text = parse_line(content)
                if word != MessageType.BEAT:
                    self._answers.put((word, text))
                self._received += 1

    def _error_text(self) -> str:
        """Standard error of the guardian, as the end of a sentence; empty if there is none."""
        with suppress(OSError):
            if text := " ".join(text_in(self._errors).split()):
                return f"; its error output: {text[-MOST_SHOWN:]}"
        return ""

    def _keep_errors(self) -> None:
        if text := self._error_text():
            log.warning("the guardian%s", text)
            return
        with suppress(OSError):
            self._errors.unlink(missing_ok=True)


@contextmanager
def guarded(folder: Path, bench: InstrumentBenchConfig, simulated: bool, program: str) -> Iterator[GuardianClient]:
    """Start a guardian that locks the instruments of ``bench``, ready to take them to zero.

    The guardian holds the locks instead of the engine, so that no other program can use the bench between a crash of
    the engine and its rescue. Call ``end`` when all outputs are off; leaving the context before hands the bench over.

    Raises:
        RefusedError: another program holds an instrument.
        BenchFaultError: the guardian does not start.
    """
    guardian = GuardianClient(_start(folder / ERRORS), folder / ERRORS)
    guardian.begin(_orders(folder, bench, simulated, program))
    try:
        yield guardian
    finally:
        guardian.end(off=False)


def _orders(folder: Path, bench: InstrumentBenchConfig, simulated: bool, program: str) -> Orders:
    return Orders(
        program=program,
        folder=folder.resolve(),
        engine_pid=os.getpid(),
        engine_created_s=created_s(),
        bench=bench,
        simulated=simulated,
    )


def _start(errors: Path) -> subprocess.Popen[bytes]:
    with open_to_append(errors) as file:
        return subprocess.Popen(
            [sys.executable, "-m", "mtjlab.guardian"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            bufsize=0,
            **_own_group(),
        )


def _own_group() -> dict[str, Any]:
    """Keep Ctrl-C and the end of the terminal away from the guardian: only the engine gets them."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _piped(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
