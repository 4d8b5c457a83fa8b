"""Events and progress handed over by a run to the run that resumes it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from mtjlab.events import Event, EventLost, Parent, Progress, RunStarted, TakenOver, original_event
from mtjlab.procedures.kind import Kind
from mtjlab.record import Record


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Parent in the first line of the resuming run, and the events after it."""

    by: Parent
    events: tuple[Event, ...] = ()

    @property
    def run(self) -> str:
        """Run being resumed."""
        return self.by.run


def hand_over(run: str, events: Iterable[tuple[int, Event]], kind: Kind[Any]) -> HandedOver:
    """Collect what ``run`` of this ``kind`` hands over, from its numbered ``events``."""
    state, handed = Record(kind_state=kind.new_state()), list[Event]()
    by, last_n = Parent(run, -1, None, Progress()), -1
    for last_n, event in events:
        state.take(event)
        if isinstance(event, (TakenOver, *kind.hands_over)):
            handed.append(original_event(event))
        if _is_complete(kind, event, state):
            by = Parent(run, last_n, last_n, state.progress, len(handed), kind.steps_done(state.kind_state))
    events_handed = tuple(handed[: by.handed_over])
    return HandedOver(replace(by, last_n=last_n, progress=by.progress.excluding(events_handed)), events_handed)


def _is_complete(kind: Kind[Any], event: Event, state: Record) -> bool:
    """Whether everything up to ``event``, which led to ``state``, is complete; a resumed run repeats what follows.

    Nothing is complete before all taken-over events have been read.
    """
    if not state.has_begun:
        return False
    match event:
        case RunStarted():
            return event.parent is not None
        case TakenOver() | EventLost():
            return state.has_just_begun
        case _:
            return kind.completes(event, state.kind_state)
