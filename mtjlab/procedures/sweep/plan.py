"""What is asked of a sweep."""

from typing import Annotated, Literal

from mtjlab.config import Legs, Shown, SweepSettings
from mtjlab.config.section import Section


class SweepOptions(Section):
    """Resistance curves under given control currents: loops, or rising or falling legs alone."""

    procedure: Literal["sweep"] = "sweep"
    controls_ua: Annotated[tuple[float, ...] | None, Shown("control currents I_C", "of the plan", boxes=1)] = None
    """Control currents I_C that are held: one for all junctions, or one for each; without any those of a training."""
    legs: Annotated[Legs, Shown("curves")] = "loop"
    """Up and down again, or one way alone."""
    staircase: Annotated[SweepSettings, Shown("input sweep")] = SweepSettings(repetitions=20)


class SweepPlan(SweepOptions):
    """The same, with one control current for each junction."""

    controls_ua: tuple[float, ...]
