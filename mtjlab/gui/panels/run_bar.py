"""The lines above the views: the run shown, its status, progress, replay slider and stop button.

Nothing in them moves while a run starts, lasts and ends: what is not needed is hidden in its place.
"""

from contextlib import suppress

from PyQt5.QtCore import QPoint, Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSlider, QToolButton, QVBoxLayout, QWidget

from mtjlab.errors import RefusedError
from mtjlab.gui.look.flow import FlowLayout
from mtjlab.gui.look.formatting import duration
from mtjlab.gui.look.label import FAINT, Chip, ElidedLabel, Label, OpenedLabel, tooltip
from mtjlab.gui.look.steady import ignore_text, keep_place, keep_width
from mtjlab.gui.look.text_size import LARGE_PT, embolden, keep_points
from mtjlab.gui.look.theme import ON_REAL, ON_SIMULATED, REAL, SIMULATED, Theme
from mtjlab.gui.run.playback import Playback
from mtjlab.gui.run.run_follower import RunFollower
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.store import run_id

PROGRESS_PX = 90, 24
SLIDER_PX, ABOUT_PX = 80, 40
REFERENCES = "references"
"""Shown while references are measured."""
NO_RUN, NO_RUN_HELP = "No run open", "Start a run, or open one from the list of runs."
NEW_RUN, STARTING = "New run", "starting"
RUN_TEXTS = (NO_RUN, "2026-11-23/0001-classify")
STATUS_TEXTS = tuple(
    f" {status} " for status in ("running", "finished", "stopped", "failed", "crashed", "damaged", "unknown", STARTING)
)
KIND_TEXTS = SIMULATED_TEXT, REAL_TEXT = " SIMULATED ", " REAL BENCH "
STEP_TEXT, LEFT_TEXTS = "training step 100 of 100", ("23 h 59 min left", "suspended")
"""Texts that set the widths."""


