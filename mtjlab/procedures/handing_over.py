"""What a run hands over to one that resumes it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from mtjlab.events import Event, EventLost, Parent, Progress, RunStarted, TakenOver, original_event
from mtjlab.procedures.kind import Kind, KindState
from mtjlab.record import Record


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the first line of the run that resumes says, and the events after it."""

    by: Parent
    events: tuple[Event, ...] = ()

    @property
    def run(self) -> str:
        """The run that is resumed."""
        return self.by.run


def hand_over(run: str, events: Iterable[tuple[int, Event]], kind: Kind[Any]) -> HandedOver:
    """What ``run`` of this ``kind`` hands over of its numbered ``events``, as far as they count."""
    state, kind_state, handed = Record(), kind.new_state(), list[Event]()
    by, last_n = Parent(run, -1, None, Progress()), -1
    for last_n, event in events:
        state.take(event)
        if kind_state is not None:
            kind_state.take(original_event(event))
        if isinstance(event, (TakenOver, *kind.hands_over)):
            handed.append(original_event(event))
        if _is_complete(kind, event, state, kind_state):
            by = Parent(run, last_n, last_n, state.progress, len(handed), kind.steps_done(kind_state))
    events_handed = tuple(handed[: by.handed_over])
    return HandedOver(replace(by, last_n=last_n, progress=by.progress.excluding(events_handed)), events_handed)


def _is_complete(kind: Kind[Any], event: Event, state: Record, kind_state: KindState | None) -> bool:
    """Whether all up to ``event``, which led to ``state``, counts; a resumed run does again what follows the last such.

    Before all that it takes over is there nothing is complete.
    """
    if not state.has_begun:
        return False
    match event:
        case RunStarted():
            return event.parent is not None
        case TakenOver() | EventLost():
            return state.has_just_begun
        case _:
            return kind.completes(event, kind_state)
