"""Whether the sources are at zero after an emergency stop, or a run without a last word: told once it is known."""

from contextlib import suppress
from pathlib import Path
from time import monotonic

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from mtjlab.config import SimulatedBenchConfig
from mtjlab.errors import RefusedError
from mtjlab.gui.run.moment import about
from mtjlab.run_status import standing
from mtjlab.store import ACTING, JOURNAL, SAFE_AGAIN, guardian_said, last_beat_s, lines_before, run_id

LOOK_MS = 250
PATIENCE_S = 10.0
"""An engine, and after it its guardian, need a few seconds at most."""
JUST_NOW_S = 60.0
LAST_WORDS = 4
"""Lines at the end of a journal among which an engine says that it went safe."""
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
            known = outcome(folder)
            if known is None and monotonic() - since_s > PATIENCE_S:
                known = f"{run_id(folder)}: nothing says that its sources are at zero. {BY_HAND}", True
            if known is not None:
                del self._since_s[folder]
                self.told.emit(*known)
        if not self._since_s:
            self._timer.stop()


def has_just_ended(folder: Path) -> bool:
    """Whether the run in ``folder`` gave a sign of life a short while ago."""
    beat_s = last_beat_s(folder)
    return beat_s is not None and beat_s < JUST_NOW_S


def outcome(folder: Path) -> tuple[str, bool] | None:
    """What became of a run that had to end, and whether that is a trouble; None while nobody knows."""
    run, said = run_id(folder), guardian_said(folder)
    if said and not said[-1].startswith(ACTING):
        return f"{run}: its guardian acted. {' '.join(said)}", not said[-1].startswith(SAFE_AGAIN)
    try:
        stands = standing(folder)
        if not stands.is_over:
            return None
        if _went_safe(folder):
            return f"{run}: {stands.status}, all sources at zero", False
    except RefusedError as error:
        return f"{error} {BY_HAND}", True
    in_process = isinstance(about(folder).bench, SimulatedBenchConfig)
    return (f"{run}: {stands.status}; its junctions were simulated in process", False) if in_process else None


def _went_safe(folder: Path) -> bool:
    """Whether the engine itself read back that all is at zero, in its last words."""
    size = 0
    with suppress(OSError):
        size = (folder / JOURNAL).stat().st_size
    return any(line.type == "went-safe" for line in lines_before(folder, size, LAST_WORDS))
