"""What is asked of the measuring procedures: sweep, shift by control currents, switching map."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, field_validator, model_validator

from mtjlab.config.plan import SweepSettings
from mtjlab.config.section import Positive, Section

Legs: TypeAlias = Literal["loop", "up", "down"]
Count: TypeAlias = Annotated[int, Field(ge=1, le=100_000)]


class SweepAsked(Section):
    """Resistance curves under given control currents: loops, or rising or falling legs alone."""

    procedure: Literal["sweep"] = "sweep"
    controls_ua: tuple[float, ...]
    legs: Legs = "loop"
    staircase: SweepSettings = SweepSettings(repetitions=20)


class ShiftAsked(Section):
    """Rising curves while one control current after another is moved away from ``controls_ua`` by each of ``by_ua``."""

    procedure: Literal["shift"] = "shift"
    controls_ua: tuple[float, ...]
    by_ua: Annotated[tuple[float, ...], Field(min_length=2)] = (-60.0, -30.0, 30.0, 60.0)
    staircase: SweepSettings = SweepSettings(repetitions=5)

    @field_validator("by_ua")
    @classmethod
    def _all_differ(cls, by_ua: tuple[float, ...]) -> tuple[float, ...]:
        if len({0.0, *by_ua}) <= len(by_ua):
            raise ValueError("the moves must differ from each other and from 0, which is measured anyway")
        return by_ua


class MapAsked(Section):
    """The switching map of two inputs under ``controls_ua[input][junction]``.

    ``curves``: rising curves for each input. ``raster``: every cell of the grid of the staircase's range presented
    ``times`` times. ``adaptive``: each input probed only where junctions switch, until every critical input is known to
    within ``width_ua`` (its 95 % interval), or ``most_probes`` were made.
    """

    procedure: Literal["map"] = "map"
    controls_ua: Annotated[tuple[tuple[float, ...], ...], Field(min_length=2, max_length=2)]
    way: Literal["curves", "raster", "adaptive"] = "adaptive"
    staircase: SweepSettings = SweepSettings(repetitions=80)
    times: Count = 3
    cell_ua: Positive = 25.0
    width_ua: Positive = 2.0
    most_probes: Count = 2000

    @model_validator(mode="after")
    def _has_cells(self) -> Self:
        if self.cell_ua > self.staircase.input_stop_ua - self.staircase.input_start_ua:
            raise ValueError("a cell (cell_ua) must not be wider than the range of the inputs")
        return self


Asked: TypeAlias = SweepAsked | ShiftAsked | MapAsked
ASKED: dict[str, type[SweepAsked] | type[ShiftAsked] | type[MapAsked]] = {
    "sweep": SweepAsked,
    "shift": ShiftAsked,
    "map": MapAsked,
}
"""What each measuring procedure is asked."""
