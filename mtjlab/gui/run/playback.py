"""The run that is shown: followed while it goes on, and any part of it on demand, in the very same views."""

from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from mtjlab.errors import RefusedError
from mtjlab.gui.run.run_follower import RunFollower
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.run_status import StatusReport

PLAY_MS = 150
FILM_PLACES = 150
"""Places at which a run without steps is shown while it is played."""


class Playback(QObject):
    """Holds one run; ``shown`` gives the snapshot that is to be drawn, None for none, ``failed`` what went wrong.

    A place in a training is a step that is complete, in any other run a line of its journal.
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
        self._player.timeout.connect(self._play_on)

    @property
    def folder(self) -> Path | None:
        """Folder of the run."""
        return self.follower.folder if self.follower else None

    @property
    def status_report(self) -> StatusReport | None:
        """How the run stands, as far as that was looked at."""
        return self.follower.status_report if self.follower else None

    @property
    def has_steps(self) -> bool:
        """Whether it is a training."""
        return self.follower is not None and self.follower.snapshot.info.steps is not None

    @property
    def last_step(self) -> int:
        """The step to which a training has come."""
        return self.follower.builder.learnt.step if self.follower else 0

    @property
    def last_place(self) -> int:
        """The place to which the run has come."""
        if self.has_steps or self.follower is None:
            return self.last_step
        return self.follower.builder.lines

    @property
    def is_playing(self) -> bool:
        """Whether places are shown one after another."""
        return self._player.isActive()

    def open(self, folder: Path) -> None:
        """Show the run in ``folder`` in place of the one before."""
        self.close()
        try:
            self.follower = RunFollower(folder, self, is_drawing=self._is_drawing)
        except RefusedError as error:
            self.failed.emit(str(error))
            return
        self.follower.changed.connect(self._on_news)
        self.follower.over.connect(self._on_over)
        self.follower.lost.connect(self.failed)

    def close(self) -> None:
        """Show nothing."""
        self._player.stop()
        self._end_replay()
        if self.follower:
            self.follower.stop()
            self.follower.deleteLater()
        self.follower, self.place = None, None
        self.shown.emit(None)

    def show_place(self, place: int | None) -> None:
        """Show the run as it stood there; None for how it stands now, and as it goes on."""
        self.place = None if place is not None and place >= self.last_place else place
        if self.place is None:
            self._end_replay()
        elif not self.has_steps:
            self._read_again(self.place)
            return
        self._show()

    def move(self, by: int) -> None:
        """Show a place so many after the one that is shown, or before it."""
        now = self.last_place if self.place is None else self.place
        self.show_place(max(0, now + by))

    def play(self, is_playing: bool) -> None:
        """Show places one after another, from the first if the last is shown; or stay where this is."""
        if is_playing:
            if self.place is None:
                self.show_place(0)
            self._player.start()
        else:
            self._player.stop()

    def _play_on(self) -> None:
        if self.place is None:
            self._player.stop()
        else:
            self.show_place(self.place + (1 if self.has_steps else max(1, self.last_place // FILM_PLACES)))

    def _read_again(self, line: int) -> None:
        """What a run without steps was like is read again up to there: on from where this has come, or anew."""
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

    def _on_news(self) -> None:
        if self.place is None:
            self._show()

    def _on_over(self) -> None:
        self._on_news()
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
            return follower.snapshot
        return self._replay.snapshot if self._replay else follower.builder.at_step(self.place)
