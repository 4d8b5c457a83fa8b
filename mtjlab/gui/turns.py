"""Work that is shared out: one piece in each turn of the event loop, so that nothing waits for all of it."""

from collections.abc import Callable, Hashable

from PyQt5.QtCore import QObject, QTimer, pyqtSignal


class Turns(QObject):
    """``over`` says that nothing is left to do."""

    over = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[Hashable, Callable[[], object]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._do_one)

    @property
    def is_busy(self) -> bool:
        """Whether anything is left to do."""
        return bool(self._waiting)

    def add(self, what: Hashable, work: Callable[[], object]) -> None:
        """Do ``work`` when its turn comes, in place of what waits by the same name."""
        self._waiting[what] = work
        self._go_on()

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    def _do_one(self) -> None:
        what = next(iter(self._waiting), None)
        if what is None:
            return
        try:
            self._waiting.pop(what)()
        finally:
            self._go_on()
        if not self._waiting:
            self.over.emit()

    def _go_on(self) -> None:
        if self._waiting and not self._timer.isActive():
            self._timer.start(0)
