"""``python -m mtjlab.guardian``: the process. It has imported the drivers before it says that it is ready."""

import queue
import sys
import threading
from pathlib import Path
from time import monotonic
from typing import TextIO

import instruments.connect  # noqa: F401  the drivers, before it says that it is ready
from mtjlab.benches.opening import held
from mtjlab.errors import RefusedError
from mtjlab.guardian.orders import HELD, READY, SAFE, TAKE_OVER, Orders
from mtjlab.guardian.rescue import end_engine, take_to_zero
from mtjlab.store import ACTING, EMERGENCY, note_of_guardian

POLL_S = 0.05
PATIENCE_S = 1.0
"""Ten beats that did not come. It is counted in looks that found none: one who was kept waiting blames nobody."""
GRACE_S = 0.5
"""What an engine that still runs has to go safe by itself after an emergency stop."""
CLOSED = ""


def listen(pipe: TextIO, words: "queue.Queue[str]") -> None:
    """Put each word from the engine into ``words``, and at the end that the pipe is closed."""
    for line in pipe:
        words.put(line.strip())
    words.put(CLOSED)


def reason_to_act(words: "queue.Queue[str]", folder: Path) -> str | None:
    """Wait until there is one; None if the engine says that the bench is safe."""
    silent_s, emergency_s = 0.0, None
    while True:
        try:
            word = words.get(timeout=POLL_S)
        except queue.Empty:
            word = None
        now_s = monotonic()
        if word == SAFE:
            return None
        if word == TAKE_OVER:
            return TAKE_OVER
        if word == CLOSED:
            return "the engine ended without having taken the bench to zero"
        silent_s = silent_s + POLL_S if word is None else 0.0
        if silent_s > PATIENCE_S:
            return f"the engine gave no sign of life for {PATIENCE_S:g} s"
        if emergency_s is None and (folder / EMERGENCY).exists():
            emergency_s = now_s
        if emergency_s is not None and now_s - emergency_s > GRACE_S:
            return f"a file named {EMERGENCY} is in the run folder"


def main() -> None:
    """Watch over the bench that the first line of the pipe names."""
    orders = Orders.model_validate_json(sys.stdin.readline())
    try:
        with held(orders.bench, orders.program):
            watch_over(orders)
    except RefusedError as error:
        say(f"{HELD} {error}")


def say(word: str) -> None:
    """Answer the engine."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def watch_over(orders: Orders) -> None:
    """Hold the instruments until the engine says that they are safe, or until they have been taken to zero."""
    folder = orders.folder
    words: queue.Queue[str] = queue.Queue()
    threading.Thread(target=listen, args=(sys.stdin, words), daemon=True).start()
    say(READY)
    reason = reason_to_act(words, folder)
    if reason is None:
        return
    if reason == TAKE_OVER:
        note_of_guardian(folder, f"{ACTING}the engine could not take the bench to zero")
        note_of_guardian(folder, take_to_zero(orders.bench, orders.simulated))
        return
    note_of_guardian(folder, f"{ACTING}{reason}; {end_engine(orders.engine_pid, orders.engine_created_s)}")
    note_of_guardian(folder, take_to_zero(orders.bench, orders.simulated))


if __name__ == "__main__":
    main()
