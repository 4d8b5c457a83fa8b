"""Record of a run, built event by event; used by terminal, figures, export, report, window and resume."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from mtjlab.events import (
    Continued,
    ControlsPlanned,
    Event,
    EventLost,
    JunctionsMeasured,
    Parent,
    Progress,
    RunEnded,
    RunStarted,
    Suspended,
    TakenOver,
    WentSafe,
    WiringChecked,
)
from mtjlab.events.runs import COUNTED

EventT = TypeVar("EventT", bound=Event)


class KindState(Protocol):
    """State of a run from the events of its kind, of bounded size, so that a viewer can store it."""

    def take(self, event: Event) -> None:
        """Add the next event."""


class Record:
    """State of a run after some of its events: first event, counters, last event of each type.

    All events of the ``tracked`` types are stored; nothing else grows with the run. The same events are added to
    ``kind_state``, those taken over in their original form.
    """

    def __init__(self, tracked: Collection[type[Event]] = (), kind_state: KindState | None = None) -> None:
        self.kind_state = kind_state
        self.suspended: Suspended | None = None
        self._each: dict[type, list[Any]] = {kind: [] for kind in tracked}
        self._last: dict[type, Any] = {}
        self._number: Counter[type] = Counter()
        self._tallies: Counter[str] = Counter()
        self._cautions: dict[str, None] = {}
        self._awaited = 0

    def take(self, event: Event) -> None:
        """Add the next event."""
        if isinstance(event, TakenOver | EventLost):
            self._awaited -= 1
        if isinstance(event, TakenOver):
            self._number[TakenOver] += 1
            self.take(event.event)
            return
        self._store(event)
        for name, n in event.tallies.items():
            self._tallies[name] += n
        match event:
            case ControlsPlanned():
                self._cautions |= dict.fromkeys(event.cautions)
            case RunStarted() if event.parent:
                self._begin(event.parent)
            case Suspended():
                self.suspended = event
            case Continued() | RunEnded():
                self.suspended = None
        if self.kind_state is not None:
            self.kind_state.take(event)

    def last(self, kind: type[EventT]) -> EventT | None:
        """Last event of a type, or None."""
        found: EventT | None = self._last.get(kind)
        return found

    def each(self, kind: type[EventT]) -> Sequence[EventT]:
        """Every event of a type, in order.

        Raises:
            KeyError: the type is not tracked.
        """
        return self._each[kind]

    def number(self, kind: type[Event]) -> int:
        """Number of events of a type."""
        return self._number[kind]

    @property
    def has_begun(self) -> bool:
        """Whether all events taken over from another run have been read; unknown if its first event is lost."""
        return self._awaited <= 0 and (self.started is not None or not self._number[TakenOver])

    @property
    def has_just_begun(self) -> bool:
        """Whether the last event completed what was taken over."""
        return self._awaited == 0

    @property
    def tallies(self) -> Counter[str]:
        """Sums of all counters, by field name of ``Progress``."""
        return Counter(self._tallies)

    def before_end(self, tallies: Mapping[str, int]) -> "Record":
        """Record as it was during the run, at the counts ``tallies``."""
        then = copy(self)
        then.suspended = None
        then._last = {kind: event for kind, event in self._last.items() if kind not in (WentSafe, RunEnded)}
        then._tallies = Counter({**self._tallies, **tallies})
        return then

    @property
    def started(self) -> RunStarted | None:
        """First event of the run."""
        return self.last(RunStarted)

    @property
    def ended(self) -> RunEnded | None:
        """Final event of the run."""
        return self.last(RunEnded)

    @property
    def safe(self) -> bool:
        """Whether all sources were confirmed safe."""
        return self.last(WentSafe) is not None

    @property
    def measured(self) -> JunctionsMeasured | None:
        """References of the detector."""
        return self.last(JunctionsMeasured)

    @property
    def cautions(self) -> tuple[str, ...]:
        """Cautions about planned control currents, each once."""
        return tuple(self._cautions)

    @property
    def progress(self) -> Progress:
        """Progress for a run that resumes this one, beyond the events that it takes over."""
        progress = Progress(checked=self.last(WiringChecked), measured=self.measured, cautions=self.cautions)
        counted: dict[str, Any] = {name: self._tallies[name] for name in COUNTED}
        return replace(progress, **counted)

    def _store(self, event: Event) -> None:
        kind = type(event)
        self._last[kind] = event
        self._number[kind] += 1
        if (stored := self._each.get(kind)) is not None:
            stored.append(event)

    def _begin(self, parent: Parent) -> None:
        """Start from the progress of the parent; its events follow."""
        self._awaited = parent.handed_over
        for event in filter(None, (parent.progress.checked, parent.progress.measured)):
            self._store(event)
        self._cautions |= dict.fromkeys(parent.progress.cautions)
        self._tallies.update({name: getattr(parent.progress, name) for name in COUNTED})


def fold(events: Iterable[Event], tracked: Collection[type[Event]] = (), kind_state: KindState | None = None) -> Record:
    """Record of ``events``, with all events of the ``tracked`` types, and with the state of its kind."""
    state = Record(tracked, kind_state)
    for event in events:
        state.take(event)
    return state
