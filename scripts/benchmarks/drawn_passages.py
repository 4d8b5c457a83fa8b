"""Passages drawn exactly from a known switching law: what readings of a junction that obeys it would show.

The hazard that a junction spends before it switches is Exp(1), whatever the course of its current. States at readings
follow, and go through the same code as those of a bench.
"""

from collections.abc import Sequence

import numpy as np

from mtjlab.analysis.adaptive import Probe
from mtjlab.analysis.legs import passages
from mtjlab.analysis.passage import Passage
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.arrays import FloatArray
from mtjlab.detection.detector import VERDICTS
from mtjlab.domain import Reading, Verdict

APERTURE_S = 0.020
STEP_S = 0.050
"""A step of the reference ramp: settling, then two apertures."""


def ramps(law: SwitchingLaw, repetitions: int, rng: np.random.Generator) -> list[Passage]:
    """Staircases of the default sweep, 5 uA in 50 ms, through the threshold of a law; what lies far off is left out."""
    sign = 1.0 if law.rising else -1.0
    start_ua = 5.0 * round(law.mean_ua / 5.0) - sign * 20.0 * law.spread_ua // 5.0 * 5.0
    return leg_passages(law, start_ua + sign * np.arange(0.0, 30.0 * law.spread_ua, 5.0), STEP_S, repetitions, rng)


def leg_passages(
    law: SwitchingLaw, currents_ua: FloatArray, step_s: float, repetitions: int, rng: np.random.Generator
) -> list[Passage]:
    """Passages of legs that hold each current for ``step_s`` and read at its end."""
    times_s = step_s * np.arange(1, len(currents_ua) + 1)
    waits, switched = (Verdict.AP, Verdict.P) if law.rising else (Verdict.P, Verdict.AP)
    spent = _spent(law, currents_ua, np.full(len(currents_ua), step_s))
    found = []
    for limit in rng.exponential(size=repetitions):
        states = np.where(spent < limit, VERDICTS.index(waits), VERDICTS.index(switched)).astype(np.int8)
        readings = [Reading(t, i, (i,), ()) for t, i in zip(times_s.tolist(), currents_ua.tolist(), strict=True)]
        found.append(passages(readings, states[:, np.newaxis], [(0, law.rising)] * len(readings), APERTURE_S)[0][0])
    return found


def probe_passages(laws: Sequence[SwitchingLaw], probe: Probe, rng: np.random.Generator) -> list[Passage]:
    """Passages of one probe of junctions whose critical inputs obey ``laws``, and that were seen reset at no input."""
    inputs_ua = np.array([0.0, *probe.inputs_ua])
    times_s = probe.dwell_s * np.arange(len(inputs_ua))
    readings = [
        Reading(t_s, input_ua, (input_ua,) * len(laws), ())
        for t_s, input_ua in zip(times_s.tolist(), inputs_ua.tolist(), strict=True)
    ]
    waiting = [
        np.concatenate([[True], _spent(law, inputs_ua[1:], np.diff(times_s)) < rng.exponential()]) for law in laws
    ]
    states = np.where(np.array(waiting).T, VERDICTS.index(Verdict.AP), VERDICTS.index(Verdict.P)).astype(np.int8)
    by_junction = passages(readings, states, [(0, True)] * len(readings), APERTURE_S)
    return [legs[0] for legs in by_junction]


def _spent(law: SwitchingLaw, currents_ua: FloatArray, durations_s: FloatArray) -> FloatArray:
    """Hazard spent by the moment that each reading shows: the middle of its last aperture."""
    rates_per_s = law.rate_per_s(currents_ua)
    return np.cumsum(rates_per_s * durations_s) - rates_per_s * APERTURE_S / 2
