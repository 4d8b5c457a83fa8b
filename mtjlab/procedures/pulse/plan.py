"""Plan of a measurement of switching by pulses."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mtjlab.config import Count
from mtjlab.config.section import NotNegative, Positive, Section, Shown
from mtjlab.domain import PerJunction

WIDTHS_S = (1e-3, 1e-2, 1e-1)
SLOW_WIDTHS_S = (0.1, 0.3, 1.0)
"""Default widths in process, and on instruments, which are timed by the computer."""


class PulseOptions(Section):
    """Pulses from rest currents: for each width, amplitudes at which each junction switches with 2 to 98 %.

    All junctions are probed by the same pulse; control currents set the current of each. Before each pulse every
    junction is antiparallel; a negative pulse resets those that have switched.
    """

    procedure: Literal["pulse"] = "pulse"
    widths_s: Annotated[
        Annotated[PerJunction, Field(min_length=1)] | None,
        Shown("pulse widths", "0.001, 0.01, 0.1; with instruments 0.1, 0.3, 1"),
    ] = None
    """Durations of pulses; on instruments none is shorter than the link needs to set a source."""
    probes: Annotated[Count, Shown("pulses of each width")] = 200
    """Pulses of each width."""
    step_ua: Annotated[Positive, Shown("amplitude step")] = 1.0
    """Step of the amplitudes, so that they repeat."""
    reset_s: Annotated[Positive, Shown("reset pulse")] = 0.05
    """Duration of a reset pulse."""
    reset_margin_ua: NotNegative = 30.0
    """Margin of a reset pulse beyond the amplitude that fails once in a million."""

    @model_validator(mode="after")
    def _widths_are_durations(self) -> Self:
        widths_s = self.widths_s or ()
        if any(width_s <= 0 for width_s in widths_s):
            raise ValueError("widths_s must be above zero")
        if len(set(widths_s)) < len(widths_s):
            raise ValueError("widths_s must differ from each other")
        return self


class PulsePlan(PulseOptions):
    """The same with the widths."""

    widths_s: Annotated[PerJunction, Field(min_length=1)] = WIDTHS_S
