"""Events of a training. Times ``t_s`` are bench time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from mtjlab.analysis.passage import Passage
from mtjlab.counted import counted
from mtjlab.domain import ControlCurrents, PerJunction, Verdict, input_label, junction_label
from mtjlab.events import Event, InputOutcome, Phase, PulsePhase
from mtjlab.events.formatting import rows_text
from mtjlab.learning import LearningStep

Confusion: TypeAlias = tuple[tuple[str, str | None, int], ...]
LOG_EVERY_STEPS = 10
"""Interval of the steps that are logged."""
DEVIATIONS = 2.0
"""Half width, in standard deviations, of the intervals of thresholds that are shown: they hold about 95 %."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """Expected recognition rates (fractions)."""

    train: float
    test: float


@dataclass(frozen=True, slots=True)
class ThresholdsProbed(Event):
    """One input at control currents that put every junction near its own threshold, and which junctions switched.

    ``step``: training steps before it. ``is_first``: before the control currents were computed; otherwise a refresh.
    ``thresholds_ua``: what is known then of the current that switches each junction as often as not, applied as this
    input was, with standard deviations ``errors_ua``; empty if the probe was interrupted.
    """

    is_routine: ClassVar[bool] = True

    t_s: float
    step: int
    is_first: bool
    controls_ua: PerJunction
    outcome: InputOutcome
    thresholds_ua: PerJunction = ()
    errors_ua: PerJunction = ()
    type: Literal["thresholds-probed"] = "thresholds-probed"

    @property
    def currents_ua(self) -> PerJunction:
        """Current of each junction at the input."""
        return tuple([round(control + self.outcome.input_ua, 6) for control in self.controls_ua])

    @property
    def counts(self) -> bool:
        """Whether it was read to its end, and not disturbed."""
        return bool(self.outcome.reset_verdicts) and not self.outcome.disturbed

    def state(self, junction: int) -> Verdict | None:
        """State of a junction after the input: P or AP; None if nothing tells."""
        verdict = self.outcome.verdicts[junction] if self.counts else None
        return verdict if verdict in (Verdict.P, Verdict.AP) else None

    @property
    def evidence(self) -> Sequence[Sequence[Passage]]:
        """Which junctions the input switched."""
        return self.outcome.evidence if self.counts else ()

    @property
    def phases(self) -> Sequence[Phase | PulsePhase]:
        """The input, and the reset after it."""
        return tuple(self.outcome.phases)

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """All detector verdicts of the event."""
        return (*self.outcome.verdicts, *self.outcome.reset_verdicts)

    @property
    def tallies(self) -> Mapping[str, int]:
        """Increments of the run's counters."""
        return {"reset_failures": self.counts and not self.outcome.reset}


@dataclass(frozen=True, slots=True)
class Refreshed(Event):
    """Control currents that follow a drift of the thresholds: ``common_ua`` of all, and ``own_ua`` of each junction.

    Drifts are those since the last refresh, or since the first probes. A field moves all thresholds alike.
    """

    milestone: ClassVar[bool] = True
    is_routine: ClassVar[bool] = True

    t_s: float
    step: int
    common_ua: float
    own_ua: PerJunction
    controls: ControlCurrents
    held: tuple[tuple[int, int], ...] = ()
    type: Literal["refreshed"] = "refreshed"

    @property
    def tallies(self) -> Mapping[str, int]:
        """Increments of the run's counters."""
        return {"held_moves": len(self.held)}

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        own = ", ".join(f"{junction_label(k)} {one:+.1f}" for k, one in enumerate(self.own_ua))
        return f"refresh at step {self.step}: thresholds moved by {self.common_ua:+.1f} uA (field), and {own} uA"


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
class ControlsAveraged(Event):
    """Mean control currents of the last ``steps``, moved along their common ``slope_ua`` (uA a step) to the last."""

    milestone: ClassVar[bool] = True

    t_s: float
    step: int
    steps: int
    slope_ua: float
    controls: ControlCurrents
    held: tuple[tuple[int, int], ...] = ()
    type: Literal["controls-averaged"] = "controls-averaged"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return (
            f"mean control currents of the last {counted(self.steps, 'step')}, which moved by {self.slope_ua:+.2g} uA "
            f"a step together: {rows_text(self.controls)}"
        )


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
