"""Runs that wait for their turn, in an order that can be changed; one that does not finish holds those behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QObject, pyqtSignal

from mtjlab.gui.engines.engines import Engines


@dataclass(frozen=True, slots=True)
class Waiting:
    """A command that waits, and what the operator calls it."""

    text: str
    arguments: tuple[str, ...]


class Queue(QObject):
    """``changed`` says that something was added, taken, moved, held or let go."""

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
        """What waits, the next one first."""
        return tuple(self._waiting)

    def start_or_add(self, text: str, arguments: Sequence[str]) -> None:
        """Start a command at once if nothing runs, whatever waits; otherwise put it at the end."""
        if self._engines.running:
            self.add(text, arguments)
        else:
            self._engines.start(arguments)

    def add(self, text: str, arguments: Sequence[str]) -> None:
        """Put a command at the end."""
        self._waiting.append(Waiting(text, tuple(arguments)))
        self._go_on()

    def put_in_order(self, order: Sequence[Waiting]) -> None:
        """Those of ``order``, in that order; what is not in it is taken away."""
        self._waiting = list(order)
        self.changed.emit()

    def hold(self, why: str) -> None:
        """Start nothing more until somebody lets go; ``why`` is for the operator."""
        self.held = why
        self.changed.emit()

    def release(self) -> None:
        """Go on."""
        self.held = ""
        self._go_on()

    def _go_on(self) -> None:
        if self._waiting and not self.held and not self._engines.running:
            self._own_is_running = True
            self._engines.start(self._waiting.pop(0).arguments)
        self.changed.emit()

    def _on_ended(self, code: int) -> None:
        if self._own_is_running and code != 0 and self._waiting:
            self.held = "the run before did not finish"
        self._own_is_running = False
        self._go_on()
