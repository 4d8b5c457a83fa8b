"""An engine: ``mtjlab ...`` as a separate process that outlives the window, and the run folder that it creates."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

import psutil
from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from mtjlab.errors import RefusedError
from mtjlab.gui.engines.files import command_name
from mtjlab.processes import detached
from mtjlab.runs.finding import run_folders
from mtjlab.runs.watching import ask_to_stop
from mtjlab.store import JOURNAL, is_file, read_request

PROGRAM = (sys.executable, "-m", "mtjlab")
LOOK_MS = 100
CANCELLED = "the operator, who cancelled it in the window"
"""Origin of a stop request, as recorded in the reason of the run."""


class Engine(QObject):
    """A command running as a process; ``title`` names what it does, ``lasts_s`` is its estimated duration, if known.

    ``found`` gives the run folder that it created, ``output`` all that it has printed whenever that grows, ``ended``
    its exit code and output.
    """

    found = pyqtSignal(Path)
    output = pyqtSignal(str)
    ended = pyqtSignal(int, str)

    def __init__(
        self,
        arguments: Sequence[str],
        runs: Path,
        title: str = "",
        parent: QObject | None = None,
        lasts_s: float | None = None,
    ) -> None:
        super().__init__(parent)
        self._lasts_s, self._since_s = lasts_s, monotonic()
        self.arguments = tuple(arguments)
        self.title = title or command_name(arguments)
        self.folder: Path | None = None
        self.is_cancelled = False
        self._runs = runs
        self._before = set(run_folders(runs))
        handle, name = tempfile.mkstemp(prefix="mtjlab-engine-", suffix=".txt")
        self._output_file = Path(name)
        self._shown_bytes = 0
        self._process = subprocess.Popen(
            [*PROGRAM, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            **detached(),
        )
        os.close(handle)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_MS)

    @property
    def left_s(self) -> float | None:
        """Estimated seconds until it ends, not negative; None if not known."""
        return None if self._lasts_s is None else max(0.0, self._lasts_s - (monotonic() - self._since_s))

    @property
    def is_running(self) -> bool:
        """Whether the process exists."""
        return self._process.poll() is None

    @property
    def has_folder(self) -> bool:
        """Whether its run folder exists; it may have been deleted."""
        return self.folder is not None and is_file(self.folder / JOURNAL)

    def stop(self, by: str) -> None:
        """End its run by a stop file, or by a signal while it has no run folder."""
        if self.folder is None:
            self._process.terminate()
            return
        with suppress(RefusedError):  # it has already ended
            ask_to_stop(self.folder, now=False, by=by)

    def cancel(self) -> None:
        """End what the operator no longer wants."""
        self.is_cancelled = True
        self._look()  # it may have a run folder by now, which will then say who stopped the run
        self.stop(CANCELLED)

    def stop_when_found(self, by: str) -> None:
        """End its run as soon as it has a run folder."""

        def stop(folder: Path) -> None:
            with suppress(RefusedError):  # it has already ended
                ask_to_stop(folder, now=False, by=by)

        self.found.connect(stop)

    def _look(self) -> None:
        is_running = self.is_running
        self._look_at_output()
        if self.folder is None and (folder := self._new_folder()) is not None:
            self.folder = folder
            self.found.emit(folder)
        if not is_running:
            self._timer.stop()
            self.ended.emit(self._process.returncode, self._read_output())

    def _new_folder(self) -> Path | None:
        for folder in run_folders(self._runs):
            if folder not in self._before and is_file(folder / JOURNAL) and self._is_from_process(folder):
                return folder
        return None

    def _is_from_process(self, folder: Path) -> bool:
        """Whether the process or its child created it: on some systems python is only a launcher."""
        try:
            pid = read_request(folder).get("run", {}).get("pid")
            return bool(pid == self._process.pid or psutil.Process(pid).ppid() == self._process.pid)
        except (RefusedError, psutil.Error, TypeError):
            return False

    def _look_at_output(self) -> None:
        with suppress(OSError):
            if (size := self._output_file.stat().st_size) != self._shown_bytes:
                self._shown_bytes = size
                self.output.emit(self._text_so_far().strip())

    def _read_output(self) -> str:
        try:
            text = self._text_so_far()
            self._output_file.unlink()
        except OSError:
            return ""
        return text.strip()

    def _text_so_far(self) -> str:
        return self._output_file.read_text(encoding="utf-8", errors="replace")
