"""A line that shows the work in progress, how far it is, and a button to cancel it."""

from collections.abc import Callable, Sequence
from time import monotonic

from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.gui.activity import Activity
from mtjlab.gui.look.label import ElidedLabel, tooltip
from mtjlab.gui.look.steady import ignore_text, keep_place
from mtjlab.gui.run.snapshot import Snapshot

LOOK_MS = 250
PROGRESS_PX = 90, 16


class ActivityLine(QWidget):
    """Shows the first of the ``activities``, polled regularly, and for how long; its parts never move."""

    def __init__(self, activities: Callable[[], Sequence[Activity]]) -> None:
        super().__init__()
        self._activities = activities
        self._shown: Activity | None = None
        self._since_s = 0.0
        self.label = ElidedLabel(elide=Qt.TextElideMode.ElideMiddle)  # how far it is comes last
        ignore_text(self.label)
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.setTextVisible(False)
        self.progress.setFixedSize(*PROGRESS_PX)
        self.cancel = QToolButton()
        self.cancel.setText("Cancel")
        self.cancel.clicked.connect(self._cancel)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.label, stretch=1)
        for part in (self.progress, self.cancel):
            keep_place(part)
            part.hide()
            box.addWidget(part)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_MS)

    @property
    def text(self) -> str:
        """The text that is shown; empty if nothing is in progress."""
        return self.label.text()

    def look(self) -> None:
        """Update what is shown."""
        activities = self._activities()
        first = activities[0] if activities else None
        if first is None or self._shown is None or first.text != self._shown.text:
            self._since_s = monotonic()
        self._shown = first
        self.progress.setVisible(first is not None and first.share is not None)
        self.cancel.setVisible(first is not None and first.cancel is not None)
        if first is None:
            self.label.clear()
            self.setToolTip("")
            return
        more = f"   (and {len(activities) - 1} more)" if len(activities) > 1 else ""
        self.label.setText(f"{first.sentence} ... {monotonic() - self._since_s:.0f} s{more}")
        self.progress.setValue(round(100 * (first.share or 0.0)))
        self.setToolTip(tooltip("; ".join(each.sentence for each in activities)))

    def end(self) -> None:
        """Stop polling."""
        self._timer.stop()

    def _cancel(self) -> None:
        if self._shown is not None and self._shown.cancel is not None:
            self._shown.cancel()
            self.look()


def activity_of(snapshot: Snapshot) -> str:
    """Current activity by the latest event; empty while the views show it."""
    match snapshot.last:
        case "run-started":
            return _connecting(snapshot.info.bench)
        case "bench-connected":
            return "Instruments connected; ramping outputs found on to zero, setting the field"
        case "field-set":
            return "Field set; preparing instruments, then switching outputs on at zero"
        case "outputs-on":
            return "Outputs on at zero; taking the first reading"
        case "went-safe":
            return "All sources at zero; closing the run"
        case _:
            return ""


def _connecting(bench: BenchConfig | None) -> str:
    if not isinstance(bench, InstrumentBenchConfig):
        return "Preparing the bench"
    parts = [*(f"source {label}" for label in bench.sources), *(f"voltmeter {label}" for label in bench.voltmeters)]
    return f"Connecting {', '.join(parts)} of {bench.name}"
