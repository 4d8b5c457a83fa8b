"""Resistance curves of the latest sweep: its last two repetitions."""

from collections import deque
from dataclasses import dataclass, field
from math import nan

import numpy as np

from mtjlab.analysis.resistances import resistance_kohm
from mtjlab.arrays import FloatArray
from mtjlab.domain import Reading
from mtjlab.events import SweepPoint, SweepPurpose

STORED_REPETITIONS = 2
MAX_BY_HAND = 2000
DECIMALS = 6


@dataclass(slots=True)
class Repetition:
    """One rise and fall of the input: inputs (uA), and resistances (kohm) of the junctions at each, NaN for none."""

    number: int
    rising: list[bool] = field(default_factory=list)
    inputs_ua: list[float] = field(default_factory=list)
    resistances_kohm: list[tuple[float, ...]] = field(default_factory=list)

    def leg(self, junction: int, rising: bool) -> tuple[FloatArray, FloatArray]:
        """Inputs and resistances of the rising or the falling leg."""
        chosen = np.array(self.rising, bool) == rising
        resistances = np.array([row[junction] for row in self.resistances_kohm])
        return np.array(self.inputs_ua)[chosen], resistances[chosen]

    def add_by_hand(self, reading: Reading) -> None:
        """Add a reading at an input set by hand; at the same input it replaces the one before."""
        before_ua = self.inputs_ua[-1] if self.inputs_ua else reading.input_ua
        if self.inputs_ua and before_ua == reading.input_ua:
            self.resistances_kohm[-1] = _resistances_kohm(reading)
            return
        self.rising.append(reading.input_ua >= before_ua)
        self.inputs_ua.append(reading.input_ua)
        self.resistances_kohm.append(_resistances_kohm(reading))
        for series in (self.rising, self.inputs_ua, self.resistances_kohm):
            del series[:-MAX_BY_HAND]


class Sweep:
    """Curves of a sweep while it is measured; a new sweep replaces the one before."""

    def __init__(self) -> None:
        self.points = self.series = 0
        self.purpose: SweepPurpose | None = None
        self.is_by_hand = False
        self.controls_ua: tuple[float, ...] = ()
        self.repetitions: deque[Repetition] = deque(maxlen=STORED_REPETITIONS)

    def take(self, point: SweepPoint) -> None:
        """Add a point."""
        is_new = (point.purpose, point.series) != (self.purpose, self.series) or (
            bool(self.repetitions) and self.repetitions[-1].number > point.repetition
        )
        if is_new:
            self.repetitions.clear()
            self.purpose, self.series = point.purpose, point.series
        if not self.repetitions or self.repetitions[-1].number != point.repetition:
            self.repetitions.append(Repetition(point.repetition))
        last, reading = self.repetitions[-1], point.reading
        last.rising.append(point.rising)
        last.inputs_ua.append(reading.input_ua)
        last.resistances_kohm.append(_resistances_kohm(reading))
        self.controls_ua = _controls_ua(reading)
        self.points += 1

    def take_by_hand(self, reading: Reading) -> None:
        """Add a reading at an input set by hand; new control currents start a new curve."""
        controls_ua = _controls_ua(reading)
        if not self.is_by_hand or controls_ua != self.controls_ua:
            self.is_by_hand, self.controls_ua = True, controls_ua
            self.repetitions.clear()
            self.repetitions.append(Repetition(0))
        self.repetitions[-1].add_by_hand(reading)
        self.points += 1


def _controls_ua(reading: Reading) -> tuple[float, ...]:
    return tuple([round(control_ua, DECIMALS) for control_ua in reading.controls_ua])


def _resistances_kohm(reading: Reading) -> tuple[float, ...]:
    return tuple(nan if kohm is None else kohm for kohm in map(resistance_kohm, reading.mean_mv, reading.currents_ua))
