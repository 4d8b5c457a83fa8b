"""Follow the folder of a run: read new lines on a timer, a few at a time, and signal when to draw."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from mtjlab.errors import RefusedError
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.run.snapshot_builder import SnapshotBuilder
from mtjlab.run_status import Status, StatusReport, status_report
from mtjlab.store import JOURNAL, DamagedJournalError, Follower, Line

TICK_MS, DRAWING_POLL_MS = 33, 5
"""Interval of reading, which limits drawing to 30 times a second; interval of checks whether drawing has ended."""
BUDGET_S, BUDGET_WHILE_DRAWING_S = 0.025, 0.008
"""Longest time spent on reading lines before control returns to the event loop."""
MAX_LINES = 200
STATUS_INTERVAL_S = 1.0
EXPECTED_DRAWING_S = 0.05
"""Assumed drawing time until it has been measured."""
SHARE_OF_DRAWING, SHARE_WHILE_CATCHING_UP = 0.7, 0.1
"""Largest share of time spent on drawing."""


class RunFollower(QObject):
    """Reads a run from its first line, and continues while the run lasts.

    ``changed``: there is something new to draw; not emitted before all events taken over from another run are read.
    ``over``: the run has ended and everything is read. ``lost``: the run cannot be read further, with the reason.
    ``is_drawing`` returns whether the latest change is still being drawn. With ``until``, only that number of lines is
    read until it is raised: a replay.
    """

    changed = pyqtSignal()
    over = pyqtSignal()
    lost = pyqtSignal(str)

    def __init__(
        self,
        folder: Path,
        parent: QObject | None = None,
        until: int | None = None,
        is_drawing: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(parent)
        self._is_drawing = is_drawing
        self.folder = folder
        self.until = until
        self.builder = SnapshotBuilder(folder)
        self.status_report = StatusReport("unknown")
        if until is None:
            with suppress(RefusedError):  # reading will say why
                self.refresh_status()
        self.is_over = False
        self._is_catching_up = True
        self._found_bytes = _bytes_of(folder / JOURNAL)
        self._follower = Follower(folder)
        self._has_news = False
        self._status_read_s, self._drawn_s, self._drawing_took_s = 0.0, monotonic(), EXPECTED_DRAWING_S
        self._read_s = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    @property
    def snapshot(self) -> Snapshot:
        """Snapshot of the run after the lines read so far."""
        return self.builder.snapshot

    @property
    def status(self) -> Status:
        """Status of the run, by its final event or else by its process, however much of it has been read."""
        ended = self.builder.state.ended
        return ended.status if ended else self.status_report.status

    @property
    def has_ended(self) -> bool:
        """Whether the run is over, however much of it has been read."""
        return self.is_over or self.builder.state.ended is not None or self.status_report.is_over

    @property
    def share_read(self) -> float | None:
        """Share of the journal, as it was found, that has been read; None once all of it has been."""
        if not self._is_catching_up or self.is_over or not self._found_bytes:
            return None
        return min(1.0, self.builder.position / self._found_bytes)

    def refresh_status(self) -> None:
        """Read the status of the run again: its guardian may have acted since it ended.

        Raises:
            RefusedError: the journal no longer exists.
        """
        self.status_report = status_report(self.folder)

    def stop(self) -> None:
        """Stop reading."""
        self._timer.stop()

    def _tick(self) -> None:
        try:
            self._follow()
        except RefusedError as error:
            self.status_report = StatusReport(
                "damaged" if isinstance(error, DamagedJournalError) else "unknown", str(error)
            )
            self.is_over = True
            self.stop()
            self._draw()
            self.lost.emit(str(error))
        except Exception:
            self.stop()  # or the error would be raised 30 times a second
            raise

    def _follow(self) -> None:
        began_s = monotonic()
        has_read, is_all = self._read()
        self._is_catching_up &= not is_all
        self._read_s += monotonic() - began_s
        is_finished = is_all and not has_read and self._is_over()
        self._has_news |= has_read
        share = SHARE_OF_DRAWING if is_all else SHARE_WHILE_CATCHING_UP
        rested_s = monotonic() - self._drawn_s
        may_draw = self.builder.state.has_begun and not self._is_drawing()
        if self._has_news and (is_finished or (may_draw and rested_s > self._drawing_took_s / share)):
            self._draw()
        if is_finished and not self._is_drawing():
            self.stop()
            self.is_over = True
            self.over.emit()

    def _draw(self) -> None:
        """Request drawing, and measure how long it occupies the event loop."""
        self._has_news = False
        self._drawn_s, self._read_s = monotonic(), 0.0
        self.changed.emit()
        QTimer.singleShot(0, self._has_drawn)

    def _has_drawn(self) -> None:
        if self._is_drawing():
            QTimer.singleShot(DRAWING_POLL_MS, self._has_drawn)
        else:
            self._drawing_took_s = monotonic() - self._drawn_s - self._read_s

    def _read(self) -> tuple[bool, bool]:
        """Read within the time budget; return whether lines were read, and whether all available lines were read."""
        end_s = monotonic() + (BUDGET_WHILE_DRAWING_S if self._is_drawing() else BUDGET_S)
        has_read, is_all, lines = False, True, self._next()
        while lines:
            is_all = monotonic() < end_s
            more = self._next(len(lines)) if is_all else []
            self.builder.take(lines, is_drawn=not more)
            has_read, lines = True, more
        return has_read, is_all

    def _next(self, held: int = 0) -> list[Line]:
        """Next lines to read, where ``held`` lines are read but not yet decoded."""
        most = MAX_LINES if self.until is None else min(MAX_LINES, self.until - self.builder.lines - held)
        return self._follower.lines(most) if most > 0 else []

    def _is_over(self) -> bool:
        if self.until is not None:
            return False
        now_s = monotonic()
        if self.builder.state.ended is None and now_s - self._status_read_s < STATUS_INTERVAL_S:
            return False
        self._status_read_s = now_s
        self.status_report = status_report(self.folder)
        return self.status_report.is_over


def _bytes_of(path: Path) -> int:
    """Size of a file; 0 if there is none."""
    with suppress(OSError):
        return os.path.getsize(path)
    return 0
