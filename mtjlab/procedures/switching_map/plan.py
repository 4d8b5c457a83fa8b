"""Plan of a switching map."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from mtjlab.config import Count, Option, PulseWidth, Shown, SweepSettings, When
from mtjlab.config.section import Positive, Section
from mtjlab.domain import Interval


class MapKeys(Section):
    """Switching map of two inputs at ``controls_ua[input][junction]``.

    ``curves``: rising curves for each input. ``raster``: every cell of a grid over the range of the staircase, each
    presented ``times`` times. ``adaptive``: each input is probed only where junctions switch, until the 95 % interval
    of every critical input is narrower than ``width_ua``, or ``most_probes`` were made.
    """

    procedure: Literal["map"] = "map"
    controls_ua: Annotated[
        Annotated[tuple[tuple[float, ...], ...], Field(min_length=1, max_length=2)] | None,
        Shown("control currents I_C", "as in the plan", boxes=2),
        When("controls_of", (None,)),
    ] = None
    """Control currents I_C for input A and, after a semicolon, for input B; default: those of a training."""
    way: Annotated[Literal["curves", "raster", "adaptive"], Shown("mode")] = "adaptive"
    """Rising curves, every cell of a grid, or probes where junctions switch."""
    staircase: Annotated[
        SweepSettings, Shown("input sweep"), When("way", ("curves",), of=("dwell_s", "repetitions"))
    ] = SweepSettings(repetitions=80)
    times: Annotated[Count, Shown("repeats"), When("way", ("raster",))] = 3
    """Raster: presentations of each cell."""
    cell_ua: Annotated[Positive, Shown("cell size"), When("way", ("raster",))] = 25.0
    """Raster: width of a cell."""
    width_ua: Annotated[Positive, Shown("interval width"), When("way", ("adaptive",))] = 2.0
    """Adaptive: width of the 95 % intervals at which it is finished."""
    most_probes: Annotated[Count, Option("probes"), Shown("maximum probes"), When("way", ("adaptive",))] = 2000
    """Adaptive: maximum number of probes of each input."""

    @field_validator("controls_ua", mode="before")
    @classmethod
    def _rows(cls, rows: Any) -> Any:
        if rows is None:
            return None
        if not isinstance(rows, list | tuple) or not all(isinstance(row, list | tuple) for row in rows):
            raise ValueError("give control currents for input A and, after a semicolon, for input B")
        return tuple(map(tuple, rows))

    @model_validator(mode="after")
    def _has_cells(self) -> Self:
        if self.cell_ua > self.staircase.input_stop_ua - self.staircase.input_start_ua:
            raise ValueError("a cell (cell_ua) must not be wider than the range of the inputs")
        return self


class MapOptions(MapKeys):
    """Options of a map, including control currents learnt by a training."""

    controls_of: Annotated[
        Annotated[str, Field(min_length=1)] | None, Shown("I_C of a training", "as typed", offers="training")
    ] = None
    """Training (folder, id, or last) that has learnt the control currents."""
    pulse_width_s: PulseWidth = None
    """Apply inputs as pulses of this duration, at control currents near the rest currents of a calibration."""

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if self.controls_of and self.controls_ua:
            raise ValueError("give controls_ua or controls_of, not both")
        return self


class MapPlan(MapKeys):
    """Complete plan, with a row of control currents for each of the two inputs."""

    controls_ua: Annotated[tuple[tuple[float, ...], ...], Field(min_length=2, max_length=2)]

    @property
    def inputs(self) -> Interval:
        """Range of both inputs."""
        return Interval(self.staircase.input_start_ua, self.staircase.input_stop_ua)

    @property
    def cells_ua(self) -> tuple[float, ...]:
        """Centres of the cells along one axis of a raster."""
        count = int((self.inputs.high_ua - self.inputs.low_ua) / self.cell_ua + 1e-9)
        return tuple(self.inputs.low_ua + (k + 0.5) * self.cell_ua for k in range(count))
