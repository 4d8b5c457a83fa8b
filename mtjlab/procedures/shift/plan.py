"""Plan of a shift."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from mtjlab.config import Shown, SweepSettings
from mtjlab.config.section import Section
from mtjlab.domain import PerJunction


class ShiftOptions(Section):
    """Rising curves with each control current in turn shifted from its value by each of the given currents."""

    procedure: Literal["shift"] = "shift"
    controls_ua: Annotated[tuple[float, ...] | None, Shown("control currents I_C", "as in the plan", boxes=1)] = None
    """Control currents I_C before each shift: one for all junctions, or one for each; default: those of a training."""
    by_ua: Annotated[tuple[float, ...], Field(min_length=2), Shown("shifts of I_C")] = (-60.0, -30.0, 30.0, 60.0)
    """Shifts of each control current, one after the other."""
    staircase: Annotated[SweepSettings, Shown("input sweep")] = SweepSettings(repetitions=5)

    @field_validator("by_ua")
    @classmethod
    def _all_differ(cls, by_ua: tuple[float, ...]) -> tuple[float, ...]:
        if len({0.0, *by_ua}) <= len(by_ua):
            raise ValueError("the moves must differ from each other and from 0, which is always measured")
        return by_ua


class ShiftPlan(ShiftOptions):
    """Complete plan, with one control current for each junction."""

    controls_ua: tuple[float, ...]

    @property
    def rows_ua(self) -> tuple[PerJunction, ...]:
        """Control currents of each series: first no move, then each junction's by each amount."""
        rows = [self.controls_ua]
        for k in range(len(self.controls_ua)):
            for by_ua in self.by_ua:
                rows.append(tuple(current + by_ua * (i == k) for i, current in enumerate(self.controls_ua)))
        return tuple(rows)
