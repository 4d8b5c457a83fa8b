"""Plan of manual operation."""

from typing import Annotated, Literal

from pydantic import Field

from mtjlab.config.section import Section


class ManualPlan(Section):
    """Read the junctions continuously while control currents and input are set by hand."""

    procedure: Literal["live"] = "live"
    every_s: Annotated[float, Field(ge=0.01)] = 0.2
    """Bench time from one look at the junctions to the next."""
    for_s: Annotated[float, Field(ge=0.01)] | None = None
    """Duration; without one it runs until stopped."""
