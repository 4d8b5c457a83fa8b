"""Follows the folder of one run: reads what has come on a timer, a little at a time, and says when to draw."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from mtjlab.errors import RefusedError
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.run.snapshot_builder import SnapshotBuilder
from mtjlab.run_status import StatusReport, status_report
from mtjlab.store import DamagedJournalError, Follower, Line

TICK_MS, LOOK_AGAIN_MS = 33, 5
"""Nothing is drawn more often: 30 times a second."""
BUDGET_S, BUDGET_WHILE_DRAWING_S = 0.025, 0.008
"""Longest time in which lines are read before the event loop goes on."""
AT_ONCE = 200
LOOK_EVERY_S = 1.0
SUPPOSED_S = 0.05
"""What drawing takes, until that is known."""
SHARE_OF_DRAWING, SHARE_WHILE_CATCHING_UP = 0.7, 0.1
"""Of all time, what drawing may take."""


class RunFollower(QObject):
    """Reads a run from its first line on, and goes on reading while it lasts.

    ``changed`` says that there is something new to draw; not before all is there that the run takes over from another.
    ``over`` says that nothing more will come, ``lost`` why the run cannot be read any further. ``is_drawing`` tells
    whether what was changed last is still being drawn. With ``until`` it reads so many lines and then waits for that to
    be raised: a replay.
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
        self.is_over = False
        self._follower = Follower(folder)
        self._is_news = False
        self._looked_s, self._drew_s, self._drawing_took_s = 0.0, monotonic(), SUPPOSED_S
        self._read_s = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    @property
    def snapshot(self) -> Snapshot:
        """The run as it stands, as far as it was read."""
        return self.builder.snapshot

    def look_again(self) -> None:
        """See how the run stands now: its guardian may have acted since it was over.

        Raises:
            RefusedError: there is no journal any more.
        """
        self.status_report = status_report(self.folder)

    def stop(self) -> None:
        """Do not read any more."""
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
            self.stop()  # or it would be told thirty times a second
            raise

    def _follow(self) -> None:
        began_s = monotonic()
        came, is_all = self._read()
        self._read_s += monotonic() - began_s
        quiet = is_all and not came and self._is_over()
        self._is_news |= came
        share = SHARE_OF_DRAWING if is_all else SHARE_WHILE_CATCHING_UP
        rested_s = monotonic() - self._drew_s
        may_draw = self.builder.state.has_begun and not self._is_drawing()
        if self._is_news and (quiet or (may_draw and rested_s > self._drawing_took_s / share)):
            self._draw()
        if quiet and not self._is_drawing():
            self.stop()
            self.is_over = True
            self.over.emit()

    def _draw(self) -> None:
        """Have it drawn, and see how long the event loop is busy with that."""
        self._is_news = False
        self._drew_s, self._read_s = monotonic(), 0.0
        self.changed.emit()
        QTimer.singleShot(0, self._has_drawn)

    def _has_drawn(self) -> None:
        if self._is_drawing():
            QTimer.singleShot(LOOK_AGAIN_MS, self._has_drawn)
        else:
            self._drawing_took_s = monotonic() - self._drew_s - self._read_s

    def _read(self) -> tuple[bool, bool]:
        """Read for as long as the budget lasts: whether anything came, and whether that was all there is."""
        end_s = monotonic() + (BUDGET_WHILE_DRAWING_S if self._is_drawing() else BUDGET_S)
        came, is_all, lines = False, True, self._next()
        while lines:
            is_all = monotonic() < end_s
            more = self._next(len(lines)) if is_all else []
            self.builder.take(lines, is_drawn=not more)
            came, lines = True, more
        return came, is_all

    def _next(self, held: int = 0) -> list[Line]:
        """Lines that may be read at once, after ``held`` that are not understood yet."""
        most = AT_ONCE if self.until is None else min(AT_ONCE, self.until - self.builder.lines - held)
        return self._follower.lines(most) if most > 0 else []

    def _is_over(self) -> bool:
        if self.until is not None:
            return False
        now_s = monotonic()
        if self.builder.state.ended is None and now_s - self._looked_s < LOOK_EVERY_S:
            return False
        self._looked_s = now_s
        self.status_report = status_report(self.folder)
        return self.status_report.is_over
