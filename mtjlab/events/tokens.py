"""What comes of tokens that are presented, learnt and recognised, as frozen events. Times ``t_s`` are bench time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from mtjlab.counted import counted
from mtjlab.detection.detector import Flips
from mtjlab.domain import (
    ControlCurrents,
    Reading,
    Subset,
    SwitchingConfiguration,
    Verdict,
    input_label,
    junction_label,
)
from mtjlab.encoding.fitted import Encoding
from mtjlab.events.base import Event
from mtjlab.events.words import rows_of
from mtjlab.learning import LearningStep

Confusion: TypeAlias = tuple[tuple[str, str | None, int], ...]
Purpose: TypeAlias = Literal["training", "recognition", "map", "classify"]


@dataclass(frozen=True, slots=True)
class EncodedToken:
    """A token as it will be presented: one input current per input."""

    name: str
    label: str
    subset: Subset
    inputs_ua: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TokensEncoded(Event):
    """The encoding fitted to the training subset, and the input currents of every token."""

    milestone: ClassVar[bool] = True

    t_s: float
    encoding: Encoding
    tokens: tuple[EncodedToken, ...]
    type: Literal["tokens-encoded"] = "tokens-encoded"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        assigned = ", ".join(f"{label} {configuration}" for label, configuration in self.encoding.configurations)
        return f"encoded: {assigned}" + ("" if self.encoding.proven_optimal else " (not proven optimal)")


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
            f"warm start at {rows_of(self.controls)}: train {self.warm.train:.1%}, test {self.warm.test:.1%} "
            f"expected (cold {self.cold.train:.1%}, {self.cold.test:.1%})"
        )


@dataclass(frozen=True, slots=True)
class InputOutcome:
    """One input of a presentation: applied, read (at a lower input where a junction ended in the dead band), reset.

    ``switched`` counts junctions found parallel; None if a junction was neither P nor AP. ``flips`` counts changes of
    state, both ways, from sample to sample at the input. ``held_s`` is how long the input stood before the moment that
    the last reading shows; 0 where it was not read. ``disturbed`` says what kept it there for too long, so that its
    presentation does not count.
    """

    input_ua: float
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    switched: int | None
    flips: Flips
    reset_readings: tuple[Reading, ...]
    reset_verdicts: tuple[Verdict, ...]
    held_s: float = 0.0
    disturbed: str = ""

    @property
    def reset(self) -> bool:
        """Whether every junction was seen antiparallel again."""
        return 0 < len(self.reset_verdicts) == self.reset_verdicts.count(Verdict.AP)


@dataclass(frozen=True, slots=True)
class Presented(Event):
    """One presentation of a token, whatever came of it; ``configuration`` is None if it gave none, never a guess."""

    step: int
    purpose: Purpose
    token: EncodedToken
    attempt: int
    outcomes: tuple[InputOutcome, ...]
    configuration: SwitchingConfiguration | None
    recognised_as: str | None
    type: Literal["presented"] = "presented"

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """Everything that the detector says in it."""
        return tuple(one for outcome in self.outcomes for one in (*outcome.verdicts, *outcome.reset_verdicts))

    @property
    def broken_off(self) -> bool:
        """Whether a stop or a fault ended it before its last input was read to the end: then it tells nothing."""
        return bool(self.outcomes) and not self.outcomes[-1].reset_verdicts

    @property
    def disturbed(self) -> str:
        """Why it does not count and is repeated, if an input stood for longer than was asked for."""
        return "; ".join([outcome.disturbed for outcome in self.outcomes if outcome.disturbed])

    @property
    def tallies(self) -> Mapping[str, int]:
        """What a run counts with it; one that was broken off says nothing about its junctions."""
        if self.broken_off:
            return {"presentations": 1}
        return {
            "presentations": 1,
            "without_configuration": self.configuration is None,
            "reset_failures": not all(outcome.reset for outcome in self.outcomes),
        }

    @property
    def is_trouble(self) -> bool:
        """Whether a good run has none of it."""
        return self.configuration is None and not self.broken_off

    @property
    def sentence(self) -> str:
        """Why it tells nothing; empty for one that gave a configuration."""
        is_broken_off = self.broken_off
        if self.configuration is not None and not is_broken_off:
            return ""
        which = f"{self.token.name}, attempt {self.attempt}"
        if is_broken_off:
            return f"{which}: broken off; what was read by then counts for nothing"
        verdicts = "; ".join(" ".join((*o.verdicts, "reset", *o.reset_verdicts)) for o in self.outcomes)
        why = self.disturbed or verdicts or "its inputs would leave the limits, so it was not applied"
        return f"{which}: no configuration ({why})"


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
    def sentence(self) -> str:
        """What happened, in one line."""
        names = [f"{junction_label(k)} for {input_label(j)}" for j, k in self.learning.held]
        held = f"; held at the edge of the allowed controls: {', '.join(names)}" if names else ""
        return f"step {self.step}: controls {rows_of(self.controls)}{held}"


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
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"recognition at step {self.step}: train {self.train:.1%}, test {self.test:.1%}"


@dataclass(frozen=True, slots=True)
class TokenClassified:
    """What came of presenting a token again and again: how often each configuration (None: none) and class.

    ``label`` is what the token is, empty if that is not known. ``recognised_as`` is the class that came most often,
    None if that was none, or if others came as often; ``confidence`` is its share of the presentations.
    """

    name: str
    label: str
    configurations: tuple[tuple[SwitchingConfiguration | None, int], ...]
    recognised_as: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class TokensClassified(Event):
    """The result of a classification."""

    t_s: float
    tokens: tuple[TokenClassified, ...]
    type: Literal["tokens-classified"] = "tokens-classified"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        known = [token for token in self.tokens if token.label]
        none = sum(token.recognised_as is None for token in self.tokens)
        right = sum(token.recognised_as == token.label for token in known)
        told = f"{right} of {len(known)} that are known rightly, {none} as no class"
        return f"{counted(len(self.tokens), 'token')} classified: {told}"
