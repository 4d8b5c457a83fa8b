"""Resistance curves of the latest sweep: its last two repetitions."""

from collections import deque
from dataclasses import dataclass, field
from math import nan

import numpy as np

from mtjlab.analysis.resistances import resistance_kohm
from mtjlab.arrays import FloatArray
from mtjlab.domain import Reading
from mtjlab.events import SweepPoint, SweepPurpose
from mtjlab.gui.run.hand_points import HandPoints

STORED_REPETITIONS = 2
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


class Sweep:
    """Curves of a sweep while it is measured; a new sweep replaces the one before. ``by_hand``: points set by hand."""

    def __init__(self) -> None:
        self.points = self.series = 0
        self.purpose: SweepPurpose | None = None
        self.by_hand = HandPoints()
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
        """Add a reading at currents set by hand."""
        self.controls_ua = _controls_ua(reading)
        self.by_hand.take(self.controls_ua, reading.input_ua, _resistances_kohm(reading))
        self.points += 1


def _controls_ua(reading: Reading) -> tuple[float, ...]:
    return tuple([round(control_ua, DECIMALS) for control_ua in reading.controls_ua])


def _resistances_kohm(reading: Reading) -> tuple[float, ...]:
    return tuple(nan if kohm is None else kohm for kohm in map(resistance_kohm, reading.mean_mv, reading.currents_ua))
