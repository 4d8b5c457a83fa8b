"""Notes that people write on a run: plain text in its folder, which no engine reads."""

from contextlib import suppress
from pathlib import Path

from mtjlab.errors import RefusedError, reason_of, remedy_of

NOTES = "notes.md"


def notes_of(folder: Path) -> str:
    """What people have written on the run in ``folder``; empty if that is nothing."""
    with suppress(OSError):
        return (folder / NOTES).read_text(encoding="utf-8", errors="replace").strip()
    return ""


def write_notes(folder: Path, text: str) -> None:
    """Put ``text`` in place of the notes of the run in ``folder``: whole, or not at all. Empty notes leave no file.

    Raises:
        RefusedError: they cannot be written.
    """
    path = folder / NOTES
    unfinished = path.with_name(f"{NOTES}.unfinished")
    try:
        if text.strip():
            unfinished.write_text(f"{text.strip()}\n", encoding="utf-8")
            unfinished.replace(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise RefusedError(
            f"{path}: the notes cannot be written ({reason_of(error)}). The run itself is whole. {remedy_of(error)}."
        ) from error
