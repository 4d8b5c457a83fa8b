"""The run that is shown: followed while it goes on, and any of its steps on demand."""

from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from mtjlab.errors import RefusedError
from mtjlab.gui.following import Following
from mtjlab.gui.moment import Moment
from mtjlab.run_status import Standing

PLAY_MS = 150


class Stage(QObject):
    """Holds one run; ``shown`` gives the moment that is to be drawn, None for none, ``failed`` what went wrong."""

    shown = pyqtSignal(object)
    over = pyqtSignal()
    failed = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.following: Following | None = None
        self.step: int | None = None
        self._player = QTimer(self)
        self._player.setInterval(PLAY_MS)
        self._player.timeout.connect(self._play_on)

    @property
    def folder(self) -> Path | None:
        """Folder of the run."""
        return self.following.folder if self.following else None

    @property
    def standing(self) -> Standing | None:
        """How the run stands, as far as that was looked at."""
        return self.following.standing if self.following else None

    @property
    def last_step(self) -> int:
        """The step to which the run has come."""
        return self.following.record.state.step if self.following else 0

    @property
    def is_playing(self) -> bool:
        """Whether steps are shown one after another."""
        return self._player.isActive()

    def open(self, folder: Path) -> None:
        """Show the run in ``folder`` in place of the one before."""
        self.close()
        try:
            self.following = Following(folder, self)
        except RefusedError as error:
            self.failed.emit(str(error))
            return
        self.following.changed.connect(self._on_news)
        self.following.over.connect(self._on_over)
        self.following.lost.connect(self.failed)

    def close(self) -> None:
        """Show nothing."""
        self._player.stop()
        if self.following:
            self.following.stop()
            self.following.deleteLater()
        self.following, self.step = None, None
        self.shown.emit(None)

    def show_step(self, step: int | None) -> None:
        """Show the run after ``step`` steps; None for how it stands now, and as it goes on."""
        self.step = None if step is not None and step >= self.last_step else step
        self._show()

    def play(self, is_playing: bool) -> None:
        """Show steps one after another, from the first if the last is shown; or stay where this is."""
        if is_playing:
            if self.step is None:
                self.show_step(0)
            self._player.start()
        else:
            self._player.stop()

    def _play_on(self) -> None:
        if self.step is None:
            self._player.stop()
        else:
            self.show_step(self.step + 1)

    def _on_news(self) -> None:
        if self.step is None:
            self._show()

    def _on_over(self) -> None:
        self._on_news()
        self.over.emit()

    def _show(self) -> None:
        if self.following is None:
            return
        try:
            self.shown.emit(self._moment(self.following))
        except RefusedError as error:
            self.failed.emit(str(error))

    def _moment(self, following: Following) -> Moment:
        return following.moment if self.step is None else following.record.at_step(self.step)
