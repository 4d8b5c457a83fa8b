"""Stop requests (Ctrl-C, a signal, a file in the run folder), and waits that react to them."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TypeAlias

from mtjlab.errors import StopRequestedError
from mtjlab.store import StopFiles

SAME_PRESS_S = 0.3
"""One key press can arrive twice within milliseconds."""
LOOK_AROUND_S = 0.05
"""Longest interval between two checks for a stop request."""
LookAround: TypeAlias = Callable[[bool], None]
"""Called in every wait, and may raise to end it; its argument says whether the run may be stopped here."""


class StopSwitch:
    """Stop request of a run, and its reason: at the next safe point (checked after each event), or now.

    Stopping now ends a wait of the bench, and so does any stop where the wait itself is a safe point. Nothing else is
    ever interrupted: not an exchange with an instrument, not a line of the journal, and after ``shut`` nothing at all,
    since the run is on its way to safety.
    """

    def __init__(self, folder: Path) -> None:
        self._files = StopFiles(folder)
        self._reason: str | None = None
        self._pressed_s = 0.0
        self._now = False
        self._shut = False

    def press(self, reason: str) -> None:
        """Ask the run to stop at its next safe point; a second press asks it to stop now."""
        if self._reason is None:
            self._reason, self._pressed_s = reason, time.monotonic()
        elif time.monotonic() - self._pressed_s > SAME_PRESS_S:
            self._now = True

    @property
    def reason(self) -> str | None:
        """Reason of the stop request, or None."""
        if self._reason is None:
            self._look_for_files()
        return self._reason

    @property
    def is_shut(self) -> bool:
        """Whether the run is on its way to safety."""
        return self._shut

    def release(self) -> None:
        """Clear the stop request once it is carried out."""
        self._reason, self._now = None, False

    def shut(self) -> None:
        """Ignore stop requests from now on."""
        self._shut = True

    def look_around(self, may_stop: bool = False) -> None:
        """Called in the waits of the bench; ``may_stop``: the wait is itself a safe point.

        Raises:
            StopRequestedError: the run shall stop now, or at its next safe point and this is one.
        """
        if self._shut:
            return
        if self._is_now():
            raise StopRequestedError(f"{self._reason}, at once")
        if may_stop and self._reason is not None:
            raise StopRequestedError(self._reason)

    def _is_now(self) -> bool:
        if not self._now:
            self._look_for_files()
        return self._now

    def _look_for_files(self) -> None:
        asked = self._files.request()
        if asked is not None and (self._reason is None or asked.now):
            self._reason, self._now = asked.by, asked.now


@contextmanager
def signals_press(switch: StopSwitch) -> Iterator[None]:
    """Ctrl-C and termination press ``switch`` instead of raising anything."""
    with _signals_call(lambda name: switch.press("Ctrl-C" if name == "SIGINT" else name)):
        yield


@contextmanager
def signals_interrupt() -> Iterator[None]:
    """Ctrl-C and termination raise KeyboardInterrupt: for work after a run that may be interrupted anywhere."""

    def interrupt(name: str) -> None:
        raise KeyboardInterrupt(name)

    with _signals_call(interrupt):
        yield


@contextmanager
def _signals_call(react: Callable[[str], None]) -> Iterator[None]:
    """Signals that ask to end call ``react`` with their name."""

    def on_signal(number: int, _frame: FrameType | None) -> None:
        react(signal.Signals(number).name)

    watched = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    before = {number: signal.signal(number, on_signal) for number in watched}
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:  # one that another library set cannot be set again from here
                signal.signal(number, handler)


def nothing(_may_stop: bool) -> None:
    """Ignore every check."""


def wait(duration_s: float, may_stop: bool, look_around: LookAround) -> None:
    """Wait for ``duration_s``; ``look_around`` is called every 50 ms, at least once, and may raise to end it."""
    end_s = time.monotonic() + duration_s
    look_around(may_stop)
    while (left_s := end_s - time.monotonic()) > 0:
        time.sleep(min(left_s, LOOK_AROUND_S))
        look_around(may_stop)
