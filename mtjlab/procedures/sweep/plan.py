"""Plan of a sweep."""

from typing import Literal

from mtjlab.config import Legs, SweepSettings
from mtjlab.config.section import Section


class SweepOptions(Section):
    """Resistance curves at given control currents: loops, or only rising or falling legs."""

    procedure: Literal["sweep"] = "sweep"
    controls_ua: tuple[float, ...] | None = None
    """Control currents I_C to hold: one for all junctions, or one for each; default: those of a training."""
    legs: Legs = "loop"
    """Up and down, or one direction only."""
    staircase: SweepSettings = SweepSettings(repetitions=20)


class SweepPlan(SweepOptions):
    """Complete plan, with one control current for each junction."""

    controls_ua: tuple[float, ...]
