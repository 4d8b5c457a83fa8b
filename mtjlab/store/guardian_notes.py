"""What the guardian of a run had to do: a file of its own, a line each, since the journal is the engine's alone."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from mtjlab.store.files import append, text_in

GUARDIAN = "guardian.txt"
"""There only if the guardian had to act."""
ACTING, SAFE_AGAIN = "acting: ", "safe: "
"""How its sentences begin: why it acts, and that it succeeded; any other beginning says that it did not."""
NOT_SAFE = "NOT SAFE: "
NOT_REACHED = f"The guardian did not reach zero either: see {GUARDIAN}."
"""The last word of an engine on a guardian that did not succeed, whose reasons are in its own file."""
CONFIRMED = "confirmed safe: "
"""How the sentence of another program begins that took the same bench to zero afterwards."""


def write_guardian_note(folder: Path, sentence: str) -> None:
    """Write ``sentence`` into the run folder, if there still is one that can be written."""
    stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
    with suppress(OSError):
        append(folder / GUARDIAN, f"{stamp} {sentence}\n".encode())


def read_guardian_notes(folder: Path) -> tuple[str, ...]:
    """All sentences, without their times; empty if the guardian had nothing to do."""
    with suppress(OSError):
        return tuple(line.partition(" ")[2] for line in text_in(folder / GUARDIAN).splitlines())
    return ()
