"""Plan file: data, encoding, measurement and training. Defaults are the values of the paper where it gives them."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, field_validator, model_validator

from mtjlab.config.section import NotNegative, Option, Positive, Section, Shown, When
from mtjlab.domain import ControlCurrents

Legs: TypeAlias = Literal["loop", "up", "down"]
PulseWidth: TypeAlias = Annotated[Annotated[float, Field(gt=0)] | None, Shown("pulse width", "as in the plan")]
"""Option of a kind that presents tokens: pulses of this duration instead of what the plan says."""

Rule: TypeAlias = Literal["paper", "paired", "none"]
"""How control currents are learnt."""

FEWEST_SWEEP_STEPS, MOST_SWEEP_STEPS = 30, 10_000
"""Fewer points are too few to fit both branches of a leg; more take hours without any benefit."""
PAIRED_STEPS = 40
"""Steps of the paired rule, unless they are given: each presents twice as many inputs."""
MOST_CONFIGURATIONS = 4**6
"""Largest table in which every configuration has a class: 3 junctions and 6 inputs."""
PULSED_SPACING_UA = 75.0
"""Maximum distance of boundaries for pulses: control parts are limited such that no state is lost."""


class Data(Section):
    """Data set: the vowels, or a table of the user (CSV: label, features)."""

    table: Annotated[str | None, Shown("data table", "the vowels", offers="file")] = None
    """CSV file with a column `label` and one column for each feature; empty for the vowels."""
    split: Annotated[Literal["token", "talker"], Shown("split by")] = "token"
    """Unit of the split: single tokens, or whole talkers, so that no talker is in both subsets."""
    train_fraction: Annotated[float, Field(gt=0, lt=1), Shown("training fraction")] = 0.8
    """Fraction of each class in the training subset; the rest is the test subset, which is never trained on."""

    @field_validator("table")
    @classmethod
    def _is_no_escape(cls, table: str | None) -> str | None:
        if table and any(ord(letter) < ord(" ") for letter in table):
            raise ValueError(
                "in double quotes a backslash begins an escape, so this is not a path: write 'C:\\folder\\file' or "
                "C:/folder/file"
            )
        return table


class EncodingSettings(Section):
    """Encoding of features as input currents."""

    inputs: Annotated[int, Field(ge=1, le=6), Shown("number of inputs")] = 2
    """Number of inputs, applied one after the other: I_A, I_B, ..."""
    boundary_spacing_ua: Positive = 120.0
    """Mean distance between neighbouring class boundaries: the range of input currents that the features span."""
    reset_margin_ua: NotNegative = 40.0
    """Margin between the current of a junction at zero input and its reset current."""
    table: Annotated[Literal["auto", "one", "joint"], Shown("class of a configuration")] = "auto"
    """One configuration for each class, or each configuration its most probable class (joint); auto: by the start."""

    def is_joint(self, junctions: int, starts_on_boundaries: bool) -> bool:
        """Whether every configuration stands for its most probable class.

        ``auto``: where thresholds start on the boundaries of the encoding, if the table is not too large.
        """
        if self.table == "auto":
            return starts_on_boundaries and (junctions + 1) ** self.inputs <= MOST_CONFIGURATIONS
        return self.table == "joint"


class SweepSettings(Section):
    """Up-and-down sweep of the input that measures reference voltages and critical currents before a training.

    With 10 ms settling and two samples of 20 ms, steps of 5 uA without extra dwell time give a ramp of 100 uA/s.
    """

    input_start_ua: Annotated[NotNegative, Option("start")] = 0.0
    """Start of the input sweep."""
    input_stop_ua: Annotated[Positive, Option("stop")] = 900.0
    """End of the input sweep; every junction must have switched there."""
    input_step_ua: Annotated[Positive, Option("step")] = 5.0
    """Step of the input between two points."""
    dwell_s: Annotated[NotNegative, Shown("extra dwell")] = 0.0
    """Extra dwell time before each reading, after settling."""
    repetitions: Annotated[int, Field(ge=1, le=1000), Shown("number of sweeps")] = 3
    """Number of up-and-down sweeps; thresholds are means over them."""

    @property
    def points(self) -> int:
        """Number of readings of a leg."""
        return int((self.input_stop_ua - self.input_start_ua) / self.input_step_ua + 1e-9) + 1

    @property
    def coarsest(self) -> "SweepSettings":
        """One sweep with the largest step that references can be fitted to."""
        step_ua = (self.input_stop_ua - self.input_start_ua) / FEWEST_SWEEP_STEPS
        return self.model_copy(update={"input_step_ua": step_ua, "repetitions": 1})

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
    """Detection of the state of a junction from its voltage."""

    dead_band_ua: Annotated[float, Field(ge=1e-3)] = 10.0
    """Junction current below which the states cannot be distinguished; the reading is then taken at a lower input."""
    samples: Annotated[int, Field(ge=2), Shown("samples per reading")] = 2
    """Number of samples per reading."""
    weak_d: Annotated[Positive, Shown("minimum jump / noise")] = 8.0
    """Ratio of voltage jump to noise; if it is lower, samples are averaged until it is reached."""
    most_samples: Annotated[int, Field(ge=1), Shown("maximum samples")] = 64
    """Maximum number of samples for one decision."""
    rereads: Annotated[int, Field(ge=0), Shown("repeated readings")] = 3
    """Number of repeated readings if one is undecided."""
    reading_margin_ua: NotNegative = 30.0
    """Minimum distance of a switched junction from its reset current while it is read at a lower input."""


class PresentationSettings(Section):
    """Presentation of a token: inputs held and read, or pulses that are read at rest; and retries."""

    mode: Literal["dc", "pulse"] = "dc"
    """Inputs held while they are read, or pulses that start and end at rest currents, where states are read."""
    dwell_s: Annotated[NotNegative, When("presentation.mode", ("dc",))] = 0.050
    """Time for which an input is applied before the reading."""
    width_s: Annotated[Positive, Shown("pulse width"), When("presentation.mode", ("pulse",))] = 1e-3
    """Duration of a pulse."""
    control: Annotated[Literal["held", "pulsed"], Shown("control currents"), When("presentation.mode", ("pulse",))] = (
        "held"
    )
    """Control currents settle before a pulse and are held until after it; or they are pulses that envelop it."""
    coded_by: Annotated[Literal["amplitude", "length"], Shown("coded by"), When("presentation.mode", ("pulse",))] = (
        "amplitude"
    )
    """What of a pulse carries the input. A length is only estimated: classes need more decades of it than there are."""
    reset_s: Annotated[Positive, Shown("reset pulse"), When("presentation.mode", ("pulse",))] = 0.05
    """Duration of a reset pulse."""
    reset_margin_ua: Annotated[NotNegative, When("presentation.mode", ("pulse",))] = 30.0
    """Margin of a reset pulse beyond the amplitude that fails once in a million."""
    reset_attempts: Annotated[int, Field(ge=1), Shown("reset checks")] = 3
    """Maximum number of checks of junctions that have not reset."""
    attempts: Annotated[int, Field(ge=1), Shown("maximum presentations")] = 3
    """Maximum number of presentations of a token that gives no configuration."""

    @property
    def is_pulsed(self) -> bool:
        """Whether inputs are pulses."""
        return self.mode != "dc"

    @property
    def pulse_width_s(self) -> float | None:
        """Duration of pulses; None for held inputs."""
        return self.width_s if self.is_pulsed else None

    @property
    def widths_s(self) -> tuple[float, ...]:
        """Durations of all kinds of pulses; empty for held inputs."""
        return (self.width_s, self.reset_s) if self.is_pulsed else ()


class TrainingSettings(Section):
    """Learning rule: initial control currents, size of a step in uA, number of steps."""

    rule: Annotated[Rule, Shown("learning rule")] = "paper"
    """That of the paper; paired, every token twice, its inputs lowered and raised; or none, which keeps I_C."""
    pair_offset_ua: Annotated[
        float, Field(gt=0, le=100), Shown("offset of a pair"), When("training.rule", ("paired",))
    ] = 25.0
    """By how much the inputs of a token are lowered, then raised, by the paired rule."""
    start_control_ua: Annotated[
        float | tuple[tuple[float, ...], ...], Shown("initial I_C", boxes="encoding.inputs")
    ] = -500.0
    """Control currents I_C before the first training step: one for all junctions, or one for each, for each input."""
    control_step_ua: Annotated[
        float, Field(gt=0, le=100), Shown("step of I_C"), When("training.steps", others=(0,))
    ] = 10.0
    """Change of a control current in a training step."""
    steps: Annotated[int, Field(ge=0), Shown("training steps")] = 80
    """Number of training steps, each with one token of every class; 0 measures only the recognition rate."""
    recognition_every_steps: Annotated[
        Annotated[int, Field(ge=0)] | None, Shown("recognition rate every", "1 if simulated, else first and last")
    ] = None
    """Number of steps between measurements of the recognition rate with all tokens; 0 for none."""
    probe_first: Annotated[int, Field(ge=0, le=1000), Shown("probes first")] = 0
    """Number of inputs by which all thresholds are found first, after one coarse sweep; 0 for none."""
    refresh_every_steps: Annotated[int, Field(ge=0), Shown("refresh every")] = 0
    """Number of steps, or of as many presentations, after which a few probes follow the drift of the thresholds."""

    @field_validator("start_control_ua")
    @classmethod
    def _has_rows(cls, start_ua: float | tuple[tuple[float, ...], ...]) -> float | tuple[tuple[float, ...], ...]:
        if isinstance(start_ua, tuple) and not (start_ua and all(start_ua)):
            raise ValueError("give one number for all, or for each input a list with one current per junction")
        return start_ua

    @property
    def offsets_ua(self) -> tuple[float, ...]:
        """By how much the inputs of a token are moved, in each of its presentations of a step."""
        return (-self.pair_offset_ua, self.pair_offset_ua) if self.rule == "paired" else (0.0,)

    def start_controls(self, chains: Sequence[int], inputs: int) -> ControlCurrents:
        """Control currents at step 0: of one chain with its number of junctions, or of a chain for each input."""
        if isinstance(self.start_control_ua, tuple):
            return ControlCurrents(self.start_control_ua)
        sizes = chains if len(chains) > 1 else tuple(chains) * inputs
        return ControlCurrents(tuple((self.start_control_ua,) * size for size in sizes))


class SuspendSettings(Section):
    """Automatic suspension of a training. It checks at intervals, and resumes with new references when possible."""

    reset_failures_in_a_row: Annotated[int, Field(ge=1), Shown("failed resets in a row")] = 5
    """Number of consecutive presentations after which junctions did not reset."""
    without_configuration_in_a_row: Annotated[int, Field(ge=1), Shown("without configuration")] = 30
    """Number of consecutive presentations that gave no configuration."""
    failures_percent: Annotated[float, Field(gt=0, le=100), Shown("share of failures")] = 25.0
    """Share of the latest presentations that gave no configuration or did not reset."""
    failures_over_presentations: Annotated[int, Field(ge=1), Shown("in the last presentations")] = 120
    """Number of latest presentations for that share."""
    reference_drift_ua: Positive = 5.0
    """Deviation of a voltage from its reference, as the equivalent change of the current."""
    reference_drift_percent: Positive = 3.0
    """Deviation of a voltage from its reference, relative to the voltage; the smaller limit applies."""
    field_tolerance_mt: Positive = 0.1
    """Maximum change of the magnetic field."""
    look_every_s: Annotated[Positive, Shown("check every")] = 60.0
    """Time between two checks of a suspended run."""
    most_looks: Annotated[int, Field(ge=1), Shown("maximum checks")] = 30
    """Maximum number of checks; then the run ends, safe and resumable."""


class PlanConfig(Section):
    """Plan file: data, encoding, sweep, detector, presentation, training and its suspension."""

    name: str = "seven vowels"
    """Name of the plan."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Seed of split, order of tokens and simulated junctions: the same seed gives the same run in process."""
    data: Data = Data()
    encoding: EncodingSettings = EncodingSettings()
    sweep: Annotated[SweepSettings, Shown("reference sweep")] = SweepSettings()
    detector: DetectorSettings = DetectorSettings()
    presentation: PresentationSettings = PresentationSettings()
    training: TrainingSettings = TrainingSettings()
    suspend: Annotated[SuspendSettings, Shown("suspension")] = SuspendSettings()

    def presentation_dwell_s(self, aperture_s: float) -> float:
        """Time for which a presentation applies an input: its pulse, or until the states are known.

        A sample takes ``aperture_s``.
        """
        if self.presentation.is_pulsed:
            return self.presentation.width_s
        return self.presentation.dwell_s + self.detector.samples * aperture_s

    def with_pulses(self, width_s: float | None) -> "PlanConfig":
        """The same plan with pulses of ``width_s``, boundaries near enough for them; unchanged without a width."""
        if width_s is None:
            return self
        presentation = self.presentation.model_copy(update={"mode": "pulse", "width_s": width_s})
        spacing_ua = min(self.encoding.boundary_spacing_ua, PULSED_SPACING_UA)
        encoding = self.encoding.model_copy(update={"boundary_spacing_ua": spacing_ua})
        return self.model_copy(update={"presentation": presentation, "encoding": encoding})

    def with_references_for_probes(self) -> "PlanConfig":
        """The same plan with one coarse sweep of the references if probes follow it.

        Limits of pulses need the spreads that several fine sweeps tell.
        """
        if not self.training.probe_first or self.presentation.is_pulsed:
            return self
        return self.model_copy(update={"sweep": self.sweep.coarsest})