class RunBar(QWidget):
    """Status of the run. ``stop_asked`` is True for a stop that does not wait for the next safe point.

    ``menu_asked`` gives the place for a menu of actions on the run, ``reason_opened`` its name, and the whole reason of
    its status when that is clicked.
    """

    stop_asked = pyqtSignal(bool)
    menu_asked = pyqtSignal(QPoint)
    reason_opened = pyqtSignal(str, str)

    def __init__(self, playback: Playback, theme: Theme, danger: QWidget) -> None:
        """``danger`` shows dangers, before the reason of the status."""
        super().__init__()
        self._playback = playback
        self._theme = theme
        self._starting = ""
        self._is_stop_requested = self._has_kind = False
        self._share = 0.0
        self.so_far = ""
        """How much of a run without steps is done, such as "37 of 160 curves"."""
        self.run = keep_width(ElidedLabel(), *RUN_TEXTS)
        self.kind, self.status = keep_width(Chip(), *KIND_TEXTS), keep_width(Chip(), *STATUS_TEXTS)
        self.why = OpenedLabel(elide=Qt.TextElideMode.ElideMiddle)
        ignore_text(self.why)
        self.about = ElidedLabel(min_px=ABOUT_PX)
        self.about.setForegroundRole(FAINT)
        self.run_menu = QToolButton()
        self.run_menu.setText("Run ▾")
        self.run_menu.setToolTip("Resume, repeat, compare, export, ... this run")
        self.play = QToolButton()
        self.play.setText("▶")
        self.play.setCheckable(True)
        self.play.setToolTip("Replay the training steps or events")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setMinimumWidth(SLIDER_PX)
        self.slider.setToolTip("Training step or event shown; at the right end the current state of the run")
        self.step = keep_width(ElidedLabel(), STEP_TEXT)
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.setFixedSize(*PROGRESS_PX)
        self.progress.setFormat("%p %")
        self.left = keep_width(Label(), *LEFT_TEXTS)
        self.stop = keep_width(QPushButton("Stop"), "Stop", "Stop now")
        self._lay_out(danger)
        self.play.toggled.connect(playback.play)
        self.run_menu.clicked.connect(self._ask_for_menu)
        self.slider.valueChanged.connect(self._slide)
        self.why.opened.connect(lambda: self.reason_opened.emit(self.run.text(), self.why.text()))
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

    def show_starting(self, title: str) -> None:
        """Show that the run ``title`` was requested and has nothing to show yet; empty if there is none."""
        if title != self._starting:
            self._starting = title
            self._update_status()

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show the run at ``snapshot``; None before anything of it has been read."""
        started = snapshot.state.started if snapshot else None
        self._has_kind = started is not None
        self.run_menu.setEnabled(started is not None)
        if snapshot is None:
            self._is_stop_requested = False
            self._share, self.so_far = 0.0, ""
            self.step.setText("")
            self.slider.setEnabled(False)
            self.play.setEnabled(False)
        self.about.setText("")
        if started is not None:
            chip, letters = (SIMULATED, ON_SIMULATED) if started.bench.simulated else (REAL, ON_REAL)
            self.kind.setText(SIMULATED_TEXT if started.bench.simulated else REAL_TEXT)
            self.kind.show_in(chip, letters=letters)
            self.about.setText(", ".join(filter(None, [started.bench.name, started.data, f"seed {started.seed}"])))
            self.about.setToolTip(tooltip(self.about.text()))
        if snapshot is not None:
            self._update_step(snapshot)
        self._update_status()

    def show_stop_requested(self) -> None:
        """Show that a stop was requested."""
        self._is_stop_requested = True
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
        place = (
            f"event {snapshot.lines} of {last}" if steps is None else f"training step {snapshot.learnt.step} of {steps}"
        )
        so_far = REFERENCES if snapshot.awaits_references and ended is None else snapshot.progress_text
        self.so_far = so_far if is_partial and steps is None else ""
        self.step.setText(place)
        self._share = snapshot.pace.share if snapshot.pace else 0.0
        self.progress.setValue(round(100 * self._share))
        remaining_s = snapshot.pace.remaining_s if snapshot.pace else None
        self.left.setText(
            "suspended" if snapshot.state.suspended else f"{duration(remaining_s)} left" if remaining_s else ""
        )

    def _update_status(self) -> None:
        follower = self._playback.follower
        is_old = bool(self._starting)
        is_over = follower is None or follower.has_ended
        is_training = follower is not None and follower.snapshot.info.steps is not None
        for part in (self.left, self.stop):
            part.setVisible(not is_over and not is_old)
        self.progress.setVisible(not is_over and not is_old and self._share > 0)
        for part in (self.play, self.slider):
            part.setVisible(not is_old and (is_training or (follower is not None and is_over)))
        self.step.setVisible(follower is not None and not is_old)
        self.stop.setText("Stop now" if self._is_stop_requested else "Stop")
        self.stop.setToolTip(
            "Stop without waiting for the next safe point"
            if self._is_stop_requested
            else "Stop at the next safe point, all sources at zero"
        )
        self._show_status(follower)

    def _show_status(self, follower: RunFollower | None) -> None:
        """Name of the run, its status as a word, and the reason."""
        if self._starting:
            name, status, why, colour = NEW_RUN, STARTING, f"Starting {self._starting} ...", self._theme.accent
        elif follower is None:
            name, status, why, colour = NO_RUN, "", NO_RUN_HELP, self._theme.faint
        else:
            name, status = run_id(follower.folder), follower.status
            why = " · ".join(filter(None, [self.so_far, self._status_text(follower)]))
            colour = self._theme.of_status(follower.status)
        self.run.setText(name)
        self.status.setVisible(bool(status))
        self.status.setText(f" {status} ")
        self.status.show_in(self._theme.background(colour, 0.35), frame=colour)
        self.why.setText(why)
        self.why.has_more = bool(why)
        for part in (self.status, self.why):
            part.setToolTip(tooltip(why))
        self.about.setVisible(not self._starting)
        self.kind.setVisible(not self._starting and self._has_kind)

    def _status_text(self, follower: RunFollower) -> str:
        """Reason of the status, and the state of the sources."""
        state = follower.builder.state
        if follower.is_over or follower.status_report.is_over:
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

    def _lay_out(self, danger: QWidget) -> None:
        for part in (self.run, self.status):
            keep_points(part, LARGE_PT, is_bold=True)
        for part in (self.step, self.left):
            embolden(part)
        self.slider.setSizePolicy(self.slider.sizePolicy().Expanding, self.slider.sizePolicy().Fixed)
        line = FlowLayout(spacing=9)
        for part in (self.run, self.run_menu, self.status, self.kind, self.about, self.play, self.slider, self.step):
            line.addWidget(part)
        line.addWidget(self.stop)
        reasons = QHBoxLayout()
        reasons.addWidget(danger, stretch=3)
        reasons.addWidget(self.why, stretch=2)
        for part in (self.progress, self.left):  # on a laptop's screen the line above has no room for them
            reasons.addWidget(part)
        hidden_at_times = (self.status, self.kind, self.about, self.play, self.slider, self.step, self.stop)
        for part in (*hidden_at_times, self.progress, self.left):
            keep_place(part)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 6, 10, 4)
        box.setSpacing(4)
        box.addLayout(line)
        box.addLayout(reasons)
