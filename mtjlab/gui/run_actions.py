"""What is done with runs that were selected in the list."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import QObject, QUrl
from PyQt5.QtGui import QDesktopServices

from mtjlab.errors import RefusedError
from mtjlab.gui.engines.engines import EXPORT
from mtjlab.gui.views.comparison import compared
from mtjlab.gui.worker import Worker
from mtjlab.runs.opened import kind_of
from mtjlab.store import read_request

if TYPE_CHECKING:
    from mtjlab.gui.window import MainWindow


class RunActions(QObject):
    """Carries out by its name what the list asks for."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._worker = Worker(self)
        self._worker.done.connect(self._compare)

    def do(self, action: str, folders: Sequence[Path]) -> None:
        """Do ``action`` with the runs in ``folders``.

        Raises:
            RefusedError: a folder does not tell what is needed.
        """
        window, folder = self._window, folders[0]
        match action:
            case "open":
                window.stage.open(folder)
            case "compare":
                self._worker.start(lambda: [compared(one) for one in folders])
            case "settings":
                self._use_settings(folder)
            case "classify with it":
                window.measuring.classify_with(folder)
                window.docks["Measure"].raise_()
            case "resume" | "rerun":
                window.start_again(action, folder)
            case "figures":
                window.engines.start(["figures", str(folder), "--quiet"])
            case str() if action.startswith(EXPORT):
                kind = action.removeprefix(EXPORT).strip()
                window.engines.start([EXPORT, str(folder), "--to", kind, "--runs", str(window.runs)])
            case "folder":
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder.resolve())))

    def end(self) -> None:
        """Nothing is read any more."""
        self._worker.close()

    def _use_settings(self, folder: Path) -> None:
        """The form of its procedure as this run was asked; for a check, its bench."""
        window, request = self._window, read_request(folder)
        kind = kind_of(folder)
        if not kind.uses_plan:
            self._use_bench(request["run"])
            return
        window.training.fill(request.get("plan", {}))  # a measurement takes its detector and presentations from there
        if kind.form:
            window.measuring.fill(kind, kind.asked_by(request))
        window.docks["Measure" if kind.form else "Training"].raise_()

    def _use_bench(self, run: dict[str, Any]) -> None:
        if not self._window.band.benches.isEnabled():
            raise RefusedError("Another bench can be chosen once the run has ended, and the bench is disconnected.")
        self._window.band.use(Path(run.get("bench_file", "")), bool(run.get("simulate", False)))

    def _compare(self, courses: Any) -> None:
        if isinstance(courses, Exception):
            raise courses
        self._window.comparison.show_runs(courses)
        self._window.docks["Comparison"].show()
        self._window.docks["Comparison"].raise_()
