"""What is done with runs that were selected in the list."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import QObject, QUrl
from PyQt5.QtGui import QDesktopServices

from mtjlab.gui.views.comparison import compared
from mtjlab.gui.worker import Worker
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
                window.training.fill(read_request(folder).get("plan", {}))
                window.docks["Training"].raise_()
            case "resume" | "rerun":
                window.start_again(action, folder)
            case "figures":
                window.engines.start(["figures", str(folder), "--quiet"])
            case "folder":
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder.resolve())))

    def end(self) -> None:
        """Nothing is read any more."""
        self._worker.close()

    def _compare(self, courses: Any) -> None:
        if isinstance(courses, Exception):
            raise courses
        self._window.comparison.show_runs(courses)
        self._window.docks["Comparison"].show()
        self._window.docks["Comparison"].raise_()
