"""The shortest times at which states are known as surely as ever: aperture, settling and dwell.

A sample averages over its aperture: white noise falls as the square root of it, 1/f noise not at all, and hum of the
mains with sin(x) / x, x = pi f aperture, which is zero over whole periods. A shorter aperture does not reject hum, but
hum of 1 mV decides nothing where the levels of a junction are 13 mV apart and more. Averaging consecutive samples is
the same as one longer aperture, for noise and for hum; so the aperture alone is chosen. Two samples half a line period
apart would cancel hum, but the pause is 10 ms, and a whole period for both 40 ms: a tenth of one needs 4 ms.

A verdict needs two samples that agree. It is misjudged if both are beyond the midpoint: no more often than the better
of them. No independence of the two is assumed, as 1/f noise has none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, expm1, log, pi, sin, sqrt

import numpy as np
import scipy

from mtjlab.config import DetectorSettings
from mtjlab.detection.detector import BETWEEN
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.errors import BenchFaultError

MOST_MISJUDGED = 1e-6
MOST_REPEATED = 1e-3
"""Share of readings without a verdict: some of them stay without one when they are repeated."""
HUM_OF_ANOTHER_DAY = 2.0
"""Factor for hum that is stronger on another day, with another instrument beside."""
NPLCS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Integration times (power line cycles) that voltmeters have, as far as the model allows."""
SETTLED_WITHIN_UA = 1.0
"""Rest of a step that matters to no junction: a quarter of the spread of a threshold."""
_MEASURED_WITHIN = 0.01
_MOST_THRESHOLD_SHIFT = 0.1
"""Shift of thresholds by an uncertain dwell, as a part of their spread."""
_PHASES = 256
_TINY_MV = 1e-9
_MS = 1e3


@dataclass(frozen=True, slots=True)
class Scatter:
    """Standard deviation of ``samples`` with one aperture at a constant current; the trend removed."""

    aperture_s: float
    deviation_mv: float
    samples: int


@dataclass(frozen=True, slots=True)
class MeterNoise:
    """Noise of a voltmeter on its leads: white (standard deviation of 1 s), 1/f (at any aperture), amplitude of hum."""

    white_mv_rt_s: float
    flicker_mv: float = 0.0
    hum_mv: float = 0.0
    line_hz: float = 50.0

    @classmethod
    def fit(cls, scatters: Sequence[Scatter], line_hz: float) -> "MeterNoise":
        """Noise that scatters as measured at three apertures or more, from below to at least one line period.

        Variances add: white / aperture + 1/f + (hum sinc)^2 / 2, fitted by non-negative least squares.
        """
        apertures_s = np.array([one.aperture_s for one in scatters])
        variances = np.array([max(one.deviation_mv, _TINY_MV) ** 2 for one in scatters])
        weights = np.sqrt(np.array([max(one.samples - 1, 1) for one in scatters])) / variances
        parts = np.column_stack([1 / apertures_s, np.ones(len(scatters)), np.sinc(line_hz * apertures_s) ** 2 / 2])
        (white, flicker, hum), _ = scipy.optimize.nnls(parts * weights[:, np.newaxis], variances * weights)
        return cls(sqrt(white), sqrt(flicker), sqrt(hum), line_hz)

    def noise_mv(self, aperture_s: float) -> float:
        """Standard deviation of a sample without hum."""
        return sqrt(self.white_mv_rt_s**2 / aperture_s + self.flicker_mv**2)

    def hum_in_mv(self, aperture_s: float) -> float:
        """Amplitude of the hum of samples."""
        half = pi * self.line_hz * aperture_s
        return self.hum_mv * abs(sin(half)) / half

    def scatter_mv(self, aperture_s: float) -> float:
        """Standard deviation of a sample, with hum."""
        return sqrt(self.noise_mv(aperture_s) ** 2 + self.hum_in_mv(aperture_s) ** 2 / 2)


@dataclass(frozen=True, slots=True)
class ReadingQuality:
    """A reading with an aperture: its samples and duration, and how often a verdict is wrong or has to be repeated."""

    aperture_s: float
    samples: int
    misjudged: float
    repeated: float

    @property
    def duration_s(self) -> float:
        """Time of the samples."""
        return self.samples * self.aperture_s

    @property
    def expected_s(self) -> float:
        """The same with repeated readings."""
        return self.duration_s / (1 - min(self.repeated, 1 - 1e-12))


