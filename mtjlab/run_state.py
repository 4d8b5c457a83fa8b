"""The state of a run as a fold of its events: the one that terminal, figures, report and window all use."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mtjlab.domain import ControlCurrents
from mtjlab.events import (
    ControlsPlanned,
    Event,
    JunctionsMeasured,
    Presented,
    RecognitionMeasured,
    RunEnded,
    RunStarted,
    StepTrained,
    TokensEncoded,
    WentSafe,
    WiringChecked,
)


@dataclass(frozen=True, slots=True)
class RunState:
    """What is known of a run after some of its events.

    ``controls_by_step[n]`` are the control currents after n training steps.
    """

    started: RunStarted | None = None
    checked: WiringChecked | None = None
    measured: JunctionsMeasured | None = None
    encoded: TokensEncoded | None = None
    controls_by_step: tuple[ControlCurrents, ...] = ()
    recognition: tuple[RecognitionMeasured, ...] = ()
    presentations: int = 0
    without_configuration: int = 0
    reset_failures: int = 0
    held_moves: int = 0
    cautions: tuple[str, ...] = ()
    safe: bool = False
    ended: RunEnded | None = None

    @property
    def step(self) -> int:
        """Number of complete training steps."""
        return max(0, len(self.controls_by_step) - 1)

    @property
    def controls(self) -> ControlCurrents | None:
        """Control currents after the last complete step."""
        return self.controls_by_step[-1] if self.controls_by_step else None


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
        case ControlsPlanned(step=0) if not state.controls_by_step:
            return replace(state, controls_by_step=(event.controls,), cautions=state.cautions + event.cautions)
        case ControlsPlanned():
            return replace(state, cautions=state.cautions + event.cautions)
        case StepTrained():
            return replace(
                state,
                controls_by_step=(*state.controls_by_step, event.controls),
                held_moves=state.held_moves + len(event.learning.held),
            )
        case RecognitionMeasured():
            return replace(state, recognition=(*state.recognition, event))
        case RunStarted():
            return replace(state, started=event)
        case WiringChecked():
            return replace(state, checked=event)
        case JunctionsMeasured():
            return replace(state, measured=event)
        case TokensEncoded():
            return replace(state, encoded=event)
        case WentSafe():
            return replace(state, safe=True)
        case RunEnded():
            return replace(state, ended=event)
        case _:
            return state


def fold(events: Iterable[Event]) -> RunState:
    """The state after all of ``events``."""
    state = RunState()
    for event in events:
        state = after(state, event)
    return state
