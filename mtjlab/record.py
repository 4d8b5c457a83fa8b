"""The record of a run, filled event by event: what terminal, figures, export, report, window and resume all use."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any, TypeVar

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


class Record:
    """What is known of a run after some of its events: how it began, what it counted, the last event of each type.

    ``tracked`` names types of which every event is kept: nothing else grows.
    """

    def __init__(self, tracked: Collection[type[Event]] = ()) -> None:
        self.suspended: Suspended | None = None
        self._each: dict[type, list[Any]] = {kind: [] for kind in tracked}
        self._last: dict[type, Any] = {}
        self._number: Counter[type] = Counter()
        self._tallies: Counter[str] = Counter()
        self._cautions: dict[str, None] = {}
        self._awaited = 0

    def take(self, event: Event) -> None:
        """Take one event in; it follows those that were taken before."""
        if isinstance(event, TakenOver | EventLost):
            self._awaited -= 1
        if isinstance(event, TakenOver):
            self._number[TakenOver] += 1
            self.take(event.event)
            return
        self._keep(event)
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

    def last(self, kind: type[EventT]) -> EventT | None:
        """The last event of a type, if there was one."""
        found: EventT | None = self._last.get(kind)
        return found

    def each(self, kind: type[EventT]) -> Sequence[EventT]:
        """Every event of a type, in order.

        Raises:
            KeyError: that type is not kept here.
        """
        return self._each[kind]

    def number(self, kind: type[Event]) -> int:
        """How many events of a type there were."""
        return self._number[kind]

    @property
    def has_begun(self) -> bool:
        """Whether all is there that the run takes over from another; where its first event is lost nobody knows."""
        return self._awaited <= 0 and (self.started is not None or not self._number[TakenOver])

    @property
    def has_just_begun(self) -> bool:
        """Whether that was so from the last event on that was taken over or lost."""
        return self._awaited == 0

    @property
    def tallies(self) -> Counter[str]:
        """What events count, added up, by the names of ``Progress``."""
        return Counter(self._tallies)

    def before_end(self, tallies: Mapping[str, int]) -> "Record":
        """What was known while the run still went on, when ``tallies`` were counted."""
        then = copy(self)
        then.suspended = None
        then._last = {kind: event for kind, event in self._last.items() if kind not in (WentSafe, RunEnded)}
        then._tallies = Counter({**self._tallies, **tallies})
        return then

    @property
    def started(self) -> RunStarted | None:
        """How the run began."""
        return self.last(RunStarted)

    @property
    def ended(self) -> RunEnded | None:
        """Its last word."""
        return self.last(RunEnded)

    @property
    def safe(self) -> bool:
        """Whether its sources went safe."""
        return self.last(WentSafe) is not None

    @property
    def measured(self) -> JunctionsMeasured | None:
        """The references that it judges by."""
        return self.last(JunctionsMeasured)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to be warned of in the plans of control currents, each once."""
        return tuple(self._cautions)

    @property
    def progress(self) -> Progress:
        """What a run that resumes this one is told beside the events that it takes over."""
        beside = Progress(checked=self.last(WiringChecked), measured=self.measured, cautions=self.cautions)
        counted: dict[str, Any] = {name: self._tallies[name] for name in COUNTED}
        return replace(beside, **counted)

    def _keep(self, event: Event) -> None:
        kind = type(event)
        self._last[kind] = event
        self._number[kind] += 1
        if (kept := self._each.get(kind)) is not None:
            kept.append(event)

    def _begin(self, parent: Parent) -> None:
        """What the parent has come to is what this run begins with; its events are still to come."""
        self._awaited = parent.handed_over
        for event in filter(None, (parent.progress.checked, parent.progress.measured)):
            self._keep(event)
        self._cautions |= dict.fromkeys(parent.progress.cautions)
        self._tallies.update({name: getattr(parent.progress, name) for name in COUNTED})


def fold(events: Iterable[Event], tracked: Collection[type[Event]] = ()) -> Record:
    """What is known after all of ``events``, with each of those types that it ``tracked``."""
    state = Record(tracked)
    for event in events:
        state.take(event)
    return state
