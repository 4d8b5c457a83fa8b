"""What happens while a network is trained, as frozen events. Times ``t_s`` are bench time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from mtjlab.domain import ControlCurrents, input_label, junction_label
from mtjlab.events import Event
from mtjlab.events.formatting import rows_text
from mtjlab.learning import LearningStep

Confusion: TypeAlias = tuple[tuple[str, str | None, int], ...]
LOG_EVERY_STEPS = 10
"""Steps."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """Recognition rates (fractions) that are expected, not measured."""

    train: float
    test: float


@dataclass(frozen=True, slots=True)
class WarmStarted(Event):
    """Control currents computed from measured critical currents, for inputs held ``dwell_s``, and what they promise.

    ``cold`` is what the control currents of the plan would have promised.
    """

    t_s: float
    controls: ControlCurrents
    dwell_s: float
    warm: Prediction
    cold: Prediction
    type: Literal["warm-started"] = "warm-started"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return (
            f"warm start at {rows_text(self.controls)}: train {self.warm.train:.1%}, test {self.warm.test:.1%} "
            f"expected (cold {self.cold.train:.1%}, {self.cold.test:.1%})"
        )


@dataclass(frozen=True, slots=True)
class StepTrained(Event):
    """A training step is complete: votes, moves, and the control currents that follow from them."""

    milestone: ClassVar[bool] = True

    t_s: float
    step: int
    learning: LearningStep
    controls: ControlCurrents
    type: Literal["step-trained"] = "step-trained"

    @property
    def tallies(self) -> Mapping[str, int]:
        """What a run counts with it."""
        return {"held_moves": len(self.learning.held)}

    @property
    def is_trouble(self) -> bool:
        """Whether a good run has none of it."""
        return bool(self.learning.held)

    @property
    def is_routine(self) -> bool:
        """Whether the story passes over it: not every step of a long training is a part of that."""
        return self.step != 1 and self.step % LOG_EVERY_STEPS != 0

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        names = [f"{junction_label(k)} for {input_label(j)}" for j, k in self.learning.held]
        held = f"; held at the edge of the allowed controls: {', '.join(names)}" if names else ""
        return f"step {self.step}: controls {rows_text(self.controls)}{held}"


@dataclass(frozen=True, slots=True)
class RecognitionMeasured(Event):
    """Recognition rates (fractions) after ``step`` training steps, from presenting every token.

    The confusions list (label, recognised as or None, count) of each subset.
    """

    milestone: ClassVar[bool] = True

    t_s: float
    step: int
    train: float
    test: float
    train_confusion: Confusion
    test_confusion: Confusion
    type: Literal["recognition-measured"] = "recognition-measured"

    @property
    def rates(self) -> Mapping[str, float]:
        """Those that were measured, by subset."""
        return {"train": self.train, "test": self.test}

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"recognition at step {self.step}: train {self.train:.1%}, test {self.test:.1%}"
