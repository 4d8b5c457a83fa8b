"""Plan of manual operation."""

from typing import Annotated, Literal

from pydantic import Field

from mtjlab.config.section import Section, Shown


class ManualPlan(Section):
    """Read the junctions continuously while control currents and input are set by hand."""

    procedure: Literal["live"] = "live"
    every_s: Annotated[float, Field(ge=0.01), Shown("read every")] = 0.2
    """Bench time from one look at the junctions to the next."""
    for_s: Annotated[Annotated[float, Field(ge=0.01)] | None, Shown("end after", "when it is stopped")] = None
    """Duration; without one it runs until stopped."""

    @property
    def whole_seconds(self) -> int:
        """The duration in seconds, at least 1; 0 without one."""
        return 0 if self.for_s is None else max(1, round(self.for_s))
