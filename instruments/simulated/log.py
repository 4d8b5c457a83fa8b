"""Log of the simulators: messages, switched outputs, and true currents, with the time of their own clock.

JSON lines. Each has ``t_s`` (bench time), ``at_s`` (this machine's monotonic clock), ``unix_s`` and ``kind``:
``start`` (specification, process), ``ports`` (by role, and of control), ``in`` and ``out`` (role, text), ``output``
(role, on, level_a), ``currents`` (sources_a, junctions_a: they flow from then on), ``states``, ``field``, ``fault``,
``end``.
"""

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from instruments.simulated.junction import JunctionState

FLUSH_EVERY_S = 0.05


class Clock(Protocol):
    """Bench time in terms of the clocks of this computer."""

    def monotonic_s(self, bench_s: float) -> float:
        """Reading of the monotonic clock at this bench time."""

    def unix_s(self, bench_s: float) -> float:
        """Seconds since 1970 at this bench time."""


class Log:
    """Appends lines to a file within 50 ms, as long as ``flush_if_due`` is called.

    A full disk stops no instrument: lines are kept until they can be written.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        """Create the file, which must not exist."""
        self._file = path.open("xb", buffering=0)
        self._clock = clock
        self._lines: list[str] = []
        self._left = b""
        self._first_s = 0.0

    def write(self, time_s: float, kind: str, **fields: Any) -> None:
        """Write one line of any kind."""
        self._append(time_s, kind, json.dumps(fields, separators=(",", ":"))[1:-1])

    def received(self, time_s: float, roles: str, text: str) -> None:
        """A message to an instrument."""
        self._append(time_s, "in", f'"role":{json.dumps(roles)},"text":{json.dumps(text)}')

    def sent(self, time_s: float, roles: str, text: str) -> None:
        """A reply that left an instrument."""
        self._append(time_s, "out", f'"role":{json.dumps(roles)},"text":{json.dumps(text)}')

    def currents(self, time_s: float, sources_a: Sequence[float], junctions_a: Sequence[float]) -> None:
        """These currents flow from now on."""
        self._append(time_s, "currents", f'"sources_a":[{_numbers(sources_a)}],"junctions_a":[{_numbers(junctions_a)}]')

    def states(self, time_s: float, states: Sequence[JunctionState]) -> None:
        """The junctions are in these states."""
        self._append(time_s, "states", f'"states":{json.dumps(list(states))}')

    def flush_if_due(self) -> None:
        """Write all lines to the file if the oldest one is due."""
        if self._lines and time.perf_counter() - self._first_s > FLUSH_EVERY_S * 0.8:
            self.flush()

    def flush(self) -> None:
        """Write all lines to the file, or as much as fits on the disk."""
        self._left += "".join(self._lines).encode()
        self._lines.clear()
        with suppress(OSError):
            while self._left:
                self._left = self._left[self._file.write(self._left) :]

    def close(self) -> None:
        """Write the last lines, and close the file."""
        self.flush()
        self._file.close()

    def _append(self, time_s: float, kind: str, fields: str) -> None:
        if not self._lines:
            self._first_s = time.perf_counter()
        clock = self._clock
        self._lines.append(
            f'{{"t_s":{time_s:.7f},"at_s":{clock.monotonic_s(time_s):.6f},"unix_s":{clock.unix_s(time_s):.6f},'
            f'"kind":"{kind}"{"," if fields else ""}{fields}}}\n'
        )


def _numbers(values: Sequence[float]) -> str:
    return ",".join([f"{value:.9g}" for value in values])
