"""What a run folder holds, as events: lines of a journal are understood by the vocabulary."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from mtjlab.events import (
    SHARED,
    ControlsPlanned,
    CurveTaken,
    Event,
    JunctionsMeasured,
    Presented,
    Probed,
    RunStarted,
    SweepPoint,
)
from mtjlab.events.base import type_of
from mtjlab.events.codec import decoded
from mtjlab.store import Follower, Line, read_lines, understood

VOCABULARY: Mapping[str, type[Event]] = {type_of(kind): kind for kind in SHARED}
"""All that this version knows, by what it is called in journals."""


CURVES = ("sweep", "shift", "map")
"""Runs that sweep again once references are known."""


class Unsaid:
    """Adds to the events of one journal, in their order, what older versions left unsaid.

    ``SweepPoint.purpose``; and the series of a curve or probe, which was ``ControlsPlanned.step``.
    """

    def __init__(self) -> None:
        self._takes_curves = self._knows_references = False

    def added(self, event: Event) -> Event:
        """The event as this version writes it."""
        match event:
            case RunStarted():
                self._takes_curves = event.on_bench in CURVES
            case JunctionsMeasured() | CurveTaken() | Probed() | Presented():  # the first may be lost
                self._knows_references = True
            case SweepPoint(purpose=None):
                return replace(event, purpose="curve" if self._is_curve or event.series else "reference")
            case ControlsPlanned(series=None) if self._is_curve:
                return replace(event, step=0, series=event.step)
        return event

    @property
    def _is_curve(self) -> bool:
        return self._takes_curves and self._knows_references


class _Named(msgspec.Struct):
    """An event, as far as what it is called."""

    type: str


def read_events(folder: Path) -> Iterator[Event]:
    """Events of a run, in order; a torn last line is dropped.

    Raises:
        RefusedError: there is no journal, it cannot be read, or has another format.
        DamagedJournalError: a line is damaged.
    """
    unsaid = Unsaid()
    for line in read_lines(folder):
        yield unsaid.added(event_of(folder, line))


def event_of(folder: Path, line: Line) -> Event:
    """The event in a line, as it was written.

    Raises:
        RefusedError: this version does not know its kind, or the journal has another format.
    """
    return understood(folder, line, VOCABULARY.get(line.type))


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

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._unsaid = Unsaid()

    def news(self, most: int | None = None) -> list[Event]:
        """Events that have come since the last call, ``most`` of them at most.

        Raises:
            RefusedError: there is no journal any more, it cannot be read, or has another format.
            DamagedJournalError: a line is damaged.
        """
        return self.read(lambda line: self._unsaid.added(event_of(self.folder, line)), most)
