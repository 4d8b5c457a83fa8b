"""A plan file: what is to be done on a bench. Defaults are the paper's wherever it gives one."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mtjlab.config.section import NotNegative, Positive, Section
from mtjlab.domain import ControlCurrents

FEWEST_SWEEP_STEPS, MOST_SWEEP_STEPS = 30, 10_000
"""Fewer points of a leg do not carry a fit of both branches; more take hours for nothing."""


class Data(Section):
    """What is to be learnt: the vowels, or a table of the user's own (CSV: label, features)."""

    table: str | None = None
    split: Literal["token", "talker"] = "token"
    train_fraction: Annotated[float, Field(gt=0, lt=1)] = 0.8


class EncodingSettings(Section):
    """How features become input currents."""

    inputs: Annotated[int, Field(ge=1, le=6)] = 2
    boundary_spacing_ua: Positive = 120.0
    reset_margin_ua: NotNegative = 40.0


class SweepSettings(Section):
    """The up-and-down sweep that measures references and thresholds before a training.

    ``dwell_s`` is held before each reading, beside settling and reading: with 10 ms and two samples of 20 ms, steps of
    5 uA without further dwell are a ramp of 100 uA/s.
    """

    input_start_ua: NotNegative = 0.0
    input_stop_ua: Positive = 900.0
    input_step_ua: Positive = 5.0
    dwell_s: NotNegative = 0.0
    repetitions: Annotated[int, Field(ge=1, le=1000)] = 3

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
    """When a voltage counts as a state.

    ``dead_band_ua``: below this junction current there is no jump worth reading. ``samples``: taken in a reading.
    ``weak_d``: samples are averaged until d, the jump over the noise, reaches it, up to ``most_samples`` for a verdict.
    ``rereads``: further readings where one does not decide. ``reading_margin_ua``: what a switched junction keeps from
    its P -> AP current while it is read at a lower input.
    """

    dead_band_ua: Annotated[float, Field(ge=1e-3)] = 10.0
    samples: Annotated[int, Field(ge=2)] = 2
    weak_d: Positive = 8.0
    most_samples: Annotated[int, Field(ge=1)] = 64
    rereads: Annotated[int, Field(ge=0)] = 3
    reading_margin_ua: NotNegative = 30.0


class PresentationSettings(Section):
    """How a token is presented, and what becomes of a presentation that gave no configuration."""

    dwell_s: NotNegative = 0.050
    reset_attempts: Annotated[int, Field(ge=1)] = 3
    attempts: Annotated[int, Field(ge=1)] = 3


class TrainingSettings(Section):
    """The learning rule: start, length of a step in uA, number of steps."""

    start_control_ua: float | tuple[tuple[float, ...], ...] = -500.0
    control_step_ua: Annotated[float, Field(gt=0, le=100)] = 10.0
    steps: Annotated[int, Field(ge=0)] = 80
    recognition_every_steps: Annotated[int, Field(ge=0)] = 1

    def start_controls(self, junctions: int, inputs: int) -> ControlCurrents:
        """Control currents at step 0 of a chain of ``junctions``."""
        if isinstance(self.start_control_ua, tuple):
            return ControlCurrents(self.start_control_ua)
        return ControlCurrents.uniform(self.start_control_ua, junctions, inputs)


class SuspendSettings(Section):
    """When a training pauses by itself; it looks every so often and goes on, references measured anew, when it can."""

    reset_failures_in_a_row: Annotated[int, Field(ge=1)] = 5
    without_configuration_in_a_row: Annotated[int, Field(ge=1)] = 30
    reference_drift_percent: Positive = 3.0
    field_tolerance_mt: Positive = 0.1
    look_every_s: Positive = 60.0
    most_looks: Annotated[int, Field(ge=1)] = 30


class PlanConfig(Section):
    """A plan file: classes, encoding, sweep, detector, presentation, training and its pauses."""

    name: str = "seven vowels"
    seed: Annotated[int, Field(ge=0)] = 0
    data: Data = Data()
    encoding: EncodingSettings = EncodingSettings()
    sweep: SweepSettings = SweepSettings()
    detector: DetectorSettings = DetectorSettings()
    presentation: PresentationSettings = PresentationSettings()
    training: TrainingSettings = TrainingSettings()
    suspend: SuspendSettings = SuspendSettings()
