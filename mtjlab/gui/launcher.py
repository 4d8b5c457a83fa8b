"""Starts the runs that are set up in the forms, at once or through the queue."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from mtjlab.gui.commands import Commands
from mtjlab.gui.dialogs import Prompts
from mtjlab.gui.engines.engines import Engines
from mtjlab.gui.engines.questions import may_disconnect
from mtjlab.gui.engines.queue import Queue
from mtjlab.gui.panels.setup_form import SetupForm
from mtjlab.store import run_id


class Messages(Protocol):
    """Shows messages."""

    def notify(self, text: str, is_trouble: bool = True) -> None:
        """Show ``text``."""

    def confirm(self, text: str) -> None:
        """Show ``text``, which only answers what the operator has just done."""


class Launcher:
    """Starts ``commands`` as ``engines`` or puts them in the ``queue``; reports in ``messages`` if it does not.

    Nothing is started that was requested before an emergency stop. Manual control is ended only if the operator agrees,
    or presses a button that says so.
    """

    def __init__(
        self, commands: Commands, engines: Engines, queue: Queue, prompts: Prompts, messages: Messages
    ) -> None:
        self._commands, self._engines, self._queue = commands, engines, queue
        self._prompts, self._messages = prompts, messages

    def start_training(self) -> None:
        """Start the training in the form on the selected bench."""
        commands = self._commands
        self._start(commands.training, lambda: commands.training_title, lasts_s=lambda: commands.training_s)

    def queue_training(self) -> None:
        """Put the training in the form in the queue."""
        commands = self._commands
        if (command := commands.training()) is not None:
            self._queue.add(commands.training_title, command, commands.training_s, commands.training_details)
            self._report_queued(commands.training_title)

    def start_measuring(self) -> None:
        """Start the measurement in the form on the selected bench."""
        commands = self._commands
        self._start(commands.measuring, lambda: commands.measuring_title, lasts_s=lambda: commands.measuring_s)

    def queue_measuring(self) -> None:
        """Put the measurement in the form in the queue."""
        commands = self._commands
        if (command := commands.measuring()) is not None:
            self._queue.add(commands.measuring_title, command, commands.measuring_s, commands.measuring_details)
            self._report_queued(commands.measuring_title)

    def start_check(self) -> None:
        """Check the wiring of the selected bench."""
        self._start(self._commands.check, lambda: f"wiring check on {self._commands.bench_name}")

    def measure_curves(self) -> None:
        """Measure resistance curves of the chip on the selected bench; ends manual control."""
        self._start(self._commands.curves, lambda: f"resistance curves on {self._commands.bench_name}", asks=False)

    def switch_off(self) -> None:
        """Ramp all sources of the selected bench to zero and switch them off; ends manual control."""
        self._start(self._commands.safe, lambda: f"all sources of {self._commands.bench_name}", asks=False)

    def start_request_file(self, path: Path) -> None:
        """Start the run that the request file ``path`` asks for."""
        self._start(partial(self._commands.request_file, path), lambda: path.name)

    def start_with(self, procedure: str, form: SetupForm) -> None:
        """Start a run of the kind ``procedure``, such as manual control, with the options in ``form``."""
        title = f"{procedure} on {self._commands.bench_name}"
        self._start(partial(self._commands.with_options, procedure, form), lambda: title)

    def connect_or_disconnect(self) -> None:
        """Connect the selected bench for manual control, or disconnect the one that is connected."""
        if self._engines.is_connected:
            self._engines.release()
        else:
            self._start(self._commands.manual, lambda: f"manual control of {self._commands.bench_name}")

    def start_again(self, command: str, folder: Path) -> None:
        """Resume or repeat the run in ``folder``, now or when the bench is free."""
        title = f"{command} {run_id(folder)}"
        if (arguments := self._confirmed(partial(self._commands.again, command, folder), title)) is not None:
            about = self._commands.again_s(command, folder), self._commands.again_details(folder)
            self._queue.start_or_add(title, arguments, *about)
            self._report_queued(title)

    def export(self, folder: Path, file_format: str) -> None:
        """Export the run in ``folder`` in this ``file_format``."""
        self._engines.start(self._commands.export(folder, file_format), f"{run_id(folder)} as {file_format}")

    def _start(
        self,
        build: Callable[[], list[str] | None],
        title: Callable[[], str],
        asks: bool = True,
        lasts_s: Callable[[], float | None] = lambda: None,
    ) -> None:
        """Start a command that takes ``lasts_s``; ``asks``: the operator must agree if it ends manual control."""
        if self._engines.is_busy or (command := self._confirmed(build, title() if asks else "")) is None:
            return
        if self._engines.is_busy:
            self._messages.notify("Not started: another run has been started in the meantime.")
        else:
            self._engines.start(command, title(), lasts_s())

    def _report_queued(self, title: str) -> None:
        """Say that a run was queued, unless it has started at once."""
        if any(waiting.text == title for waiting in self._queue.waiting):
            when = ". It starts when the bench is disconnected." if self._queue.awaits_disconnection else ""
            self._messages.confirm(f"Queued: {title}{when}")

    def _confirmed(self, build: Callable[[], list[str] | None], title: str) -> list[str] | None:
        """The command, or None if the operator does not want it after all.

        With a ``title`` the operator is asked before manual control is ended. None also if there was an emergency stop
        while questions were answered.
        """
        engines, stops, command = self._engines, self._engines.emergency_stops, build()
        is_in_use = bool(command and title) and engines.is_connected and not engines.is_busy
        is_wanted = not is_in_use or may_disconnect(self._prompts, title, lambda: engines.is_connected)
        if command is not None and engines.emergency_stops != stops:
            self._messages.notify("Not started: there was an emergency stop in the meantime.")
            return None
        return command if is_wanted else None
