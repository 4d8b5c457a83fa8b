"""Everything that is to happen in bench time, strictly in its order."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from math import inf


class Schedule:
    """Due actions over a world that advances from one to the next."""

    def __init__(self, advance_to: Callable[[float], None]) -> None:
        """Have ``advance_to(time_s)`` called before whatever happens at that time."""
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
        """Do something at a bench time to come; what is due at the same time is done in the order of asking."""
        if due_s < inf:
            heappush(self._due, (max(due_s, self._now_s), next(self._order), action))

    def run_until(self, time_s: float) -> None:
        """Let bench time pass, doing what is due. Time that has passed already stays as it is."""
        while self._due and self._due[0][0] <= time_s:
            due_s, _, action = heappop(self._due)
            self._reach(due_s)
            action()
        self._reach(time_s)

    def _reach(self, time_s: float) -> None:
        if time_s > self._now_s:
            self._now_s = time_s
            self._advance_to(time_s)
