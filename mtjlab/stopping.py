"""How a person or a system asks a run to stop: Ctrl-C, a signal, or a file named ``stop`` in the run folder."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from mtjlab.store import STOP


class StopSwitch:
    """Whether the run shall stop at its next safe point, and why; the runner asks after each event.

    Nothing is ever interrupted: not a write to a source, not a line of the journal, not the way to safety.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / STOP
        self._reason: str | None = None

    def press(self, reason: str) -> None:
        """Ask the run to stop at its next safe point."""
        self._reason = reason

    @property
    def reason(self) -> str | None:
        """Why the run shall stop, or None."""
        if self._reason is None and self._file.exists():
            self._reason = f"a file named {STOP} in the run folder"
        return self._reason


@contextmanager
def signals_press(switch: StopSwitch) -> Iterator[None]:
    """Ctrl-C and termination press ``switch`` instead of raising anything."""

    def on_signal(number: int, _frame: FrameType | None) -> None:
        switch.press("Ctrl-C" if number == signal.SIGINT else signal.Signals(number).name)

    watched = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    before = {number: signal.signal(number, on_signal) for number in watched}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
