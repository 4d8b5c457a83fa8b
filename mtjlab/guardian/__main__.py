"""``python -m mtjlab.guardian``: the guardian process. It imports the drivers before it reports ready."""

import gc
import os
import queue
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import BinaryIO

import instruments.connect  # noqa: F401  loads the drivers before it reports ready
from instruments.interfaces import HeldError, Identity
from instruments.locks import Hold
from instruments.processes import process_of
from mtjlab.benches.sessions import held
from mtjlab.errors import RefusedError
from mtjlab.guardian.protocol import ERRORS, MessageType, Orders, Recognised, format_line, parse_line
from mtjlab.guardian.rescue import end_engine, take_to_zero
from mtjlab.store import ACTING, EMERGENCY, NOT_SAFE, is_there, remove_empty, write_guardian_note

POLL_S = 0.05
PATIENCE_S = 1.0
"""Ten missing beats. Counted in polls without a beat: a guardian that was itself suspended blames no engine."""
GRACE_S = 0.5
"""Time that a running engine has to go safe after an emergency stop."""
RENEWED_EVERY_S = 6 * 3600.0
CLOSED = b""


def send(word: MessageType, text: str | None = None) -> None:
    """Send a message to the engine, if it still runs."""
    with suppress(OSError, ValueError):
        sys.stdout.buffer.write(format_line(word, text))
        sys.stdout.buffer.flush()


class Watcher:
    """Reads messages from the engine, locks the instruments that it identified, and decides when to act.

    ``known`` is the identity found by the engine at each address.
    """

    def __init__(self, orders: Orders, hold: Hold) -> None:
        self.known: dict[str, Identity] = {}
        self._folder = orders.folder
        self._hold = hold
        self._messages: queue.Queue[bytes] = queue.Queue()

    def listen(self, pipe: BinaryIO) -> None:
        """Queue each line from the engine, and ``CLOSED`` when the pipe is closed."""
        with suppress(OSError, ValueError):
            for message in pipe:
                self._messages.put(message)
        self._messages.put(CLOSED)

    def reason_to_act(self) -> str | None:
        """Wait for a reason to act; None if the engine reports that the bench is safe."""
        silent_s, emergency_s, renewed_s = 0.0, None, monotonic()
        while True:
            word, text = self._next_message()
            now_s = monotonic()
            if word == MessageType.SAFE:
                return None
            if word == MessageType.TAKE_OVER:
                return MessageType.TAKE_OVER
            if word == "":
                return "the engine ended without having taken the bench to zero"
            self._answer(word, text)
            silent_s = silent_s + POLL_S if word is None else 0.0
            if silent_s > PATIENCE_S:
                return f"the engine did not respond for {PATIENCE_S:g} s"
            if emergency_s is None and is_there(self._folder / EMERGENCY):
                emergency_s = now_s
            if emergency_s is not None and now_s - emergency_s > GRACE_S:
                return f"a file named {EMERGENCY} is in the run folder"
            if now_s - renewed_s > RENEWED_EVERY_S:
                self._hold.renew()
                renewed_s = now_s

    def _next_message(self) -> tuple[str | None, str]:
        try:
            message = self._messages.get(timeout=POLL_S)
        except queue.Empty:
            return None, ""
        return parse_line(message)

    def _answer(self, word: str | None, text: str) -> None:
        if word == MessageType.BEAT:
            send(MessageType.BEAT)
        elif word == MessageType.RECOGNISED:
            one = Recognised.model_validate_json(text)
            identity = Identity(one.maker, one.model, one.serial, one.firmware)
            try:
                self._hold.recognise(one.address, identity)
            except HeldError as error:
                send(MessageType.HELD, str(error))
            else:
                self.known[one.address] = identity
                send(MessageType.RECOGNISED)


def main() -> None:
    """Guard the bench that the first line of the pipe describes."""
    gc.freeze()  # loaded modules stay: collecting them, mostly at the exit, is a fifth of its CPU time
    orders = Orders.model_validate_json(sys.stdin.buffer.readline())
    try:
        with held(orders.bench, orders.program) as hold:
            guard(orders, hold)
    except RefusedError as error:
        send(MessageType.HELD, str(error))
    _remove_if_empty(orders.folder / ERRORS)


def guard(orders: Orders, hold: Hold) -> None:
    """Hold the locks until the engine reports the bench safe, or the guardian has taken it to zero."""
    watcher = Watcher(orders, hold)
    engine = process_of(orders.engine_pid, orders.engine_created_s)  # found now: the clock may be set later
    threading.Thread(target=watcher.listen, args=(sys.stdin.buffer,), daemon=True).start()
    send(MessageType.READY)
    reason = _reason_to_act(watcher)
    if reason is None:
        return
    handed_over = "the engine could not take the bench to zero"
    why = handed_over if reason == MessageType.TAKE_OVER else f"{reason}; {end_engine(engine)}"
    folder = orders.folder
    write_guardian_note(folder, f"{ACTING}{why}")
    result = _take_to_zero(orders, hold, watcher.known)
    write_guardian_note(folder, result)
    send(MessageType.REACHED, result)


def _reason_to_act(watcher: Watcher) -> str | None:
    """As ``reason_to_act``; a failure of the guardian itself is a reason too."""
    try:
        return watcher.reason_to_act()
    except Exception as error:
        return f"the guardian itself failed ({type(error).__name__}: {error})"


def _remove_if_empty(errors: Path) -> None:
    """The engine removes the file, unless it was killed. Windows cannot remove an open file, so close it first."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    remove_empty(errors)


def _take_to_zero(orders: Orders, hold: Hold, known: Mapping[str, Identity]) -> str:
    """Result as a sentence for the run folder, of an unexpected failure too."""
    try:
        return take_to_zero(orders.bench, orders.simulated, hold, known)
    except Exception as error:
        return f"{NOT_SAFE}{type(error).__name__}: {error}. Switch all sources off by hand."


if __name__ == "__main__":
    main()
