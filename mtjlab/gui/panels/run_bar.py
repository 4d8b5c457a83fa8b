"""The line above the views: which run they show, how it stands, how far it is, and what can be done with it."""

from contextlib import suppress

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QProgressBar, QPushButton, QSizePolicy, QSlider, QToolButton, QVBoxLayout, QWidget

from mtjlab.errors import RefusedError
from mtjlab.gui.look.flow import FlowLayout
from mtjlab.gui.look.label import ElidedLabel, Label, bold, tooltip
from mtjlab.gui.look.theme import ON_REAL, ON_SIMULATED, REAL, SIMULATED, Theme
from mtjlab.gui.look.words import duration
from mtjlab.gui.run.playback import Playback
from mtjlab.gui.run.run_follower import RunFollower
from mtjlab.gui.run.snapshot import Snapshot

HEIGHT_PX = 44
PROGRESS_PX = 170, 26
ABOUT_PX = 120
REFERENCES = "references"
"""What is measured first; shorter than what takes its place, so that nothing moves."""
MOST_LETTERS = 350
"""Of a reason; how the sources were left is shown whole."""


class RunBar(QWidget):
    """``stop_asked`` says whether the run shall not even wait for its next safe point."""

    stop_asked = pyqtSignal(bool)

    def __init__(self, playback: Playback, theme: Theme) -> None:
        super().__init__()
        self._playback = playback
        self._theme = theme
        self._has_asked = False
        self._share = 0.0
        self.run = Label("no run is shown: start one, or open one from the list of runs")
        self.kind = Label()
        self.status, self.why = Label(), Label()
        self.why.setWordWrap(True)
        self.why.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.about = ElidedLabel(least_px=ABOUT_PX)
        self.about.setProperty("role", "faint")
        self.play = QToolButton()
        self.play.setText("▶")
        self.play.setCheckable(True)
        self.play.setToolTip("Show the steps or events one after another")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setMinimumWidth(160)
        self.slider.setToolTip("Training step or event that is shown; at its right end the run as it stands now")
        self.step = Label()
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.setFixedSize(*PROGRESS_PX)
        self.progress.setFormat("%p %")
        self.left = Label()
        self.stop = QPushButton("Stop")
        self._lay_out()
        self.play.toggled.connect(playback.play)
        self.slider.valueChanged.connect(self._slide)
        self.stop.clicked.connect(lambda: self.stop_asked.emit(self._has_asked))
        playback.shown.connect(self.show_snapshot)
        playback.over.connect(self._say_standing)
        self.show_snapshot(None)

    def dress(self, theme: Theme) -> None:
        """Take on the colours of ``theme``."""
        self._theme = theme
        self._say_standing()

    def look_again(self) -> None:
        """Of a run that is over its guardian may tell later how it left its sources."""
        follower = self._playback.follower
        if follower is not None and follower.is_over:
            with suppress(RefusedError):  # what was known of a folder that is gone stays
                follower.look_again()
            self._say_standing()

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Tell of the run at ``snapshot``."""
        if snapshot is None:
            self._has_asked = False
        for part in (self.kind, self.status, self.about):
            part.setVisible(snapshot is not None)
        if snapshot is None:
            self.run.setText("no run is shown: start one, or open one from the list of runs")
            self._say_standing()
            return
        self.run.setText(bold(snapshot.info.run_id))
        if started := snapshot.state.started:
            chip, letters = (SIMULATED, ON_SIMULATED) if started.bench.simulated else (REAL, ON_REAL)
            self.kind.setText(" SIMULATED " if started.bench.simulated else " REAL BENCH ")
            self.kind.setStyleSheet(f"background: {chip}; color: {letters}; font-weight: bold; border-radius: 4px;")
            self.about.setText(", ".join(filter(None, [started.bench.name, started.data, f"seed {started.seed}"])))
        self._say_step(snapshot)
        self._say_standing()

    def _say_step(self, snapshot: Snapshot) -> None:
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
        is_how_far = self._playback.place is None and (ended is None or ended.status != "finished")
        place = f"event {snapshot.lines} of {last}" if steps is None else f"step {snapshot.learnt.step} of {steps}"
        so_far = REFERENCES if snapshot.awaits_references and ended is None else snapshot.progress_text
        self.step.setText(so_far if so_far and is_how_far and steps is None else place)
        self._share = snapshot.pace.share if snapshot.pace else 0.0
        self.progress.setValue(round(100 * self._share))
        remaining_s = snapshot.pace.remaining_s if snapshot.pace else None
        self.left.setText(
            "suspended" if snapshot.state.suspended else f"{duration(remaining_s)} left" if remaining_s else ""
        )

    def _say_standing(self) -> None:
        follower = self._playback.follower
        is_over = follower is None or follower.is_over or follower.builder.state.ended is not None
        for part in (self.left, self.stop):
            part.setVisible(not is_over)
        is_training = follower is not None and follower.snapshot.info.steps is not None
        self.progress.setVisible(not is_over and self._share > 0)
        for part in (self.play, self.slider):
            part.setVisible(is_training or (follower is not None and is_over))
        self.step.setVisible(follower is not None)
        self.stop.setText("Stop now" if self._has_asked else "Stop")
        self.stop.setToolTip(
            "Do not wait for the next safe point" if self._has_asked else "End at the next safe point, sources at zero"
        )
        if follower is None:
            self.why.hide()
            return
        ended = follower.builder.state.ended
        status = ended.status if ended else follower.status_report.status if follower.is_over else "running"
        why = self._told(follower)
        self.status.setText(f" {status} ")
        self.why.setText(follower.status_report.shortened(MOST_LETTERS) if follower.is_over else _beginning(why))
        self.why.setVisible(bool(why))
        for part in (self.status, self.why):
            part.setToolTip(tooltip(why))
        colour = self._theme.of_status(status)
        self.status.setStyleSheet(f"background: {self._theme.ground(colour, 0.35)}; border: 2px solid {colour};")

    def _told(self, follower: RunFollower) -> str:
        """Why the run stands as it does, and how it left its sources."""
        state = follower.builder.state
        if follower.is_over:
            return follower.status_report.sentence
        if state.ended:
            return state.ended.reason
        if self._has_asked:
            return "asked to stop"
        return f"suspended: {state.suspended.why}" if state.suspended else follower.status_report.why

    def _slide(self, step: int) -> None:
        self._playback.play(False)
        self._playback.show_place(step)

    def say_asked(self) -> None:
        """The run that is shown was asked to stop."""
        self._has_asked = True
        self._say_standing()

    def _lay_out(self) -> None:
        self.setMinimumHeight(HEIGHT_PX)
        for part in (self.run, self.status, self.step, self.left):
            part.setProperty("role", "large")
        self.slider.setSizePolicy(self.slider.sizePolicy().Expanding, self.slider.sizePolicy().Fixed)
        line = FlowLayout(spacing=10)
        for part in (self.run, self.status, self.kind, self.about):
            line.addWidget(part)
        for part in (self.play, self.slider, self.step, self.progress, self.left, self.stop):
            line.addWidget(part)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 4, 10, 4)
        box.setSpacing(4)
        box.addLayout(line)
        box.addWidget(self.why)


def _beginning(sentence: str) -> str:
    """A sentence that would bury what the window is for, without its end; the tooltip has all of it."""
    return sentence if len(sentence) <= MOST_LETTERS else f"{sentence[:MOST_LETTERS]} …"
