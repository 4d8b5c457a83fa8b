"""Plan of a measurement of switching by pulses."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mtjlab.config import Count
from mtjlab.config.section import NotNegative, Positive, Section, Shown
from mtjlab.domain import PerJunction


class PulsePlan(Section):
    """Pulses from rest currents: for each width, amplitudes at which each junction switches with 2 to 98 %.

    All junctions are probed by the same pulse; control currents set the current of each. Before each pulse every
    junction is antiparallel; a negative pulse resets those that have switched.
    """

    procedure: Literal["pulse"] = "pulse"
    widths_s: Annotated[PerJunction, Field(min_length=1), Shown("pulse widths")] = (1e-3, 1e-2, 1e-1)
    """Durations of pulses."""
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
        if any(width_s <= 0 for width_s in self.widths_s):
            raise ValueError("widths_s must be above zero")
        if len(set(self.widths_s)) < len(self.widths_s):
            raise ValueError("widths_s must differ from each other")
        return self
