"""Whether the sources are at zero after an emergency stop or a crash; reported as soon as it is known."""

from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from mtjlab.errors import RefusedError
from mtjlab.run_status import StatusReport, status_report
from mtjlab.store import heartbeat_age_s, run_id

LOOK_MS = 250
PATIENCE_S = 10.0
"""An engine, and after it its guardian, need a few seconds at most."""
JUST_NOW_S = 60.0
FAILED = ("failed", "crashed", "damaged")
"""Status of a run that nobody has ended on purpose."""
CHECK_BY_HAND = "Check the instruments, and switch the sources off by hand if they are on."


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended, in words; whether outputs may be on, and whether it failed."""

    text: str
    may_be_on: bool = False
    has_failed: bool = False


class OutcomeMonitor(QObject):
    """Watches runs that are about to end.

    ``known`` gives the outcome of one, and its folder.
    """

    known = pyqtSignal(object, Path)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._since_s: dict[Path, float] = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def watch(self, folder: Path) -> None:
        """Report the outcome of the run in ``folder`` once it is known, at the latest after ``PATIENCE_S``."""
        self._since_s.setdefault(folder, monotonic())
        self._timer.start(LOOK_MS)

    def watch_if_just_ended(self, folder: Path) -> None:
        """Do the same, unless the run ended long ago."""
        if has_just_ended(folder):
            self.watch(folder)

    def _look(self) -> None:
        for folder, since_s in list(self._since_s.items()):
            result = outcome(folder, is_patient=monotonic() - since_s <= PATIENCE_S)
            if result is not None:
                del self._since_s[folder]
                self.known.emit(result, folder)
        if not self._since_s:
            self._timer.stop()


def has_just_ended(folder: Path) -> bool:
    """Whether the last heartbeat of the run in ``folder`` is less than ``JUST_NOW_S`` old."""
    beat_s = heartbeat_age_s(folder)
    return beat_s is not None and abs(beat_s) < JUST_NOW_S


def outcome(folder: Path, is_patient: bool = True) -> Outcome | None:
    """Outcome of a run that had to end; None while it is not known yet."""
    try:
        status = status_report(folder)
    except RefusedError as error:
        return Outcome(f"{error} {CHECK_BY_HAND}", may_be_on=True)
    if is_patient and not _is_settled(status):
        return None
    text = f"{run_id(folder)}: {status.sentence}"
    if not status.is_over:
        return Outcome(f"{text}, and did not end. {CHECK_BY_HAND}", may_be_on=True)
    return Outcome(text, status.may_be_on, has_failed=status.status in FAILED)


def _is_settled(status: StatusReport) -> bool:
    return status.is_over and (status.sources is None or status.sources.is_settled)
