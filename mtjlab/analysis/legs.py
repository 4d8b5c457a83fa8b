"""What readings tell of a junction: between which two of them it switched, and what it carried meanwhile.

They are taken along a leg of a sweep, at the inputs of a probe, or at those of presentations.

A reading shows the state in the middle of its last aperture: a voltage between the levels, of a switch within the
aperture, is nearer to the level of the state that took the greater part of it. The course of currents between two such
moments is exact where an input stands from the end of the reading before: settling, holding and apertures included.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from mtjlab.analysis.passage import Course, Passage, held_passage
from mtjlab.detection.detector import VERDICTS, VerdictCodes, judge_trace
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import PerJunction, Reading, Verdict

if TYPE_CHECKING:
    from mtjlab.config import DetectorSettings

Leg: TypeAlias = tuple[int, bool]
"""Number of the repetition, and whether the current rises: AP -> P is to be seen, otherwise P -> AP."""


def seen_states(
    references: Sequence[JunctionReference], readings: Sequence[Reading], settings: "DetectorSettings"
) -> VerdictCodes:
    """What the last sample of each reading shows of each junction: [T, N] indices of ``VERDICTS``.

    P, AP, or UNDECIDED: within the dead band, or off both levels. Between them the nearer one counts.
    """
    currents_ua = np.array([reading.currents_ua for reading in readings])
    voltages_mv = np.array([reading.samples_mv[-1] for reading in readings])
    codes = judge_trace(references, currents_ua, voltages_mv, settings)
    for k, reference in enumerate(references):
        parallel_mv, antiparallel_mv = reference.levels_trace_mv(currents_ua[:, k])
        nearer_p = np.abs(voltages_mv[:, k] - parallel_mv) < np.abs(voltages_mv[:, k] - antiparallel_mv)
        between = codes[:, k] == VERDICTS.index(Verdict.PARTIAL)
        codes[between & nearer_p, k] = VERDICTS.index(Verdict.P)
        codes[between & ~nearer_p, k] = VERDICTS.index(Verdict.AP)
    return codes


def passages(
    readings: Sequence[Reading], states: VerdictCodes, legs: Sequence[Leg], aperture_s: float
) -> tuple[tuple[Passage, ...], ...]:
    """Passages of each junction, ``[junction][leg]``, in the order of the legs.

    ``states`` [T, N] are those of ``seen_states``; ``legs`` names the leg of each reading, and a leg ends where that
    changes. A leg begins at its first reading with a state: a probe takes the reading of the reset before it along.
    """
    ends = np.cumsum([len(list(group)) for _, group in groupby(legs)]).tolist()
    slices = [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]
    return tuple(
        tuple(_passage(readings[leg], states[leg, k], k, legs[leg.start][1], aperture_s / 2) for leg in slices)
        for k in range(states.shape[1])
    )


def _passage(readings: Sequence[Reading], states: VerdictCodes, junction: int, rising: bool, early_s: float) -> Passage:
    """``early_s`` before its end a reading shows the state."""
    waits, switched = (Verdict.AP, Verdict.P) if rising else (Verdict.P, Verdict.AP)
    waiting = np.flatnonzero(states == VERDICTS.index(waits)).tolist()
    done = np.flatnonzero(states == VERDICTS.index(switched)).tolist()
    if not waiting or (done and done[0] < waiting[0]):
        return Passage(rising, "already")
    currents_ua = [reading.currents_ua[junction] for reading in readings]
    times_s = [reading.t_s for reading in readings]
    if not done:
        return Passage(rising, "never", _course(currents_ua, times_s, waiting[0], waiting[-1], early_s))
    last = max(index for index in waiting if index < done[0])
    return Passage(
        rising,
        "switched",
        _course(currents_ua, times_s, waiting[0], last, early_s),
        _course(currents_ua, times_s, last, done[0], early_s),
    )


def _course(currents_ua: Sequence[float], times_s: Sequence[float], start: int, end: int, early_s: float) -> Course:
    """From the moment that reading ``start`` shows to the one that ``end`` shows."""
    if start == end:
        return Course()
    durations_s = np.diff(times_s[start : end + 1], prepend=times_s[start] - early_s)
    durations_s[-1] -= early_s
    return Course(tuple(currents_ua[start : end + 1]), tuple(durations_s.tolist()))


def held_passages(
    controls_ua: PerJunction, held: Sequence[tuple[float, float, Sequence[Verdict]]]
) -> tuple[tuple[Passage, ...], ...]:
    """Passages ``[junction][presentation]`` of inputs held: (input in uA, for how long in s, verdicts)."""
    return tuple(
        tuple(
            passage
            for input_ua, held_s, verdicts in held
            if held_s and verdicts and (passage := held_passage(control_ua + input_ua, held_s, verdicts[k]))
        )
        for k, control_ua in enumerate(controls_ua)
    )
