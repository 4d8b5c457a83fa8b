"""Read the events recorded in a run folder."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from mtjlab.domain import ControlCurrents
from mtjlab.errors import RefusedError
from mtjlab.events import (
    SHARED,
    ControlsPlanned,
    CurveTaken,
    Event,
    JunctionsMeasured,
    Parent,
    Presented,
    RunStarted,
    SweepPoint,
    TakenOver,
)
from mtjlab.events.base import type_of
from mtjlab.events.codec import TAKEN, converted, decoded
from mtjlab.procedures.kinds import KINDS, MADE_BY
from mtjlab.store import Follower, Line, decode_line, read_lines

_SHARED: Mapping[str, type[Event]] = {type_of(event): event for event in SHARED}


@cache
def vocabulary() -> Mapping[str, type[Event]]:
    """All event classes known to this version, shared or of a kind, by their type in journals."""
    return {**_SHARED, **{type_of(event): event for kind in KINDS.values() for event in kind.events}}


class Translation:
    """Converts the events of an older journal, in order, to those of this version.

    It adds ``SweepPoint.purpose`` and the series of a curve or probe (formerly ``ControlsPlanned.step``), and expands
    what a run takes over from the run it resumes (formerly in its first line).
    """

    def __init__(self) -> None:
        self._procedure = ""
        self._knows_references = False

    def of(self, event: Event) -> tuple[Event, ...]:
        """Convert one event; it may expand to several.

        Raises:
            RefusedError: this version cannot read what a run took over.
        """
        self._knows_references = self._knows_references or bool(event.all_verdicts)
        match event:
            case RunStarted():
                self._procedure = event.on_bench
                return (event,) if event.parent is None else _unfolded(event, event.parent)
            case JunctionsMeasured() | CurveTaken() | Presented():  # the first may be lost
                self._knows_references = True
            case SweepPoint(purpose=None):
                return (replace(event, purpose="curve" if self._is_curve or event.series else "reference"),)
            case ControlsPlanned(series=None) if self._is_curve:
                return (replace(event, step=0, series=event.step),)
        return (event,)

    @property
    def _is_curve(self) -> bool:
        return self._knows_references and self._procedure in KINDS and KINDS[self._procedure].measures_curves


def _unfolded(started: RunStarted, parent: Parent) -> tuple[Event, ...]:
    """Expand the first event to itself and taken-over events; training steps are missing in old journals."""
    full = parent.progress
    try:
        rows = [converted(ControlCurrents, controls) for controls in full.controls_by_step]
        planned = [TakenOver(ControlsPlanned(0.0, step, controls, ())) for step, controls in enumerate(rows)]
        pieces = (*full.recognition, *full.curves, *full.probes, *full.mapped, *full.shown)
        after = (*pieces, full.switching, full.classified)
        taken = (*_events_of((full.encoded, full.warm)), *planned, *_events_of(after))
    except (ValueError, TypeError, LookupError) as error:
        raise RefusedError(
            f"{started.run}: the events that its journal took over from {parent.run} cannot be read by this version. "
            "Use the software that wrote it."
        ) from error
    if not taken:
        return (started,)
    step = max(0, len(rows) - 1) if full.encoded else None
    progress = full.excluding(one.event for one in taken)
    return (replace(started, parent=replace(parent, progress=progress, handed_over=len(taken), step=step)), *taken)


def _events_of(plain: Iterable[Any]) -> Iterator[TakenOver]:
    """Convert decoded JSON of taken-over events, skipping None."""
    for one in filter(None, plain):
        kind = _class_of(one["type"])
        if kind is None:
            raise ValueError(f"no event is called {one['type']!r}")
        yield TakenOver(converted(kind, one))


class _Named(msgspec.Struct):
    """The type of an event."""

    type: str


def read_events(folder: Path) -> Iterator[Event]:
    """Events of a run, in order; an incomplete last line is dropped.

    Raises:
        RefusedError: the journal is missing, cannot be read, or has an unknown format.
        DamagedJournalError: a line is damaged.
    """
    return (event for _, event in events_in(folder, read_lines(folder)))


def events_in(folder: Path, lines: Iterable[Line]) -> Iterator[tuple[Line, Event]]:
    """Lines of a journal, in order, each with its event; a line that expands to several events occurs several times.

    Raises:
        RefusedError: an event type or the format of the journal is unknown.
    """
    translation = Translation()
    for line in lines:
        for event in translation.of(event_of(folder, line)):
            yield line, event


def event_of(folder: Path, line: Line) -> Event:
    """The event in a line, as written.

    Raises:
        RefusedError: the event type or the format of the journal is unknown.
    """
    event: Event = decode_line(folder, line, _class_of(line.type))
    return TakenOver(event) if line.is_taken else event


def from_json(text: bytes) -> Event:
    """The event in a JSON object.

    Raises:
        ValueError: the event type is unknown, or the JSON is not valid for it.
    """
    named = decoded(_Named, text).type
    kind = _class_of(named)
    if kind is None:
        raise ValueError(f"no event is called {named!r}")
    event = decoded(kind, text)
    return TakenOver(event) if text.endswith(TAKEN + b"}") else event


@cache
def _class_of(name: str) -> type[Event] | None:
    """Class of an event type; loads only the kind that makes it."""
    own = KINDS[MADE_BY[name]].events if name in MADE_BY else ()
    return _SHARED.get(name) or next((event for event in own if type_of(event) == name), None)


class EventFollower(Follower):
    """Follows the events of a journal while it is being written."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._translation = Translation()

    def news(self, most: int | None = None) -> list[Event]:
        """Events since the last call, from at most ``most`` lines.

        Raises:
            RefusedError: the journal is missing, cannot be read, or has an unknown format.
            DamagedJournalError: a line is damaged.
        """
        return list(chain.from_iterable(self.read(self._events_of, most)))

    def _events_of(self, line: Line) -> tuple[Event, ...]:
        return self._translation.of(event_of(self.folder, line))
