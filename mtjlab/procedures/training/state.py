"""What a training has learnt so far, folded from its events."""

from collections.abc import Iterable
from copy import copy
from functools import lru_cache
from typing import Self

from mtjlab.domain import ControlCurrents
from mtjlab.events import ControlsPlanned, Event, TokensEncoded
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained, WarmStarted


class TrainingState:
    """Control currents after 0, 1, 2, ... training steps, and recognition as often as it was measured."""

    def __init__(self) -> None:
        self.encoded: TokensEncoded | None = None
        self.warm: WarmStarted | None = None
        self.controls_by_step: list[ControlCurrents] = []
        self.recognition: list[RecognitionMeasured] = []

    @classmethod
    def of(cls, events: Iterable[Event]) -> Self:
        """What is learnt after all of ``events``."""
        learnt = cls()
        for event in events:
            learnt.take(event)
        return learnt

    @property
    def step(self) -> int:
        """Number of complete training steps."""
        return max(0, len(self.controls_by_step) - 1)

    @property
    def controls(self) -> ControlCurrents | None:
        """Control currents after the last complete step."""
        return self.controls_by_step[-1] if self.controls_by_step else None

    def take(self, event: Event) -> None:
        """Take one event in. A plan tells the controls of its step, too, whose own event may be lost."""
        match event:
            case ControlsPlanned() | StepTrained() if event.step == len(self.controls_by_step):
                self.controls_by_step.append(_shared(event.controls))
            case RecognitionMeasured():
                self.recognition.append(event)
            case TokensEncoded():
                self.encoded = event
            case WarmStarted():
                self.warm = event
                self.controls_by_step = [event.controls]

    def at_step(self, step: int) -> "TrainingState":
        """What was learnt when ``step`` was complete."""
        then = copy(self)
        then.controls_by_step = self.controls_by_step[: step + 1]
        then.recognition = [one for one in self.recognition if one.step <= step]
        return then

    def is_complete(self, step: int) -> bool:
        """Whether ``step`` follows on all that is known; in a recovered journal its neighbours may be lost."""
        return self.encoded is not None and step == self.step


def training_state(seen: object) -> TrainingState:
    """What was ``seen`` of a training."""
    assert isinstance(seen, TrainingState)
    return seen


@lru_cache(maxsize=1024)
def _shared(controls: ControlCurrents) -> ControlCurrents:
    """A long training comes back to the same control currents again and again; they are kept once."""
    return controls
