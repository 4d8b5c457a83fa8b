"""Junctions to measure: the resistance law solved on its own (``brentq``), and sweeps with Gaussian noise."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.optimize import brentq

from mtjlab.arrays import FloatArray
from mtjlab.detection.hysteresis import JunctionSweep
from mtjlab.domain import JunctionState

AP, P = JunctionState.AP, JunctionState.P
STAIRCASE_UA = np.arange(-500.0, 401.0, 5.0)


@dataclass(frozen=True)
class Chip:
    """The truth of one junction. ``up_ua`` is where it goes AP -> P, ``down_ua`` where it goes back."""

    up_ua: float = 224.0
    down_ua: float = -57.0
    r_p_ohm: float = 1100.0
    tmr: float = 1.2
    half_bias_v: float = 0.5
    bias_per_v2: float = 0.1
    lead_ohm: float = 0.0
    offset_mv: float = 0.5
    noise_mv: float = 0.05


J1, J2, J3 = Chip(), Chip(-66.0, -347.0), Chip(196.0, -85.0)
OTHER_J1, OTHER_J2 = Chip(r_p_ohm=1430.0, tmr=0.8), Chip(-66.0, -347.0, r_p_ohm=1430.0, tmr=0.8)


@cache
def true_mv(chip: Chip, state: JunctionState, current_ua: float) -> float:
    """What a noiseless meter shows, offset and leads included."""
    tmr = chip.tmr if state is AP else 0.0

    def excess_a(v: float) -> float:
        conductance = (1 + chip.bias_per_v2 * v**2) / chip.r_p_ohm / (1 + tmr / (1 + (v / chip.half_bias_v) ** 2))
        return conductance * v - current_ua * 1e-6

    root_v = brentq(excess_a, -5, 5, xtol=1e-15, rtol=1e-14)
    return 1e3 * float(root_v) + 1e-3 * chip.lead_ohm * current_ua + chip.offset_mv


def states(chip: Chip, currents_ua: FloatArray) -> list[JunctionState]:
    """States along a trace that starts antiparallel."""
    found, state = [], AP
    for current_ua in currents_ua:
        if current_ua >= chip.up_ua:
            state = P
        elif current_ua <= chip.down_ua:
            state = AP
        found.append(state)
    return found


def sweep(
    chip: Chip, repetitions: int = 1, samples: int = 2, seed: int = 0, staircase_ua: FloatArray = STAIRCASE_UA
) -> JunctionSweep:
    legs = np.concatenate([staircase_ua, staircase_ua[::-1]])
    currents_ua = np.tile(legs, repetitions)
    rising = np.tile(np.arange(len(legs)) < len(staircase_ua), repetitions)
    levels_mv = [
        true_mv(chip, state, current) for state, current in zip(states(chip, legs), legs.tolist(), strict=True)
    ]
    noise_mv = chip.noise_mv * np.random.default_rng(seed).normal(size=(len(currents_ua), samples))
    return JunctionSweep("J2", currents_ua, np.tile(levels_mv, repetitions)[:, None] + noise_mv, rising)
