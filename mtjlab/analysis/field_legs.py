"""What a leg of a resistance loop tells of a junction: through which fields it came before it switched.

The field moves in steps, each a ramp and a hold that ends with a reading. Between two readings the course of the field
is known, so a switch between them is interval censored, and its hazard is that of this course.
"""

from dataclasses import dataclass

import numpy as np

from mtjlab.arrays import BoolArray, FloatArray

RAMP_PARTS = 8
"""Parts of a ramp that count as held: exact within 0.3 % where a step moves the barrier by 2 thermal energies."""
_LEAST_JUMP = 8.0
"""Least difference of the voltages at both ends, in standard deviations of a sample."""
_PER_MEDIAN = 1.048
"""Standard deviation of normal noise over the median distance of two samples: 1 / (0.6745 sqrt(2))."""


@dataclass(frozen=True, slots=True, eq=False)
class FieldLeg:
    """Readings of one leg: ``fields_mt`` [T], when each was reached and when its reading ended (s), and its samples.

    ``voltages_mv`` is [T, S, N]: the last of S samples shows the state. ``currents_ua`` [N] are those of the junctions.
    """

    rising: bool
    currents_ua: FloatArray
    fields_mt: FloatArray
    reached_s: FloatArray
    read_s: FloatArray
    voltages_mv: FloatArray

    @property
    def ramp_mt_per_s(self) -> float:
        """Rate at which the field moved in the mean."""
        return float(abs(self.fields_mt[-1] - self.fields_mt[0]) / (self.read_s[-1] - self.read_s[0]))


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Fields (mT) one after another, and for how long each (s)."""

    fields_mt: FloatArray
    durations_s: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class FieldPassage:
    """A junction stood ``survived`` without switching, and switched somewhere in ``switched_in``."""

    survived: Course
    switched_in: Course


def edge_voltages_mv(leg: FieldLeg, junction: int) -> tuple[float, float]:
    """Voltage of a junction in the lowest and in the highest field of a leg."""
    first, last = (float(np.mean(leg.voltages_mv[end, :, junction])) for end in (0, -1))
    return (first, last) if leg.rising else (last, first)


def shows_two_states(leg: FieldLeg, junction: int) -> bool:
    """Whether the voltages at both ends of a leg differ by far more than samples of one reading do."""
    low_mv, high_mv = edge_voltages_mv(leg, junction)
    apart_mv = np.abs(np.diff(leg.voltages_mv[:, :, junction], axis=1))
    return abs(high_mv - low_mv) > _LEAST_JUMP * _PER_MEDIAN * float(np.median(apart_mv))


def places(leg: FieldLeg, junction: int) -> FloatArray:
    """Where the last sample of each reading lies between the voltages at low fields (0) and at high fields (1)."""
    low_mv, high_mv = edge_voltages_mv(leg, junction)
    shown: FloatArray = (leg.voltages_mv[:, -1, junction] - low_mv) / (high_mv - low_mv)
    return shown


def field_passage(leg: FieldLeg, junction: int, aperture_s: float) -> FieldPassage:
    """What a leg tells of a junction that shows two states at its ends.

    A reading shows the state in the middle of its last aperture; between the levels the nearer one counts. Where a
    junction switches to and fro, the last reading before it was first seen switched counts.
    """
    has_switched: BoolArray = (places(leg, junction) > 0.5) == leg.rising
    first = int(np.flatnonzero(has_switched)[0])
    return FieldPassage(_course(leg, 0, first - 1, aperture_s / 2), _course(leg, first - 1, first, aperture_s / 2))


def _course(leg: FieldLeg, start: int, end: int, early_s: float) -> Course:
    """From the moment that reading ``start`` shows to the one that ``end`` shows, each ``early_s`` before its end."""
    fields_mt, durations_s = [leg.fields_mt[start : start + 1]], [np.array([early_s])]
    middles = (np.arange(RAMP_PARTS) + 0.5) / RAMP_PARTS
    for k in range(start + 1, end + 1):
        before_mt, there_mt = leg.fields_mt[k - 1], leg.fields_mt[k]
        ramp_s, held_s = leg.reached_s[k] - leg.read_s[k - 1], leg.read_s[k] - leg.reached_s[k]
        fields_mt += [before_mt + (there_mt - before_mt) * middles, np.array([there_mt])]
        durations_s += [np.full(RAMP_PARTS, ramp_s / RAMP_PARTS), np.array([held_s])]
    durations_s[-1] = durations_s[-1] - early_s
    return Course(np.concatenate(fields_mt), np.concatenate(durations_s))
