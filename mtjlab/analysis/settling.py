"""How a source settles: time constant of an exponential from samples that each average over an aperture."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import expm1, log, pi

import numpy as np
from numpy.typing import NDArray

FASTEST_S, SLOWEST_S = 2e-4, 2.0
"""Settling times that are tried, to within 1 %."""
_TRIED = 400
_CONSTANTS = log(100.0)
_LAST_SHARE = 0.25
_CERTAIN = 25.0
"""Square of the standard deviations by which an exponential has to be better than a constant."""
_HUM_SEEN = 0.5
"""Periods of the mains in an aperture beyond which hum is averaged out."""


@dataclass(frozen=True, slots=True)
class SettlingEstimate:
    """Time to within 1 % of a step; 0 where it is too fast to be seen. ``step_mv`` is the step."""

    settling_s: float
    step_mv: float


def settling_of(samples_mv: Sequence[float], since_s: float, spacing_s: float, line_hz: float) -> SettlingEstimate:
    """Settling of a step from zero, made ``since_s`` before the first of samples that follow each other at once.

    The deviation of sample k from the end is step exp(-t_k / tau) tau / a (1 - exp(-a / tau)), its mean over the
    aperture a = ``spacing_s``. Hum at ``line_hz`` is fitted with it.
    """
    values = np.asarray(samples_mv, dtype=np.float64)
    starts_s = since_s + spacing_s * np.arange(len(values), dtype=np.float64)
    hum = []
    if spacing_s * line_hz < _HUM_SEEN:
        angles = 2 * pi * line_hz * starts_s
        hum = [np.sin(angles), np.cos(angles)]
    settling_s = np.geomspace(FASTEST_S, SLOWEST_S, _TRIED).tolist()
    misfits = [_misfit(values, 1.0 - _deviation(starts_s, spacing_s, one / _CONSTANTS), hum) for one in settling_s]
    step_mv = float(np.mean(values[-max(2, int(_LAST_SHARE * len(values))) :]))
    best = int(np.argmin(misfits))
    better = _misfit(values, np.ones_like(values), hum) - misfits[best]
    if best == 0 or better < _CERTAIN * misfits[best] / max(len(values) - 2 - len(hum), 1):
        return SettlingEstimate(0.0, step_mv)
    return SettlingEstimate(float(settling_s[best]), step_mv)


def _misfit(values: NDArray[np.float64], course: NDArray[np.float64], hum: list[NDArray[np.float64]]) -> float:
    """Sum of squares that is left of the best multiple of a course, with hum."""
    columns = np.column_stack([course, *hum])
    fitted, *_ = np.linalg.lstsq(columns, values, rcond=None)
    return float(np.sum((values - columns @ fitted) ** 2))


def _deviation(starts_s: NDArray[np.float64], aperture_s: float, constant_s: float) -> NDArray[np.float64]:
    mean = -expm1(-aperture_s / constant_s) * constant_s / aperture_s
    return np.asarray(np.exp(-starts_s / constant_s) * mean)
