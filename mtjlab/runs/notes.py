"""Notes of users on a run: plain text in its folder, not read by the engine."""

from contextlib import suppress
from pathlib import Path

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.store import content_of, text_in
from mtjlab.whole_files import put

NOTES = "notes.md"
LARGEST = 1 << 20
"""Maximum length of notes in bytes."""


def notes_of(folder: Path) -> str:
    """Notes on the run in ``folder``; empty if there are none, or if they cannot be read."""
    with suppress(OSError):
        return text_in(folder / NOTES, LARGEST).strip()
    return ""


def write_notes(folder: Path, text: str) -> None:
    """Replace the notes on the run in ``folder`` by ``text``, atomically. Empty notes leave no file.

    Raises:
        RefusedError: they cannot be written, or the present notes cannot be read and would be lost.
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
            f"{path}: the notes cannot be written ({reason_of(error)}). The run is not affected. {remedy_of(error)}."
        ) from error
