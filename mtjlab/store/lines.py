"""Lines of a journal: one JSON object each, with number and time first and a checksum of all before it last."""

import re
import zlib
from datetime import UTC, datetime

import msgspec

from mtjlab.events.base import Event
from mtjlab.events.codec import TAKEN, to_json
from mtjlab.text import normalised

_LINE = re.compile(rb'\{"n":(\d+),"at":"([^"]*)","type":"([^"]*)".*,"crc":"([0-9a-f]{8})"\}\n\Z', re.DOTALL)
YEARS = range(1900, 9999)
"""Years that can be shown in every time zone."""
_CRC_LENGTH = len(b',"crc":"00000000"}\n')


class Line(msgspec.Struct, frozen=True, gc=False):
    """A valid line: its number, the time when it was written, the type of its event, and its text as written.

    ``length`` is its length in the file, which differs if another program saved the file with other line ends.
    """

    n: int
    at: datetime
    type: str
    text: bytes
    length: int

    @property
    def is_taken(self) -> bool:
        """Whether its event is taken over from the run that this one resumes."""
        return self.text.endswith(TAKEN, 0, -_CRC_LENGTH)


def format_line(n: int, event: Event, at: datetime | None = None) -> bytes:
    """Journal line of ``event``, with the time ``at``, by default now."""
    stamp = (at or datetime.now(UTC)).isoformat(timespec="milliseconds")
    body = b'{"n":%d,"at":"%s",%s' % (n, stamp.encode(), to_json(event)[1:-1])
    return b'%s,"crc":"%08x"}\n' % (body, zlib.crc32(body))


def parse_line(text: bytes) -> Line | None:
    """The line in ``text``, or None if it is damaged; any line end is accepted."""
    length = len(text)
    found = _LINE.match(text) or _LINE.match(text := normalised(text))
    if found is None:
        return None
    n, stamp, kind, crc = found.groups()
    if int(crc, 16) != zlib.crc32(memoryview(text)[:-_CRC_LENGTH]):
        return None
    try:
        at = datetime.fromisoformat(stamp.decode())
        line = Line(int(n), at, kind.decode(), text, length)
    except ValueError:  # another program has written numbers, times or types in another form
        return None
    return line if at.tzinfo is not None and at.year in YEARS else None
