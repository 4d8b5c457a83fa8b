"""Jumps of the computer's clock, and gaps in which the program did not run, as when the computer sleeps."""

import time as clocks
from collections.abc import Callable
from time import monotonic, process_time, time

from mtjlab.errors import BenchFaultError
from mtjlab.events import ClockJumped

JUMP_S = 5.0
"""Delays by a disk, repeated queries or a busy computer; shorter ones are not reported."""
UNWATCHED_S = 60.0


def sleepless_s() -> float:
    """A counter that goes on while the computer sleeps: on Windows every one does."""
    clock = getattr(clocks, "CLOCK_BOOTTIME", getattr(clocks, "CLOCK_MONOTONIC", None))
    return monotonic() if clock is None else clocks.clock_gettime(clock)


class WallClock:
    """Notices jumps, and gaps between two looks. ``unwatched_is_a_fault``: real sources are on meanwhile.

    ``reading_s`` says for how long the bench was to read so far: that is no gap, and neither is what this program
    computed.
    """

    def __init__(self, unwatched_is_a_fault: bool) -> None:
        self.reading_s: Callable[[], float] = lambda: 0.0
        self._unwatched_is_a_fault = unwatched_is_a_fault
        self._offset_s = time() - monotonic()
        self._looked_s = self._unexplained_s()
        self._gap_s = 0.0

    def look_around(self) -> None:
        """Called in the waits of the bench, so that a long one is no gap.

        Raises:
            BenchFaultError: as ``demand_watched``.
        """
        self._look()
        self.demand_watched(ClockJumped(0.0, self._gap_s))

    def jump(self) -> ClockJumped | None:
        """Return jump and gap since the last call, if there were any."""
        self._look()
        offset_s, gap_s = time() - monotonic(), self._gap_s
        by_s = offset_s - self._offset_s
        self._offset_s, self._gap_s = offset_s, 0.0
        jumped = ClockJumped(_if_significant(by_s), _if_significant(gap_s))
        return jumped if jumped.by_s or jumped.unwatched_s else None

    def demand_watched(self, jumped: ClockJumped) -> None:
        """Check that the bench was monitored.

        Raises:
            BenchFaultError: currents were on for long without monitoring; the run ends safe.
        """
        if not self._unwatched_is_a_fault or max(jumped.by_s, jumped.unwatched_s) <= UNWATCHED_S:
            return
        if jumped.by_s > UNWATCHED_S:
            what = f"The clock of this computer went forward by {jumped.by_s:.0f} s at once: it slept, or was set."
        else:
            what = f"No program ran for {jumped.unwatched_s:.0f} s: this computer slept, or they were stopped."
        raise BenchFaultError(
            f"{what} The bench was not monitored meanwhile, so the run was ended. Keep the computer awake, then resume "
            "the run with `mtjlab resume`."
        )

    def _look(self) -> None:
        now_s = self._unexplained_s()
        self._gap_s = max(self._gap_s, now_s - self._looked_s)
        self._looked_s = now_s

    def _unexplained_s(self) -> float:
        return sleepless_s() - process_time() - self.reading_s()


def _if_significant(seconds: float) -> float:
    return round(seconds, 3) if abs(seconds) > JUMP_S else 0.0
