"""``stop`` and ``emergency``: files in a run folder by which anybody ends the run. They may say who asks.

A file of that name is enough, whatever it is: an empty one asks for the next safe point. A line ``now`` asks not to
wait for that, a line ``by ...`` names who asks.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mtjlab.store.files import is_there, leave, text_in
from mtjlab.store.folder import EMERGENCY, STOP, STOP_NOW

LARGEST = 4096
LONGEST_NAME = 80
_BY = "by "


@dataclass(frozen=True, slots=True)
class StopRequest:
    """Who asked a run to stop, and whether it shall not wait for its next safe point."""

    by: str
    now: bool


def read_stop_request(folder: Path) -> StopRequest | None:
    """Who asked the run in ``folder`` to stop; None if nobody did."""
    for name, at_once in ((EMERGENCY, True), (STOP, False)):
        if is_there(folder / name):
            lines = _lines(folder / name)
            by = next((line.removeprefix(_BY) for line in lines if line.startswith(_BY)), "")
            return StopRequest(_printable(by) or f"a file named {name} in the run folder", at_once or STOP_NOW in lines)
    return None


def request_stop(folder: Path, by: str, now: bool) -> None:
    """Ask the run in ``folder`` to stop. Raises OSError if the file cannot be written."""
    leave(folder / STOP, "\n".join([STOP_NOW] * now + [f"{_BY}{by}"] * bool(by)))


def request_emergency_stop(folder: Path, by: str) -> None:
    """Ask engine and guardian to take the bench to zero at once; once is enough. Raises OSError as ``request_stop``."""
    if not is_there(folder / EMERGENCY):
        leave(folder / EMERGENCY, f"{_BY}{by}")


def _lines(path: Path) -> list[str]:
    with suppress(OSError):  # it asks all the same
        return [line.strip() for line in text_in(path, LARGEST).splitlines()]
    return []


def _printable(by: str) -> str:
    return "".join(letter for letter in by if letter.isprintable())[:LONGEST_NAME].strip()
