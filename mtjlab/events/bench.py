"""Events of connecting, preparing, checking and switching off a bench. Times ``t_s`` are bench time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from mtjlab.detection.cause import Part
from mtjlab.diagnosis.finding import Explanation, Finding, Matrix
from mtjlab.domain import ControlCurrents, InstrumentReport, PerJunction, Reading, Survey, Verdict, junction_label
from mtjlab.events.base import Event, Phase
from mtjlab.transitions import Transition


@dataclass(frozen=True, slots=True)
class BenchConnected(Event):
    """All instruments responded. ``to_zero`` ramps down the currents (uA) that outputs were found to deliver."""

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
        """Sources found on; they were ramped down first."""
        found = enumerate(self.found_ua)
        on = [f"source {junction_label(k)} at {current:.6g} uA" for k, current in found if current]
        return f"found on, and ramped down: {', '.join(on)}" if on else ""


@dataclass(frozen=True, slots=True)
class OutputsOn(Event):
    """All instruments configured and their safety settings read back; outputs are on at zero."""

    milestone: ClassVar[bool] = True

    t_s: float
    instruments: tuple[InstrumentReport, ...]
    type: Literal["outputs-on"] = "outputs-on"


@dataclass(frozen=True, slots=True)
class ProbePlanned(Event):
    """Planned move of a single source by a few uA: transitions there and back."""

    t_s: float
    source: int
    transitions: tuple[Transition, ...]
    type: Literal["probe-planned"] = "probe-planned"


@dataclass(frozen=True, slots=True)
class SourceMoved(Event):
    """Quick look: ``source`` moved alone at zero input, control currents held; readings before and after the move."""

    t_s: float
    source: int
    before: Reading
    moved: Reading
    type: Literal["source-moved"] = "source-moved"

    @property
    def phases(self) -> Sequence[Phase]:
        """Both readings."""
        return Phase("moves", self.before), Phase("moves", self.moved)


@dataclass(frozen=True, slots=True)
class CauseNamed(Event):
    """Result of a quick look for the cause of ``reason``: the likely faulty part, positions (from 0), and text."""

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
        """One-line description for the log."""
        return f"quick look: {self.told} (observed: {self.reason})"


@dataclass(frozen=True, slots=True)
class SurveyTaken(Event):
    """Survey of all instruments with only ``source`` at ``current_ua``; None: all sources at zero."""

    source: int | None
    current_ua: float
    settled: bool
    survey: Survey
    type: Literal["survey-taken"] = "survey-taken"


@dataclass(frozen=True, slots=True)
class WiringChecked(Event):
    """Findings of a wiring check for each part, and the measured matrix ``matrix_ohm[meter][source]``.

    ``explanations`` of a faulty matrix: the most likely first, then those that cannot be distinguished from it;
    ``quick_look`` says how to decide between them.
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
        """Mistakes to repair before a run."""
        return tuple(finding for finding in self.findings if finding.verdict == "mistake")

    @property
    def is_trouble(self) -> bool:
        """Whether a good run has none of it."""
        return bool(self.mistakes)

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        found = [finding for finding in self.findings if finding.verdict != "ok"]
        details = [f"{finding.role} ({finding.verdict}): {finding.measured}" for finding in found]
        details += [f"or {other.part}: {other.mistake}" for other in self.explanations[1:]]
        return f"wiring checked with {self.probe_ua:.6g} uA: {'; '.join(details) or 'right'}"


@dataclass(frozen=True, slots=True)
class ControlsPlanned(Event):
    """Control currents to be held from now on, and the transitions to and between them.

    ``step`` is the training step; ``series`` numbers the sets of control currents of curves or probes.
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
        """One-line description for the log."""
        return "; ".join(self.cautions)


@dataclass(frozen=True, slots=True)
class ResetFailed(Event):
    """A junction is not antiparallel at zero input; nothing is presented until it is reset."""

    is_trouble: ClassVar[bool] = True
    t_s: float
    attempt: int
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    type: Literal["reset-failed"] = "reset-failed"

    @property
    def phases(self) -> Sequence[Phase]:
        """Every reading."""
        return [Phase("reset", reading) for reading in self.readings]

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """All detector verdicts of the event."""
        return self.verdicts

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return f"not reset, look {self.attempt}: {' '.join(self.verdicts)}"


@dataclass(frozen=True, slots=True)
class ResetVerified(Event):
    """All junctions are antiparallel at zero input, ready for a presentation."""

    t_s: float
    attempt: int
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    type: Literal["reset-verified"] = "reset-verified"

    @property
    def phases(self) -> Sequence[Phase]:
        """Every reading."""
        return [Phase("reset", reading) for reading in self.readings]

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """All detector verdicts of the event."""
        return self.verdicts


@dataclass(frozen=True, slots=True)
class OutputsCut(Event):
    """All outputs are off, but not every source read zero before; ``told`` names source and current."""

    milestone: ClassVar[bool] = True
    is_trouble: ClassVar[bool] = True

    t_s: float
    told: str
    type: Literal["outputs-cut"] = "outputs-cut"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return self.told


@dataclass(frozen=True, slots=True)
class WentSafe(Event):
    """All sources ramped to zero and outputs off, confirmed by readback.

    ``began_s``: bench time at which the ramp began; None in older journals.
    """

    milestone: ClassVar[bool] = True

    t_s: float
    delivered_ua: PerJunction
    began_s: float | None = None
    type: Literal["went-safe"] = "went-safe"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return "safe: all sources at zero, outputs off, read back"
