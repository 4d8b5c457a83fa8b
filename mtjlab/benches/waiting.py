"""Waiting by the clock, without losing sight of whether somebody wants to stop."""

import time
from collections.abc import Callable
from typing import TypeAlias

LOOK_AROUND_S = 0.05
"""Longest wait between two looks at whether somebody wants to stop now."""

LookAround: TypeAlias = Callable[[bool], None]
"""Called in every wait, and may raise to end it; its argument says whether the run may be stopped here."""


def nothing(_may_stop: bool) -> None:
    """Nobody wants anything."""


def wait(duration_s: float, may_stop: bool, look_around: LookAround) -> None:
    """Wait for ``duration_s``; ``look_around`` is called every 50 ms, at least once, and may raise to end it."""
    end_s = time.monotonic() + duration_s
    look_around(may_stop)
    while (left_s := end_s - time.monotonic()) > 0:
        time.sleep(min(left_s, LOOK_AROUND_S))
        look_around(may_stop)
