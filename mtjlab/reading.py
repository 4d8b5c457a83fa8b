"""What a run folder holds, as events: lines of a journal are understood by the vocabulary."""

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
    """All events that this version knows, by what they are called in journals: shared ones, and those of all kinds."""
    return {**_SHARED, **{type_of(event): event for kind in KINDS.values() for event in kind.events}}


class Translation:
    """Turns what older versions wrote, the events of one journal in their order, into what this version writes.

    ``SweepPoint.purpose``; the series of a curve or probe, which was ``ControlsPlanned.step``; and all that a run takes
    over from the one that it resumes, which was in its first line.
    """

    def __init__(self) -> None:
        self._procedure = ""
        self._knows_references = False

    def of(self, event: Event) -> tuple[Event, ...]:
        """The event as this version writes it, with all that follows from it.

        Raises:
            RefusedError: this version does not know what a run took over.
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
        return self._knows_references and self._procedure in KINDS and KINDS[self._procedure].takes_curves


def _unfolded(started: RunStarted, parent: Parent) -> tuple[Event, ...]:
    """The first event, and what was taken over as events of their own; an old one does not hold its training steps."""
    full = parent.progress
    try:
        rows = [converted(ControlCurrents, told) for told in full.controls_by_step]
        planned = [TakenOver(ControlsPlanned(0.0, step, controls, ())) for step, controls in enumerate(rows)]
        pieces = (*full.recognition, *full.curves, *full.probes, *full.mapped, *full.shown)
        after = (*pieces, full.switching, full.classified)
        taken = (*_events_of((full.encoded, full.warm)), *planned, *_events_of(after))
    except (ValueError, TypeError, LookupError) as error:
        raise RefusedError(
            f"{started.run}: what its journal says of {parent.run} is not of a kind that this version knows. Use the "
            "software that wrote it."
        ) from error
    if not taken:
        return (started,)
    step = max(0, len(rows) - 1) if full.encoded else None
    progress = full.excluding(one.event for one in taken)
    return (replace(started, parent=replace(parent, progress=progress, handed_over=len(taken), step=step)), *taken)


def _events_of(told: Iterable[Any]) -> Iterator[TakenOver]:
    """Events that a run took over, as decoded JSON, but for those that are None."""
    for one in filter(None, told):
        kind = _class_of(one["type"])
        if kind is None:
            raise ValueError(f"no event is called {one['type']!r}")
        yield TakenOver(converted(kind, one))


class _Named(msgspec.Struct):
    """An event, as far as what it is called."""

    type: str


def read_events(folder: Path) -> Iterator[Event]:
    """Events of a run, in order; a torn last line is dropped.

    Raises:
        RefusedError: there is no journal, it cannot be read, or has another format.
        DamagedJournalError: a line is damaged.
    """
    return (event for _, event in events_in(folder, read_lines(folder)))


def events_in(folder: Path, lines: Iterable[Line]) -> Iterator[tuple[Line, Event]]:
    """Lines of a journal, in order, each with the event that it holds; with all of them where it holds several.

    Raises:
        RefusedError: this version does not know the kind of one, or the journal has another format.
    """
    translation = Translation()
    for line in lines:
        for event in translation.of(event_of(folder, line)):
            yield line, event


def event_of(folder: Path, line: Line) -> Event:
    """The event in a line, as it was written.

    Raises:
        RefusedError: this version does not know its kind, or the journal has another format.
    """
    event: Event = decode_line(folder, line, _class_of(line.type))
    return TakenOver(event) if line.is_taken else event


def from_json(text: bytes) -> Event:
    """The event in a JSON object.

    Raises:
        ValueError: it is none that this version knows.
    """
    named = decoded(_Named, text).type
    kind = _class_of(named)
    if kind is None:
        raise ValueError(f"no event is called {named!r}")
    event = decoded(kind, text)
    return TakenOver(event) if text.endswith(TAKEN + b"}") else event


@cache
def _class_of(name: str) -> type[Event] | None:
    """The class of a type of event; of one that is not shared its kind is loaded, and no other."""
    own = KINDS[MADE_BY[name]].events if name in MADE_BY else ()
    return _SHARED.get(name) or next((event for event in own if type_of(event) == name), None)


class EventFollower(Follower):
    """Reads the events of a journal while it is written."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._translation = Translation()

    def news(self, most: int | None = None) -> list[Event]:
        """Events that have come since the last call, of ``most`` lines at most.

        Raises:
            RefusedError: there is no journal any more, it cannot be read, or has another format.
            DamagedJournalError: a line is damaged.
        """
        return list(chain.from_iterable(self.read(self._events_of, most)))

    def _events_of(self, line: Line) -> tuple[Event, ...]:
        return self._translation.of(event_of(self.folder, line))
