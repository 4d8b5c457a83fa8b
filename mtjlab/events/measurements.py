"""What is measured and moved on a bench, as frozen events.

Made of the science's own frozen types, so that nothing exists twice. Times ``t_s`` are bench time.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mtjlab.analysis.critical import CriticalEstimate, NotDetermined
from mtjlab.analysis.legs import Passage
from mtjlab.detection.causes import Part
from mtjlab.detection.detector import Flips
from mtjlab.detection.references import JunctionReference
from mtjlab.diagnosis import Explanation, Finding, Matrix
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
from mtjlab.encoding.fitted import Encoding
from mtjlab.learning import LearningStep
from mtjlab.transitions import Transition

Confusion: TypeAlias = tuple[tuple[str, str | None, int], ...]
Purpose: TypeAlias = Literal["training", "recognition", "map", "classify"]


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
class SourceMoved:
    """A quick look: ``source`` moved alone, control currents held and no input; readings before and meanwhile."""

    t_s: float
    source: int
    before: Reading
    moved: Reading
    type: Literal["source-moved"] = "source-moved"


@dataclass(frozen=True, slots=True)
class CauseNamed:
    """What a quick look tells of ``reason``: which part is likely wrong, by positions from 0, and in words."""

    t_s: float
    reason: str
    part: Part
    positions: tuple[int, ...]
    told: str
    type: Literal["cause-named"] = "cause-named"


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
    """What a check found, part by part, and the matrix it is told from (ohm): ``matrix_ohm[meter][source]``.

    ``explanations`` of the matrix, if anything is wrong: the likeliest first, then those that it cannot tell from that;
    ``quick_look`` decides between them.
    """

    t_s: float
    probe_ua: float
    matrix_ohm: Matrix
    findings: tuple[Finding, ...]
    explanations: tuple[Explanation, ...] = ()
    quick_look: str = ""
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
    """One point of a sweep of the input; ``series`` tells curves under different control currents apart."""

    repetition: int
    rising: bool
    reading: Reading
    series: int = 0
    type: Literal["sweep-point"] = "sweep-point"


@dataclass(frozen=True, slots=True)
class JunctionsMeasured:
    """What a sweep tells of each junction: references of the detector, and critical currents."""

    t_s: float
    references: tuple[JunctionReference, ...]
    critical: CriticalCurrents
    type: Literal["junctions-measured"] = "junctions-measured"


@dataclass(frozen=True, slots=True)
class CurveTaken:
    """A resistance curve is complete: what each of its legs tells of each junction, ``passages[junction][leg]``."""

    t_s: float
    series: int
    controls_ua: PerJunction
    repetition: int
    passages: tuple[tuple[Passage, ...], ...]
    type: Literal["curve-taken"] = "curve-taken"


@dataclass(frozen=True, slots=True)
class ProbeStep:
    """An input of a probe: applied at ``applied_s``, and read, at a lower input where a junction is in the dead band.

    ``until_s`` is the moment that the last reading shows, or before it the one at which the input was lowered.
    """

    input_ua: float
    applied_s: float
    until_s: float
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Probed:
    """A probe of an adaptive map: inputs held one after another, rising, on junctions that were reset; then reset."""

    t_s: float
    series: int
    steps: tuple[ProbeStep, ...]
    reset_readings: tuple[Reading, ...]
    reset_verdicts: tuple[Verdict, ...]
    type: Literal["probed"] = "probed"

    @property
    def readings(self) -> int:
        """How many readings it took, those of the reset included."""
        return sum(len(step.readings) for step in self.steps) + len(self.reset_readings)

    @property
    def reset(self) -> bool:
        """Whether every junction was seen antiparallel again."""
        return all(verdict is Verdict.AP for verdict in self.reset_verdicts)


@dataclass(frozen=True, slots=True)
class SeriesMeasured:
    """Critical junction currents under some control currents, as far as they could be determined.

    ``up[junction]`` is AP -> P, ``down[junction]`` P -> AP; empty where no leg went that way.
    """

    controls_ua: PerJunction
    up: tuple[CriticalEstimate | NotDetermined, ...]
    down: tuple[CriticalEstimate | NotDetermined, ...]


@dataclass(frozen=True, slots=True)
class SwitchingMeasured:
    """Where the junctions switch, from all that was measured of them; it took so many ``readings``."""

    t_s: float
    series: tuple[SeriesMeasured, ...]
    readings: int
    type: Literal["switching-measured"] = "switching-measured"


@dataclass(frozen=True, slots=True)
class CalibrationTaken:
    """References and critical currents of an earlier measurement are used: of which chip, by which run, and when."""

    t_s: float
    device: str
    run: str
    measured_at: str
    type: Literal["calibration-taken"] = "calibration-taken"


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
class Prediction:
    """Recognition rates (fractions) that are expected, not measured."""

    train: float
    test: float


@dataclass(frozen=True, slots=True)
class WarmStarted:
    """Control currents computed from measured critical currents, for inputs held ``dwell_s``, and what they promise.

    ``cold`` is what the control currents of the plan would have promised.
    """

    t_s: float
    controls: ControlCurrents
    dwell_s: float
    warm: Prediction
    cold: Prediction
    type: Literal["warm-started"] = "warm-started"


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

    @property
    def disturbed(self) -> str:
        """Why it does not count and is repeated, if an input stood for longer than was asked for."""
        return "; ".join([outcome.disturbed for outcome in self.outcomes if outcome.disturbed])


@dataclass(frozen=True, slots=True)
class ResetFailed:
    """Some junction is not antiparallel at zero input; nothing will be presented before it is."""

    t_s: float
    attempt: int
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    type: Literal["reset-failed"] = "reset-failed"


@dataclass(frozen=True, slots=True)
class ResetVerified:
    """Every junction was seen antiparallel at zero input, so that something may be presented."""

    t_s: float
    attempt: int
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    type: Literal["reset-verified"] = "reset-verified"


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
class TokensClassified:
    """The result of a classification."""

    t_s: float
    tokens: tuple[TokenClassified, ...]
    type: Literal["tokens-classified"] = "tokens-classified"


@dataclass(frozen=True, slots=True)
class OutputsCut:
    """All outputs are off, but not every source was seen at zero before; ``told`` says which went off at what."""

    t_s: float
    told: str
    type: Literal["outputs-cut"] = "outputs-cut"


@dataclass(frozen=True, slots=True)
class WentSafe:
    """All sources ramped to zero, outputs off, confirmed by reading back."""

    t_s: float
    delivered_ua: PerJunction
    type: Literal["went-safe"] = "went-safe"
