"""What is measured and moved on a bench, as frozen events.

Made of the science's own frozen types, so that nothing exists twice. Times ``t_s`` are bench time.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mtjlab.detection.detector import Flips
from mtjlab.detection.references import JunctionReference
from mtjlab.diagnosis import Finding, Matrix
from mtjlab.domain import (
    ControlCurrents,
    CriticalCurrents,
    InstrumentReport,
    PerJunction,
    Reading,
    Subset,
    Survey,
    SwitchingConfiguration,
    Verdict,
)
from mtjlab.encoding.encode import Encoding
from mtjlab.learning import LearningStep
from mtjlab.transitions import Transition

Confusion: TypeAlias = tuple[tuple[str, str | None, int], ...]
Purpose: TypeAlias = Literal["training", "recognition"]


@dataclass(frozen=True, slots=True)
class BenchConnected:
    """Every instrument answered. ``to_zero`` is the way down from what outputs were found to deliver (uA)."""

    t_s: float
    found_ua: PerJunction
    to_zero: Transition
    type: Literal["bench-connected"] = "bench-connected"


@dataclass(frozen=True, slots=True)
class FieldSet:
    """The magnetic field from now on, and how that is known; no output of a source is on."""

    t_s: float
    field_mt: float
    how: str
    type: Literal["field-set"] = "field-set"


@dataclass(frozen=True, slots=True)
class OutputsOn:
    """Every instrument was prepared, its safety settings read back; outputs are on at zero."""

    t_s: float
    instruments: tuple[InstrumentReport, ...]
    type: Literal["outputs-on"] = "outputs-on"


@dataclass(frozen=True, slots=True)
class ProbePlanned:
    """One source will be moved alone, by a few uA: the transitions there and back."""

    t_s: float
    source: int
    transitions: tuple[Transition, ...]
    type: Literal["probe-planned"] = "probe-planned"


@dataclass(frozen=True, slots=True)
class SurveyTaken:
    """A look at every instrument, with ``source`` alone at ``current_ua``; None with all of them at zero."""

    source: int | None
    current_ua: float
    settled: bool
    survey: Survey
    type: Literal["survey-taken"] = "survey-taken"


@dataclass(frozen=True, slots=True)
class WiringChecked:
    """What a check found, part by part, and the matrix it is told from (ohm): ``matrix_ohm[meter][source]``."""

    t_s: float
    probe_ua: float
    matrix_ohm: Matrix
    findings: tuple[Finding, ...]
    type: Literal["wiring-checked"] = "wiring-checked"

    @property
    def mistakes(self) -> tuple[Finding, ...]:
        """What is to be repaired before a run."""
        return tuple(finding for finding in self.findings if finding.verdict == "mistake")


@dataclass(frozen=True, slots=True)
class ControlsPlanned:
    """Control currents that will be held from now on, and the transitions that will lead to and between them."""

    t_s: float
    step: int
    controls: ControlCurrents
    transitions: tuple[Transition, ...]
    cautions: tuple[str, ...] = ()
    type: Literal["controls-planned"] = "controls-planned"


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """One point of an up-and-down sweep of the input."""

    repetition: int
    rising: bool
    reading: Reading
    type: Literal["sweep-point"] = "sweep-point"


@dataclass(frozen=True, slots=True)
class JunctionsMeasured:
    """What a sweep tells of each junction: references of the detector, and critical currents."""

    t_s: float
    references: tuple[JunctionReference, ...]
    critical: CriticalCurrents
    type: Literal["junctions-measured"] = "junctions-measured"


@dataclass(frozen=True, slots=True)
class EncodedToken:
    """A token as it will be presented: one input current per input."""

    name: str
    label: str
    subset: Subset
    inputs_ua: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TokensEncoded:
    """The encoding fitted to the training subset, and the input currents of every token."""

    t_s: float
    encoding: Encoding
    tokens: tuple[EncodedToken, ...]
    type: Literal["tokens-encoded"] = "tokens-encoded"


@dataclass(frozen=True, slots=True)
class InputOutcome:
    """One input of a presentation: applied, read (at a lower input where a junction ended in the dead band), reset.

    ``switched`` counts junctions found parallel; None if a junction was neither P nor AP. ``flips`` counts changes of
    state, both ways, from sample to sample at the input.
    """

    input_ua: float
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    switched: int | None
    flips: Flips
    reset_readings: tuple[Reading, ...]
    reset_verdicts: tuple[Verdict, ...]

    @property
    def reset(self) -> bool:
        """Whether every junction was seen antiparallel again."""
        return bool(self.reset_verdicts) and all(verdict is Verdict.AP for verdict in self.reset_verdicts)


@dataclass(frozen=True, slots=True)
class Presented:
    """One presentation of a token, whatever came of it; ``configuration`` is None if it gave none, never a guess."""

    step: int
    purpose: Purpose
    token: EncodedToken
    attempt: int
    outcomes: tuple[InputOutcome, ...]
    configuration: SwitchingConfiguration | None
    recognised_as: str | None
    type: Literal["presented"] = "presented"


@dataclass(frozen=True, slots=True)
class ResetFailed:
    """Some junction is not antiparallel at zero input; nothing will be presented before it is."""

    t_s: float
    attempt: int
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    type: Literal["reset-failed"] = "reset-failed"


@dataclass(frozen=True, slots=True)
class StepTrained:
    """A training step is complete: votes, moves, and the control currents that follow from them."""

    t_s: float
    step: int
    learning: LearningStep
    controls: ControlCurrents
    type: Literal["step-trained"] = "step-trained"


@dataclass(frozen=True, slots=True)
class RecognitionMeasured:
    """Recognition rates (fractions) after ``step`` training steps, from presenting every token.

    The confusions list (label, recognised as or None, count) of each subset.
    """

    t_s: float
    step: int
    train: float
    test: float
    train_confusion: Confusion
    test_confusion: Confusion
    type: Literal["recognition-measured"] = "recognition-measured"


@dataclass(frozen=True, slots=True)
class WentSafe:
    """All sources ramped to zero, outputs off, confirmed by reading back."""

    t_s: float
    delivered_ua: PerJunction
    type: Literal["went-safe"] = "went-safe"
