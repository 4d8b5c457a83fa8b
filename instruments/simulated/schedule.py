"""Schedule of actions in bench time."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from math import inf


class Schedule:
    """Actions in the order of bench time; the circuit is advanced from one to the next."""

    def __init__(self, advance_to: Callable[[float], None]) -> None:
        """Call ``advance_to(time_s)`` before the actions due at ``time_s``."""
        self._advance_to = advance_to
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._now_s = 0.0

    @property
    def now_s(self) -> float:
        """Bench time now."""
        return self._now_s

    @property
    def next_due_s(self) -> float:
        """When the next action is due; infinity if none is."""
        return self._due[0][0] if self._due else inf

    def at(self, due_s: float, action: Callable[[], None]) -> None:
        """Schedule an action; actions due at the same time run in the order in which they were scheduled."""
        if due_s < inf:
            heappush(self._due, (max(due_s, self._now_s), next(self._order), action))

    def run_until(self, time_s: float) -> None:
        """Advance bench time, running due actions. A time in the past changes nothing."""
        while self._due and self._due[0][0] <= time_s:
            due_s, _, action = heappop(self._due)
            self._reach(due_s)
            action()
        self._reach(time_s)

    def _reach(self, time_s: float) -> None:
        if time_s > self._now_s:
            self._now_s = time_s
            self._advance_to(time_s)
