"""Queue of runs, in an order that can be changed; a run that does not finish holds the queue."""

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QObject, pyqtSignal

from mtjlab.gui.engines.engines import Engines


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queued command and its title."""

    text: str
    arguments: tuple[str, ...]


class Queue(QObject):
    """Starts queued commands one after another; ``changed`` is emitted on every change of the queue."""

    changed = pyqtSignal()

    def __init__(self, engines: Engines, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engines = engines
        self._waiting: list[Waiting] = []
        self._own_is_running = False
        self.held = ""
        engines.ended.connect(self._on_ended)

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """Queued commands, the next one first."""
        return tuple(self._waiting)

    def start_or_add(self, text: str, arguments: Sequence[str]) -> None:
        """Start a command at once if no run is active, ahead of the queue; otherwise append it."""
        if self._engines.running:
            self.add(text, arguments)
        else:
            self._engines.start(arguments, text)

    def add(self, text: str, arguments: Sequence[str]) -> None:
        """Append a command."""
        self._waiting.append(Waiting(text, tuple(arguments)))
        self._start_next()

    def put_in_order(self, order: Sequence[Waiting]) -> None:
        """Replace the queue by ``order``; commands that are not in it are removed."""
        self._waiting = list(order)
        self.changed.emit()

    def hold(self, why: str) -> None:
        """Start nothing more until ``release``; ``why`` is for the operator."""
        self.held = why
        self.changed.emit()

    def release(self) -> None:
        """Resume the queue."""
        self.held = ""
        self._start_next()

    def _start_next(self) -> None:
        if self._waiting and not self.held and not self._engines.running:
            self._own_is_running = True
            following = self._waiting.pop(0)
            self._engines.start(following.arguments, following.text)
        self.changed.emit()

    def _on_ended(self, code: int) -> None:
        if self._own_is_running and code != 0 and self._waiting:
            self.held = "the previous run did not finish"
        self._own_is_running = False
        self._start_next()
