"""Plan of a measurement of dwell times."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from mtjlab.config.section import Positive, Section, Shown, When
from mtjlab.domain import PerJunction

Way: TypeAlias = Literal["auto", "hold", "reset"]


READ_AFTER_RESET_S = 0.2
"""Bench time of one event of a hold after a reset, and shortest such hold."""


class DwellPlan(Section):
    """Hold junctions at given currents and read them continuously, to measure the dwell times in each state.

    ``hold``: constant currents, junctions hop between their states. ``reset``: each hold begins with all junctions
    antiparallel and ends when all have switched, or after ``longest_s``; then they are reset. ``auto``: hold if both
    states of every junction are expected to end often enough, or if the inputs allow no resets; otherwise reset.
    """

    procedure: Literal["dwell"] = "dwell"
    controls_ua: Annotated[PerJunction | None, Shown("control currents I_C", "chosen", boxes=1)] = None
    """Control currents I_C: one for all junctions, or one for each; default: the middle of each junction's loop, to
    10 uA, or for holds after a reset, currents at which each junction is expected to switch after 1 s. It may take from
    0.05 s to 20 s, as far as a reference sweep tells; a calibration of many repetitions narrows this."""
    inputs_ua: Annotated[Annotated[PerJunction, Field(min_length=1)] | None, Shown("inputs", "0 or chosen")] = None
    """Inputs applied in turn, each for the same time; default: 0, or the input that holds after a reset need."""
    way: Annotated[Way, Shown("mode")] = "auto"
    """Hold without a pause, or repeatedly after a reset; auto: whichever suits the junctions."""
    for_s: Annotated[Positive, Shown("time at each input")] = 600.0
    """Total time at each input."""
    longest_s: Annotated[float, Field(ge=READ_AFTER_RESET_S), Shown("longest hold"), When("way", ("auto", "reset"))] = (
        10.0
    )
    """Longest hold after a reset."""

    @property
    def without_resets(self) -> bool:
        """Whether the inputs allow no resets: at zero input, junctions would carry no less than in a hold."""
        return self.controls_ua is None and self.inputs_ua is not None and self.inputs_ua[0] <= 0.0

    @model_validator(mode="after")
    def _resets_have_an_input(self) -> Self:
        if self.way == "reset" and self.controls_ua is not None and self.inputs_ua is None:
            raise ValueError("way = 'reset' with controls_ua needs inputs_ua: the input applied after each reset")
        return self

    @model_validator(mode="after")
    def _inputs_differ(self) -> Self:
        if self.inputs_ua is not None and len(set(self.inputs_ua)) < len(self.inputs_ua):
            raise ValueError("inputs_ua must differ from each other")
        return self
