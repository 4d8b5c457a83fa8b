"""Starts what is entered, at once or when its turn comes."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from mtjlab.gui.engines.engines import Engines
from mtjlab.gui.engines.queue import Queue
from mtjlab.gui.orders import Orders
from mtjlab.store import run_id


class Launcher:
    """Has ``orders`` carried out by ``engines``, or put into the ``queue``; ``say`` tells why something is not started.

    Nothing is started that was asked before an emergency stop.
    """

    def __init__(self, orders: Orders, engines: Engines, queue: Queue, say: Callable[[str], None]) -> None:
        self._orders, self._engines, self._queue, self._say = orders, engines, queue, say

    def start_training(self) -> None:
        """Start what is in the form on the bench of the band."""
        self._start(self._orders.training)

    def queue_training(self) -> None:
        """Have what is in the form started when its turn comes."""
        if (order := self._orders.training()) is not None:
            self._queue.add(self._orders.training_words, order)

    def start_measuring(self) -> None:
        """Start the measurement that is in the form on the bench of the band."""
        self._start(self._orders.measuring)

    def queue_measuring(self) -> None:
        """Have the measurement that is in the form started when its turn comes."""
        if (order := self._orders.measuring()) is not None:
            self._queue.add(self._orders.measuring_words, order)

    def start_check(self) -> None:
        """Look for wiring mistakes on the bench of the band."""
        self._start(self._orders.check)

    def switch_off(self) -> None:
        """Take the bench of the band to zero, whoever left it on."""
        self._start(self._orders.safe)

    def connect_or_disconnect(self) -> None:
        """Hold the bench of the band, to turn it by hand; or release the one that is held."""
        if self._engines.holding or self._engines.held:
            self._engines.release()
        else:
            self._start(self._orders.live)

    def start_again(self, command: str, folder: Path) -> None:
        """Resume or repeat the run in ``folder``, now or when the bench is free."""
        if (order := self._answered(partial(self._orders.again, command, folder))) is not None:
            self._queue.start_or_add(f"{command} {run_id(folder)}", order)

    def draw_figures(self, folder: Path) -> None:
        """Draw the figures of the run in ``folder`` anew."""
        self._engines.start(self._orders.figures(folder))

    def export(self, folder: Path, form: str) -> None:
        """Export the run in ``folder`` as files of this ``form``."""
        self._engines.start(self._orders.export(folder, form))

    def _start(self, order: Callable[[], list[str] | None]) -> None:
        if self._engines.running or (command := self._answered(order)) is None:
            return
        if self._engines.running:
            self._say("Not started: another run was started meanwhile.")
        else:
            self._engines.start(command)

    def _answered(self, order: Callable[[], list[str] | None]) -> list[str] | None:
        """The command of an order, unless there was an emergency stop while questions about it were answered."""
        stops, command = self._engines.emergency_stops, order()
        if command is not None and self._engines.emergency_stops != stops:
            self._say("Not started: there was an emergency stop meanwhile.")
            return None
        return command
