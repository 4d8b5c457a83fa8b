"""The state of a run as a fold of its events: the one that terminal, figures, report, window and resume all use."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from mtjlab.domain import ControlCurrents
from mtjlab.events import (
    Continued,
    ControlsPlanned,
    Event,
    EventLost,
    JunctionsMeasured,
    Presented,
    Progress,
    RecognitionMeasured,
    RunEnded,
    RunStarted,
    StepTrained,
    Suspended,
    TokensEncoded,
    WentSafe,
    WiringChecked,
)

COMPLETE = (TokensEncoded, StepTrained, RecognitionMeasured)
"""Events after which everything before them counts; what follows the last of them is done again by a resumed run."""


@dataclass(frozen=True, slots=True)
class RunState(Progress):
    """What is known of a run after some of its events: its progress, how it began, and how it stands."""

    started: RunStarted | None = None
    suspended: Suspended | None = None
    safe: bool = False
    ended: RunEnded | None = None

    @property
    def progress(self) -> Progress:
        """What a run that resumes this one takes over."""
        return Progress(**_fields_of_progress(self))


def after(state: RunState, event: Event) -> RunState:
    """The state once ``event`` has happened."""
    match event:
        case Presented():
            return replace(
                state,
                presentations=state.presentations + 1,
                without_configuration=state.without_configuration + (event.configuration is None),
                reset_failures=state.reset_failures + (not all(outcome.reset for outcome in event.outcomes)),
            )
        case ControlsPlanned():
            return _with_controls(state, event)
        case StepTrained():
            state = _with_controls_of(state, event.step, event.controls)
            return replace(state, held_moves=state.held_moves + len(event.learning.held))
        case RecognitionMeasured():
            return replace(state, recognition=(*state.recognition, event))
        case RunStarted():
            taken = _fields_of_progress(event.parent.progress) if event.parent else {}
            return replace(state, started=event, **taken)
        case WiringChecked():
            return replace(state, checked=event)
        case JunctionsMeasured():
            return replace(state, measured=event)
        case TokensEncoded():
            return replace(state, encoded=event)
        case Suspended():
            return replace(state, suspended=event, suspensions=state.suspensions + 1)
        case Continued():
            return replace(state, suspended=None)
        case EventLost():
            return replace(state, events_lost=state.events_lost + 1)
        case WentSafe():
            return replace(state, safe=True)
        case RunEnded():
            return replace(state, ended=event, suspended=None)
        case _:
            return state


def fold(events: Iterable[Event]) -> RunState:
    """The state after all of ``events``."""
    state = RunState()
    for event in events:
        state = after(state, event)
    return state


def _with_controls(state: RunState, event: ControlsPlanned) -> RunState:
    """A plan tells the controls of its step, too: of the first, and of one whose own event may be lost."""
    new = tuple(caution for caution in dict.fromkeys(event.cautions) if caution not in state.cautions)
    if event.step == 0 or state.events_lost:
        state = _with_controls_of(state, event.step, event.controls)
    return replace(state, cautions=state.cautions + new) if new else state


def _with_controls_of(state: RunState, step: int, controls: ControlCurrents) -> RunState:
    if step != len(state.controls_by_step):
        return state
    return replace(state, controls_by_step=(*state.controls_by_step, controls))


def _fields_of_progress(progress: Progress) -> dict[str, Any]:
    return {field.name: getattr(progress, field.name) for field in fields(Progress)}
