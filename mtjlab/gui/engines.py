"""The engines that this window started, and what becomes of them."""

from collections.abc import Sequence
from pathlib import Path

from PyQt5.QtCore import QObject, pyqtSignal

from mtjlab.gui.emergency import leave_emergency, may_go_on, stop_others
from mtjlab.gui.engine import Engine
from mtjlab.gui.worker import Worker

REFUSED = 2
FIGURES = "figures"


class Engines(QObject):
    """``found`` gives the folder of a new run, ``refused`` why a command could not be carried out.

    ``stopped`` gives the folders that an emergency stop has reached, when all were looked through; ``ended`` the exit
    code of one that had a bench, ``drawn`` the run whose figures were drawn.
    """

    found = pyqtSignal(Path)
    refused = pyqtSignal(str)
    stopped = pyqtSignal(object)
    ended = pyqtSignal(int)
    drawn = pyqtSignal(Path)
    changed = pyqtSignal()

    def __init__(self, runs: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._engines: list[Engine] = []
        self._stop_all = False
        self._worker = Worker(self)
        self._worker.done.connect(self.stopped)

    @property
    def running(self) -> list[Engine]:
        """Those that have a bench and have not ended."""
        return [engine for engine in self._engines if engine.is_running and engine.arguments[0] != FIGURES]

    def start(self, arguments: Sequence[str]) -> Engine:
        """Start ``mtjlab ARGUMENTS``."""
        self._stop_all = False
        engine = Engine(arguments, self._runs, self)
        engine.found.connect(self._on_found)
        engine.ended.connect(lambda code, said: self._on_ended(engine, code, said))
        self._engines.append(engine)
        self.changed.emit()
        return engine

    def stop_everything(self, shown: Path | None) -> None:
        """Emergency stop of all runs: of those that are known here at once, of others as they are found."""
        self._stop_all = True
        known = {engine.folder for engine in self.running if engine.folder} | ({shown} if shown else set())
        reached = [folder for folder in known if may_go_on(folder) and leave_emergency(folder)]
        self._worker.start(lambda: reached + stop_others(reached, self._runs))

    def end(self) -> None:
        """Nothing is looked through any more."""
        self._worker.close()

    def _on_found(self, folder: Path) -> None:
        if self._stop_all:
            leave_emergency(folder)
        self.found.emit(folder)

    def _on_ended(self, engine: Engine, code: int, said: str) -> None:
        self._engines.remove(engine)
        engine.deleteLater()
        if code == REFUSED or (code != 0 and not engine.has_folder):
            self.refused.emit(said or f"mtjlab {' '.join(engine.arguments)} ended with code {code}")
        self.changed.emit()
        if engine.arguments[0] != FIGURES:
            self.ended.emit(code)
        elif code == 0:
            self.drawn.emit(Path(engine.arguments[1]))
