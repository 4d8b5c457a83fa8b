"""A queue of drawing jobs: one job in each pass of the event loop, so that the window stays responsive."""

from collections.abc import Callable, Hashable

from PyQt5.QtCore import QObject, QTimer, pyqtSignal


class DrawQueue(QObject):
    """Runs queued jobs one at a time. ``over`` is emitted when the queue is empty and everything is painted."""

    over = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[Hashable, Callable[[], object]] = {}
        self._is_unpainted = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._run_next)

    @property
    def is_busy(self) -> bool:
        """Whether a job or a repaint is pending."""
        return bool(self._jobs) or self._is_unpainted

    def add(self, key: Hashable, job: Callable[[], object]) -> None:
        """Append ``job``; it replaces a queued job with the same ``key``."""
        self._jobs[key] = job
        if not self._timer.isActive():
            self._timer.start(0)

    def clear(self) -> None:
        """Discard all queued jobs."""
        self._jobs.clear()

    def _run_next(self) -> None:
        """Run one job, or leave this pass to the repaint of the job before."""
        was_unpainted, self._is_unpainted = self._is_unpainted, False
        if was_unpainted and not self._jobs:
            self.over.emit()
        elif was_unpainted:
            self._timer.start(0)
        elif self._jobs:
            self._is_unpainted = True
            self._timer.start(0)
            self._jobs.pop(next(iter(self._jobs)))()
