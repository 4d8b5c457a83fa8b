"""Events of a training. Times ``t_s`` are bench time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from mtjlab.domain import ControlCurrents, input_label, junction_label
from mtjlab.events import Event
from mtjlab.events.formatting import rows_text
from mtjlab.learning import LearningStep

Confusion: TypeAlias = tuple[tuple[str, str | None, int], ...]
LOG_EVERY_STEPS = 10
"""Interval of the steps that are logged."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """Expected recognition rates (fractions)."""

    train: float
    test: float


@dataclass(frozen=True, slots=True)
class WarmStarted(Event):
    """Control currents computed from critical currents for inputs held ``dwell_s``, and the rates expected with them.

    ``cold``: rates expected with the control currents of the plan.
    """

    t_s: float
    controls: ControlCurrents
    dwell_s: float
    warm: Prediction
    cold: Prediction
    type: Literal["warm-started"] = "warm-started"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return (
            f"warm start at {rows_text(self.controls)}: train {self.warm.train:.1%}, test {self.warm.test:.1%} "
            f"expected (cold {self.cold.train:.1%}, {self.cold.test:.1%})"
        )


@dataclass(frozen=True, slots=True)
class StepTrained(Event):
    """A complete training step: votes, moves, and the resulting control currents."""

    milestone: ClassVar[bool] = True

    t_s: float
    step: int
    learning: LearningStep
    controls: ControlCurrents
    type: Literal["step-trained"] = "step-trained"

    @property
    def tallies(self) -> Mapping[str, int]:
        """Increments of the run's counters."""
        return {"held_moves": len(self.learning.held)}

    @property
    def is_trouble(self) -> bool:
        """Whether the event reports a problem."""
        return bool(self.learning.held)

    @property
    def is_routine(self) -> bool:
        """Whether the step is omitted from the log: only some steps are logged."""
        return self.step != 1 and self.step % LOG_EVERY_STEPS != 0

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        names = [f"{junction_label(k)} for {input_label(j)}" for j, k in self.learning.held]
        held = f"; held at the limit of the allowed controls: {', '.join(names)}" if names else ""
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
    def tokens(self) -> Mapping[str, int]:
        """Number of tokens by subset."""
        confusions = {"train": self.train_confusion, "test": self.test_confusion}
        return {subset: sum(count for *_, count in confusion) for subset, confusion in confusions.items()}

    @property
    def rates(self) -> Mapping[str, float]:
        """Recognition rates by subset."""
        return {"train": self.train, "test": self.test}

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return f"recognition at step {self.step}: train {self.train:.1%}, test {self.test:.1%}"
