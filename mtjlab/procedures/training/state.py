"""State of a training, built event by event."""

from collections.abc import Iterable
from copy import copy
from functools import lru_cache
from typing import Self

from mtjlab.domain import ControlCurrents, CriticalCurrents
from mtjlab.events import ControlsPlanned, Event, JunctionsMeasured, Presented, RestPlanned, TokensEncoded
from mtjlab.procedures.training.events import (
    ControlsAveraged,
    RecognitionMeasured,
    Refreshed,
    StepTrained,
    ThresholdsProbed,
    WarmStarted,
)


class TrainingState:
    """Control currents after 0, 1, 2, ... training steps, and recognition as often as it was measured.

    ``pulse_width_s`` is the duration of inputs that are pulses; None for held inputs. ``learning_s`` is the bench time
    from a cold chip, references included, in which recognition was not measured.
    """

    def __init__(self) -> None:
        self.encoded: TokensEncoded | None = None
        self.warm: WarmStarted | None = None
        self.controls_by_step: list[ControlCurrents] = []
        self.recognition: list[RecognitionMeasured] = []
        self.probes: list[ThresholdsProbed] = []
        self.refreshed: list[Refreshed] = []
        self.averaged: ControlsAveraged | None = None
        self.pulse_width_s: float | None = None
        self.held_s = 0.0
        """How long the last input was applied before it was read."""
        self.presentations_s, self.presentations_timed = 0.0, 0
        """Sum of the times of presentations that follow another one at once, and their number."""
        self._presented_s: float | None = None
        self.learning_s = self._until_s = 0.0
        self.recognised_after_s: dict[int, float] = {}
        """By step at which recognition was measured: ``learning_s`` until then."""
        self.critical: list[tuple[int, CriticalCurrents]] = []
        """Critical currents, each with the step from which on they were known."""

    @classmethod
    def of(cls, events: Iterable[Event]) -> Self:
        """State after all of ``events``."""
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

    @property
    def first_probes(self) -> list[ThresholdsProbed]:
        """Probes before the control currents were computed."""
        return [probe for probe in self.probes if probe.is_first]

    def take(self, event: Event) -> None:
        """Add the next event."""
        self._time(event)
        match event:
            case JunctionsMeasured():
                self.critical.append((self.step, event.critical))
            case ThresholdsProbed():
                self.probes.append(event)
                self.held_s = event.outcome.held_s or self.held_s
                if event.is_first:
                    self._learn_until(event.t_s)
            case Presented() if event.outcomes and event.outcomes[-1].held_s:
                self.held_s = event.outcomes[-1].held_s
            case TokensEncoded():
                self.encoded = event
                self._learn_until(event.t_s)
            case RecognitionMeasured():
                self.recognition.append(event)
                self.recognised_after_s[event.step] = self.learning_s
                self._until_s = event.t_s
            case RestPlanned():
                self.pulse_width_s = event.width_s
                if self.step == 0 and self.warm is None:
                    self.controls_by_step.clear()  # of the references: pulses start from other control currents
            case _:
                self._take_controls(event)

    def _time(self, event: Event) -> None:
        """Add the time of a presentation, from the last reading of the one before to its own."""
        before_s, self._presented_s = self._presented_s, None
        if isinstance(event, Presented) and event.outcomes and event.outcomes[-1].reset_readings:
            self._presented_s = event.outcomes[-1].reset_readings[-1].t_s
            if before_s is not None and self._presented_s > before_s:
                self.presentations_s += self._presented_s - before_s
                self.presentations_timed += 1

    def _take_controls(self, event: Event) -> None:
        """Add control currents. Planned ones are used as well, since the event of the step may be lost."""
        if isinstance(event, WarmStarted | StepTrained | ControlsAveraged):
            self._learn_until(event.t_s)
        match event:
            case ControlsPlanned() | StepTrained() if event.step == len(self.controls_by_step):
                self.controls_by_step.append(_shared(event.controls))
            case WarmStarted():
                self.warm = event
                self.controls_by_step = [event.controls]
            case Refreshed():
                self.refreshed.append(event)
                self.controls_by_step[event.step :] = [event.controls]
            case ControlsAveraged():
                self.averaged = event
                self.controls_by_step[event.step :] = [event.controls]

    def _learn_until(self, t_s: float) -> None:
        """Add the time since the last event; bench time begins anew in a resumed run."""
        self.learning_s += t_s - (self._until_s if t_s >= self._until_s else 0.0)
        self._until_s = t_s

    def at_step(self, step: int) -> "TrainingState":
        """State after ``step`` was complete."""
        then = copy(self)
        then.controls_by_step = self.controls_by_step[: step + 1]
        then.recognition = [one for one in self.recognition if one.step <= step]
        return then

    def is_complete(self, step: int) -> bool:
        """Whether all steps up to ``step`` are known; in a recovered journal, some may be lost."""
        return self.encoded is not None and step == self.step


def training_state(seen: object) -> TrainingState:
    """``seen`` as the state of a training."""
    assert isinstance(seen, TrainingState)
    return seen


@lru_cache(maxsize=1024)
def _shared(controls: ControlCurrents) -> ControlCurrents:
    """Share equal control currents: a long training returns to the same values many times."""
    return controls
