"""Waiting by the clock, without losing sight of whether somebody wants to stop."""

import time
from collections.abc import Callable

LOOK_AROUND_S = 0.05
"""Longest wait between two looks at whether somebody wants to stop now."""


def nothing() -> None:
    """Nobody wants anything."""


def wait(duration_s: float, look_around: Callable[[], None]) -> None:
    """Wait for ``duration_s``; ``look_around`` is called every 50 ms, at least once, and may raise to end it."""
    end_s = time.monotonic() + duration_s
    look_around()
    while (left_s := end_s - time.monotonic()) > 0:
        time.sleep(min(left_s, LOOK_AROUND_S))
        look_around()
