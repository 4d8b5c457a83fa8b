"""Reading a journal: all lines, the last lines, or lines as they are appended. A torn last line is left out."""

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
from mtjlab.store.lines import Line, parse_line

CHUNK = 1 << 16
LONGEST = 1 << 28
"""Maximum length of a line in bytes; no run writes a longer one, so it is not read into memory."""
Read = TypeVar("Read")

_FORMAT = re.compile(rb'"format":(\d+)')


class DamagedJournalError(RefusedError):
    """A line of a journal is damaged."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            f"{path}: line {line} is damaged (its checksum, number or time does not match). Nothing was changed. "
            f"`mtjlab recover {path.parent}` makes a new run of all valid lines."
        )


class UnreadableJournalError(RefusedError):
    """The journal exists but cannot be read."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path}: cannot be read ({reason_of(error)}). Nothing was changed.")


def read_lines(folder: Path) -> Iterator[Line]:
    """Valid lines of a journal, in order, without decoding their events.

    Raises:
        RefusedError: there is no journal, or it cannot be read.
        DamagedJournalError: a line is damaged.
    """
    path = folder / JOURNAL
    with journal_in(folder) as file:
        for n, text in enumerate(texts_of(file)):
            yield _checked(path, n, text)


def decode_line(folder: Path, line: Line, kind: type[Read] | None) -> Read:
    """Decode the event of a line as ``kind``, the class of its type; None stands for an unknown type.

    Raises:
        RefusedError: this version does not know the type or its fields, or the journal has another format.
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
        f"{path}: line {line.n + 1} ({line.type}) is valid, but of a type that this version does not know. Use the "
        "software that wrote it."
    )


@contextmanager
def journal_in(folder: Path) -> Iterator[BinaryIO]:
    """Open the journal of a run for reading; an empty one for a run that has not begun it.

    Raises:
        RefusedError: there is none, or it cannot be read.
    """
    path = folder / JOURNAL
    never_started = not is_there(folder / HEARTBEAT)
    if never_started and is_file(folder / REQUEST) and not is_there(path):
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
    """Complete lines of a journal; a torn last one is left out, and one of more than ``LONGEST`` bytes is cut."""
    while (text := file.readline(LONGEST)).endswith(b"\n") or len(text) == LONGEST:
        yield text


def first_lines(folder: Path, most: int) -> list[Line | None]:
    """The first ``most`` lines of a journal; None for a damaged one.

    Raises:
        RefusedError: there is no journal, or it cannot be read.
    """
    with journal_in(folder) as file:
        return [parse_line(text) for text in islice(texts_of(file), most)]


def last_line(folder: Path) -> Line | None:
    """The last complete line of a journal, read from its end; None if there is none, or if it is damaged.

    Raises:
        RefusedError: there is no journal, or it cannot be read.
    """
    lines = last_lines(folder, 1)
    return lines[0] if lines else None


def last_lines(folder: Path, most: int) -> list[Line]:
    """The last ``most`` complete lines of a journal without damaged ones.

    Raises:
        RefusedError: there is no journal, or it cannot be read.
    """
    with journal_in(folder) as file:
        end = file.seek(0, 2)
    return lines_before(folder, end, most)


def lines_before(folder: Path, position: int, most: int) -> list[Line]:
    """The last ``most`` lines of a journal that end at or before the byte ``position``, read from there backwards.

    Damaged lines are left out.

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
    return [line for line in map(parse_line, (text + b"\n" for text in texts)) if line is not None]


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
    """Reads a journal while it is written; an incomplete last line is read once it is complete."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / JOURNAL
        self._position = self._n = 0

    def lines(self, most: int | None = None) -> list[Line]:
        """Valid lines appended since the last call, at most ``most`` of them.

        Raises:
            RefusedError: there is no journal any more, or it cannot be read.
            DamagedJournalError: a line is damaged.
        """
        return self.read(lambda line: line, most)

    def read(self, decode: Callable[[Line], Read], most: int | None = None) -> list[Read]:
        """Lines appended since the last call, each decoded by ``decode``; at most ``most`` of them.

        Raises:
            RefusedError: as ``lines``, and as ``decode`` raises it; lines before that are returned first.
        """
        news: list[Read] = []
        try:
            news += islice(self._new(decode), most)
        except RefusedError:
            if not news:  # the next call raises the error
                raise
        return news

    def _new(self, decode: Callable[[Line], Read]) -> Iterator[Read]:
        with journal_in(self.folder) as file:
            file.seek(self._position)
            for text in texts_of(file):
                decoded_line = decode(_checked(self._path, self._n, text))
                self._position += len(text)
                self._n += 1
                yield decoded_line


def _complete(tail: bytes) -> bytes:
    return tail[: tail.rfind(b"\n") + 1]


def _checked(path: Path, n: int, text: bytes) -> Line:
    line = parse_line(text)
    if line is None or line.n != n:
        raise DamagedJournalError(path, n + 1)
    return line
