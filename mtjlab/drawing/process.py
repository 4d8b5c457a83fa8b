"""Draw the figures of a run in a process of their own, and wait for it or not."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import psutil

from mtjlab.drawing.progress import by_process, write_progress
from mtjlab.errors import RefusedError
from mtjlab.figures.named import ALL
from mtjlab.processes import detached


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

    ``on_saved`` is called with the numbers of files drawn and to draw.

    Raises:
        RefusedError: the figures cannot be drawn; the message says why.
    """
    process, last = _start(folder, selection, stdout=subprocess.PIPE), Report()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            last = msgspec.json.decode(line, type=Report)
            on_saved(len(last.files), last.of)
        code = process.wait()
    except BaseException:
        process.terminate()
        raise
    if last.why or code:
        raise RefusedError(last.why or f"{folder}: the process that draws the figures has ended (exit code {code}).")
    return list(map(Path, last.files))


def _start(folder: Path, selection: Sequence[str], **streams: Any) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "mtjlab.drawing", str(folder), *selection]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, **streams, **detached())
