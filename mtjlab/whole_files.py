"""Files that are there whole or not at all, whatever happens while they are written."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4


def write_whole(path: Path, write: Callable[[Path], object]) -> Path:
    """Let ``write`` write under another name beside ``path``, then rename it; returns ``path``.

    A file or a link that was there is replaced. ``write`` is given a name that nobody else has.

    Raises:
        OSError: it cannot be written; what was there before is unharmed.
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
    """A file with this ``content``. Raises OSError as ``write_whole``."""

    def write(unfinished: Path) -> None:
        with unfinished.open("xb") as file:
            file.write(content)

    return write_whole(path, write)