def smallest_jump_mv(laws: Iterable[ResistanceLaw], dead_band_ua: float) -> float:
    """Smallest distance of the levels P and AP at which a verdict is taken: at the edge of the dead band."""
    levels_mv = [law.voltages_mv(sign * dead_band_ua) for law in laws for sign in (-1.0, 1.0)]
    return min(abs(antiparallel - parallel) for parallel, antiparallel in levels_mv)


def reading_quality(
    noise: MeterNoise, jump_mv: float, aperture_s: float, settings: DetectorSettings
) -> ReadingQuality | None:
    """What readings of levels ``jump_mv`` apart are like; None if the detector would not decide at all.

    Where the jump is too small for the noise, it averages samples, as one of a longer aperture.
    """
    averaged = max(1, ceil((settings.weak_d * noise.scatter_mv(aperture_s) / jump_mv) ** 2))
    if averaged > settings.most_samples:
        return None
    longer_s = averaged * aperture_s
    sigma_mv, hum_mv = max(noise.noise_mv(longer_s), _TINY_MV), noise.hum_in_mv(longer_s)
    phases = 2 * pi * np.arange(_PHASES) / _PHASES
    off_mv = hum_mv * np.sin(phases + 2 * pi * noise.line_hz * longer_s * np.array([[0.0], [1.0]]))
    beyond_half = scipy.special.ndtr((off_mv - jump_mv / 2) / sigma_mv)
    away_mv = BETWEEN * jump_mv
    outside = scipy.special.ndtr((off_mv - away_mv) / sigma_mv) + scipy.special.ndtr((-off_mv - away_mv) / sigma_mv)
    return ReadingQuality(
        aperture_s,
        max(settings.samples, 2 * averaged),
        float(beyond_half.min(axis=0).mean()),
        float(np.minimum(outside.sum(axis=0), 1.0).mean()),
    )


def shortest_reading(
    noise: MeterNoise, jump_mv: float, nplcs: Iterable[float], settings: DetectorSettings
) -> ReadingQuality:
    """The reading that takes least time, repeated ones included, of those that are sure.

    Sure: misjudged less than ``MOST_MISJUDGED`` and repeated less than ``MOST_REPEATED``, also with hum that is
    ``HUM_OF_ANOTHER_DAY`` times as strong. ``nplcs`` are the integration times of the model.

    Raises:
        BenchFaultError: there is none: the noise hides the levels.
    """
    nplcs = tuple(nplcs)
    hum_mv = HUM_OF_ANOTHER_DAY * noise.hum_mv
    worse = MeterNoise(noise.white_mv_rt_s, noise.flicker_mv, hum_mv, noise.line_hz)
    made = [reading_quality(worse, jump_mv, nplc / noise.line_hz, settings) for nplc in nplcs]
    sure = [one for one in made if one and one.misjudged < MOST_MISJUDGED and one.repeated < MOST_REPEATED]
    if not sure:
        raise BenchFaultError(
            f"No integration time from {min(nplcs):g} to {max(nplcs):g} power line cycles tells levels "
            f"{jump_mv:.3g} mV apart: the voltmeter has a noise of {noise.noise_mv(1 / noise.line_hz):.3g} mV in one "
            f"cycle, and a hum of {noise.hum_mv:.3g} mV. Shield and twist its leads, or raise detector.dead_band_ua of "
            "the plan."
        )
    return min(sure, key=lambda one: one.expected_s)


def settling_s(measured_s: float, largest_step_ua: float) -> float:
    """Settling for steps up to ``largest_step_ua``, in whole ms, of a source that is within 1 % after ``measured_s``.

    What is left falls exponentially; it may be ``SETTLED_WITHIN_UA``.
    """
    decades = log(max(largest_step_ua / SETTLED_WITHIN_UA, 1 / _MEASURED_WITHIN)) / log(1 / _MEASURED_WITHIN)
    return max(1, ceil(_MS * measured_s * decades - 1e-9)) / _MS


def shortest_dwell_s(uncertain_s: float, reading_s: float) -> float:
    """Dwell before a reading, in whole ms, after which it does not matter when exactly an input came on.

    ``uncertain_s`` is by how much the link and the settling of sources vary that time. A threshold moves with the
    logarithm of the time t at which an input is applied, by uncertain_s / t over its sensitivity (``SwitchingLaw``);
    that may be a tenth of its spread. No dwell is shorter than the reading, in which fewer switch then than before it.
    """
    sensitivity_times_spread = pi / sqrt(6.0)
    applied_s = uncertain_s / expm1(_MOST_THRESHOLD_SHIFT * sensitivity_times_spread)
    return ceil(_MS * max(applied_s - reading_s, reading_s) - 1e-9) / _MS
