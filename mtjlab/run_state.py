"""The record of a run, filled event by event: what terminal, figures, export, report, window and resume all use."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from mtjlab.domain import ControlCurrents
from mtjlab.events import (
    Continued,
    ControlsPlanned,
    CurveTaken,
    Event,
    EventLost,
    JunctionsMeasured,
    Parent,
    Presented,
    Probed,
    Progress,
    RecognitionMeasured,
    RunEnded,
    RunStarted,
    StepTrained,
    Suspended,
    SwitchingMeasured,
    TakenOver,
    TokensClassified,
    TokensEncoded,
    WarmStarted,
    WentSafe,
    WiringChecked,
)
from mtjlab.events.runs import COUNTED

Kept = TypeVar("Kept")

ALL_PIECES = (RecognitionMeasured, ControlCurrents, CurveTaken, Probed, Presented)
"""What runs are made of."""


class RunState:
    """What is known of a run after some of its events: how it began, what it counted, the last event of each type.

    ``keeps`` names types of which every event is kept: nothing else grows. ``ControlCurrents`` among them are those
    after each training step.
    """

    def __init__(self, keeps: Collection[type] = ()) -> None:
        self.step = 0
        self.controls: ControlCurrents | None = None
        self.suspended: Suspended | None = None
        self._each: dict[type, list[Any]] = {kind: [] for kind in keeps}
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
            case StepTrained():
                self._go_to_step(event.step, event.controls)
            case ControlsPlanned():
                self._plan(event)
            case WarmStarted():
                self._start_with(event.controls)
            case RunStarted() if event.parent:
                self.begin(event.parent)
            case Suspended():
                self.suspended = event
            case Continued() | RunEnded():
                self.suspended = None

    def last(self, kind: type[Kept]) -> Kept | None:
        """The last event of a type, if there was one."""
        found: Kept | None = self._last.get(kind)
        return found

    def each(self, kind: type[Kept]) -> Sequence[Kept]:
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
    def tallies(self) -> Mapping[str, int]:
        """What events count, added up, by the names of ``Progress``."""
        return dict(self._tallies)

    def at_step(self, step: int, tallies: Mapping[str, int]) -> "RunState":
        """What was known when ``step`` was complete and ``tallies`` were counted."""
        then = copy(self)
        controls, recognition = self.controls_by_step[: step + 1], [one for one in self.recognition if one.step <= step]
        then.step, then.controls, then.suspended = max(0, len(controls) - 1), (controls or (None,))[-1], None
        then._each = {**self._each, ControlCurrents: list(controls), RecognitionMeasured: recognition}
        later = (WentSafe, RunEnded, RecognitionMeasured)
        then._last = {kind: event for kind, event in self._last.items() if kind not in later}
        if recognition:
            then._last[RecognitionMeasured] = recognition[-1]
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
    def checked(self) -> WiringChecked | None:
        """The check of the wiring."""
        return self.last(WiringChecked)

    @property
    def measured(self) -> JunctionsMeasured | None:
        """The references that it judges by."""
        return self.last(JunctionsMeasured)

    @property
    def encoded(self) -> TokensEncoded | None:
        """What a training learns."""
        return self.last(TokensEncoded)

    @property
    def warm(self) -> WarmStarted | None:
        """The start of a training that did not begin cold."""
        return self.last(WarmStarted)

    @property
    def switching(self) -> SwitchingMeasured | None:
        """The result of a measurement."""
        return self.last(SwitchingMeasured)

    @property
    def classified(self) -> TokensClassified | None:
        """The result of a classification."""
        return self.last(TokensClassified)

    @property
    def controls_by_step(self) -> Sequence[ControlCurrents]:
        """Control currents after 0, 1, 2, ... training steps."""
        return self.each(ControlCurrents)

    @property
    def recognition(self) -> Sequence[RecognitionMeasured]:
        """Recognition, as often as it was measured."""
        return self.each(RecognitionMeasured)

    @property
    def curves(self) -> Sequence[CurveTaken]:
        """Every curve."""
        return self.each(CurveTaken)

    @property
    def probes(self) -> Sequence[Probed]:
        """Every probe."""
        return self.each(Probed)

    @property
    def mapped(self) -> tuple[Presented, ...]:
        """Presentations that a map is made of."""
        return tuple(one for one in self.each(Presented) if one.purpose == "map")

    @property
    def shown(self) -> tuple[Presented, ...]:
        """Presentations that a classification is made of."""
        return tuple(one for one in self.each(Presented) if one.purpose == "classify")

    @property
    def presentations(self) -> int:
        """How many presentations there were."""
        return self._tallies["presentations"]

    @property
    def without_configuration(self) -> int:
        """How many of them gave none."""
        return self._tallies["without_configuration"]

    @property
    def reset_failures(self) -> int:
        """After how many of them a junction was not reset."""
        return self._tallies["reset_failures"]

    @property
    def held_moves(self) -> int:
        """How many moves of control currents were held at the edge of what is allowed."""
        return self._tallies["held_moves"]

    @property
    def suspensions(self) -> int:
        """How often the run paused by itself."""
        return self._tallies["suspensions"]

    @property
    def events_lost(self) -> int:
        """How many events a recovered journal has lost."""
        return self._tallies["events_lost"]

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to be warned of in the plans of control currents, each once."""
        return tuple(self._cautions)

    @property
    def progress(self) -> Progress:
        """What a run that resumes this one takes over."""
        return Progress(
            checked=self.checked,
            measured=self.measured,
            encoded=self.encoded,
            warm=self.warm,
            controls_by_step=self._all(ControlCurrents),
            recognition=self._all(RecognitionMeasured),
            curves=self._all(CurveTaken),
            probes=self._all(Probed),
            mapped=self.mapped if Presented in self._each else (),
            shown=self.shown if Presented in self._each else (),
            classified=self.classified,
            switching=self.switching,
            cautions=self.cautions,
            **{name: self._tallies[name] for name in COUNTED},
        )

    def _all(self, kind: type[Kept]) -> tuple[Kept, ...]:
        return tuple(self._each.get(kind, ()))

    def _keep(self, event: Event) -> None:
        kind = type(event)
        self._last[kind] = event
        self._number[kind] += 1
        if (kept := self._each.get(kind)) is not None:
            kept.append(event)

    def _plan(self, event: ControlsPlanned) -> None:
        """A plan tells the controls of its step, too: of the first, and of one whose own event may be lost."""
        self._cautions |= dict.fromkeys(event.cautions)
        self._go_to_step(event.step, event.controls)

    def _go_to_step(self, step: int, controls: ControlCurrents) -> None:
        if step != (0 if self.controls is None else self.step + 1):
            return
        self.step, self.controls = step, controls
        if (kept := self._each.get(ControlCurrents)) is not None:
            kept.append(_shared(controls))

    def _start_with(self, controls: ControlCurrents) -> None:
        self.step, self.controls = 0, controls
        if (kept := self._each.get(ControlCurrents)) is not None:
            kept[:] = [controls]

    def begin(self, parent: Parent) -> None:
        """What the parent has come to is what this run begins with; its events are still to come."""
        self._awaited = parent.handed_over
        for event in filter(None, (parent.progress.checked, parent.progress.measured)):
            self._keep(event)
        self._cautions |= dict.fromkeys(parent.progress.cautions)
        self._tallies.update({name: getattr(parent.progress, name) for name in COUNTED})


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What a run hands over to one that resumes it: what the first line of that one says, and the events after it."""

    by: Parent
    events: tuple[Event, ...] = ()

    @property
    def run(self) -> str:
        """The run that is resumed."""
        return self.by.run

    @property
    def progress(self) -> Progress:
        """All of it, as a procedure is given it."""
        state = RunState(ALL_PIECES)
        state.begin(self.by)
        for event in self.events:
            state.take(TakenOver(event))
        return state.progress


def hand_over(run: str, events: Iterable[tuple[int, Event]], types: tuple[type[Event], ...]) -> HandedOver:
    """What ``run`` hands over of its numbered ``events``: those of these ``types``, as far as they count."""
    state, handed = RunState(), list[Event]()
    by, last_n = Parent(run, -1, None, Progress()), -1
    for last_n, event in events:
        state.take(event)
        if isinstance(event, TakenOver):
            handed.append(event.event)
        elif isinstance(event, types):
            handed.append(event)
        if completes(state, event, types):
            step = state.step if state.encoded else None
            by = Parent(run, last_n, last_n, state.progress, len(handed), step)
    events_handed = tuple(handed[: by.handed_over])
    return HandedOver(replace(by, last_n=last_n, progress=by.progress.beside(events_handed)), events_handed)


def completes(state: RunState, event: Event, types: tuple[type[Event], ...]) -> bool:
    """Whether all up to ``event``, which led to ``state``, counts; a resumed run does again what follows the last such.

    ``types`` are what it hands over. Before all that it takes over is there nothing is complete. In a recovered journal
    a step whose neighbours were lost is not complete.
    """
    if not state.has_begun:
        return False
    match event:
        case StepTrained() | RecognitionMeasured():
            return state.encoded is not None and event.step == state.step
        case RunStarted():
            return event.parent is not None
        case TakenOver() | EventLost():
            return state.has_just_begun
        case Presented():
            return event.purpose in ("map", "classify")
        case ControlsPlanned():  # of a step that may not come to its end
            return False
        case _:
            return isinstance(event, types)


def fold(events: Iterable[Event], keeps: Collection[type] = ()) -> RunState:
    """What is known after all of ``events``, with each of those types that it ``keeps``."""
    state = RunState(keeps)
    for event in events:
        state.take(event)
    return state


@lru_cache(maxsize=1024)
def _shared(controls: ControlCurrents) -> ControlCurrents:
    """A long training comes back to the same control currents again and again; they are kept once."""
    return controls
