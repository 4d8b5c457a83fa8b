"""The state of a run as a fold of its events: the one that terminal, figures, report, window and resume all use."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from mtjlab.domain import ControlCurrents
from mtjlab.events import (
    Continued,
    ControlsPlanned,
    CurveTaken,
    Event,
    JunctionsMeasured,
    Presented,
    PresentedGlance,
    Probed,
    Progress,
    RecognitionMeasured,
    RunEnded,
    RunStarted,
    StepTrained,
    Suspended,
    SwitchingMeasured,
    TokensClassified,
    TokensEncoded,
    WarmStarted,
    WentSafe,
    WiringChecked,
)


@dataclass(frozen=True, slots=True)
class RunState(Progress):
    """What is known of a run after some of its events: its progress, how it began, and how it stands.

    ``behind`` counts control currents of earlier steps that are not kept (see ``latest``).
    """

    started: RunStarted | None = None
    suspended: Suspended | None = None
    safe: bool = False
    ended: RunEnded | None = None
    behind: int = 0

    @property
    def step(self) -> int:
        """Number of complete training steps."""
        return max(0, self.behind + len(self.controls_by_step) - 1)

    @property
    def progress(self) -> Progress:
        """What a run that resumes this one takes over."""
        return Progress(**_fields_of_progress(self))


def after(state: RunState, event: Event) -> RunState:
    """The state once ``event`` has happened."""
    state = _with_counts(state, event.tallies)
    match event:
        case Presented(purpose="map"):
            return replace(state, mapped=(*state.mapped, event))
        case Presented(purpose="classify"):
            return replace(state, shown=(*state.shown, event))
        case ControlsPlanned():
            return _with_controls(state, event)
        case StepTrained():
            return _with_controls_of(state, event.step, event.controls)
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
        case WarmStarted():
            return replace(state, warm=event, controls_by_step=(event.controls,))
        case Suspended():
            return replace(state, suspended=event)
        case Continued():
            return replace(state, suspended=None)
        case CurveTaken():
            return replace(state, curves=(*state.curves, event))
        case Probed():
            return replace(state, probes=(*state.probes, event))
        case SwitchingMeasured():
            return replace(state, switching=event)
        case TokensClassified():
            return replace(state, classified=event)
        case WentSafe():
            return replace(state, safe=True)
        case RunEnded():
            return replace(state, ended=event, suspended=None)
        case _:
            return state


def counted(state: RunState, events: Sequence[Event | PresentedGlance]) -> RunState:
    """The state once all of ``events`` are counted; what a map or a classification is made of is not kept."""
    counts: Counter[str] = Counter()
    for event in events:
        counts.update(event.tallies)
    return _with_counts(state, counts)


def state_at_step(state: RunState, step: int) -> RunState:
    """What ``state`` tells of the time when ``step`` was complete; what is counted is still counted to its end."""
    return replace(
        state,
        controls_by_step=state.controls_by_step[: step + 1],
        recognition=tuple(measured for measured in state.recognition if measured.step <= step),
        suspended=None,
        safe=False,
        ended=None,
    )


def completes(state: RunState, event: Event) -> bool:
    """Whether all up to ``event``, which led to ``state``, counts; a resumed run does again what follows the last such.

    In a recovered journal a step whose neighbours were lost is not complete.
    """
    match event:
        case StepTrained() | RecognitionMeasured():
            return state.encoded is not None and event.step == state.step
        case RunStarted():
            return event.parent is not None
        case Presented():
            return event.purpose in ("map", "classify")
        case _:
            return isinstance(event, TokensEncoded | WarmStarted | CurveTaken | Probed | SwitchingMeasured)


def fold(events: Iterable[Event]) -> RunState:
    """The state after all of ``events``."""
    state = RunState()
    for event in events:
        state = after(state, event)
    return state


def latest(state: RunState) -> RunState:
    """``state`` for one who looks on: how it stands now, of the same size and as quickly told after any time."""
    if len(state.controls_by_step) > 1:
        state = replace(state, behind=state.step, controls_by_step=state.controls_by_step[-1:])
    if state.mapped or state.shown or state.curves or state.probes:
        state = replace(state, mapped=(), shown=(), curves=(), probes=())
    return state


def _with_counts(state: RunState, counts: Mapping[str, int]) -> RunState:
    return replace(state, **{name: getattr(state, name) + n for name, n in counts.items()}) if counts else state


def _with_controls(state: RunState, event: ControlsPlanned) -> RunState:
    """A plan tells the controls of its step, too: of the first, and of one whose own event may be lost."""
    new = tuple(caution for caution in dict.fromkeys(event.cautions) if caution not in state.cautions)
    if event.step == 0 or state.events_lost:
        state = _with_controls_of(state, event.step, event.controls)
    return replace(state, cautions=state.cautions + new) if new else state


def _with_controls_of(state: RunState, step: int, controls: ControlCurrents) -> RunState:
    if step != state.behind + len(state.controls_by_step):
        return state
    return replace(state, controls_by_step=(*state.controls_by_step, _shared(controls)))


@lru_cache(maxsize=1024)
def _shared(controls: ControlCurrents) -> ControlCurrents:
    """A long training comes back to the same control currents again and again; they are kept once."""
    return controls


def _fields_of_progress(progress: Progress) -> dict[str, Any]:
    return {field.name: getattr(progress, field.name) for field in fields(Progress)}
