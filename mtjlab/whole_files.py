"""Atomic writing of files: a file is complete or does not exist."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4


def write_whole(path: Path, write: Callable[[Path], object]) -> Path:
    """Call ``write`` with a unique name in the folder of ``path``, then rename that file to ``path``; returns ``path``.

    An existing file or link is replaced.

    Raises:
        OSError: it cannot be written; an existing file is unchanged.
    """
    unfinished = path.with_name(f"{path.name}.{uuid4().hex[:8]}.unfinished")
    try:
        write(unfinished)
        unfinished.replace(path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return path


def put(path: Path, content: bytes) -> Path:
    """Write a file with this ``content`` atomically. Raises OSError as ``write_whole``."""

    def write(unfinished: Path) -> None:
        with unfinished.open("xb") as file:
            file.write(content)

    return write_whole(path, write)
