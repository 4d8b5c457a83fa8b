"""Plan of a measurement against the magnetic field."""

from typing import Annotated, Literal, Self, TypeAlias

import numpy as np
from pydantic import Field, field_validator, model_validator

from mtjlab.config import Shown, SweepSettings
from mtjlab.config.section import NotNegative, Positive, Section, When
from mtjlab.domain import PerJunction

Measure: TypeAlias = Literal["all", "loops", "sweeps"]
LOOPS, SWEEPS = ("all", "loops"), ("all", "sweeps")
FEWEST_POINTS, MOST_POINTS = 12, 10_000
"""Readings of a leg: with fewer, nothing is left between both ends of it."""
DECIMALS = 6


class FieldOptions(Section):
    """Resistance loops against the field at a small current, critical inputs in several fields, and a working point.

    The field moves only while junctions carry the probing current or none.
    """

    procedure: Literal["field"] = "field"
    measure: Annotated[Measure, Shown("measure")] = "all"
    """Loops against the field, sweeps of the input in several fields, or both; both give a working point."""
    probe_ua: Annotated[
        PerJunction, Field(min_length=1, max_length=8), Shown("probing currents"), When("measure", LOOPS)
    ] = (20.0, -20.0)
    """Junction currents of the loops, in turn. A current moves a loop, and an offset of the voltmeter looks like a
    resistance: in the mean of both signs neither is left. 20 uA is twice the dead band of the detector."""
    loops: Annotated[int, Field(ge=1, le=1000), Shown("number of loops"), When("measure", LOOPS)] = 8
    """Number of loops against the field."""
    from_mt: Annotated[float | None, Shown("lowest field", "-20 mT"), When("measure", LOOPS)] = None
    """Lowest field of the loops; each junction must be in one state there, and in the other in the highest field."""
    to_mt: Annotated[float | None, Shown("highest field", "20 mT"), When("measure", LOOPS)] = None
    """Highest field of the loops."""
    field_step_mt: Annotated[Positive, Shown("step of the field"), When("measure", LOOPS)] = 0.25
    """Step of the field between two readings of a loop."""
    field_dwell_s: Annotated[NotNegative, Shown("extra dwell"), When("measure", LOOPS)] = 0.0
    """Extra dwell time in each field of a loop, before the reading."""
    fields_mt: Annotated[
        Annotated[PerJunction, Field(min_length=2)] | None,
        Shown("fields of the sweeps", "5 around that of the bench"),
        When("measure", SWEEPS),
    ] = None
    """Fields in which the input is swept; default: that of the bench file, and 2 and 4 mT to either side."""
    controls_ua: Annotated[
        PerJunction | None, Shown("control currents I_C", "as in the plan", boxes=1), When("measure", SWEEPS)
    ] = None
    """Control currents I_C of the sweeps: one for all junctions, or one for each; default: those of a training."""
    staircase: Annotated[SweepSettings, Shown("input sweep"), When("measure", SWEEPS)] = SweepSettings(repetitions=3)
    critical_inputs_ua: Annotated[
        Annotated[PerJunction, Field(min_length=2, max_length=2)] | None,
        Shown("critical inputs from, to", "the input sweep, less the reset margin"),
        When("measure", SWEEPS),
    ] = None
    """Where the critical inputs of all junctions are to lie at the working point: lowest and highest."""

    @field_validator("probe_ua")
    @classmethod
    def _probes_differ(cls, probe_ua: PerJunction) -> PerJunction:
        if len(set(probe_ua)) < len(probe_ua):
            raise ValueError("probe_ua must differ from each other")
        return probe_ua

    @field_validator("fields_mt")
    @classmethod
    def _fields_differ(cls, fields_mt: PerJunction | None) -> PerJunction | None:
        if fields_mt is not None and len(set(fields_mt)) < len(fields_mt):
            raise ValueError("fields_mt must differ from each other")
        return fields_mt

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_mt is not None and self.to_mt is not None and self.from_mt >= self.to_mt:
            raise ValueError("from_mt must be below to_mt")
        if self.critical_inputs_ua and self.critical_inputs_ua[0] >= self.critical_inputs_ua[1]:
            raise ValueError("critical_inputs_ua: the first must be below the second")
        return self

    @model_validator(mode="after")
    def _has_a_loop_at_each_current(self) -> Self:
        if self.loops < len(self.probe_ua):
            raise ValueError(f"loops = {self.loops} is less than one loop at each of probe_ua")
        return self

    @property
    def has_loops(self) -> bool:
        """Whether loops are measured."""
        return self.measure in LOOPS

    @property
    def has_sweeps(self) -> bool:
        """Whether the input is swept in several fields."""
        return self.measure in SWEEPS


class FieldPlan(FieldOptions):
    """Complete plan."""

    from_mt: float
    to_mt: float
    fields_mt: tuple[float, ...]
    controls_ua: tuple[float, ...]
    critical_inputs_ua: tuple[float, ...]
    ramp_mt_per_s: Positive = 1.0
    """Rate at which the field moves, by the bench file."""

    @model_validator(mode="after")
    def _has_points_enough(self) -> Self:
        steps = (self.to_mt - self.from_mt) / self.field_step_mt
        if not FEWEST_POINTS <= steps <= MOST_POINTS:
            raise ValueError(
                f"from from_mt to to_mt there must be at least {FEWEST_POINTS} steps of field_step_mt, and at most "
                f"{MOST_POINTS}"
            )
        return self

    @property
    def rising_mt(self) -> tuple[float, ...]:
        """Fields of the rising leg of a loop; the falling leg is the reverse."""
        steps = int((self.to_mt - self.from_mt) / self.field_step_mt + 1e-9)
        return tuple(np.round(self.from_mt + self.field_step_mt * np.arange(steps + 1), DECIMALS).tolist())
