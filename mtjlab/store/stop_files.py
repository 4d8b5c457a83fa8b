"""``stop`` and ``emergency``: files in a run folder that request the end of the run.

Any file of that name counts: an empty one requests a stop at the next safe point. A line ``now`` requests to stop
without waiting for it, a line ``by ...`` names who requests it.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mtjlab.store.files import is_there, text_in, write_marker
from mtjlab.store.folder import EMERGENCY, STOP, STOP_NOW

LARGEST = 4096
LONGEST_NAME = 80
_BY = "by "


@dataclass(frozen=True, slots=True)
class StopRequest:
    """Request to stop a run: who requested it, and whether to stop before the next safe point."""

    by: str
    now: bool


class StopFiles:
    """The files in ``folder`` that request a stop."""

    def __init__(self, folder: Path) -> None:
        self._files = ((folder / EMERGENCY, True), (folder / STOP, False))

    def request(self) -> StopRequest | None:
        """The stop request; None if there is none."""
        for path, at_once in self._files:
            if is_there(path):
                lines = _lines(path)
                by = _printable(next((line.removeprefix(_BY) for line in lines if line.startswith(_BY)), ""))
                return StopRequest(by or f"a file named {path.name} in the run folder", at_once or STOP_NOW in lines)
        return None


def request_stop(folder: Path, by: str, now: bool) -> None:
    """Request a stop of the run in ``folder``. Raises OSError if the file cannot be written."""
    write_marker(folder / STOP, "\n".join([STOP_NOW] * now + [f"{_BY}{by}"] * bool(by)))


def request_emergency_stop(folder: Path, by: str) -> None:
    """Request that engine and guardian take the bench to zero at once. Raises OSError as ``request_stop``."""
    if not is_there(folder / EMERGENCY):
        write_marker(folder / EMERGENCY, f"{_BY}{by}")


def _lines(path: Path) -> list[str]:
    with suppress(OSError):  # an unreadable file is a request too
        return [line.strip() for line in text_in(path, LARGEST).splitlines()]
    return []


def _printable(by: str) -> str:
    return "".join(letter for letter in by if letter.isprintable())[:LONGEST_NAME].strip()
