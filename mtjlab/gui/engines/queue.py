"""Queue of runs, in an order that can be changed. Any run that does not finish holds those that wait behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PyQt5.QtCore import QObject, pyqtSignal

from mtjlab.gui.engines.engines import Engines

ENDS = {2: "was refused", 3: "was stopped", 4: "failed"}
"""How a run ended that did not finish, by its exit code."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queued command, its title, its estimated duration (None: not known), and what is asked in it.

    ``held`` is the reason why it does not start in its turn; empty if it does.
    """

    text: str
    arguments: tuple[str, ...]
    duration_s: float | None = None
    details: str = ""
    held: str = ""


class Queue(QObject):
    """Starts queued commands one after another; ``changed`` is emitted on every change of the queue.

    What happened before a command was queued does not hold it; only ``hold``, by the operator, holds the whole queue.
    A bench under manual control is never taken away: the queue goes on when it is disconnected.
    """

    changed = pyqtSignal()

    def __init__(self, engines: Engines, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engines = engines
        self._waiting: list[Waiting] = []
        self._hold = ""
        self.running: Waiting | None = None
        """Command of the queue that is running."""
        self._held_behind = ""
        engines.ended.connect(self._on_ended)
        engines.disconnected.connect(self.look_again)

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """Queued commands, the next one first."""
        return tuple(self._waiting)

    @property
    def held(self) -> str:
        """Why the queue, or what waits in it, is held; empty if nothing is."""
        return self._hold or next((one.held for one in self._waiting if one.held), "")

    @property
    def is_going_on(self) -> bool:
        """Whether a run of the queue is running, or one will start in its turn."""
        return self.running is not None or (not self._hold and self._following is not None)

    @property
    def badge(self) -> str:
        """How many wait, with an exclamation mark while they are held; empty if none waits. Tabs have little room."""
        return f"{len(self._waiting)}{'!' if self.held else ''}" if self._waiting else ""

    @property
    def left_s(self) -> tuple[float, bool]:
        """Estimated seconds until the bench and all that is not held are done, and whether every duration is known."""
        coming = [one.duration_s for one in self._waiting if not (one.held or self._hold)]
        left_s, is_known = self._engines.left_s
        return left_s + sum(one or 0.0 for one in coming), is_known and None not in coming

    def start_or_add(
        self, text: str, arguments: Sequence[str], duration_s: float | None = None, details: str = ""
    ) -> None:
        """Start a command at once if no run is active, ahead of the queue; otherwise append it."""
        if self._engines.is_busy:
            self.add(text, arguments, duration_s, details)
        else:
            self._engines.start(arguments, text, duration_s)

    def add(self, text: str, arguments: Sequence[str], duration_s: float | None = None, details: str = "") -> None:
        """Append a command."""
        self._waiting.append(Waiting(text, tuple(arguments), duration_s, details))
        self.look_again()

    def put_in_order(self, order: Sequence[Waiting]) -> None:
        """Replace the queue by ``order``; commands that are not in it are removed."""
        self._waiting = list(order)
        self.changed.emit()

    def hold(self, why: str) -> None:
        """Start nothing more until ``release``; ``why`` is for the operator."""
        self._hold = why
        self.changed.emit()

    def hold_waiting(self, why: str) -> None:
        """Start none of the commands that wait now until ``release``; those that are queued later are not held."""
        self._waiting = [replace(one, held=one.held or why) for one in self._waiting]
        self.changed.emit()

    def hold_behind(self, name: str, why: str) -> None:
        """Hold the commands that wait now, because ``name`` will not finish; its end then holds nothing any more."""
        self._held_behind = name
        self.hold_waiting(why)

    def release(self) -> None:
        """Resume the queue."""
        self._hold = ""
        self._waiting = [replace(one, held="") for one in self._waiting]
        self.look_again()

    @property
    def awaits_disconnection(self) -> bool:
        """Whether the next run starts when the bench is disconnected."""
        return self._following is not None and not self._hold and self._engines.is_connected

    @property
    def _following(self) -> Waiting | None:
        return next((one for one in self._waiting if not one.held), None)

    def look_again(self) -> None:
        """Start the next command if the bench is free."""
        following = self._following
        is_free = not (self._hold or self._engines.is_busy or self._engines.is_connected)
        if following is not None and is_free:
            self._waiting.remove(following)
            self.running = following
            self._engines.start(following.arguments, following.text, following.duration_s)
        self.changed.emit()

    def _on_ended(self, code: int, name: str) -> None:
        self.running = None
        was_expected, self._held_behind = name == self._held_behind, ""
        if code != 0 and not was_expected:
            self.hold_waiting(f"{name} {ENDS.get(code, 'did not finish')}")
        self.look_again()
