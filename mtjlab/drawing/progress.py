"""How far the drawing of figures has come: a file beside the figures, for other processes.

It is removed when all figures are drawn; a drawing that was ended early leaves it.
"""

import os
import socket
from contextlib import suppress
from pathlib import Path

import msgspec
import psutil

from instruments.processes import created_s, process_of
from mtjlab.store import FIGURES, content_of, demand_no_link, make_folder
from mtjlab.whole_files import put

PROGRESS = "drawing.json"
LARGEST = 1 << 16


class DrawingProgress(msgspec.Struct, frozen=True):
    """Process that draws, number of files drawn and to draw (None: not known yet), and why it failed, if it did."""

    host: str
    pid: int
    process_created_s: float
    drawn: int = 0
    of: int | None = None
    why: str = ""

    @property
    def is_active(self) -> bool:
        """Whether the process still draws; False for one on another computer."""
        return self._process is not None

    @property
    def text(self) -> str:
        """How far it has come, such as "5 of 22"; empty before that is known."""
        return "" if self.of is None else f"{self.drawn} of {self.of}"

    def cancel(self) -> None:
        """End the drawing; figures drawn so far stay."""
        if (process := self._process) is not None:
            with suppress(psutil.Error):  # it has just ended
                end(process)

    @property
    def _process(self) -> psutil.Process | None:
        return process_of(self.pid, self.process_created_s) if self.host == socket.gethostname() else None


def end(process: psutil.Process) -> None:
    """End a process that draws, also one that was suspended. Raises psutil.Error."""
    process.terminate()
    process.resume()


def by_process(pid: int) -> DrawingProgress:
    """Progress of a drawing that begins in the process ``pid``."""
    is_own = pid == os.getpid()
    return DrawingProgress(socket.gethostname(), pid, created_s() if is_own else psutil.Process(pid).create_time())


def drawing_progress(folder: Path) -> DrawingProgress | None:
    """Progress of the drawing in the run ``folder``; None if none is in progress or ended early."""
    try:
        return msgspec.json.decode(content_of(folder / FIGURES / PROGRESS, LARGEST), type=DrawingProgress)
    except (OSError, ValueError):
        return None


def write_progress(folder: Path, progress: DrawingProgress) -> None:
    """Write the progress file. Raises OSError."""
    make_folder(folder / FIGURES)
    put(folder / FIGURES / PROGRESS, msgspec.json.encode(progress))


def remove_progress(folder: Path) -> None:
    """Remove the progress file, and the folder of figures if it is empty."""
    with suppress(OSError):
        demand_no_link(folder / FIGURES)
        (folder / FIGURES / PROGRESS).unlink(missing_ok=True)
        (folder / FIGURES).rmdir()
