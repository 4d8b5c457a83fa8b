"""Recovery of a damaged journal: every valid line, and an event for each lost line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from mtjlab.events.runs import EventLost
from mtjlab.store.folder import JOURNAL
from mtjlab.store.lines import Line, format_line, parse_line
from mtjlab.store.reading import journal_in, texts_of
from mtjlab.text import WINDOWS, is_utf_16, likely_text

_BEGINS = re.compile(rb'(?=\{"n":\d)')
_UP_TO_ITS_END = re.compile(rb'.*?"crc":"[0-9a-f]{8}"\}', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Recovered:
    """Number of saved events, number of lost events, and numbers of the damaged lines in the file."""

    saved: int
    lost: int
    damaged_lines: tuple[int, ...]


def recover_journal(damaged: Path, into: Path) -> Recovered:
    """Write the valid lines of the journal in ``damaged`` into the folder ``into``, byte for byte as written.

    Lines that another program saved as UTF-16, or in the encoding of Windows, are valid too.

    An ``EventLost`` replaces each missing number. A line that is out of order (a higher number came before) is left
    out. A torn last line is not an event.

    Raises:
        RefusedError: there is no journal in ``damaged``, or it cannot be read.
    """
    with journal_in(damaged) as file:
        texts = list(texts_of(_in_utf_8(file)))
    saved = lost = 0
    with (into / JOURNAL).open("xb") as new:
        for text, is_saved in _recovered_lines(texts):
            new.write(text)
            saved, lost = saved + is_saved, lost + (not is_saved)
    return Recovered(saved, lost, tuple(number for number, text in enumerate(texts, 1) if parse_line(text) is None))


def _recovered_lines(texts: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    n, last_number = 0, 0
    last: Line | None = None
    for number, text in enumerate(texts, 1):
        for line in _valid_lines(text):
            if line.n < n:
                continue
            while n < line.n:
                last_number = min(last_number + 1, number)
                yield format_line(n, EventLost(last_number), line.at), False
                n += 1
            yield line.text, True
            n, last_number, last = n + 1, number, line
    for number in _lost_at_the_end(texts, last_number):
        yield format_line(n, EventLost(number), last.at if last else None), False
        n += 1


def _valid_lines(text: bytes) -> Iterator[Line]:
    """The valid lines in a line of the file: one, or several without the line ends between them."""
    for part in _BEGINS.split(text):
        end = _UP_TO_ITS_END.match(part)
        line = end and (parse_line(end[0] + b"\n") or parse_line(_from_windows(end[0]) + b"\n"))
        if line:
            yield line


def _in_utf_8(file: BinaryIO) -> BinaryIO:
    begins = file.read(2)
    file.seek(0)
    return BytesIO(likely_text(file.read()).encode()) if is_utf_16(begins) else file


def _from_windows(text: bytes) -> bytes:
    return text.decode(WINDOWS, "replace").encode()


def _lost_at_the_end(texts: Sequence[bytes], last_valid: int) -> list[int]:
    """Damaged lines at the end, where no later number counts the events: those that begin as a line does."""
    damaged = [number for number in range(last_valid + 1, len(texts) + 1) if texts[number - 1].strip()]
    return [number for number in damaged if _BEGINS.match(texts[number - 1])] or damaged[:1]
