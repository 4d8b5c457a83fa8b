"""Notes that people write on a run: plain text in its folder, which no engine reads."""

from contextlib import suppress
from pathlib import Path

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.store import content_of, text_in
from mtjlab.whole_files import put

NOTES = "notes.md"
LARGEST = 1 << 20
"""Bytes of notes that a person has typed."""


def notes_of(folder: Path) -> str:
    """What people have written on the run in ``folder``; empty if that is nothing, or cannot be read."""
    with suppress(OSError):
        return text_in(folder / NOTES, LARGEST).strip()
    return ""


def write_notes(folder: Path, text: str) -> None:
    """Put ``text`` in place of the notes of the run in ``folder``: whole, or not at all. Empty notes leave no file.

    Raises:
        RefusedError: they cannot be written, or what is there cannot be read and would be lost.
    """
    path = folder / NOTES
    try:
        with suppress(FileNotFoundError):
            content_of(path, LARGEST)
        if text.strip():
            put(path, f"{text.strip()}\n".encode())
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise RefusedError(
            f"{path}: the notes cannot be written ({reason_of(error)}). The run itself is whole. {remedy_of(error)}."
        ) from error
