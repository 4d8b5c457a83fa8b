"""What a run folder holds, as events: lines of a journal are understood by the vocabulary."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from mtjlab.events import SHARED, Event, PresentedGlance
from mtjlab.events.base import type_of
from mtjlab.events.codec import decoded
from mtjlab.store import Follower, Line, read_lines, understood

VOCABULARY: Mapping[str, type[Event]] = {type_of(kind): kind for kind in SHARED}
"""All that this version knows, by what it is called in journals."""


class _Named(msgspec.Struct):
    """An event, as far as what it is called."""

    type: str


def read_events(folder: Path) -> Iterator[Event]:
    """Events of a run, in order; a torn last line is dropped.

    Raises:
        RefusedError: there is no journal, it cannot be read, or has another format.
        DamagedJournalError: a line is damaged.
    """
    for line in read_lines(folder):
        yield event_of(folder, line)


def event_of(folder: Path, line: Line) -> Event:
    """The event in a line.

    Raises:
        RefusedError: this version does not know its kind, or the journal has another format.
    """
    return understood(folder, line, VOCABULARY.get(line.type))


def glance_of(folder: Path, line: Line) -> PresentedGlance:
    """What came of the presentation in a line.

    Raises:
        RefusedError: it is none that this version knows.
    """
    return understood(folder, line, PresentedGlance)


def from_json(text: bytes) -> Event:
    """The event in a JSON object.

    Raises:
        ValueError: it is none that this version knows.
    """
    named = decoded(_Named, text).type
    if named not in VOCABULARY:
        raise ValueError(f"no event is called {named!r}")
    return decoded(VOCABULARY[named], text)


class EventFollower(Follower):
    """Reads the events of a journal while it is written."""

    def news(self, most: int | None = None) -> list[Event]:
        """Events that have come since the last call, ``most`` of them at most.

        Raises:
            RefusedError: there is no journal any more, it cannot be read, or has another format.
            DamagedJournalError: a line is damaged.
        """
        return self.read(lambda line: event_of(self.folder, line), most)
