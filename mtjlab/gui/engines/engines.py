"""The engines that this window has started, and their results."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from mtjlab.errors import RefusedError
from mtjlab.gui.activity import Activity
from mtjlab.gui.engines.emergency import send_stop, stop_all, stop_others
from mtjlab.gui.engines.engine import Engine
from mtjlab.gui.engines.files import command_name
from mtjlab.gui.worker import Worker
from mtjlab.procedures.kinds import KINDS
from mtjlab.runs.watching import ask_to_stop, may_be_running
from mtjlab.store import run_id

REFUSED, STOPPED, FAULT = 2, 3, 4
EXPORT, SAFE = "export", "safe"
WITHOUT_BENCH = (EXPORT,)
WITHOUT_RUN = {
    EXPORT: "Exporting",
    SAFE: "Ramping to zero and switching off",
}
"""The commands that create no run, and the beginning of the text on what they do, before their title."""
LOOK_MS = 100
PREFIX = "mtjlab: "
"""Begins the messages of a command."""
DISCONNECT, CLOSED = "the operator, who disconnected the bench", "the operator, who closed the window"
"""Origin of a stop request, as recorded in the reason of the run."""


def _name_of(engine: Engine) -> str:
    """Name of what an engine did, for the operator."""
    return f"run {run_id(engine.folder)}" if engine.folder is not None else engine.title


def is_held(arguments: Sequence[str]) -> bool:
    """Whether a command only holds the bench for manual control, and ends when another is started."""
    kind = KINDS.get(command_name(arguments))
    return kind is not None and kind.gives_way


class Engines(QObject):
    """Engines that were started here. A bench under manual control is disconnected before another command starts.

    ``found`` gives the folder of a new run, ``refused`` the reason why a command was refused, ``not_started`` what was
    not started on the bench, and why, ``stopped`` the report of an emergency stop after all folders were searched,
    ``ended`` the exit code of a command that used the bench and its name, ``left`` the folder of a run whose engine has
    ended. ``disconnected`` is emitted when a bench is no longer under manual control. ``exported`` gives the files
    written by an export, ``cancelled`` the title of what was cancelled before it showed anything, ``switched_off`` the
    result of `mtjlab safe`, whether it needs attention, and the title of the command.
    """

    found = pyqtSignal(Path)
    refused = pyqtSignal(str)
    not_started = pyqtSignal(str, str)
    stopped = pyqtSignal(object)
    ended = pyqtSignal(int, str)
    left = pyqtSignal(Path)
    disconnected = pyqtSignal()
    switched_off = pyqtSignal(str, bool, str)
    exported = pyqtSignal(list)
    cancelled = pyqtSignal(str)
    changed = pyqtSignal()

    def __init__(self, runs: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._engines: list[Engine] = []
        self._stop_all = False
        self.emergency_stops = 0
        """Number of emergency stops so far."""
        self._next: tuple[tuple[str, ...], str, float | None] | None = None
        self._is_releasing = False
        self.adopted: Path | None = None
        """A run that holds a bench for manual control and was started elsewhere."""
        self._worker = Worker(self)
        self._worker.done.connect(self.stopped)
        self._handing_over = QTimer(self)
        self._handing_over.timeout.connect(self._hand_over)

    @property
    def running(self) -> list[Engine]:
        """Active engines with a run; also those that are disconnecting a bench for the next run."""
        return [engine for engine in self._using_bench if engine.is_running]

    @property
    def is_busy(self) -> bool:
        """Whether a run is active, its end is not reported yet, or it starts when the connected bench is at zero."""
        return self._next is not None or bool(self._using_bench)

    @property
    def is_connected(self) -> bool:
        """Whether a bench is under manual control, or about to be; it may have been connected elsewhere."""
        return self.holding is not None or self.held is not None

    @property
    def holding(self) -> Engine | None:
        """The engine that holds a bench for manual control."""
        return next((one for one in self._engines if one.is_running and is_held(one.arguments)), None)

    @property
    def held(self) -> Path | None:
        """Folder of the run that holds a bench for manual control, if any; it may have been started elsewhere."""
        if self.holding is not None:
            return self.holding.folder
        return self.adopted if self.adopted and may_be_running(self.adopted) else None

    def holds(self, folder: Path) -> bool:
        """Whether this run holds a bench for manual control; reads the disk only for one started elsewhere."""
        if self.holding is not None and self.holding.folder is not None:
            return folder.resolve() == self.holding.folder.resolve()
        return self.adopted is not None and folder.resolve() == self.adopted.resolve() and may_be_running(folder)

    def has_started(self, folder: Path) -> bool:
        """Whether the run in ``folder`` was started here and is active."""
        return any(one.is_running and one.folder and one.folder.resolve() == folder.resolve() for one in self._engines)

    @property
    def next(self) -> str:
        """The command that starts after the bench is disconnected; empty if there is none."""
        return command_name(self._next[0]) if self._next else ""

    @property
    def starting(self) -> str:
        """Title of the run that was requested and has no folder yet; empty if there is none."""
        if self._next:
            return self._next[1]
        return next((engine.title for engine in self._beginning), "")

    @property
    def activities(self) -> tuple[Activity, ...]:
        """What the engines do before they have a run or a file to show."""
        return tuple(self._all_activities())

    def _all_activities(self) -> Iterator[Activity]:
        if self._worker.is_busy:
            yield Activity("EMERGENCY STOP: looking for more runs")
        if self._next:
            yield Activity(f"Taking the connected bench to zero, then starting {self._next[1]}", cancel=self._forget)
        elif self._is_releasing and self.is_connected:
            yield Activity("Disconnecting: taking all sources to zero")
        for engine in self._beginning:
            yield Activity(f"Starting {engine.title}", cancel=engine.cancel)
        yield from map(_activity_of, self._without_run)

    @property
    def left_s(self) -> tuple[float, bool]:
        """Estimated seconds until what is on the bench ends, manual control left out, and whether that is known."""
        left = [self._next[2]] if self._next else []
        left += [one.left_s for one in self._using_bench if one.is_running and not is_held(one.arguments)]
        return sum(one or 0.0 for one in left), None not in left

    def start(self, arguments: Sequence[str], title: str = "", lasts_s: float | None = None) -> None:
        """Start ``mtjlab ARGUMENTS``; if a bench is under manual control, after it is disconnected.

        ``title`` names the work for the operator; ``lasts_s`` is its estimated duration, if known.
        """
        if arguments[0] not in WITHOUT_BENCH:
            self._stop_all = False
        if arguments[0] not in WITHOUT_BENCH and self.is_connected:
            self._next = tuple(arguments), title or command_name(arguments), lasts_s
            self.release(f"the window, which then started `mtjlab {command_name(arguments)}`")
            self._handing_over.start(LOOK_MS)
            self.changed.emit()
        else:
            self._start(arguments, title, lasts_s)

    def release(self, by: str = DISCONNECT) -> None:
        """Disconnect the bench: its run ends with sources at zero; ``by`` is recorded as the origin."""
        self._is_releasing = True
        if self.held is not None:
            with suppress(RefusedError):  # it has already ended
                ask_to_stop(self.held, now=False, by=by)
        elif self.holding is not None:
            self.holding.stop_when_found(by)
        self.changed.emit()

    def cancel_starting(self) -> bool:
        """Cancel every run that was requested and has no folder yet; return whether there was one."""
        beginning, waits = self._beginning, self._next is not None
        for engine in beginning:
            engine.cancel()
        if waits:
            self._forget()
        return waits or bool(beginning)

    def stop_own(self) -> None:
        """End all runs started here, sources at zero; also those that have no folder yet."""
        self._next = None
        for engine in self._engines:
            if engine.is_running and engine.arguments[0] not in (*WITHOUT_BENCH, SAFE):
                engine.stop(CLOSED)

    def stop_everything(self, shown: Path | None) -> None:
        """Send an emergency stop to all runs: to those known here at once, to others as they are found."""
        self._stop_all = True
        self.emergency_stops += 1
        folders = (*(engine.folder for engine in self._engines), shown, self.adopted)
        known = {folder for folder in folders if folder is not None}
        report = stop_all(known)
        self._forget()
        self._worker.start(lambda: report + stop_others(known, self._runs))
        self.changed.emit()

    def end(self) -> None:
        """Stop searching folders, and drop the command that waits for the bench."""
        self._handing_over.stop()
        self._worker.close()

    @property
    def _beginning(self) -> list[Engine]:
        """Engines that have no run folder yet."""
        return [
            one
            for one in self._engines
            if one.is_running and one.folder is None and one.arguments[0] not in WITHOUT_RUN
        ]

    @property
    def _using_bench(self) -> list[Engine]:
        return [
            one
            for one in self._engines
            if one.arguments[0] not in WITHOUT_BENCH and (self._next or not is_held(one.arguments))
        ]

    @property
    def _without_run(self) -> list[Engine]:
        return [one for one in self._engines if one.is_running and one.arguments[0] in WITHOUT_RUN]

    def _forget(self) -> None:
        """Drop the command that waits for the bench."""
        waiting, self._next = self._next, None
        self.changed.emit()
        if waiting:
            self.cancelled.emit(waiting[1])
            self.ended.emit(STOPPED, waiting[1])

    def _start(self, arguments: Sequence[str], title: str, lasts_s: float | None) -> None:
        self._is_releasing = False
        engine = Engine(arguments, self._runs, title, self, lasts_s)
        engine.found.connect(self._on_found)
        engine.ended.connect(lambda code, output: self._on_ended(engine, code, output))
        self._engines.append(engine)
        self.changed.emit()

    def _report_refused(self, engine: Engine, code: int, output: str) -> None:
        why = output or f"`mtjlab {' '.join(engine.arguments)}` ended with exit code {code}."
        if engine.arguments[0] not in WITHOUT_BENCH:
            title = "Not connected" if is_held(engine.arguments) else f"Not started: {engine.title}"
            self.not_started.emit(title, why)
            why = f"{title}: {why}"
        self.refused.emit(why)

    def _hand_over(self) -> None:
        if self.is_connected:
            return
        self._handing_over.stop()
        waiting, self._next = self._next, None
        if waiting:
            self._start(*waiting)

    def _on_found(self, folder: Path) -> None:
        if self._stop_all:
            send_stop(folder)
        self.found.emit(folder)
        self.changed.emit()

    def _on_ended(self, engine: Engine, code: int, output: str) -> None:
        self._engines.remove(engine)
        engine.deleteLater()
        if engine.arguments[0] == SAFE and code in (0, FAULT):
            self.switched_off.emit(safe_text(output), code != 0, engine.title)
        elif engine.is_cancelled and code != 0 and not engine.has_folder:
            self.cancelled.emit(engine.title)
        elif code == REFUSED or (code != 0 and not engine.has_folder):
            self._report_refused(engine, code, output.removeprefix(PREFIX))
        self.changed.emit()
        if engine.folder is not None:
            self.left.emit(engine.folder)
        if engine.arguments[0] == EXPORT and code == 0:
            self.exported.emit([Path(line) for line in output.splitlines()])
        elif is_held(engine.arguments) and code not in (REFUSED, FAULT):
            self.disconnected.emit()
        elif engine.arguments[0] not in WITHOUT_BENCH:
            self.ended.emit(STOPPED if engine.is_cancelled and code != 0 else code, _name_of(engine))


def safe_text(output: str) -> str:
    """Summary of the output of ``mtjlab safe --json``, with the sources found on; the output itself if not JSON."""
    with suppress(ValueError, IndexError, KeyError, TypeError):
        result = json.loads(output.splitlines()[-1])
        on = [f"{source['role']} at {source['found_ua']:.6g} uA" for source in result["sources"] if source["found_ua"]]
        unknown = [source["role"] for source in result["sources"] if source["found_ua"] is None]
        found = [*on, *([f"unknown for {', '.join(unknown)}"] if unknown else [])]
        return f"{result['bench']}: {result['told']} (found on: {', '.join(found) or 'none'})"
    return output


def _activity_of(engine: Engine) -> Activity:
    """What an engine without a run does; taking sources to zero is never cancelled."""
    command = engine.arguments[0]
    return Activity(f"{WITHOUT_RUN[command]} {engine.title}", cancel=None if command == SAFE else engine.cancel)
