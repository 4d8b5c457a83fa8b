"""Does a sweep repeat itself? What changes while references are measured would be fitted into them."""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mtjlab.arrays import BoolArray, FloatArray
from mtjlab.detection.hysteresis import JunctionSweep
from mtjlab.detection.references import JunctionReference

SURE = 6.0
"""Standard deviations of a sample."""
DOUBTFUL_UA = 1.0
"""As the current that would explain it."""
MOST_UA, MOST_SHARE = 5.0, 0.03
"""A junction that warms up changes by less than one of them; the share is of the voltage."""
BESIDE_SHARE = 0.05
"""Of the points of a leg: how long a junction may stand between its states beside a switch, as when it is fitted."""
MANY_LEGS = 10
LEAST_POINTS = 3
"""Of a leg; fewer are a glitch of a meter, or lie beside a switch."""


@dataclass(frozen=True, slots=True)
class Change:
    """A leg that differs from the others, most of all where the junction carried ``current_ua``.

    ``by_ua`` is the change of current that would explain it, ``share`` what it is of the voltage.
    """

    label: str
    repetition: int
    rising: bool
    current_ua: float
    by_mv: float
    by_ua: float
    share: float

    @property
    def is_large(self) -> bool:
        """Whether references that were fitted to it cannot be used."""
        return abs(self.by_ua) > MOST_UA and self.share > MOST_SHARE

    def __str__(self) -> str:
        return (
            f"on the {'rising' if self.rising else 'falling'} leg of repetition {self.repetition} {self.label} differs "
            f"from the other legs, by {self.by_mv:+.3g} mV at {self.current_ua:.4g} uA"
        )


def change_during(sweep: JunctionSweep, reference: JunctionReference) -> Change | None:
    """The leg of a sweep that differs most from the others, if at least ``LEAST_POINTS`` of its points do.

    Compared are readings at the same current by their distance from the level that is nearer: with those in the same
    state, if there are any, since the law of one state may fit better than that of the other.
    """
    legs_mv, current_ua = _by_leg(sweep, sweep.voltages_mv), _by_leg(sweep, sweep.currents_ua)[0]
    levels_mv = np.array(reference.levels_trace_mv(current_ua))[:, None]
    off_mv = legs_mv.mean(axis=2) - levels_mv
    parallel = np.abs(off_mv[0]) < np.abs(off_mv[1])
    between = off_mv[0] * off_mv[1] < 0
    steady = (np.ptp(legs_mv, axis=2) < SURE * reference.noise_mv) & ~(between & _beside_switch(parallel))
    off_mv = np.where(steady, off_mv, np.nan)
    nearer_mv: FloatArray = np.where(parallel, off_mv[0], off_mv[1])
    alike_mv = np.where(parallel, *[_from_others(np.where(here, nearer_mv, np.nan)) for here in (parallel, ~parallel)])
    alone = np.isnan(alike_mv)
    by_mv = np.where(alone, _from_others(nearer_mv), alike_mv)
    per_ua_mv = reference.levels_trace_mv(current_ua + 1)[1] - levels_mv[1, 0]
    large_mv = np.maximum(MOST_UA * per_ua_mv, MOST_SHARE * np.abs(levels_mv[1, 0]))
    limit_mv = np.where(alone, large_mv, DOUBTFUL_UA * per_ua_mv)
    beyond = np.abs(by_mv) > np.maximum(limit_mv, SURE * reference.noise_mv)
    leg = int(np.argmax(beyond.sum(axis=1)))
    if beyond[leg].sum() < LEAST_POINTS:
        return None
    worst = int(np.argmax(np.where(beyond[leg], np.abs(by_mv[leg]), 0.0)))
    change_mv = float(by_mv[leg, worst])
    return Change(
        sweep.label,
        leg // 2 + 1,
        leg % 2 == 0,
        float(current_ua[worst]),
        change_mv,
        change_mv / float(per_ua_mv[worst]),
        abs(change_mv / float(levels_mv[1, 0, worst])),
    )


def _by_leg(sweep: JunctionSweep, values: FloatArray) -> FloatArray:
    """``values[T, ...]`` as ``[leg, point, ...]``, every leg in the order of rising currents."""
    legs = values.reshape(2 * len(sweep.repetitions()), -1, *values.shape[1:]).copy()
    legs[1::2] = legs[1::2, ::-1]
    return legs


def _beside_switch(parallel: BoolArray) -> BoolArray:
    """Which points ``[leg, point]`` are so near to a switch of their leg that a partial state may stand there."""
    near = max(LEAST_POINTS, round(BESIDE_SHARE * parallel.shape[1]))
    switches = np.pad(parallel[:, 1:] != parallel[:, :-1], ((0, 0), (near, near)))
    return np.asarray(sliding_window_view(switches, 2 * near, axis=1).any(axis=2))


def _from_others(values: FloatArray) -> FloatArray:
    """``values[leg, point]`` less the median of the other legs there; NaN where there is none.

    Of many legs one more or less does not matter.
    """
    with warnings.catch_warnings(action="ignore", category=RuntimeWarning):  # points that no other leg has
        if len(values) > MANY_LEGS:
            others = np.nanmedian(values, axis=0)
        else:
            others = np.array([np.nanmedian(np.delete(values, k, axis=0), axis=0) for k in range(len(values))])
    away: FloatArray = values - others
    return away
