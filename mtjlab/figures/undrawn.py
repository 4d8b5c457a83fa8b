"""The file beside the figures of a run that names those that are not drawn yet, and how to draw them."""

from collections.abc import Sequence
from pathlib import Path

from mtjlab.counted import counted
from mtjlab.store import FIGURES, content_of, is_file
from mtjlab.whole_files import put

UNDRAWN = "not-drawn.txt"
LARGEST = 1 << 16


def write_undrawn(folder: Path, names: Sequence[str]) -> None:
    """Write which of all figures ``names`` of the run in ``folder`` are not drawn; no file if none. Raises OSError."""
    path = folder / FIGURES / UNDRAWN
    left = [name for name in names if not _is_drawn(folder, name)]
    if left:
        head = f"{len(names) - len(left)} of {counted(len(names), 'figure')} drawn; all: mtjlab figures {folder}"
        put(path, "\n".join([head, *left, ""]).encode())
    else:
        path.unlink(missing_ok=True)


def undrawn(folder: Path) -> tuple[str, ...]:
    """Names of the figures that the run in ``folder`` has data for, and that are not drawn; empty if not known."""
    try:
        _, *names = content_of(folder / FIGURES / UNDRAWN, LARGEST).decode().splitlines()
    except (OSError, ValueError):
        return ()
    return tuple(name for name in names if not _is_drawn(folder, name))


def figures_text(files: Sequence[Path]) -> str:
    """Folder of the ``files`` of figures that were drawn, how many figures they are, and what draws the others."""
    folder, count = files[0].parent, len({file.stem for file in files})
    left = len(undrawn(folder.parent))
    more = f"; `mtjlab figures RUN` draws all {count + left}" if left else ""
    return f"{folder} ({counted(count, 'key figure' if left else 'figure')}{more})"


def _is_drawn(folder: Path, name: str) -> bool:
    return is_file(folder / FIGURES / f"{name}.svg")  # the last of its files
