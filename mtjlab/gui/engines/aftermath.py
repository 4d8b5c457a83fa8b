"""Whether the sources are at zero after an emergency stop, or a run without a last word: told once it is known."""

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
BY_HAND = "Look at the instruments, and switch the sources off by hand if they are on."


class Aftermath(QObject):
    """``told`` gives what became of a run, and whether that is a trouble."""

    told = pyqtSignal(str, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._since_s: dict[Path, float] = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def watch(self, folder: Path) -> None:
        """Tell what becomes of the run in ``folder``, in a while at the latest."""
        self._since_s.setdefault(folder, monotonic())
        self._timer.start(LOOK_MS)

    def watch_if_just_ended(self, folder: Path) -> None:
        """The same, unless it ended long ago."""
        if has_just_ended(folder):
            self.watch(folder)

    def _look(self) -> None:
        for folder, since_s in list(self._since_s.items()):
            known = outcome(folder, is_patient=monotonic() - since_s <= PATIENCE_S)
            if known is not None:
                del self._since_s[folder]
                self.told.emit(*known)
        if not self._since_s:
            self._timer.stop()


def has_just_ended(folder: Path) -> bool:
    """Whether the run in ``folder`` gave a sign of life a short while ago."""
    beat_s = heartbeat_age_s(folder)
    return beat_s is not None and abs(beat_s) < JUST_NOW_S


def outcome(folder: Path, is_patient: bool = True) -> tuple[str, bool] | None:
    """What became of a run that had to end, and whether that is a trouble; None while it is worth waiting."""
    try:
        stands = status_report(folder)
    except RefusedError as error:
        return f"{error} {BY_HAND}", True
    if is_patient and not _is_settled(stands):
        return None
    told = f"{run_id(folder)}: {stands.sentence}"
    return (told, stands.may_be_on) if stands.is_over else (f"{told}, and did not end. {BY_HAND}", True)


def _is_settled(stands: StatusReport) -> bool:
    return stands.is_over and (stands.sources is None or stands.sources.is_settled)
