"""The engines that this window started, and what becomes of them."""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from mtjlab.errors import RefusedError
from mtjlab.gui.engines.emergency import send_stop, stop_all, stop_others
from mtjlab.gui.engines.engine import Engine
from mtjlab.gui.engines.files import command_name
from mtjlab.gui.worker import Worker
from mtjlab.procedures.kinds import KINDS
from mtjlab.runs.watching import ask_to_stop, may_be_running

REFUSED, FAULT = 2, 4
FIGURES, EXPORT, SAFE = "figures", "export", "safe"
WITHOUT_BENCH = (FIGURES, EXPORT)
DOING = {
    FIGURES: "Drawing the figures",
    EXPORT: "Exporting",
    SAFE: "Ramping all sources of the bench to zero and switching them off",
}
"""What those commands do that make no run."""
LOOK_MS = 100
DISCONNECT, CLOSED = "Disconnect in the window", "the window when it was closed"
"""Who asks a run to stop, as its last word says it."""


def is_held(arguments: Sequence[str]) -> bool:
    """Whether a command only holds the bench, and makes room for any other."""
    kind = KINDS.get(command_name(arguments))
    return kind is not None and kind.is_held


class Engines(QObject):
    """``found`` gives the folder of a new run, ``refused`` why a command could not be carried out.

    ``stopped`` gives what an emergency stop has reached, when all folders were looked through; ``ended`` the exit code
    of one that had a bench, ``drawn`` the run whose figures were drawn, ``exported`` the files that an export has
    written, ``switched_off`` how a bench without a run was taken to zero and whether that is a trouble. A bench that is
    only held is let go before anything else starts on it.
    """

    found = pyqtSignal(Path)
    refused = pyqtSignal(str)
    stopped = pyqtSignal(object)
    ended = pyqtSignal(int)
    drawn = pyqtSignal(Path)
    switched_off = pyqtSignal(str, bool)
    exported = pyqtSignal(list)
    changed = pyqtSignal()

    def __init__(self, runs: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._engines: list[Engine] = []
        self._stop_all = False
        self.emergency_stops = 0
        """How often there was one."""
        self._next: tuple[str, ...] | None = None
        self.adopted: Path | None = None
        """A run that holds a bench and was started elsewhere."""
        self._worker = Worker(self)
        self._worker.done.connect(self.stopped)
        self._handing_over = QTimer(self)
        self._handing_over.timeout.connect(self._hand_over)

    @property
    def running(self) -> list[Engine]:
        """Those that carry out a run and have not ended; also those that let go of a bench for the next run."""
        return [
            engine
            for engine in self._engines
            if engine.is_running
            and engine.arguments[0] not in WITHOUT_BENCH
            and (self._next or not is_held(engine.arguments))
        ]

    @property
    def holding(self) -> Engine | None:
        """The one that holds a bench which is turned by hand."""
        return next((one for one in self._engines if one.is_running and is_held(one.arguments)), None)

    @property
    def held(self) -> Path | None:
        """Folder of the run that holds a bench, as far as there is one; it may have been started elsewhere."""
        if self.holding is not None:
            return self.holding.folder
        return self.adopted if self.adopted and may_be_running(self.adopted) else None

    def holds(self, folder: Path) -> bool:
        """Whether this run holds a bench; the disk is only looked at for one that was started elsewhere."""
        if self.holding is not None and self.holding.folder is not None:
            return folder.resolve() == self.holding.folder.resolve()
        return self.adopted is not None and folder.resolve() == self.adopted.resolve() and may_be_running(folder)

    @property
    def next(self) -> str:
        """The command that is started once the bench is let go; empty if there is none."""
        return command_name(self._next) if self._next else ""

    @property
    def activity(self) -> str:
        """What has to be done before there is a run to look at, or a file; empty if nothing is awaited."""
        if self._next:
            return f"All sources of the bench that is connected go to zero, then `mtjlab {self.next}` is started"
        for engine in self._engines:
            command = command_name(engine.arguments)
            if engine.is_running and (engine.folder is None or command in DOING):
                return DOING.get(command, f"Starting the engine: `mtjlab {command}`")
        return ""

    def start(self, arguments: Sequence[str]) -> None:
        """Start ``mtjlab ARGUMENTS``; once the bench is let go, if it is held."""
        if arguments[0] not in WITHOUT_BENCH:
            self._stop_all = False
        if not (arguments[0] in WITHOUT_BENCH or is_held(arguments)) and (self.holding or self.held):
            self._next = tuple(arguments)
            self.release(f"the window, which then started `mtjlab {command_name(arguments)}`")
            self._handing_over.start(LOOK_MS)
            self.changed.emit()
        else:
            self._start(arguments)

    def release(self, by: str = DISCONNECT) -> None:
        """Let go of the bench that is held: its run ends, sources at zero; ``by`` says who asked for that."""
        if self.held is not None:
            with suppress(RefusedError):  # it has ended meanwhile
                ask_to_stop(self.held, now=False, by=by)
        elif self.holding is not None:
            self.holding.stop_when_found(by)

    def stop_own(self) -> None:
        """End all that was started here, sources at zero; what has not come so far as to make a folder, too."""
        self._next = None
        for engine in self._engines:
            if engine.is_running and engine.arguments[0] not in (*WITHOUT_BENCH, SAFE):
                engine.stop(CLOSED)

    def stop_everything(self, shown: Path | None) -> None:
        """Emergency stop of all runs: of those that are known here at once, of others as they are found."""
        self._stop_all, self._next = True, None
        self.emergency_stops += 1
        folders = (*(engine.folder for engine in self._engines), shown, self.adopted)
        known = {folder for folder in folders if folder is not None}
        reached = stop_all(known)
        self._worker.start(lambda: reached + stop_others(known, self._runs))

    def end(self) -> None:
        """Nothing is looked through any more, and nothing waits for the bench."""
        self._handing_over.stop()
        self._worker.close()

    def _start(self, arguments: Sequence[str]) -> None:
        engine = Engine(arguments, self._runs, self)
        engine.found.connect(self._on_found)
        engine.ended.connect(lambda code, said: self._on_ended(engine, code, said))
        self._engines.append(engine)
        self.changed.emit()

    def _hand_over(self) -> None:
        if self.holding or self.held:
            return
        self._handing_over.stop()
        following, self._next = self._next, None
        if following:
            self._start(following)

    def _on_found(self, folder: Path) -> None:
        if self._stop_all:
            send_stop(folder)
        self.found.emit(folder)
        self.changed.emit()

    def _on_ended(self, engine: Engine, code: int, said: str) -> None:
        self._engines.remove(engine)
        engine.deleteLater()
        if engine.arguments[0] == SAFE and code in (0, FAULT):
            self.switched_off.emit(safe_text(said), code != 0)
        elif code == REFUSED or (code != 0 and not engine.has_folder):
            self.refused.emit(said or f"mtjlab {' '.join(engine.arguments)} ended with code {code}")
        self.changed.emit()
        if engine.arguments[0] == FIGURES and code == 0:
            self.drawn.emit(Path(engine.arguments[1]))
        elif engine.arguments[0] == EXPORT and code == 0:
            self.exported.emit([Path(line) for line in said.splitlines()])
        elif not (engine.arguments[0] in WITHOUT_BENCH or is_held(engine.arguments)):
            self.ended.emit(code)


def safe_text(said: str) -> str:
    """What was reached, and what had been on, in the output of ``mtjlab safe --json``; all of that where it is none."""
    with suppress(ValueError, IndexError, KeyError, TypeError):
        told = json.loads(said.splitlines()[-1])
        on = [f"{source['role']} at {source['found_ua']:.6g} uA" for source in told["sources"] if source["found_ua"]]
        unknown = [source["role"] for source in told["sources"] if source["found_ua"] is None]
        found = [*on, *([f"not known of {', '.join(unknown)}"] if unknown else [])]
        return f"{told['bench']}: {told['told']} (found on: {', '.join(found) or 'none'})"
    return said
