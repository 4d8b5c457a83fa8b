"""A plan file: what is to be done on a bench. Defaults are the paper's wherever it gives one."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, field_validator, model_validator

from mtjlab.config.section import NotNegative, Option, Positive, Section
from mtjlab.domain import ControlCurrents

Legs: TypeAlias = Literal["loop", "up", "down"]

FEWEST_SWEEP_STEPS, MOST_SWEEP_STEPS = 30, 10_000
"""Fewer points of a leg do not carry a fit of both branches; more take hours for nothing."""


class Data(Section):
    """What is to be learnt: the vowels, or a table of the user's own (CSV: label, features)."""

    table: str | None = None
    """CSV file with a column `label` and one column for each feature; empty for the vowels."""
    split: Literal["token", "talker"] = "token"
    """What is drawn for the training subset: tokens, or whole talkers, so that none is in both subsets."""
    train_fraction: Annotated[float, Field(gt=0, lt=1)] = 0.8
    """Share of each class that is in the training subset; the rest is tested on, and never trained."""

    @field_validator("table")
    @classmethod
    def _is_no_escape(cls, table: str | None) -> str | None:
        if table and any(ord(letter) < ord(" ") for letter in table):
            raise ValueError(
                "in double quotes a backslash begins an escape, so this is no path: write 'C:\\folder\\file' or "
                "C:/folder/file"
            )
        return table


class EncodingSettings(Section):
    """How features become input currents."""

    inputs: Annotated[int, Field(ge=1, le=6)] = 2
    """Number of inputs that are applied one after the other: I_A, I_B, ..."""
    boundary_spacing_ua: Positive = 120.0
    """Mean distance of neighbouring boundaries: how far the features are spread over the inputs."""
    reset_margin_ua: NotNegative = 40.0
    """How far below the current at which it resets each junction stays at zero input."""


class SweepSettings(Section):
    """The up-and-down sweep that measures references and thresholds before a training.

    With 10 ms settling and two samples of 20 ms, steps of 5 uA without further dwell are a ramp of 100 uA/s.
    """

    input_start_ua: Annotated[NotNegative, Option("start")] = 0.0
    """Lowest input of the sweep."""
    input_stop_ua: Annotated[Positive, Option("stop")] = 900.0
    """Highest input of the sweep; every junction must have switched there."""
    input_step_ua: Annotated[Positive, Option("step")] = 5.0
    """Distance of neighbouring points."""
    dwell_s: NotNegative = 0.0
    """Held before each reading, beside settling and reading."""
    repetitions: Annotated[int, Field(ge=1, le=1000)] = 3
    """How often the input goes up and down; thresholds are means over these."""

    @property
    def points(self) -> int:
        """Number of readings of a leg."""
        return int((self.input_stop_ua - self.input_start_ua) / self.input_step_ua + 1e-9) + 1

    @model_validator(mode="after")
    def _has_steps_enough(self) -> Self:
        steps = (self.input_stop_ua - self.input_start_ua) / self.input_step_ua
        if not FEWEST_SWEEP_STEPS <= steps <= MOST_SWEEP_STEPS:
            raise ValueError(
                f"from input_start_ua to input_stop_ua there must be at least {FEWEST_SWEEP_STEPS} steps of "
                f"input_step_ua, and at most {MOST_SWEEP_STEPS}"
            )
        return self


class DetectorSettings(Section):
    """When a voltage counts as a state."""

    dead_band_ua: Annotated[float, Field(ge=1e-3)] = 10.0
    """Junction current below which the two states cannot be told apart: the input is lowered there."""
    samples: Annotated[int, Field(ge=2)] = 2
    """Samples of a reading."""
    weak_d: Positive = 8.0
    """Jump over noise below which samples are averaged until it is reached."""
    most_samples: Annotated[int, Field(ge=1)] = 64
    """Samples of one verdict at most."""
    rereads: Annotated[int, Field(ge=0)] = 3
    """Further readings where one does not decide."""
    reading_margin_ua: NotNegative = 30.0
    """What a switched junction keeps from its reset while it is read at a lower input."""


