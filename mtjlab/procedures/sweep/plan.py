"""Plan of a sweep."""

from typing import Annotated, Literal

from mtjlab.config import Legs, Shown, SweepSettings
from mtjlab.config.section import Section


class SweepOptions(Section):
    """Resistance curves at given control currents: loops, or only rising or falling legs."""

    procedure: Literal["sweep"] = "sweep"
    controls_ua: Annotated[tuple[float, ...] | None, Shown("control currents I_C", "as in the plan", boxes=1)] = None
    """Control currents I_C to hold: one for all junctions, or one for each; default: those of a training."""
    legs: Annotated[Legs, Shown("sweep direction")] = "loop"
    """Up and down, or one direction only."""
    staircase: Annotated[SweepSettings, Shown("input sweep")] = SweepSettings(repetitions=20)


class SweepPlan(SweepOptions):
    """Complete plan, with one control current for each junction."""

    controls_ua: tuple[float, ...]
