"""The line above the views: the run shown, its status, progress, replay slider and stop button."""

from contextlib import suppress

from PyQt5.QtCore import QPoint, Qt, pyqtSignal
from PyQt5.QtWidgets import QProgressBar, QPushButton, QSizePolicy, QSlider, QToolButton, QVBoxLayout, QWidget

from mtjlab.errors import RefusedError
from mtjlab.gui.look.flow import FlowLayout
from mtjlab.gui.look.formatting import duration
from mtjlab.gui.look.label import ElidedLabel, Label, bold, tooltip
from mtjlab.gui.look.theme import ON_REAL, ON_SIMULATED, REAL, SIMULATED, Theme
from mtjlab.gui.run.playback import Playback
from mtjlab.gui.run.run_follower import RunFollower
from mtjlab.gui.run.snapshot import Snapshot

HEIGHT_PX = 44
PROGRESS_PX = 170, 26
ABOUT_PX = 120
REFERENCES = "references"
"""Shown while references are measured; shorter than the step text, so that the layout does not move."""
MOST_LETTERS = 350
"""Limit for a reason; the state of the sources is always shown in full."""


class RunBar(QWidget):
    """Status of the run. ``stop_asked`` is True for a stop that does not wait for the next safe point.

    ``menu_asked`` gives the place for a menu of actions on the run.
    """

    stop_asked = pyqtSignal(bool)
    menu_asked = pyqtSignal(QPoint)

    def __init__(self, playback: Playback, theme: Theme) -> None:
        super().__init__()
        self._playback = playback
        self._theme = theme
        self._is_stop_requested = False
        self._share = 0.0
        self.run = Label("No run open. Start one, or open one from the list of runs.")
        self.kind = Label()
        self.status, self.why = Label(), Label()
        self.why.setWordWrap(True)
        self.why.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.about = ElidedLabel(min_px=ABOUT_PX)
        self.about.setProperty("role", "faint")
        self.run_menu = QToolButton()
        self.run_menu.setText("Run ▾")
        self.run_menu.setToolTip("Resume, repeat, compare, export, ... this run")
        self.play = QToolButton()
        self.play.setText("▶")
        self.play.setCheckable(True)
        self.play.setToolTip("Replay the steps or events")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setMinimumWidth(160)
        self.slider.setToolTip("Training step or event shown; at the right end the current state of the run")
        self.step = Label()
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.setFixedSize(*PROGRESS_PX)
        self.progress.setFormat("%p %")
        self.left = Label()
        self.stop = QPushButton("Stop")
        self._lay_out()
        self.play.toggled.connect(playback.play)
        self.run_menu.clicked.connect(self._ask_for_menu)
        self.slider.valueChanged.connect(self._slide)
        self.stop.clicked.connect(lambda: self.stop_asked.emit(self._is_stop_requested))
        playback.shown.connect(self.show_snapshot)
        playback.over.connect(self._update_status)
        self.show_snapshot(None)

    def apply_theme(self, theme: Theme) -> None:
        """Switch to the colours of ``theme``."""
        self._theme = theme
        self._update_status()

    def look_again(self) -> None:
        """Update the status of a run that is over: its guardian may report the sources later."""
        follower = self._playback.follower
        if follower is not None and follower.is_over:
            with suppress(RefusedError):  # the folder is gone: keep the last status
                follower.refresh_status()
            self._update_status()

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show the run at ``snapshot``."""
        if snapshot is None:
            self._is_stop_requested = False
        for part in (self.kind, self.status, self.about, self.run_menu):
            part.setVisible(snapshot is not None)
        if snapshot is None:
            self.run.setText("No run open. Start one, or open one from the list of runs.")
            self._update_status()
            return
        self.run.setText(bold(snapshot.info.run_id))
        if started := snapshot.state.started:
            chip, letters = (SIMULATED, ON_SIMULATED) if started.bench.simulated else (REAL, ON_REAL)
            self.kind.setText(" SIMULATED " if started.bench.simulated else " REAL BENCH ")
            self.kind.setStyleSheet(f"background: {chip}; color: {letters}; font-weight: bold; border-radius: 4px;")
            self.about.setText(", ".join(filter(None, [started.bench.name, started.data, f"seed {started.seed}"])))
        self._update_step(snapshot)
        self._update_status()

    def _update_step(self, snapshot: Snapshot) -> None:
        last, steps = self._playback.last_place, snapshot.info.steps
        self.slider.blockSignals(True)
        self.slider.setRange(0, last)
        self.slider.setValue(last if self._playback.place is None else self._playback.place)
        self.slider.blockSignals(False)
        self.slider.setEnabled(last > 0)
        self.play.setEnabled(last > 0)
        self.play.blockSignals(True)
        self.play.setChecked(self._playback.is_playing and self._playback.place is not None)
        self.play.blockSignals(False)
        ended = snapshot.state.ended
        is_partial = self._playback.place is None and (ended is None or ended.status != "finished")
        place = f"event {snapshot.lines} of {last}" if steps is None else f"step {snapshot.learnt.step} of {steps}"
        so_far = REFERENCES if snapshot.awaits_references and ended is None else snapshot.progress_text
        self.step.setText(so_far if so_far and is_partial and steps is None else place)
        self._share = snapshot.pace.share if snapshot.pace else 0.0
        self.progress.setValue(round(100 * self._share))
        remaining_s = snapshot.pace.remaining_s if snapshot.pace else None
        self.left.setText(
            "suspended" if snapshot.state.suspended else f"{duration(remaining_s)} left" if remaining_s else ""
        )

    def _update_status(self) -> None:
        follower = self._playback.follower
        is_over = follower is None or follower.is_over or follower.builder.state.ended is not None
        for part in (self.left, self.stop):
            part.setVisible(not is_over)
        is_training = follower is not None and follower.snapshot.info.steps is not None
        self.progress.setVisible(not is_over and self._share > 0)
        for part in (self.play, self.slider):
            part.setVisible(is_training or (follower is not None and is_over))
        self.step.setVisible(follower is not None)
        self.stop.setText("Stop now" if self._is_stop_requested else "Stop")
        self.stop.setToolTip(
            "Stop without waiting for the next safe point"
            if self._is_stop_requested
            else "Stop at the next safe point, all sources at zero"
        )
        if follower is None:
            self.why.hide()
            return
        ended = follower.builder.state.ended
        status = ended.status if ended else follower.status_report.status if follower.is_over else "running"
        why = self._status_text(follower)
        self.status.setText(f" {status} ")
        self.why.setText(follower.status_report.shortened(MOST_LETTERS) if follower.is_over else _shortened(why))
        self.why.setVisible(bool(why))
        for part in (self.status, self.why):
            part.setToolTip(tooltip(why))
        colour = self._theme.of_status(status)
        self.status.setStyleSheet(f"background: {self._theme.background(colour, 0.35)}; border: 2px solid {colour};")

    def _status_text(self, follower: RunFollower) -> str:
        """Reason of the status, and the state of the sources."""
        state = follower.builder.state
        if follower.is_over:
            return follower.status_report.sentence
        if state.ended:
            return state.ended.reason
        if self._is_stop_requested:
            return "stop requested"
        return f"suspended: {state.suspended.why}" if state.suspended else follower.status_report.why

    def _ask_for_menu(self) -> None:
        self.menu_asked.emit(self.run_menu.mapToGlobal(self.run_menu.rect().bottomLeft()))

    def _slide(self, step: int) -> None:
        self._playback.play(False)
        self._playback.show_place(step)

    def show_stop_requested(self) -> None:
        """Show that a stop was requested."""
        self._is_stop_requested = True
        self._update_status()

    def _lay_out(self) -> None:
        self.setMinimumHeight(HEIGHT_PX)
        for part in (self.run, self.status, self.step, self.left):
            part.setProperty("role", "large")
        self.slider.setSizePolicy(self.slider.sizePolicy().Expanding, self.slider.sizePolicy().Fixed)
        line = FlowLayout(spacing=10)
        for part in (self.run, self.run_menu, self.status, self.kind, self.about):
            line.addWidget(part)
        for part in (self.play, self.slider, self.step, self.progress, self.left, self.stop):
            line.addWidget(part)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 4, 10, 4)
        box.setSpacing(4)
        box.addLayout(line)
        box.addWidget(self.why)


def _shortened(sentence: str) -> str:
    """``sentence`` cut to MOST_LETTERS; the tooltip shows it in full."""
    return sentence if len(sentence) <= MOST_LETTERS else f"{sentence[:MOST_LETTERS]} …"
