"""The clock of this computer against its own counter: it may be set, and a computer may sleep."""

from time import monotonic, time

from mtjlab.errors import BenchFaultError
from mtjlab.events import ClockJumped

JUMP_S = 5.0
UNWATCHED_S = 60.0


class WallClock:
    """Notices jumps. ``unwatched_is_a_fault``: real sources were on meanwhile, and nobody watched them."""

    def __init__(self, unwatched_is_a_fault: bool) -> None:
        self._unwatched_is_a_fault = unwatched_is_a_fault
        self._offset_s = time() - monotonic()

    def jump(self) -> ClockJumped | None:
        """What has happened since the last look, if anything has."""
        offset_s = time() - monotonic()
        by_s = offset_s - self._offset_s
        self._offset_s = offset_s
        return ClockJumped(round(by_s, 3)) if abs(by_s) > JUMP_S else None

    def demand_watched(self, jumped: ClockJumped) -> None:
        """Whether a run may go on.

        Raises:
            BenchFaultError: the computer may have slept with currents on; the run ends safe.
        """
        if self._unwatched_is_a_fault and jumped.by_s > UNWATCHED_S:
            raise BenchFaultError(
                f"The clock of this computer went forward by {jumped.by_s:.0f} s at once: it slept, or its clock was "
                "set. Nobody watched the bench meanwhile, so nothing goes on by itself. Keep the computer awake, then "
                "go on with `mtjlab resume`."
            )
