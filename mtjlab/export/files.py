"""Files that are there whole or not at all."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4


def write_whole(path: Path, write: Callable[[Path], None]) -> Path:
    """Let ``write`` write to a temporary name beside ``path``, then give it its own; a file that was there is replaced.

    Raises:
        OSError: it cannot be written; what was there before is unharmed.
    """
    temporary = path.with_name(f".{path.name}.{uuid4().hex[:8]}.tmp")
    try:
        write(temporary)
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return path


def write_text(path: Path, text: str) -> Path:
    """``text`` as a whole file. Raises OSError as ``write_whole``."""

    def write(temporary: Path) -> None:
        temporary.write_text(text, encoding="utf-8", newline="\n")

    return write_whole(path, write)
