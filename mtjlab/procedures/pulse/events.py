"""What pulses have shown, as frozen events. Times ``t_s`` are bench time."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from mtjlab.analysis.pulses import PulseThreshold, WidthSlope
from mtjlab.counted import counted
from mtjlab.events import Event


@dataclass(frozen=True, slots=True)
class PulsesMeasured(Event):
    """I50 of every junction and width, and its change with the width, from all ``pulses`` that probed."""

    milestone: ClassVar[bool] = True

    t_s: float
    thresholds: tuple[PulseThreshold, ...]
    slopes: tuple[WidthSlope, ...]
    pulses: int
    type: Literal["pulses-measured"] = "pulses-measured"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return f"switching by pulses measured from {counted(self.pulses, 'pulse')}"
