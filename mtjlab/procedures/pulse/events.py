"""Events of a measurement by pulses. Times ``t_s`` are bench time."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from mtjlab.analysis.pulses import PulseThreshold, WidthSlope
from mtjlab.counted import counted
from mtjlab.events import Event


@dataclass(frozen=True, slots=True)
class PulsesMeasured(Event):
    """I50 of every junction and width, and its slope against width, from all probing ``pulses``."""

    milestone: ClassVar[bool] = True

    t_s: float
    thresholds: tuple[PulseThreshold, ...]
    slopes: tuple[WidthSlope, ...]
    pulses: int
    type: Literal["pulses-measured"] = "pulses-measured"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        return f"switching by pulses measured from {counted(self.pulses, 'pulse')}"
