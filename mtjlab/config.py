"""Strict TOML -> frozen models: one file describes a bench, another what is to be done on it.

Every quantity carries its unit in its key. An unknown key, a missing unit suffix or a value out of range is an error
that names file, key and remedy. Everything has a default; those of the plan are the paper's wherever it gives one.
"""

import json
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from mtjlab.errors import RefusedError

FEWEST_SWEEP_STEPS, MOST_SWEEP_STEPS = 30, 10_000
"""Fewer points of a leg do not carry a fit of both branches; more take hours for nothing."""

Positive: TypeAlias = Annotated[float, Field(gt=0)]
NotNegative: TypeAlias = Annotated[float, Field(ge=0)]
PerJunctionOrAll: TypeAlias = float | tuple[float, ...]


class Section(BaseModel):
    """A table of a configuration file: frozen, nothing unknown in it, finite numbers only."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Limits(Section):
    """What no junction may carry, checked before each write on every intermediate state."""

    junction_current_min_ua: float = -750.0
    junction_current_max_ua: float = 750.0
    junction_voltage_warn_mv: Positive = 850.0
    junction_voltage_refuse_mv: Positive = 1000.0

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.junction_current_min_ua < 0 < self.junction_current_max_ua:
            raise ValueError("junction_current_min_ua must be below zero and junction_current_max_ua above it")
        if self.junction_voltage_warn_mv > self.junction_voltage_refuse_mv:
            raise ValueError("junction_voltage_warn_mv must not be above junction_voltage_refuse_mv")
        return self


class Device(Section):
    """Nominal junction, used to predict voltages until this chip has been measured."""

    resistance_parallel_ohm: Positive = 1100.0
    tmr_percent: Annotated[float, Field(gt=0, lt=800)] = 120.0
    half_bias_mv: Positive = 500.0
    bias_conductance_per_v2: NotNegative = 0.1


class Timing(Section):
    """How long sources settle after a write, and how long a voltmeter averages."""

    settle_s: NotNegative = 0.010
    aperture_s: Positive = 0.020


class Simulation(Section):
    """The truth of a simulated chip, which no procedure ever sees: one number for all junctions, or one for each.

    Critical currents are the means of a continuous ramp at 100 uA/s, their spread its standard deviation.
    """

    critical_current_ap_to_p_ua: tuple[float, ...] = Field((224.0, -66.0, 196.0), min_length=1)
    critical_current_p_to_ap_ua: tuple[float, ...] = Field((-57.0, -347.0, -85.0), min_length=1)
    critical_spread_ua: PerJunctionOrAll = 4.3
    resistance_parallel_ohm: PerJunctionOrAll = 1100.0
    tmr_percent: PerJunctionOrAll = 120.0
    half_bias_mv: PerJunctionOrAll = 500.0
    bias_conductance_per_v2: PerJunctionOrAll = 0.1
    lead_resistance_ohm: PerJunctionOrAll = 0.0
    critical_drift_ua_per_h: PerJunctionOrAll = 0.0
    resistance_drift_percent_per_h: PerJunctionOrAll = 0.0
    field_mt: float = 6.0
    critical_shift_ua_per_mt: NotNegative = 20.0
    meter_noise_mv: NotNegative = 0.05
    meter_offset_mv: PerJunctionOrAll = 0.0

    @model_validator(mode="after")
    def _one_value_each(self) -> Self:
        junctions = len(self.critical_current_ap_to_p_ua)
        for key, value in self:
            if isinstance(value, tuple) and len(value) != junctions:
                raise ValueError(f"{key} has {len(value)} values for {junctions} junctions")
        for key in ("critical_spread_ua", "resistance_parallel_ohm", "tmr_percent", "half_bias_mv"):
            if min(self.each(key)) <= 0:
                raise ValueError(f"{key} must be above 0")
        for key in ("bias_conductance_per_v2", "lead_resistance_ohm"):
            if min(self.each(key)) < 0:
                raise ValueError(f"{key} must not be below 0")
        if max(self.each("tmr_percent")) >= 800:
            raise ValueError("tmr_percent must be below 800")
        return self

    def each(self, key: str) -> tuple[float, ...]:
        """Value of ``key`` for each junction."""
        value = getattr(self, key)
        return value if isinstance(value, tuple) else (value,) * len(self.critical_current_ap_to_p_ua)


class BenchConfig(Section):
    """A bench file: what the bench is, and what it must never do."""

    name: str = "three junctions"
    kind: Literal["simulated"] = "simulated"
    limits: Limits = Limits()
    device: Device = Device()
    timing: Timing = Timing()
    simulation: Simulation = Simulation()

    @property
    def junctions(self) -> int:
        """Number of junctions in the chain."""
        return len(self.simulation.critical_current_ap_to_p_ua)


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


class PlanConfig(Section):
    """A plan file: classes, encoding, sweep, detector, presentation and training."""

    name: str = "seven vowels"
    seed: Annotated[int, Field(ge=0)] = 0
    data: Data = Data()
    encoding: EncodingSettings = EncodingSettings()
    sweep: SweepSettings = SweepSettings()
    detector: DetectorSettings = DetectorSettings()
    presentation: PresentationSettings = PresentationSettings()
    training: TrainingSettings = TrainingSettings()


Config = TypeVar("Config", bound=Section)


def read_bench(path: Path) -> BenchConfig:
    """The bench described by the TOML file ``path``. Raises RefusedError naming file, key and remedy."""
    return _read(path, BenchConfig)


def read_plan(path: Path) -> PlanConfig:
    """The plan in the TOML file ``path``. Raises RefusedError naming file, key and remedy."""
    return _read(path, PlanConfig)


def _read(path: Path, model: type[Config]) -> Config:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RefusedError(f"{path}: cannot be read ({error.strerror}). Give the path of a TOML file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RefusedError(f"{path}: is not valid TOML: {error}.") from error
    try:
        # Strict JSON takes a list for a tuple and an integer for a float, and nothing else for anything.
        return model.model_validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        complaints = {
            _key(details["loc"]): f"{path}: {_complaint(details, model)}" for details in reversed(error.errors())
        }
        raise RefusedError("\n".join(reversed(complaints.values()))) from error


def _key(loc: tuple[int | str, ...]) -> str:
    """The key as it stands in the file, without the names of alternative types that pydantic appends."""
    return ".".join(str(part) for part in loc if part != "float" and "[" not in str(part))


def _complaint(details: ErrorDetails, model: type[Section]) -> str:
    where = _key(details["loc"])
    if details["type"] == "extra_forbidden":
        return f"unknown key {where}. {_suggestion(details['loc'], model)}"
    shown = "" if isinstance(details["input"], dict) else f" (it is {details['input']!r})"
    return f"{where or 'file'}: {details['msg'].removeprefix('Value error, ')}{shown}."


def _suggestion(loc: tuple[int | str, ...], model: type[Section]) -> str:
    for part in loc[:-1]:
        field = model.model_fields[str(part)].annotation
        if isinstance(field, type) and issubclass(field, Section):
            model = field
    key, known = str(loc[-1]), list(model.model_fields)
    for candidate in known:
        if candidate.startswith(f"{key}_"):
            return f"Every quantity carries its unit: write {candidate}."
    close = get_close_matches(key, known, n=1)
    return f"Did you mean {close[0]}?" if close else f"Known here: {', '.join(known)}."
