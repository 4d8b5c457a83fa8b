"""Plan of a comparison of a chip with what it was."""

from typing import Annotated, Literal

from pydantic import Field

from mtjlab.config.section import Count, NotNegative, Option, Positive, Section, Shown
from mtjlab.domain import PerJunction


class Tolerances(Section):
    """Changes that count as normal in any case, as standard deviations. They are chosen, not measured."""

    threshold_ua: Annotated[NotNegative, Option("normal-threshold"), Shown("threshold")] = 0.5
    """Change of a critical current that counts as normal."""
    spread_percent: Annotated[NotNegative, Option("normal-spread"), Shown("spread")] = 10.0
    """Change of a spread that counts as normal."""
    resistance_percent: Annotated[NotNegative, Option("normal-resistance"), Shown("resistance")] = 0.2
    """Change of R_P and of TMR that counts as normal."""
    offset_mv: Annotated[NotNegative, Option("normal-offset"), Shown("offset")] = 0.05
    """Change of an offset that counts as normal."""


class ChipComparisonOptions(Section):
    """Loops of the input with small steps where junctions are expected to switch, and what counts as normal."""

    procedure: Literal["compare-chip"] = "compare-chip"
    controls_ua: Annotated[tuple[float, ...] | None, Shown("control currents I_C", "as in the plan", boxes=1)] = None
    """Control currents I_C to hold: one for all junctions, or one for each; default: those of a training."""
    loops: Annotated[Count, Shown("number of loops")] = 25
    """Short loops of the input, which step only near expected thresholds; two full loops come before them."""
    near_ua: Annotated[Positive, Shown("small steps within")] = 20.0
    """Distance from an expected threshold within which steps are small."""
    step_ua: Annotated[Positive, Shown("small step")] = 5.0
    """Step of the input near expected thresholds."""
    far_step_ua: Annotated[Positive, Shown("large step")] = 30.0
    """Step of the input elsewhere."""
    normal: Annotated[Tolerances, Shown("normal changes")] = Tolerances()


class ChipValues(Section):
    """Quantities of a chip (``mtjlab.analysis.chip_comparison.QUANTITIES``), a value and an error for each junction.

    ``run``: run that measured them, at ``measured_at``.
    """

    run: str
    measured_at: str
    values: dict[str, tuple[float | None, ...]]
    errors: dict[str, tuple[float | None, ...]] = Field(default_factory=dict)


class ChipComparisonPlan(ChipComparisonOptions):
    """Complete plan: what the chip was by its calibration, and values of measurements since."""

    controls_ua: PerJunction
    before: ChipValues
    earlier: tuple[ChipValues, ...] = ()
