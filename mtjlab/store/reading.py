"""Reading a journal: all of it, its last line, or what is being appended. A torn last line is dropped."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar

from mtjlab.errors import RefusedError, reason_of
from mtjlab.events.base import FORMAT
from mtjlab.events.codec import decoded
from mtjlab.store.files import is_file, is_there, opened
from mtjlab.store.folder import JOURNAL, REQUEST
from mtjlab.store.heartbeat import HEARTBEAT
from mtjlab.store.lines import Line, parsed

CHUNK = 1 << 16
LONGEST = 1 << 28
"""Bytes of a line; what is longer was written by no run, and is not read into memory."""
Read = TypeVar("Read")

_FORMAT = re.compile(rb'"format":(\d+)')


class DamagedJournalError(RefusedError):
    """A line of a journal is not what was written."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            f"{path}: line {line} is damaged (its checksum, number or time does not fit). Nothing was changed. "
            f"`mtjlab recover {path.parent}` makes a new run of all lines that are sound."
        )


class UnreadableJournalError(RefusedError):
    """There is something named as a journal that cannot be read."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path}: cannot be read ({reason_of(error)}). Nothing was changed.")


def read_lines(folder: Path) -> Iterator[Line]:
    """Sound lines of a journal, in order, without looking into their events.

    Raises:
        RefusedError: there is no journal, or it cannot be read.
        DamagedJournalError: a line is damaged.
    """
    with journal_in(folder) as file:
        for n, text in enumerate(texts_of(file)):
            yield _demanded(folder / JOURNAL, n, text)


def decode_line(folder: Path, line: Line, kind: type[Read] | None) -> Read:
    """What a line holds, as the class that belongs to its type; None where there is no such class.

    Raises:
        RefusedError: this version does not know what it holds, or the journal has another format.
    """
    if kind is None:
        raise _unknown(folder, line)
    try:
        return decoded(kind, line.text)
    except ValueError as error:
        raise _unknown(folder, line) from error


def _unknown(folder: Path, line: Line) -> RefusedError:
    path, other = folder / JOURNAL, _FORMAT.search(line.text)
    if line.type == "run-started" and other and int(other[1]) != FORMAT:
        return RefusedError(
            f"{path}: is written in format {other[1].decode()}; this version reads format {FORMAT}. Use the "
            "software that wrote it (it is named in the first line)."
        )
    return RefusedError(
        f"{path}: line {line.n + 1} ({line.type}) is sound, but of a kind that this version does not know. Use the "
        "software that wrote it."
    )


@contextmanager
def journal_in(folder: Path) -> Iterator[BinaryIO]:
    """The journal of a run, open to be read; an empty one for a run that did not come so far as to begin it.

    Raises:
        RefusedError: there is none, or it cannot be read.
    """
    path = folder / JOURNAL
    never_lived = not is_there(folder / HEARTBEAT)
    if never_lived and is_file(folder / REQUEST) and not is_there(path):
        yield BytesIO()
        return
    try:
        with opened(path) as file:
            yield file
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RefusedError(
            f"{folder}: is no run folder (there is no {JOURNAL} in it). Give the folder of a run."
        ) from error
    except OSError as error:
        raise UnreadableJournalError(path, error) from error


def texts_of(file: BinaryIO) -> Iterator[bytes]:
    """Complete lines of a journal; a torn last one is left out. One that is too long to be sound is given cut off."""
    while (text := file.readline(LONGEST)).endswith(b"\n") or len(text) == LONGEST:
        yield text


def first_lines(folder: Path, most: int) -> list[Line | None]:
    """The first ``most`` lines of a journal; None for one that is not sound.

    Raises:
        RefusedError: there is no journal, or it cannot be read.
    """
    with journal_in(folder) as file:
        return [parsed(text) for text in islice(texts_of(file), most)]


def last_line(folder: Path) -> Line | None:
    """The last complete line of a journal, read from its end; None if there is none, or if it is damaged.

    Raises:
        RefusedError: there is no journal, or it cannot be read.
    """
    lines = last_lines(folder, 1)
    return lines[0] if lines else None


def last_lines(folder: Path, most: int) -> list[Line]:
    """The last ``most`` complete lines of a journal; those that are not sound are left out.

    Raises:
        RefusedError: there is no journal, or it cannot be read.
    """
    with journal_in(folder) as file:
        end = file.seek(0, 2)
    return lines_before(folder, end, most)


def lines_before(folder: Path, position: int, most: int) -> list[Line]:
    """The last ``most`` lines of a journal that end at or before the byte ``position``, read from there backwards.

    Lines that are not sound are left out.

    Raises:
        RefusedError: there is no journal, or it cannot be read.
    """
    tail = b""
    with journal_in(folder) as file:
        while position > 0 and _complete(tail).count(b"\n") <= most and len(tail) < LONGEST:
            step = min(max(CHUNK, len(tail)), position)
            position = file.seek(position - step)
            tail = file.read(step) + tail
    texts = _complete(tail).split(b"\n")[:-1][-most:]
    return [line for line in map(parsed, (text + b"\n" for text in texts)) if line is not None]


def torn_bytes(folder: Path) -> int:
    """Length of the torn last line, 0 if the journal ends as it should.

    Raises:
        RefusedError: there is no journal, or it cannot be read.
    """
    torn = 0
    with journal_in(folder) as file:
        position = file.seek(0, 2)
        while position > 0 and torn < LONGEST:
            step = min(CHUNK, position)
            position = file.seek(position - step)
            after = file.read(step).rpartition(b"\n")
            torn += len(after[2])
            if after[1]:
                break
    return torn


class Follower:
    """Reads a journal while it is written; keeps an incomplete last line until the rest comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / JOURNAL
        self._position = self._n = 0

    def lines(self, most: int | None = None) -> list[Line]:
        """Sound lines that have come since the last call, ``most`` of them at most.

        Raises:
            RefusedError: there is no journal any more, or it cannot be read.
            DamagedJournalError: a line is damaged.
        """
        return self.read(lambda line: line, most)

    def read(self, understand: Callable[[Line], Read], most: int | None = None) -> list[Read]:
        """What ``understand`` makes of the lines that have come since the last call, ``most`` of them at most.

        Raises:
            RefusedError: as ``lines``, and whatever ``understand`` raises; what comes before that is returned first.
        """
        came: list[Read] = []
        try:
            came += islice(self._coming(understand), most)
        except RefusedError:
            if not came:  # what is sound comes first; the next call tells of the damage
                raise
        return came

    def _coming(self, understand: Callable[[Line], Read]) -> Iterator[Read]:
        with journal_in(self.folder) as file:
            file.seek(self._position)
            for text in texts_of(file):
                understood = understand(_demanded(self._path, self._n, text))
                self._position += len(text)
                self._n += 1
                yield understood


def _complete(tail: bytes) -> bytes:
    return tail[: tail.rfind(b"\n") + 1]


def _demanded(path: Path, n: int, text: bytes) -> Line:
    line = parsed(text)
    if line is None or line.n != n:
        raise DamagedJournalError(path, n + 1)
    return line
