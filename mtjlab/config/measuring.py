"""What is asked of the procedures beside training: sweep, shift by control currents, switching map, classify, live."""

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import Field, field_validator, model_validator

from mtjlab.config.plan import SweepSettings
from mtjlab.config.section import Positive, Section

Legs: TypeAlias = Literal["loop", "up", "down"]
Count: TypeAlias = Annotated[int, Field(ge=1, le=100_000)]


class SweepAsked(Section):
    """Resistance curves under given control currents: loops, or rising or falling legs alone."""

    procedure: Literal["sweep"] = "sweep"
    controls_ua: tuple[float, ...]
    """Control currents I_C that are held: one for each junction."""
    legs: Legs = "loop"
    """Up and down again, or one way alone."""
    staircase: SweepSettings = SweepSettings(repetitions=20)


class ShiftAsked(Section):
    """Rising curves while one control current after another is moved away from ``controls_ua`` by each of ``by_ua``."""

    procedure: Literal["shift"] = "shift"
    controls_ua: tuple[float, ...]
    """Control currents I_C that one after another is moved from: one for each junction."""
    by_ua: Annotated[tuple[float, ...], Field(min_length=2)] = (-60.0, -30.0, 30.0, 60.0)
    """How far each control current is moved."""
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
    """Control currents I_C for input A; and after a semicolon for input B."""
    way: Literal["curves", "raster", "adaptive"] = "adaptive"
    """Rising curves, every cell of a grid, or probes where junctions switch."""
    staircase: SweepSettings = SweepSettings(repetitions=80)
    times: Count = 3
    """Raster: presentations of each cell."""
    cell_ua: Positive = 25.0
    """Raster: width of a cell."""
    width_ua: Positive = 2.0
    """Adaptive: width of the 95 % intervals that are wanted."""
    most_probes: Count = 2000
    """Adaptive: most probes of each input."""

    @field_validator("controls_ua", mode="before")
    @classmethod
    def _one_row_for_each_input(cls, rows: Any) -> Any:
        if not isinstance(rows, list | tuple) or [isinstance(row, list | tuple) for row in rows] != [True, True]:
            raise ValueError("give control currents for input A, and after a semicolon those for input B")
        return tuple(map(tuple, rows))

    @model_validator(mode="after")
    def _has_cells(self) -> Self:
        if self.cell_ua > self.staircase.input_stop_ua - self.staircase.input_start_ua:
            raise ValueError("a cell (cell_ua) must not be wider than the range of the inputs")
        return self


class ClassifyAsked(Section):
    """Tokens presented again and again to a trained network: which class each of them is taken for."""

    procedure: Literal["classify"] = "classify"
    network: Annotated[str, Field(min_length=1)]
    """A training (its folder, its id, or last), or a network.toml."""
    tokens: str | None = None
    """Table of tokens (CSV) to classify; without one the test subset of the training."""
    times: Count = 5
    """Presentations of each token."""


class LiveAsked(Section):
    """The junctions read again and again, while control currents and input are turned by hand."""

    procedure: Literal["live"] = "live"
    every_s: Positive = 0.2
    """Bench time from one look at the junctions to the next."""
    for_s: Positive | None = None
    """It ends by itself after that time; without one when it is stopped."""


Asked: TypeAlias = SweepAsked | ShiftAsked | MapAsked
ASKED: dict[str, type[SweepAsked] | type[ShiftAsked] | type[MapAsked]] = {
    "sweep": SweepAsked,
    "shift": ShiftAsked,
    "map": MapAsked,
}
"""What each measuring procedure is asked."""
