"""The run shown in the window: followed while it lasts, and replayed from any place in the same views."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from mtjlab.errors import RefusedError
from mtjlab.gui.activity import Activity
from mtjlab.gui.run.run_follower import RunFollower
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.run_status import StatusReport
from mtjlab.store import run_id

PLAY_MS = 150
PLAYED_PLACES = 150
"""Number of places shown when a run without training steps is played from start to end."""


class Playback(QObject):
    """Holds one run. ``shown`` emits the snapshot to draw, None while there is none; ``failed`` emits an error message.

    A place is a completed step of a training; in any other run it is a line of the journal.
    """

    shown = pyqtSignal(object)
    over = pyqtSignal()
    failed = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None, is_drawing: Callable[[], bool] = lambda: False) -> None:
        super().__init__(parent)
        self._is_drawing = is_drawing
        self.follower: RunFollower | None = None
        self.place: int | None = None
        self._replay: RunFollower | None = None
        self._player = QTimer(self)
        self._player.setInterval(PLAY_MS)
        self._player.timeout.connect(self._play_next)

    @property
    def folder(self) -> Path | None:
        """Folder of the run."""
        return self.follower.folder if self.follower else None

    @property
    def status_report(self) -> StatusReport | None:
        """Status of the run when it was last read."""
        return self.follower.status_report if self.follower else None

    @property
    def has_steps(self) -> bool:
        """Whether it is a training."""
        return self.follower is not None and self.follower.snapshot.info.steps is not None

    @property
    def last_step(self) -> int:
        """Number of training steps completed."""
        return self.follower.builder.learnt.step if self.follower else 0

    @property
    def last_place(self) -> int:
        """Last place of the run so far."""
        if self.has_steps or self.follower is None:
            return self.last_step
        return self.follower.builder.lines

    @property
    def activities(self) -> tuple[Activity, ...]:
        """Reading of the run, until the views show all of it."""
        if self.follower is None or (share := self.follower.share_read) is None:
            return ()
        return (Activity(f"Reading {run_id(self.follower.folder)}", share=share, cancel=self.close),)

    @property
    def is_playing(self) -> bool:
        """Whether the run is being played."""
        return self._player.isActive()

    def open(self, folder: Path) -> None:
        """Show the run in ``folder`` instead of the previous one."""
        self._drop()
        try:
            self.follower = RunFollower(folder, self, is_drawing=self._is_drawing)
        except RefusedError as error:
            self.shown.emit(None)
            self.failed.emit(str(error))
            return
        self.follower.changed.connect(self._on_change)
        self.follower.over.connect(self._on_over)
        self.follower.lost.connect(self.failed)
        self.shown.emit(None)

    def close(self) -> None:
        """Show no run."""
        self._drop()
        self.shown.emit(None)

    def _drop(self) -> None:
        """Stop reading the run."""
        self._player.stop()
        self._end_replay()
        if self.follower:
            self.follower.stop()
            self.follower.deleteLater()
        self.follower, self.place = None, None

    def show_place(self, place: int | None) -> None:
        """Show the run at ``place``; None to follow it live."""
        self.place = None if place is not None and place >= self.last_place else place
        if self.place is None:
            self._end_replay()
        elif not self.has_steps:
            self._replay_to(self.place)
            return
        self._show()

    def move(self, by: int) -> None:
        """Move by a number of places, forward or back."""
        now = self.last_place if self.place is None else self.place
        self.show_place(max(0, now + by))

    def play(self, is_playing: bool) -> None:
        """Play the run, from the start if it is followed live; or pause at the present place."""
        if is_playing:
            if self.place is None:
                self.show_place(0)
            self._player.start()
        else:
            self._player.stop()

    def _play_next(self) -> None:
        if self.place is None:
            self._player.stop()
        else:
            self.show_place(self.place + (1 if self.has_steps else max(1, self.last_place // PLAYED_PLACES)))

    def _replay_to(self, line: int) -> None:
        """Read a run without steps up to ``line``: from where the replay is, or from the start to go back."""
        if self.follower is None:
            return
        if self._replay is None or self._replay.builder.lines > line:
            self._end_replay()
            self._replay = RunFollower(self.follower.folder, self, line, self._is_drawing)
            self._replay.changed.connect(self._show)
            self._replay.lost.connect(self.failed)
        self._replay.until = line
        if line == 0:
            self._show()

    def _end_replay(self) -> None:
        if self._replay:
            self._replay.stop()
            self._replay.deleteLater()
        self._replay = None

    def _on_change(self) -> None:
        if self.place is None:
            self._show()

    def _on_over(self) -> None:
        self._on_change()
        self.over.emit()

    def _show(self) -> None:
        if self.follower is None:
            return
        try:
            self.shown.emit(self._snapshot(self.follower))
        except RefusedError as error:
            self.failed.emit(str(error))

    def _snapshot(self, follower: RunFollower) -> Snapshot:
        if self.place is None:
            return replace(follower.snapshot, is_now=not follower.has_ended and follower.share_read is None)
        then = self._replay.snapshot if self._replay else follower.builder.at_step(self.place)
        return replace(then, is_now=False)
