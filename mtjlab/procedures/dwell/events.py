"""Events of a measurement of dwell times. Times ``t_s`` are bench time."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from mtjlab.analysis.telegraph import Levels
from mtjlab.counted import counted
from mtjlab.domain import JunctionState, PerJunction, Reading, Verdict
from mtjlab.events import Event
from mtjlab.events.formatting import row_text


@dataclass(frozen=True, slots=True)
class HoldsPlanned(Event):
    """Currents of the planned holds: control currents, and inputs applied in turn.

    ``resets``: each hold begins with all junctions antiparallel. ``levels[input][junction]``: voltages that distinguish
    the states; None if they are indistinguishable. ``cautions`` name such junctions, and high voltages.
    ``differences``: voltages are differences of voltmeters to ground, whose samples do not start simultaneously.
    """

    milestone: ClassVar[bool] = True

    t_s: float
    controls_ua: PerJunction
    inputs_ua: PerJunction
    resets: bool
    levels: tuple[tuple[Levels | None, ...], ...]
    cautions: tuple[str, ...] = ()
    differences: bool = False
    type: Literal["holds-planned"] = "holds-planned"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        how = "repeatedly after a reset" if self.resets else "without a pause"
        plan = f"junctions will be held {how} at control currents {row_text(self.controls_ua)} uA"
        inputs = "input" if len(self.inputs_ua) == 1 else "inputs"
        return "; ".join((f"{plan}, {inputs} {row_text(self.inputs_ua)} uA", *self.cautions))


@dataclass(frozen=True, slots=True)
class JunctionsHeld(Event):
    """Samples of all junctions at constant currents, evenly spaced from ``began_s`` to the time of the reading.

    Between events of one ``hold`` nothing was changed. ``series`` is the number of the input in the plan. ``reset_s``:
    time at which the input was applied to reset junctions; None if they were not reset.
    """

    series: int
    hold: int
    began_s: float
    reading: Reading
    levels: tuple[Levels | None, ...]
    reset_s: float | None = None
    type: Literal["junctions-held"] = "junctions-held"

    @property
    def held_s(self) -> float:
        """Duration of the samples."""
        return self.reading.t_s - self.began_s

    def states(self, junction: int) -> list[JunctionState | None]:
        """State of a junction in each sample; None if its states are indistinguishable."""
        levels, samples_mv = self.levels[junction], np.array([sample[junction] for sample in self.reading.samples_mv])
        if levels is None:
            return [None] * len(samples_mv)
        shown = levels.are_antiparallel(samples_mv).tolist()
        return [JunctionState.AP if one else JunctionState.P for one in shown]

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """State of each junction in each sample."""
        columns = (self.states(k) for k in range(len(self.levels)))
        return tuple(Verdict(state) if state else Verdict.UNDECIDED for column in columns for state in column)

    @property
    def shows(self) -> Reading:
        """Reading with the last sample only: the mean of all samples may be between the states."""
        return replace(self.reading, samples_mv=self.reading.samples_mv[-1:])


@dataclass(frozen=True, slots=True)
class DwellTime:
    """Dwell time of a junction in a state at one current: mean and 95 % interval, from ``n`` complete dwells.

    ``held_s``: total time in this state. ``law_*``: values expected from its critical currents. None: not determined,
    see ``Lifetime``.
    """

    junction: int
    state: JunctionState
    series: int
    input_ua: float
    current_ua: float
    n: int
    held_s: float
    mean_s: float | None
    low_s: float | None
    high_s: float | None
    law_s: float | None = None
    law_low_s: float | None = None
    law_high_s: float | None = None


@dataclass(frozen=True, slots=True)
class DwellsMeasured(Event):
    """Dwell times of every junction and state at every input, from all samples."""

    milestone: ClassVar[bool] = True

    t_s: float
    dwells: tuple[DwellTime, ...]
    readings: int
    type: Literal["dwells-measured"] = "dwells-measured"

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        ended = sum(dwell.n for dwell in self.dwells)
        return f"dwell times measured from {counted(ended, 'dwell')} in {counted(self.readings, 'sample')}"
