"""Real-time switching detector: voltages -> junction states.

A voltage is placed on the scale x = (V - V_P) / (V_AP - V_P) between the two levels that the reference of its junction
predicts at the present current: 0 is parallel, 1 antiparallel, the midpoint decides. The quality of a decision is
d = |V_AP - V_P| / noise: one sample errs with probability Q(d / 2), the mean of n with Q(d sqrt(n) / 2).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mtjlab.domain import CriticalCurrents, PerJunction, Verdict
from mtjlab.references import JunctionReference
from mtjlab.resistance import FloatArray

VerdictCodes: TypeAlias = NDArray[np.int8]

VERDICTS = tuple(Verdict)
"""The verdict of each code in a trace."""

_BETWEEN = 0.25
"""Distance on the scale x beyond which a voltage belongs to a level no more, if the noise does not explain it."""
_BETWEEN_D = 4.5
"""The same in standard deviations."""
_ROUNDING_UA = 1e-6
"""What sums of source currents may lose; a junction put on the edge of the dead band is outside it."""


@dataclass(frozen=True, slots=True)
class DetectorSettings:
    """When a voltage counts as a state.

    ``dead_band_ua``: below this junction current there is no jump worth reading. ``samples``: taken in a reading, at
    least 2. ``weak_d``: samples are averaged until d reaches it, up to ``most_samples`` for a verdict. ``rereads``:
    further readings where one does not decide. ``reading_margin_ua``: what a switched junction keeps from its P -> AP
    current while it is read at a lower input. Raises ValueError for settings that decide nothing.
    """

    dead_band_ua: float = 10.0
    samples: int = 2
    weak_d: float = 8.0
    most_samples: int = 64
    rereads: int = 3
    reading_margin_ua: float = 30.0

    def __post_init__(self) -> None:
        if not (self.dead_band_ua >= 1e-3 and self.samples >= 2 and self.weak_d > 0 and self.most_samples >= 1):
            raise ValueError(
                f"{self}: dead_band_ua >= 0.001, samples >= 2, weak_d > 0 and most_samples >= 1 are needed to decide"
            )


@dataclass(frozen=True, slots=True)
class Flips:
    """Number of changes of state in either direction."""

    ap_to_p: int = 0
    p_to_ap: int = 0


def classify_sample(
    reference: JunctionReference, current_ua: float, voltage_mv: float, settings: DetectorSettings, averaged: int = 1
) -> Verdict:
    """Verdict on one voltage, the mean of ``averaged`` samples.

    PARTIAL is a voltage between the levels and compatible with neither; UNDECIDED one in the dead band or outside both
    levels, as of an open or short circuit.
    """
    if _in_dead_band(current_ua, settings):
        return Verdict.UNDECIDED
    parallel_mv, antiparallel_mv = reference.levels_mv(current_ua)
    jump_mv = antiparallel_mv - parallel_mv
    return _verdict((voltage_mv - parallel_mv) / jump_mv, abs(jump_mv) / reference.noise_mv * math.sqrt(averaged))


def samples_needed(reference: JunctionReference, current_ua: float, settings: DetectorSettings) -> int | None:
    """Samples to average for one verdict, so that d reaches ``weak_d``; None if no verdict is to be had."""
    if _in_dead_band(current_ua, settings):
        return None
    parallel_mv, antiparallel_mv = reference.levels_mv(current_ua)
    return _averaged(abs(antiparallel_mv - parallel_mv) / reference.noise_mv, settings)


def reading_samples(
    references: Sequence[JunctionReference], currents_ua: Sequence[float], settings: DetectorSettings
) -> int:
    """Samples to take in a reading, so that every junction that can be decided has two verdicts."""
    needed = (samples_needed(*junction, settings) for junction in zip(references, currents_ua, strict=True))
    return max(settings.samples, *(2 * (averaged or 1) for averaged in needed))


def judge(
    references: Sequence[JunctionReference],
    currents_ua: Sequence[float],
    samples_mv: Sequence[Sequence[float]],
    settings: DetectorSettings,
) -> tuple[Verdict | None, ...]:
    """Verdict on each junction from a reading ``samples_mv[sample][junction]`` at constant ``currents_ua``.

    The last two verdicts, each from as many samples as ``samples_needed`` says, must agree. None asks for another
    reading: they disagree, as after a switch in the middle of an aperture, or the samples are too few for two
    (``reading_samples``). So PARTIAL is a state that lasted.
    """
    return tuple(
        [
            _judge_junction(reference, current_ua, [sample[k] for sample in samples_mv], settings)
            for k, (reference, current_ua) in enumerate(zip(references, currents_ua, strict=True))
        ]
    )


def _judge_junction(
    reference: JunctionReference, current_ua: float, samples_mv: Sequence[float], settings: DetectorSettings
) -> Verdict | None:
    if _in_dead_band(current_ua, settings):
        return Verdict.UNDECIDED
    parallel_mv, antiparallel_mv = reference.levels_mv(current_ua)
    jump_mv = antiparallel_mv - parallel_mv
    d = abs(jump_mv) / reference.noise_mv
    averaged = _averaged(d, settings)
    if averaged is None:
        return Verdict.UNDECIDED
    if len(samples_mv) < 2 * averaged:
        return None
    d *= math.sqrt(averaged)
    before = _verdict((_mean(samples_mv[-2 * averaged : -averaged]) - parallel_mv) / jump_mv, d)
    last = _verdict((_mean(samples_mv[-averaged:]) - parallel_mv) / jump_mv, d)
    return last if last is before else None
