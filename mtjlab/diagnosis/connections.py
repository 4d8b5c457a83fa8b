"""What is connected with what, as far as the measurements tell."""

from dataclasses import dataclass

import numpy as np

from mtjlab.diagnosis.arrangement import Arrangement, arrange
from mtjlab.diagnosis.expected import Expected
from mtjlab.diagnosis.measured import NOISE_SHARE, FloatArray, Measured
from mtjlab.diagnosis.opens import Opens, find_opens
from mtjlab.diagnosis.signs import Reversal, find_reversals


@dataclass(frozen=True, slots=True)
class Connections:
    """What is connected with what, as far as the measurements tell.

    ``known_ohm``: the matrix, NaN where a source or a voltmeter is out of order. ``dead``: sources that move nothing
    though a voltmeter would see it. ``silent``: voltmeters that answer nothing though a source drives them.
    ``untested``: voltmeters that no working source reaches.
    """

    known_ohm: FloatArray
    opens: Opens
    reversals: tuple[Reversal, ...]
    arrangement: Arrangement
    dead: frozenset[int]
    silent: frozenset[int]
    untested: frozenset[int]

    @property
    def nothing_answers(self) -> bool:
        """Whether voltmeters work, sources deliver, and none sees anything: a shorted chain."""
        return bool(self.silent) and not self.arrangement.taps and not self.arrangement.puzzling


def find_connections(expected: Expected, measured: Measured) -> Connections:
    """The fewest mistakes that explain ``measured``."""
    opens = find_opens(measured, expected.to_ground)
    known_ohm = _known_ohm(expected, measured, opens)
    strong = np.abs(known_ohm) > measured.zero_ohm[:, None]
    reversals = find_reversals(np.where(strong, np.sign(known_ohm), 0.0))
    arrangement = arrange(reversals[0].upright(known_ohm), measured.zero_ohm, expected.to_ground)
    every = range(expected.junctions)
    readable = frozenset(m for m in every if np.isfinite(known_ohm[m]).any())
    answering = frozenset(m for m in readable if strong[m].any())
    dead = frozenset(
        k
        for k in every
        if not strong[:, k].any()
        and any(np.isfinite(known_ohm[m, k]) for m, tap in arrangement.taps.items() if tap >= k)
    )
    driven = frozenset(m for m in every if any(_drives(arrangement, known_ohm, dead, k, m) for k in every))
    silent = (readable - answering) & driven
    return Connections(
        known_ohm, opens, reversals, arrangement, dead, silent, frozenset(every) - answering - silent - measured.stuck
    )


def _known_ohm(expected: Expected, measured: Measured, opens: Opens) -> FloatArray:
    known_ohm = measured.matrix_ohm.copy()
    too_noisy = np.flatnonzero(measured.noise_mv > NOISE_SHARE * expected.jump_mv)
    known_ohm[:, sorted(measured.limited)] = np.nan
    known_ohm[[*measured.stuck, *opens.floating, *(int(m) for m in too_noisy)], :] = np.nan
    return known_ohm


def _drives(arrangement: Arrangement, known_ohm: FloatArray, dead: frozenset[int], source: int, meter: int) -> bool:
    return (
        source not in dead
        and bool(np.isfinite(known_ohm[meter, source]))
        and arrangement.feeds.get(source, source) <= meter
    )
