"""What can be saved of a damaged journal: every sound line, and a mark where one was lost."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from mtjlab.events.runs import EventLost
from mtjlab.store.folder import JOURNAL
from mtjlab.store.lines import Line, parsed, written
from mtjlab.store.reading import journal_in, texts_of
from mtjlab.text import WINDOWS, is_utf_16, likely_text

_BEGINS = re.compile(rb'(?=\{"n":\d)')
_UP_TO_ITS_END = re.compile(rb'.*?"crc":"[0-9a-f]{8}"\}', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many events were saved, how many were lost, and the lines of the damaged file that were not sound."""

    saved: int
    lost: int
    damaged_lines: tuple[int, ...]


def recover_journal(damaged: Path, into: Path) -> Recovered:
    """Write into the folder ``into`` what is sound of the journal in ``damaged``, byte for byte as it was written.

    Also what a program saved again in UTF-16, or in the encoding of Windows, is sound.

    Where numbers are missing an ``EventLost`` stands for each event. A line that is no longer in its place (its number
    has been before) is left out. A torn last line is not an event.

    Raises:
        RefusedError: there is no journal in ``damaged``, or it cannot be read.
    """
    with journal_in(damaged) as file:
        texts = list(texts_of(_in_utf_8(file)))
    saved = lost = 0
    with (into / JOURNAL).open("xb") as new:
        for text, is_saved in _repaired(texts):
            new.write(text)
            saved, lost = saved + is_saved, lost + (not is_saved)
    return Recovered(saved, lost, tuple(number for number, text in enumerate(texts, 1) if parsed(text) is None))


def _repaired(texts: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    n, last_number = 0, 0
    last: Line | None = None
    for number, text in enumerate(texts, 1):
        for line in _sound_lines(text):
            if line.n < n:
                continue
            while n < line.n:
                last_number = min(last_number + 1, number)
                yield written(n, EventLost(last_number), line.at), False
                n += 1
            yield line.text, True
            n, last_number, last = n + 1, number, line
    for number in _lost_at_the_end(texts, last_number):
        yield written(n, EventLost(number), last.at if last else None), False
        n += 1


def _sound_lines(text: bytes) -> Iterator[Line]:
    """The sound lines in a line of the file: it is one, or holds some that lost the end of line between them."""
    for part in _BEGINS.split(text):
        end = _UP_TO_ITS_END.match(part)
        line = end and (parsed(end[0] + b"\n") or parsed(_from_windows(end[0]) + b"\n"))
        if line:
            yield line


def _in_utf_8(file: BinaryIO) -> BinaryIO:
    begins = file.read(2)
    file.seek(0)
    return BytesIO(likely_text(file.read()).encode()) if is_utf_16(begins) else file


def _from_windows(text: bytes) -> bytes:
    return text.decode(WINDOWS, "replace").encode()


def _lost_at_the_end(texts: Sequence[bytes], last_sound: int) -> list[int]:
    """Damaged lines after which no number tells how many events they were: those that begin as a line does."""
    damaged = [number for number in range(last_sound + 1, len(texts) + 1) if texts[number - 1].strip()]
    return [number for number in damaged if _BEGINS.match(texts[number - 1])] or damaged[:1]
