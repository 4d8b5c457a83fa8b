"""``python -m mtjlab.guardian``: the process. It has imported the drivers before it says that it is ready."""

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

import instruments.connect  # noqa: F401  the drivers, before it says that it is ready
from instruments.interfaces import HeldError, Identity
from instruments.locks import Hold
from instruments.processes import process_of
from mtjlab.benches.sessions import held
from mtjlab.errors import RefusedError
from mtjlab.guardian.orders import ERRORS, Orders, Recognised, Word, line, parted
from mtjlab.guardian.rescue import end_engine, take_to_zero
from mtjlab.store import ACTING, EMERGENCY, NOT_SAFE, is_there, remove_empty, write_guardian_note

POLL_S = 0.05
PATIENCE_S = 1.0
"""Ten beats that did not come. It is counted in looks that found none: one who was kept waiting blames nobody."""
GRACE_S = 0.5
"""What an engine that still runs has to go safe by itself after an emergency stop."""
RENEWED_EVERY_S = 6 * 3600.0
CLOSED = b""


def say(word: Word, text: str | None = None) -> None:
    """Answer the engine, if it is still there."""
    with suppress(OSError, ValueError):
        sys.stdout.buffer.write(line(word, text))
        sys.stdout.buffer.flush()


class Watcher:
    """Listens to the engine, holds what it recognises, and knows when to act.

    ``known`` is who answered the engine at which address.
    """

    def __init__(self, orders: Orders, hold: Hold) -> None:
        self.known: dict[str, Identity] = {}
        self._folder = orders.folder
        self._hold = hold
        self._words: queue.Queue[bytes] = queue.Queue()

    def listen(self, pipe: BinaryIO) -> None:
        """Hear each line from the engine, and at the end that the pipe is closed."""
        with suppress(OSError, ValueError):
            for said in pipe:
                self._words.put(said)
        self._words.put(CLOSED)

    def reason_to_act(self) -> str | None:
        """Wait until there is one; None if the engine says that the bench is safe."""
        silent_s, emergency_s, renewed_s = 0.0, None, monotonic()
        while True:
            word, text = self._next_word()
            now_s = monotonic()
            if word == Word.SAFE:
                return None
            if word == Word.TAKE_OVER:
                return Word.TAKE_OVER
            if word == "":
                return "the engine ended without having taken the bench to zero"
            self._answer(word, text)
            silent_s = silent_s + POLL_S if word is None else 0.0
            if silent_s > PATIENCE_S:
                return f"the engine gave no sign of life for {PATIENCE_S:g} s"
            if emergency_s is None and is_there(self._folder / EMERGENCY):
                emergency_s = now_s
            if emergency_s is not None and now_s - emergency_s > GRACE_S:
                return f"a file named {EMERGENCY} is in the run folder"
            if now_s - renewed_s > RENEWED_EVERY_S:
                self._hold.renew()
                renewed_s = now_s

    def _next_word(self) -> tuple[str | None, str]:
        try:
            said = self._words.get(timeout=POLL_S)
        except queue.Empty:
            return None, ""
        return parted(said)

    def _answer(self, word: str | None, text: str) -> None:
        if word == Word.BEAT:
            say(Word.BEAT)
        elif word == Word.RECOGNISED:
            one = Recognised.model_validate_json(text)
            identity = Identity(one.maker, one.model, one.serial, one.firmware)
            try:
                self._hold.recognise(one.address, identity)
            except HeldError as error:
                say(Word.HELD, str(error))
            else:
                self.known[one.address] = identity
                say(Word.RECOGNISED)


def main() -> None:
    """Watch over the bench that the first line of the pipe names."""
    gc.freeze()  # nothing that is loaded ever goes: looking through it, at the end above all, is a fifth of its work
    orders = Orders.model_validate_json(sys.stdin.buffer.readline())
    try:
        with held(orders.bench, orders.program) as hold:
            watch_over(orders, hold)
    except RefusedError as error:
        say(Word.HELD, str(error))
    _leave_no_empty_file(orders.folder / ERRORS)


def watch_over(orders: Orders, hold: Hold) -> None:
    """Hold the instruments until the engine says that they are safe, or until they have been taken to zero."""
    watcher = Watcher(orders, hold)
    engine = process_of(orders.engine_pid, orders.engine_created_s)  # later it is known even if the clock was set
    threading.Thread(target=watcher.listen, args=(sys.stdin.buffer,), daemon=True).start()
    say(Word.READY)
    reason = _reason_to_act(watcher)
    if reason is None:
        return
    could_not = "the engine could not take the bench to zero"
    why = could_not if reason == Word.TAKE_OVER else f"{reason}; {end_engine(engine)}"
    folder = orders.folder
    write_guardian_note(folder, f"{ACTING}{why}")
    reached = _taken_to_zero(orders, hold, watcher.known)
    write_guardian_note(folder, reached)
    say(Word.REACHED, reached)


def _reason_to_act(watcher: Watcher) -> str | None:
    """Whoever cannot watch any more does not leave the bench on."""
    try:
        return watcher.reason_to_act()
    except Exception as error:
        return f"the guardian itself failed ({type(error).__name__}: {error})"


def _leave_no_empty_file(errors: Path) -> None:
    """The engine takes it away, unless it was killed. Windows removes no file that is open."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    remove_empty(errors)


def _taken_to_zero(orders: Orders, hold: Hold, known: Mapping[str, Identity]) -> str:
    """What came of it; whatever goes wrong is said where people look."""
    try:
        return take_to_zero(orders.bench, orders.simulated, hold, known)
    except Exception as error:
        return f"{NOT_SAFE}{type(error).__name__}: {error}. Switch all sources off by hand."


if __name__ == "__main__":
    main()
