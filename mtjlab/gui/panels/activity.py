"""A line that shows the current activity while the views have nothing to show yet."""

from collections.abc import Callable
from time import monotonic

from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QSizePolicy

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.gui.look.label import Label
from mtjlab.gui.run.snapshot import Snapshot

LOOK_MS = 250


class ActivityLine(Label):
    """Shows the text of ``activity``, polled regularly, and for how long; hidden while it is empty."""

    def __init__(self, activity: Callable[[], str]) -> None:
        super().__init__()
        self._activity, self._what, self._since_s = activity, "", 0.0
        self.setProperty("role", "activity")
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_MS)
        self.hide()

    def look(self) -> None:
        """Update the text."""
        what = self._activity()
        if what != self._what:
            self._what, self._since_s = what, monotonic()
        self.setVisible(bool(what))
        if what:
            self.setText(f"{what} ... {monotonic() - self._since_s:.0f} s")

    def end(self) -> None:
        """Stop polling."""
        self._timer.stop()


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
