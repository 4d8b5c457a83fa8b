"""What is asked of a sweep."""

from typing import Literal

from mtjlab.config import Legs, SweepSettings
from mtjlab.config.section import Section


class SweepOptions(Section):
    """Resistance curves under given control currents: loops, or rising or falling legs alone."""

    procedure: Literal["sweep"] = "sweep"
    controls_ua: tuple[float, ...] | None = None
    """Control currents I_C that are held: one for all junctions, or one for each; without any those of a training."""
    legs: Legs = "loop"
    """Up and down again, or one way alone."""
    staircase: SweepSettings = SweepSettings(repetitions=20)


class SweepPlan(SweepOptions):
    """The same, with one control current for each junction."""

    controls_ua: tuple[float, ...]
