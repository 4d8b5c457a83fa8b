"""Lines of a journal: one JSON object each, its number and the time first, a checksum of all before it last."""

import re
import zlib
from datetime import UTC, datetime

import msgspec

from mtjlab.events.base import Event
from mtjlab.events.codec import to_json
from mtjlab.text import as_meant

_LINE = re.compile(rb'\{"n":(\d+),"at":"([^"]*)","type":"([^"]*)".*,"crc":"([0-9a-f]{8})"\}\n\Z', re.DOTALL)
YEARS = range(1900, 9999)
"""Of times that every time zone can show."""
_CRC_LENGTH = len(b',"crc":"00000000"}\n')


class Line(msgspec.Struct, frozen=True, gc=False):
    """A sound line: its number, when it was written, what type of event it holds, and all of it as it was written.

    ``length`` is what it takes in the file: a program that saved the file again may have ended its lines otherwise.
    """

    n: int
    at: datetime
    type: str
    text: bytes
    length: int


def written(n: int, event: Event, at: datetime | None = None) -> bytes:
    """The line of ``event``, as it is appended now, or as it was ``at`` another time."""
    stamp = (at or datetime.now(UTC)).isoformat(timespec="milliseconds")
    body = b'{"n":%d,"at":"%s",%s' % (n, stamp.encode(), to_json(event)[1:-1])
    return b'%s,"crc":"%08x"}\n' % (body, zlib.crc32(body))


def parsed(text: bytes) -> Line | None:
    """The line in ``text``, or None if it is not what was written; how a program ended it does not count."""
    length = len(text)
    found = _LINE.match(text) or _LINE.match(text := as_meant(text))
    if found is None:
        return None
    n, stamp, kind, crc = found.groups()
    if int(crc, 16) != zlib.crc32(memoryview(text)[:-_CRC_LENGTH]):
        return None
    try:
        at = datetime.fromisoformat(stamp.decode())
        line = Line(int(n), at, kind.decode(), text, length)
    except ValueError:  # of a program that writes numbers, times or types otherwise
        return None
    return line if at.tzinfo is not None and at.year in YEARS else None
