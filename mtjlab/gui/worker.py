"""Work that would keep the window waiting, in a thread of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PyQt5.QtCore import QObject, pyqtSignal


class Worker(QObject):
    """Does one thing after another in a thread; ``done`` brings each result back to the thread of the window."""

    done = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="window")
        self.is_busy = False
        self.done.connect(self._rest)

    def start(self, work: Callable[[], Any]) -> None:
        """Begin with ``work``; what it raises is its result."""
        self.is_busy = True
        self._pool.submit(self._carry_out, work)

    def close(self) -> None:
        """Wait for what is being done, and forget the rest."""
        self._pool.shutdown(cancel_futures=True)

    def _carry_out(self, work: Callable[[], Any]) -> None:
        try:
            result = work()
        except Exception as error:  # it belongs to whoever waits for the result
            result = error
        self.done.emit(result)

    def _rest(self, _result: object) -> None:
        self.is_busy = False
