"""Plan of a training, besides its plan file."""

from typing import Annotated, ClassVar

from pydantic import Field

from mtjlab.config import PulseWidth, Rule, Shown, TrainingSettings, When
from mtjlab.config.section import Section
from mtjlab.vowels.data_set import DataSet

REFRESH_PROBES = 3
"""Probes of a refresh."""


class StartOptions(Section):
    """How a training begins."""

    title: ClassVar[str] = "start"

    check: Annotated[bool, Shown("check the wiring first")] = False
    """Check the wiring first."""
    warm_start: Annotated[bool, When("run.calibration", others=(None,))] = False
    """Start from control currents computed from the calibration."""


class TrainOptions(StartOptions):
    """Options of a training; they take precedence over the plan file."""

    rule: Rule | None = None
    """Learning rule: that of the paper, pairs of inputs (40 steps unless steps are given), or none."""
    steps: Annotated[int, Field(ge=0)] | None = None
    """Training steps; 0: only measure the recognition."""
    recognition_every_steps: Annotated[int, Field(ge=0)] | None = None
    """Steps between recognition measurements, in which every token is presented; 0: none."""
    probe_first: Annotated[int, Field(ge=0, le=1000)] | None = None
    """Find all thresholds by this number of inputs, then compute the control currents."""
    refresh_every_steps: Annotated[int, Field(ge=0)] | None = None
    """Follow the drift of the thresholds by a few probes after this number of steps; 0: never."""
    pulse_width_s: PulseWidth = None
    """Apply inputs as pulses of this duration, with boundaries at most 75 uA apart."""


class LearntData(Section):
    """Data set to learn: its file, and its SHA-256."""

    name: str
    surrogate: bool
    source: str
    tokens: int
    classes: int
    sha256: str
    features: tuple[str, ...] = ()
    talkers: dict[str, str] | None = None

    @classmethod
    def of(cls, data: DataSet, is_surrogate: bool) -> "LearntData":
        """Description of ``data``."""
        return cls(
            name=data.name,
            surrogate=is_surrogate,
            source=str(data.source),
            tokens=len(data.tokens),
            classes=len(data.classes),
            sha256=data.checksum,
            features=tuple(data.feature_names),
            talkers={token.name: token.talker for token in data.tokens if token.talker is not None} or None,
        )


class TrainPlan(Section):
    """Data set, and how the training starts; everything else is in the plan file."""

    check: bool = False
    warm_start: bool = False
    data: LearntData


def measures_recognition(settings: TrainingSettings, step: int) -> bool:
    """Whether every token is presented after ``step`` training steps: first, last, and every so many."""
    every = 1 if settings.recognition_every_steps is None else settings.recognition_every_steps
    return every != 0 and (step in (0, settings.steps) or step % every == 0)
