"""Notes of the guardian of a run, one per line, in a file of their own: only the engine writes the journal."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from mtjlab.store.files import append, text_in

GUARDIAN = "guardian.txt"
"""There only if the guardian had to act."""
ACTING, SAFE_AGAIN = "acting: ", "safe: "
"""First words of its notes: why it acts, and that it succeeded; any other note says that it did not."""
NOT_SAFE = "NOT SAFE: "
NOT_REACHED = f"The guardian did not reach zero either: see {GUARDIAN}."
"""End of the reason in the final event of an engine whose guardian did not succeed."""
CONFIRMED = "confirmed safe: "
"""First words of the note of another program that took the same bench to zero later."""


def write_guardian_note(folder: Path, text: str) -> None:
    """Append ``text`` with a time stamp, if the run folder can still be written."""
    stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
    with suppress(OSError):
        append(folder / GUARDIAN, f"{stamp} {text}\n".encode())


def read_guardian_notes(folder: Path) -> tuple[str, ...]:
    """All notes without their time stamps; empty if the guardian did not act."""
    with suppress(OSError):
        return tuple(line.partition(" ")[2] for line in text_in(folder / GUARDIAN).splitlines())
    return ()