class PresentationSettings(Section):
    """How a token is presented, and what becomes of a presentation that gave no configuration."""

    dwell_s: NotNegative = 0.050
    """How long an input is applied before it is read."""
    reset_attempts: Annotated[int, Field(ge=1)] = 3
    """Looks at junctions that have not reset before the run gives up."""
    attempts: Annotated[int, Field(ge=1)] = 3
    """Presentations of a token that gives no configuration."""


class TrainingSettings(Section):
    """The learning rule: start, length of a step in uA, number of steps."""

    start_control_ua: float | tuple[tuple[float, ...], ...] = -500.0
    """Control currents I_C before the first step: one number for all, or one list for each input."""
    control_step_ua: Annotated[float, Field(gt=0, le=100)] = 10.0
    """How far a control current moves in a training step."""
    steps: Annotated[int, Field(ge=0)] = 80
    """Training steps, each with one token of every class; 0 only measures the recognition."""
    recognition_every_steps: Annotated[int, Field(ge=0)] = 1
    """Present every token each so many steps; 0 never."""

    @field_validator("start_control_ua")
    @classmethod
    def _has_rows(cls, start_ua: float | tuple[tuple[float, ...], ...]) -> float | tuple[tuple[float, ...], ...]:
        if isinstance(start_ua, tuple) and not (start_ua and all(start_ua)):
            raise ValueError("give one number for all, or for each input a list with one current per junction")
        return start_ua

    def start_controls(self, junctions: int, inputs: int) -> ControlCurrents:
        """Control currents at step 0 of a chain of ``junctions``."""
        if isinstance(self.start_control_ua, tuple):
            return ControlCurrents(self.start_control_ua)
        return ControlCurrents.uniform(self.start_control_ua, junctions, inputs)


class SuspendSettings(Section):
    """When a training pauses by itself; it looks every so often and goes on, references measured anew, when it can."""

    reset_failures_in_a_row: Annotated[int, Field(ge=1)] = 5
    """Presentations after which junctions did not reset, one after another."""
    without_configuration_in_a_row: Annotated[int, Field(ge=1)] = 30
    """Presentations that gave no configuration, one after another."""
    failures_percent: Annotated[float, Field(gt=0, le=100)] = 25.0
    """Presentations that gave no configuration or did not reset: share of the latest, however they are spread."""
    failures_over_presentations: Annotated[int, Field(ge=1)] = 120
    """How many are the latest."""
    reference_drift_ua: Positive = 5.0
    """Change of a voltage against its reference, as the change of current that would make it."""
    reference_drift_percent: Positive = 3.0
    """The same as a share of the voltage; whichever is less counts."""
    field_tolerance_mt: Positive = 0.1
    """Change of the magnetic field."""
    look_every_s: Positive = 60.0
    """While it is suspended: time between two looks whether it can go on."""
    most_looks: Annotated[int, Field(ge=1)] = 30
    """Looks before the run ends, safe and resumable."""


class PlanConfig(Section):
    """A plan file: classes, encoding, sweep, detector, presentation, training and its pauses."""

    name: str = "seven vowels"
    """What the plan is called."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Of split, order of tokens and simulated junctions: the same seed gives the same run in process."""
    data: Data = Data()
    encoding: EncodingSettings = EncodingSettings()
    sweep: SweepSettings = SweepSettings()
    detector: DetectorSettings = DetectorSettings()
    presentation: PresentationSettings = PresentationSettings()
    training: TrainingSettings = TrainingSettings()
    suspend: SuspendSettings = SuspendSettings()

    def presentation_dwell_s(self, aperture_s: float) -> float:
        """How long a presentation holds an input before it knows the states, if each reading takes ``aperture_s``."""
        return self.presentation.dwell_s + self.detector.samples * aperture_s
