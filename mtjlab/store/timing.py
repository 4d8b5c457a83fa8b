"""Elapsed time of a run, corrected for jumps of the clock (clock set, or computer asleep).

Lines of a journal have time stamps of the clock; ``ClockJumped`` records by how much the clock jumped.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import chain, pairwise
from pathlib import Path

from mtjlab.events.base import type_of
from mtjlab.events.runs import ClockJumped
from mtjlab.store.lines import Line
from mtjlab.store.reading import DamagedJournalError, decode_line, read_lines

_JUMPED = type_of(ClockJumped)
DECIMALS = 3
"""Time stamps have a resolution of 1 ms."""


class RunClock:
    """Elapsed time at each line of a run, given in order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._at: datetime | None = None
        self._since_start_s = self._counted_s = 0.0
        self._is_corrected = False

    def take(self, line: Line, following: Line | None = None) -> float:
        """Seconds from the first line to ``line``.

        A jump shows in the time stamp of the event after it, and is recorded in the line after that: in ``following``.
        If that line is not known yet, a jump forward is subtracted one line too late, and the time then decreases.

        Raises:
            RefusedError: this version cannot decode a line that records a jump.
        """
        passed_s = (line.at - (self._at or line.at)).total_seconds()
        self._at = line.at
        if line.type == _JUMPED and not self._is_corrected:
            passed_s = self._without_jump(passed_s, self._jumped_s(line))
        self._is_corrected = False
        if following is not None and following.type == _JUMPED:
            jumped_s = self._jumped_s(following)
            self._is_corrected = _is_in(jumped_s, passed_s)
            passed_s -= jumped_s if self._is_corrected else 0.0
        self._counted_s = max(0.0, passed_s)
        self._since_start_s += self._counted_s
        return round(self._since_start_s, DECIMALS)

    def _without_jump(self, passed_s: float, jumped_s: float) -> float:
        """Time passed before the line of a jump; an earlier jump is subtracted from the time already counted."""
        if _is_in(jumped_s, passed_s):
            return passed_s - jumped_s
        self._since_start_s -= min(self._counted_s, max(0.0, jumped_s))
        return passed_s

    def _jumped_s(self, line: Line) -> float:
        return decode_line(self._folder, line, ClockJumped).by_s


def _is_in(jumped_s: float, passed_s: float) -> bool:
    """Whether a jump is contained in the time that passed by the clock."""
    return abs(passed_s - jumped_s) < abs(passed_s)


def timed_lines(folder: Path) -> Iterator[tuple[float, Line]]:
    """Valid lines of a journal, each with the seconds since the first.

    Raises:
        RefusedError: there is no journal, or it cannot be read.
        DamagedJournalError: a line is damaged.
    """
    clock = RunClock(folder)
    for line, following in pairwise(chain(read_lines(folder), [None])):
        if line is not None:
            yield clock.take(line, following), line


def span_s(folder: Path) -> float:
    """Seconds from the first to the last event of a journal; of a damaged one, to the last before the damage.

    Raises:
        RefusedError: there is no journal, or it cannot be read.
    """
    duration_s = 0.0
    with suppress(DamagedJournalError):
        for since_start_s, _ in timed_lines(folder):
            duration_s = since_start_s
    return duration_s
