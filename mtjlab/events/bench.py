"""How a bench is found, prepared, checked and left, as frozen events. Times ``t_s`` are bench time."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from mtjlab.detection.cause import Part
from mtjlab.diagnosis.finding import Explanation, Finding, Matrix
from mtjlab.domain import ControlCurrents, InstrumentReport, PerJunction, Reading, Survey, Verdict, junction_label
from mtjlab.events.base import Event
from mtjlab.transitions import Transition


@dataclass(frozen=True, slots=True)
class BenchConnected(Event):
    """Every instrument answered. ``to_zero`` is the way down from what outputs were found to deliver (uA)."""

    t_s: float
    found_ua: PerJunction
    to_zero: Transition
    type: Literal["bench-connected"] = "bench-connected"

    @property
    def is_trouble(self) -> bool:
        """Whether a good run has none of it."""
        return any(self.found_ua)

    @property
    def sentence(self) -> str:
        """What somebody before left on: the bench was ramped down from there before anything else."""
        found = enumerate(self.found_ua)
        on = [f"source {junction_label(k)} at {current:.6g} uA" for k, current in found if current]
        return f"found on, and ramped down: {', '.join(on)}" if on else ""


@dataclass(frozen=True, slots=True)
class FieldSet(Event):
    """The magnetic field from now on, and how that is known; no output of a source is on."""

    t_s: float
    field_mt: float
    how: str
    type: Literal["field-set"] = "field-set"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"field {self.field_mt:.6g} mT, {self.how}"


@dataclass(frozen=True, slots=True)
class OutputsOn(Event):
    """Every instrument was prepared, its safety settings read back; outputs are on at zero."""

    milestone: ClassVar[bool] = True

    t_s: float
    instruments: tuple[InstrumentReport, ...]
    type: Literal["outputs-on"] = "outputs-on"


@dataclass(frozen=True, slots=True)
class ProbePlanned(Event):
    """One source will be moved alone, by a few uA: the transitions there and back."""

    t_s: float
    source: int
    transitions: tuple[Transition, ...]
    type: Literal["probe-planned"] = "probe-planned"


@dataclass(frozen=True, slots=True)
class SourceMoved(Event):
    """A quick look: ``source`` moved alone, control currents held and no input; readings before and meanwhile."""

    t_s: float
    source: int
    before: Reading
    moved: Reading
    type: Literal["source-moved"] = "source-moved"


@dataclass(frozen=True, slots=True)
class CauseNamed(Event):
    """What a quick look tells of ``reason``: which part is likely wrong, by positions from 0, and in words."""

    t_s: float
    reason: str
    part: Part
    positions: tuple[int, ...]
    told: str
    type: Literal["cause-named"] = "cause-named"

    @property
    def is_trouble(self) -> bool:
        """Whether a good run has none of it."""
        return self.part in ("source", "wiring")

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"quick look: {self.told} (seen: {self.reason})"


@dataclass(frozen=True, slots=True)
class SurveyTaken(Event):
    """A look at every instrument, with ``source`` alone at ``current_ua``; None with all of them at zero."""

    source: int | None
    current_ua: float
    settled: bool
    survey: Survey
    type: Literal["survey-taken"] = "survey-taken"


@dataclass(frozen=True, slots=True)
class WiringChecked(Event):
    """What a check found, part by part, and the matrix it is told from (ohm): ``matrix_ohm[meter][source]``.

    ``explanations`` of the matrix, if anything is wrong: the likeliest first, then those that it cannot tell from that;
    ``quick_look`` decides between them.
    """

    milestone: ClassVar[bool] = True

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

    @property
    def is_trouble(self) -> bool:
        """Whether a good run has none of it."""
        return bool(self.mistakes)

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        found = [finding for finding in self.findings if finding.verdict != "ok"]
        told = [f"{finding.role} ({finding.verdict}): {finding.measured}" for finding in found]
        told += [f"or {other.part}: {other.mistake}" for other in self.explanations[1:]]
        return f"wiring checked with {self.probe_ua:.6g} uA: {'; '.join(told) or 'right'}"


@dataclass(frozen=True, slots=True)
class ControlsPlanned(Event):
    """Control currents that will be held from now on, and the transitions that will lead to and between them.

    ``step`` is that of a training, ``series`` which of several control currents curves or probes are taken under.
    """

    t_s: float
    step: int
    controls: ControlCurrents
    transitions: tuple[Transition, ...]
    cautions: tuple[str, ...] = ()
    series: int | None = None
    type: Literal["controls-planned"] = "controls-planned"

    @property
    def is_trouble(self) -> bool:
        """Whether a good run has none of it."""
        return bool(self.cautions)

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return "; ".join(self.cautions)


@dataclass(frozen=True, slots=True)
class ResetFailed(Event):
    """Some junction is not antiparallel at zero input; nothing will be presented before it is."""

    is_trouble: ClassVar[bool] = True
    t_s: float
    attempt: int
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    type: Literal["reset-failed"] = "reset-failed"

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """Everything that the detector says in it."""
        return self.verdicts

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"not reset, look {self.attempt}: {' '.join(self.verdicts)}"


@dataclass(frozen=True, slots=True)
class ResetVerified(Event):
    """Every junction was seen antiparallel at zero input, so that something may be presented."""

    t_s: float
    attempt: int
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    type: Literal["reset-verified"] = "reset-verified"

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """Everything that the detector says in it."""
        return self.verdicts


@dataclass(frozen=True, slots=True)
class OutputsCut(Event):
    """All outputs are off, but not every source was seen at zero before; ``told`` says which went off at what."""

    milestone: ClassVar[bool] = True
    is_trouble: ClassVar[bool] = True

    t_s: float
    told: str
    type: Literal["outputs-cut"] = "outputs-cut"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return self.told


@dataclass(frozen=True, slots=True)
class WentSafe(Event):
    """All sources ramped to zero, outputs off, confirmed by reading back."""

    milestone: ClassVar[bool] = True

    t_s: float
    delivered_ua: PerJunction
    type: Literal["went-safe"] = "went-safe"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return "safe: all sources at zero, outputs off, read back"
