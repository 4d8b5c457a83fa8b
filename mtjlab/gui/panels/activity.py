"""A line that says what is waited for before there is something to show: a window without a word looks dead."""

from collections.abc import Callable
from time import monotonic

from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QSizePolicy

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.gui.look.label import Label
from mtjlab.gui.run.snapshot import Snapshot

LOOK_MS = 250


class ActivityLine(Label):
    """Shows what ``awaited`` tells, looked at again and again; hidden while that is nothing."""

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
        """Say what is waited for now."""
        what = self._activity()
        if what != self._what:
            self._what, self._since_s = what, monotonic()
        self.setVisible(bool(what))
        if what:
            self.setText(f"{what} ... {monotonic() - self._since_s:.0f} s")

    def end(self) -> None:
        """Look no more."""
        self._timer.stop()


def activity_of(snapshot: Snapshot) -> str:
    """What comes next, by the event that came last; empty while a run shows by itself what it does."""
    match snapshot.last:
        case "run-started":
            return _opening(snapshot.info.bench)
        case "bench-connected":
            return "Instruments are open; outputs that were found on are taken to zero, and the field is set"
        case "field-set":
            return "The field is set; instruments are being prepared, then outputs are switched on, at zero"
        case "outputs-on":
            return "Outputs are on, at zero; the first reading is taken"
        case "went-safe":
            return "All sources are at zero; the run is being closed"
        case _:
            return ""


def _opening(bench: BenchConfig | None) -> str:
    if not isinstance(bench, InstrumentBenchConfig):
        return "Preparing the bench"
    parts = [*(f"source {label}" for label in bench.sources), *(f"voltmeter {label}" for label in bench.voltmeters)]
    return f"Opening {', '.join(parts)} of {bench.name}"
