"""Slow work in a separate thread, so that the window does not freeze."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PyQt5.QtCore import QObject, pyqtSignal


class Worker(QObject):
    """Runs jobs one after another in a thread; ``done`` delivers each result to the thread of the window."""

    done = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="window")
        self.is_busy = False
        self.done.connect(self._clear_busy)

    def start(self, job: Callable[[], Any]) -> None:
        """Queue ``job``; an exception that it raises is its result."""
        self.is_busy = True
        self._pool.submit(self._run, job)

    def close(self) -> None:
        """Wait for the current job and discard the others."""
        self._pool.shutdown(cancel_futures=True)

    def _run(self, job: Callable[[], Any]) -> None:
        try:
            result = job()
        except Exception as error:  # the receiver of the result handles it
            result = error
        self.done.emit(result)

    def _clear_busy(self, _result: object) -> None:
        self.is_busy = False
