"""Draw the figures of a run in a process of their own, and wait for it or not."""

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import msgspec
import psutil

from mtjlab.drawing.progress import by_process, end, write_progress
from mtjlab.errors import RefusedError
from mtjlab.figures.named import ALL
from mtjlab.processes import detached

log = logging.getLogger(__name__)


class Report(msgspec.Struct, omit_defaults=True):
    """A line of the process for the one that waits: the files drawn so far and their final number, or a failure."""

    files: list[str] = []
    of: int = 0
    why: str = ""


def send(report: Report) -> None:
    """Send a report to the process that waits, if it still does."""
    with suppress(OSError, ValueError):
        sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
        sys.stdout.buffer.flush()


def draw_behind(folder: Path, selection: Sequence[str] = ALL) -> None:
    """Start to draw figures of the run in ``folder``, and return at once; its progress is in the folder."""
    process = _start(folder, selection, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with suppress(OSError, psutil.Error):  # until the process writes its own
        write_progress(folder, by_process(process.pid))


def draw_in_process(folder: Path, on_saved: Callable[[int, int], None], selection: Sequence[str] = ALL) -> list[Path]:
    """Draw in a process of its own, and wait for it; an exception that ends the wait ends the process.

    The process holds no stream of this one: whoever reads that need not wait for it.

    ``on_saved`` is called with the numbers of files drawn and to draw.

    Raises:
        RefusedError: the figures cannot be drawn; the message says why.
    """
    last = Report()
    with TemporaryFile() as errors, _ended(_start(folder, selection, stdout=subprocess.PIPE, stderr=errors)) as process:
        assert process.stdout is not None
        for line in process.stdout:
            last = msgspec.json.decode(line, type=Report)
            on_saved(len(last.files), last.of)
        code = process.wait()
        errors.seek(0)
        if text := errors.read().decode(errors="replace").strip():
            log.error(text)
    if last.why or code:
        raise RefusedError(last.why or f"{folder}: the process that draws the figures has ended (exit code {code}).")
    return list(map(Path, last.files))


@contextmanager
def _ended(process: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    """End the process if what is done meanwhile fails or is interrupted."""
    try:
        yield process
    except BaseException:
        with suppress(psutil.Error):  # it has just ended
            end(psutil.Process(process.pid))
        raise


def _start(folder: Path, selection: Sequence[str], **streams: Any) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "mtjlab.drawing", str(folder), *selection]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, **streams, **detached())
