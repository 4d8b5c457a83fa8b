"""Event of a comparison of a chip. Times ``t_s`` are bench time."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from mtjlab.analysis.chip_comparison import ChipComparison, Measured
from mtjlab.events import Event


@dataclass(frozen=True, slots=True)
class ChipCompared(Event):
    """What was measured of the chip, and the comparison with what it was in the run ``before``."""

    milestone: ClassVar[bool] = True

    t_s: float
    before: str
    before_at: str
    measured: Measured
    comparison: ChipComparison
    type: Literal["chip-compared"] = "chip-compared"

    @property
    def is_trouble(self) -> bool:
        """Whether the event reports a problem."""
        return not self.comparison.is_unchanged

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return f"compared with {self.before}: {self.comparison.sentence}"
