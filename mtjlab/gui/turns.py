"""Work that is shared out: one piece in each turn of the event loop, so that nothing waits for all of it."""

from collections.abc import Callable, Hashable

from PyQt5.QtCore import QObject, QTimer, pyqtSignal


class Turns(QObject):
    """``over`` says that nothing is left to do."""

    over = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[Hashable, Callable[[], object]] = {}
        self._is_unpainted = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._take_turn)

    @property
    def is_busy(self) -> bool:
        """Whether anything is left to do, or to paint."""
        return bool(self._waiting) or self._is_unpainted

    def add(self, what: Hashable, work: Callable[[], object]) -> None:
        """Do ``work`` when its turn comes, in place of what waits by the same name."""
        self._waiting[what] = work
        if not self._timer.isActive():
            self._timer.start(0)

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    def _take_turn(self) -> None:
        """Every other turn belongs to painting what was done in the one before."""
        was_unpainted, self._is_unpainted = self._is_unpainted, False
        if was_unpainted and not self._waiting:
            self.over.emit()
        elif was_unpainted:
            self._timer.start(0)
        elif self._waiting:
            self._is_unpainted = True
            self._timer.start(0)
            self._waiting.pop(next(iter(self._waiting)))()
