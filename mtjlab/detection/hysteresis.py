"""What an up-and-down sweep of one junction shows before any law is fitted: noise, hysteresis, open or short."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mtjlab.arrays import BoolArray, FloatArray
from mtjlab.detection.references import ReferenceFitError

NOISE_FLOOR_MV = 1e-3
SHORT_OHM = 50.0
"""More than any leads, less than any junction."""
LARGEST_MV = 1500.0
"""No live barrier stands more."""
CLEAR_D = 8.0
"""Jump, in standard deviations of a sample, from which on one sample tells the states apart: Q(4) = 3e-5."""

_SATURATED = 0.95
"""Median over largest voltage; about a half for a junction."""
_OPENING = 0.03
"""Share of the voltage by which the legs of a hysteresis differ: above any drift, below the 14 % of a poor junction."""
_LOOK = "Take all sources to zero, then check the contacts of the junction and the leads of the meter."


@dataclass(frozen=True, slots=True, eq=False)
class JunctionSweep:
    """Repeated up-and-down sweep of one junction, in the order measured.

    ``currents_ua[T]``: current through the junction; ``voltages_mv[T, S]``: S >= 2 samples of each point;
    ``rising[T]``: whether the point belongs to a rising leg. A repetition is a rising and then a falling leg over the
    same currents. Raises ValueError for any other shape.
    """

    label: str
    currents_ua: FloatArray
    voltages_mv: FloatArray
    rising: BoolArray

    def __post_init__(self) -> None:
        points = len(self.currents_ua)
        if self.voltages_mv.ndim != 2 or len(self.voltages_mv) != points or self.voltages_mv.shape[1] < 2:
            raise ValueError(f"{self.label}: {points} points need voltages [{points}, 2 or more samples]")
        if len(self.rising) != points or not points or not self.rising[0] or self.rising[-1]:
            raise ValueError(f"{self.label}: a sweep begins with a rising and ends with a falling leg")

    def repetitions(self) -> list[tuple[slice, slice]]:
        """The points of the (rising, falling) leg of each repetition."""
        edges = [0, *(np.flatnonzero(np.diff(self.rising)) + 1).tolist(), len(self.rising)]
        legs = [slice(start, stop) for start, stop in pairwise(edges)]
        return list(zip(legs[::2], legs[1::2], strict=True))


def sample_noise_mv(sweep: JunctionSweep) -> float:
    """Standard deviation of one sample, from the differences between the samples of a point.

    1.4826 times the median of their magnitudes, over sqrt 2: a switch between two samples does not count. At least
    ``NOISE_FLOOR_MV``, so that a noiseless meter still has a signal-to-noise ratio.
    """
    differences_mv = np.abs(np.diff(sweep.voltages_mv, axis=1))
    return max(1.4826 * float(np.median(differences_mv)) / 2**0.5, NOISE_FLOOR_MV)


def refuse_open_or_short(sweep: JunctionSweep) -> None:
    """Raise ReferenceFitError for voltages that no junction can have."""
    magnitudes_mv = np.abs(sweep.voltages_mv)
    largest_mv = float(np.max(magnitudes_mv))
    swing_ohm = 1e3 * float(np.ptp(sweep.voltages_mv)) / float(np.ptp(sweep.currents_ua))
    possible = largest_mv < LARGEST_MV
    if possible and swing_ohm < SHORT_OHM:
        raise ReferenceFitError(
            f"{sweep.label} has {swing_ohm:.3g} ohm: short circuit, or its meter is not connected. {_LOOK}"
        )
    if not possible or np.median(magnitudes_mv) > _SATURATED * largest_mv:
        raise ReferenceFitError(
            f"{sweep.label} reads up to {largest_mv:.4g} mV and does not follow the current: open circuit, or a source "
            f"at its compliance. {_LOOK}"
        )


def antiparallel_by_hysteresis(sweep: JunctionSweep, noise_mv: float) -> tuple[BoolArray, BoolArray]:
    """Which points [T] are antiparallel, and which points [T] belong to repetitions that tell.

    Between its two switching events a junction has more resistance on the rising leg than on the falling one. Where
    this window ends, it switched; near zero current the window has a gap, which does not matter. A single open point
    among closed ones is no window where there is another: a reading that was taken while a neighbour switched. Raises
    ReferenceFitError if no repetition has a window.
    """
    means_mv = sweep.voltages_mv.mean(axis=1)
    antiparallel = np.zeros(len(means_mv), dtype=bool)
    telling = np.zeros(len(means_mv), dtype=bool)
    for up, down in sweep.repetitions():
        up_ua, down_ua = sweep.currents_ua[up], sweep.currents_ua[down]
        falling_mv = np.interp(up_ua, down_ua[::-1], means_mv[down][::-1], np.nan, np.nan)
        opening_mv = (means_mv[up] - falling_mv) * np.sign(up_ua)
        hidden_mv, opened_mv = CLEAR_D * noise_mv, _OPENING * np.abs(falling_mv)
        is_open = opening_mv > hidden_mv + opened_mv
        is_closed = ~is_open & (opened_mv > hidden_mv)
        is_alone = np.zeros_like(is_open)
        is_alone[1:-1] = is_open[1:-1] & is_closed[:-2] & is_closed[2:]
        window_ua = up_ua[is_open & ~is_alone if np.any(is_open & ~is_alone) else is_open]
        if len(window_ua):
            antiparallel[up], antiparallel[down] = up_ua <= window_ua[-1], down_ua < window_ua[0]
            telling[up] = telling[down] = True
    if not telling.any():
        raise ReferenceFitError(
            f"{sweep.label} shows no switching between {np.min(sweep.currents_ua):.6g} and "
            f"{np.max(sweep.currents_ua):.6g} uA: its rising and falling legs agree within {_OPENING:.0%} and a noise "
            f"of {noise_mv:.3g} mV. Sweep further both ways, and check the field."
        )
    return antiparallel, telling
