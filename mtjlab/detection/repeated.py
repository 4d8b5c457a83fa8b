"""Does a sweep repeat itself? What changes while references are measured would be fitted into them."""

from dataclasses import dataclass

import numpy as np

from mtjlab.detection.hysteresis import JunctionSweep
from mtjlab.detection.references import JunctionReference
from mtjlab.detection.resistance import FloatArray

SURE = 6.0
"""Standard deviations of a sample."""
DOUBTFUL_UA = 1.0
"""As the current that would explain it."""
MOST_UA, MOST_SHARE = 5.0, 0.03
"""A junction that warms up changes by less than one of them; the share is of the voltage."""
LEAST_POINTS = 3
"""Fewer are a glitch of a meter, or lie beside a switch."""


@dataclass(frozen=True, slots=True)
class Change:
    """A repetition that differs from the others, most of all where the junction carried ``current_ua``.

    ``by_ua`` is the change of current that would explain it, ``share`` what it is of the voltage.
    """

    label: str
    repetition: int
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
            f"repetition {self.repetition} of the sweep of {self.label} differs from the others, by {self.by_mv:+.3g} "
            f"mV at {self.current_ua:.4g} uA"
        )


def change_during(sweep: JunctionSweep, reference: JunctionReference) -> Change | None:
    """The repetition of a sweep that differs most, if at least ``LEAST_POINTS`` of its points do; None for one alone.

    Compared are distances from the nearer level, so that neither a switch nor a law that does not quite fit counts.
    """
    readings_mv, current_ua = _by_repetition(sweep, sweep.voltages_mv), _by_repetition(sweep, sweep.currents_ua)[0]
    parallel_mv, antiparallel_mv = reference.levels_trace_mv(current_ua)
    off_mv = np.stack([readings_mv.mean(axis=2) - level_mv for level_mv in (parallel_mv, antiparallel_mv)])
    nearer_mv = np.where(np.abs(off_mv[0]) < np.abs(off_mv[1]), *off_mv)
    by_mv = nearer_mv - np.median(nearer_mv, axis=0)
    per_ua_mv = reference.levels_trace_mv(current_ua + 1)[1] - antiparallel_mv
    noise_mv = SURE * reference.noise_mv
    steady = np.ptp(readings_mv, axis=2) < noise_mv
    beyond = steady & (np.abs(by_mv) > np.maximum(DOUBTFUL_UA * per_ua_mv, noise_mv))
    most = int(np.argmax(beyond.sum(axis=1)))
    if beyond[most].sum() < LEAST_POINTS:
        return None
    worst = int(np.argmax(np.abs(by_mv[most]) * beyond[most]))
    change_mv, here_ua = float(by_mv[most, worst]), float(current_ua[worst])
    share = abs(change_mv / float(antiparallel_mv[worst]))
    return Change(sweep.label, most + 1, here_ua, change_mv, change_mv / float(per_ua_mv[worst]), share)


def _by_repetition(sweep: JunctionSweep, values: FloatArray) -> FloatArray:
    """``values[T, ...]`` as ``[repetition, point, ...]``."""
    return values.reshape(len(sweep.repetitions()), -1, *values.shape[1:])
