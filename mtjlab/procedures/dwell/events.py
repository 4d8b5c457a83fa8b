"""What happens while dwell times are measured, as frozen events. Times ``t_s`` are bench time."""

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
    """Where junctions will be held: under these control currents, at one input after another.

    ``resets``: each hold begins with all junctions antiparallel. ``levels[input][junction]``: the voltages by which its
    states are told apart there; None where they cannot be. ``cautions`` say of which junctions, and of high voltages.
    ``differences``: voltages are those of voltmeters to ground, one less the next, which do not begin quite together.
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
        """What happened, in one line."""
        how = "again and again after a reset" if self.resets else "without a pause"
        told = f"junctions will be held {how} under control currents {row_text(self.controls_ua)} uA"
        inputs = "input" if len(self.inputs_ua) == 1 else "inputs"
        return "; ".join((f"{told}, {inputs} {row_text(self.inputs_ua)} uA", *self.cautions))


@dataclass(frozen=True, slots=True)
class JunctionsHeld(Event):
    """Samples of all junctions while currents stayed as they are, evenly spread from ``began_s`` to the reading's time.

    Holds are numbered on: between events of one ``hold`` nothing was changed. ``series`` counts the inputs of the plan.
    ``reset_s``: when the input was applied, to junctions that were all seen antiparallel just before; None if they were
    not reset.
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
        """For how long it tells of the junctions."""
        return self.reading.t_s - self.began_s

    def states(self, junction: int) -> list[JunctionState | None]:
        """What each sample shows of a junction; None where its states cannot be told apart."""
        levels, samples_mv = self.levels[junction], np.array([sample[junction] for sample in self.reading.samples_mv])
        if levels is None:
            return [None] * len(samples_mv)
        shown = levels.are_antiparallel(samples_mv).tolist()
        return [JunctionState.AP if one else JunctionState.P for one in shown]

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """The state of each junction in each sample."""
        columns = (self.states(k) for k in range(len(self.levels)))
        return tuple(Verdict(state) if state else Verdict.UNDECIDED for column in columns for state in column)

    @property
    def shows(self) -> Reading:
        """The last sample: the mean of all is no state."""
        return replace(self.reading, samples_mv=self.reading.samples_mv[-1:])


@dataclass(frozen=True, slots=True)
class DwellTime:
    """For how long a junction stays in a state at one current: mean and 95 % interval, from ``n`` dwells that ended.

    ``held_s``: how long it was seen in this state. ``law``: what its critical currents let expect, likewise. None is
    what cannot be told: see ``Lifetime``.
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
    """Dwell times of every junction and state at every input, from all that was read."""

    milestone: ClassVar[bool] = True

    t_s: float
    dwells: tuple[DwellTime, ...]
    readings: int
    type: Literal["dwells-measured"] = "dwells-measured"

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        ended = sum(dwell.n for dwell in self.dwells)
        return f"dwell times measured from {counted(ended, 'dwell')} in {counted(self.readings, 'sample')}"
