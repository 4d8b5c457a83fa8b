"""From surveys to figures: which voltmeter answers which source by how much, noise, offset, settling."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mtjlab.arrays import FloatArray
from mtjlab.diagnosis.expected import OHM_PER_MV_UA, Expected
from mtjlab.domain import Survey

SHARE_OF_NOTHING = 0.1
"""A tenth of a parallel junction is no junction."""
SURE = 5.0
"""Standard deviations of noise that count as seen."""
AMPLE = 3.0
"""A range this many times what a voltmeter could see is over range only where a source drives into nothing."""
NO_JUNCTION = 20.0
"""So many times the resistance of all junctions is no junction either."""
SETTLED_WITHIN = 0.01
LEAST_OHM, SAME = 2.0, 0.001
"""Answers of right instruments agree to this, beside their noise."""
NOISE_SHARE = 1 / 3
"""Of the jump between the states: with more noise the wiring cannot be told."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One source moved alone: held at plus and at minus the probe current, and read while it settled from + to -."""

    plus: Survey
    settling: Survey
    minus: Survey


@dataclass(frozen=True, slots=True)
class Settling:
    """How far a step still was from its end when the bench took it as settled, and when it was over.

    ``took_s`` is counted from the write; where ``seen_whole`` is False it took longer than that.
    """

    left: float
    took_s: float
    seen_whole: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured, one value per voltmeter or source.

    ``matrix_ohm[meter, source]``: change of a voltmeter over the change of one source, so that offsets cancel; NaN
    where it gave no reading. ``zero_ohm[meter]``: less than this is nothing. ``noise_mv`` of one reading and
    ``offset_mv`` at zero current are NaN where there are no readings. ``stuck``: voltmeters that gave the same number
    throughout. ``limited``: sources that drive into nothing. ``off``: sources whose output is off.
    ``known_ohm``: the matrix where instruments and noise allow to compare it, otherwise NaN; ``error_ohm``: of its
    entries.
    """

    matrix_ohm: FloatArray
    known_ohm: FloatArray
    error_ohm: FloatArray
    zero_ohm: FloatArray
    noise_mv: FloatArray
    offset_mv: FloatArray
    complaints: tuple[str, ...]
    stuck: frozenset[int]
    limited: frozenset[int]
    off: frozenset[int]
    settling: tuple[Settling | None, ...]

    @property
    def unsettled(self) -> frozenset[int]:
        """Sources that had not settled when all else was measured with them."""
        return frozenset(k for k, one in enumerate(self.settling) if one and not one.seen_whole) - self.limited

    @property
    def strong(self) -> npt.NDArray[np.bool_]:
        """Where a voltmeter answers a source."""
        answers: npt.NDArray[np.bool_] = np.abs(self.matrix_ohm) > self.zero_ohm[:, None]
        return answers

    @property
    def answers(self) -> npt.NDArray[np.bool_]:
        """The same, as far as instruments and noise allow to compare it."""
        answers: npt.NDArray[np.bool_] = np.abs(self.known_ohm) > self.zero_ohm[:, None]
        return answers


def measure(expected: Expected, at_zero: Survey, probes: Sequence[Probe]) -> Measured:
    """What ``probes`` (one per source) and a survey with all sources at zero tell."""
    every, surveys = range(expected.junctions), [at_zero, *_settled(probes)]
    matrix_ohm = np.array([[_transresistance_ohm(probe, m, expected.probe_ua) for probe in probes] for m in every])
    noise_mv = np.array([_noise_mv(surveys, m) for m in every])
    samples = max(len(readings) for survey in surveys for readings in survey.samples_mv)
    noise_ohm = noise_mv / expected.probe_ua * OHM_PER_MV_UA / np.sqrt(2.0 * max(1, samples))
    zero_ohm = np.fmax(SHARE_OF_NOTHING * min(expected.parallel_ohm), SURE * noise_ohm)
    limited = frozenset(_limited(expected, at_zero, probes, matrix_ohm))
    stuck = frozenset(m for m in every if _is_stuck([*surveys, *(probe.settling for probe in probes)], m))
    known_ohm = matrix_ohm.copy()
    known_ohm[:, sorted(limited)] = np.nan
    known_ohm[[m for m in every if m in stuck or noise_mv[m] > NOISE_SHARE * expected.jump_mv], :] = np.nan
    return Measured(
        matrix_ohm=matrix_ohm,
        known_ohm=known_ohm,
        error_ohm=np.sqrt(
            np.nan_to_num(noise_ohm)[:, None] ** 2 + LEAST_OHM**2 + (SAME * np.nan_to_num(matrix_ohm)) ** 2
        ),
        zero_ohm=zero_ohm,
        noise_mv=noise_mv,
        offset_mv=np.array([np.mean(mv) if (mv := at_zero.samples_mv[m]) else np.nan for m in every]),
        complaints=tuple(next((s.complaints[m] for s in surveys if s.complaints[m]), "") for m in every),
        stuck=stuck,
        limited=limited,
        off=frozenset(k for survey in surveys for k, on in enumerate(survey.outputs_on) if not on),
        settling=tuple(
            _settling(expected, probe, matrix_ohm[:, k], zero_ohm, noise_mv) for k, probe in enumerate(probes)
        ),
    )


def _settled(probes: Sequence[Probe]) -> Iterator[Survey]:
    for probe in probes:
        yield probe.plus
        yield probe.minus


def _transresistance_ohm(probe: Probe, meter: int, probe_ua: float) -> float:
    plus_mv, minus_mv = probe.plus.samples_mv[meter], probe.minus.samples_mv[meter]
    if not plus_mv or not minus_mv:
        return float("nan")
    return float(np.mean(plus_mv) - np.mean(minus_mv)) / (2.0 * probe_ua) * OHM_PER_MV_UA


def _noise_mv(surveys: Sequence[Survey], meter: int) -> float:
    """Standard deviation of single readings about the mean of their survey, all surveys together."""
    variances = [np.var(survey.samples_mv[meter], ddof=1) for survey in surveys if len(survey.samples_mv[meter]) > 1]
    return float(np.sqrt(np.mean(variances))) if variances else float("nan")


def _is_stuck(surveys: Sequence[Survey], meter: int) -> bool:
    readings = {reading for survey in surveys for reading in survey.samples_mv[meter]}
    return len(readings) == 1 and all(survey.samples_mv[meter] for survey in surveys)


def _limited(expected: Expected, at_zero: Survey, probes: Sequence[Probe], matrix_ohm: FloatArray) -> Iterator[int]:
    """Sources that drive into nothing: any source at its compliance, or a voltmeter far beyond what junctions give.

    An open contact lets the nodes above it float, even at zero current, into the compliance of a source.
    """
    floating = {k for k, limited in enumerate(at_zero.limited) if limited}
    for k, probe in enumerate(probes):
        surveys = (probe.plus, probe.settling, probe.minus)
        limiting = {source for survey in surveys for source, limited in enumerate(survey.limited) if limited}
        overloaded = any(_overloaded(expected, at_zero, probe, m, matrix_ohm[m, k]) for m in range(expected.junctions))
        if limiting - floating or (floating and k <= max(floating)) or overloaded:
            yield k


def _overloaded(expected: Expected, at_zero: Survey, probe: Probe, meter: int, ohm: float) -> bool:
    complains = bool(probe.plus.complaints[meter] or probe.minus.complaints[meter]) and not at_zero.complaints[meter]
    ample = expected.ranges_mv is not None and expected.ranges_mv[meter] > AMPLE * expected.largest_mv(meter)
    return (complains and ample) or abs(ohm) > NO_JUNCTION * sum(expected.antiparallel_ohm)


def _settling(
    expected: Expected, probe: Probe, column_ohm: FloatArray, zero_ohm: FloatArray, noise_mv: FloatArray
) -> Settling | None:
    """By the voltmeter that settled first: a junction that switches meanwhile is no fault of the source."""
    courses = [
        _course(expected, probe, meter, float(noise_mv[meter]))
        for meter in np.flatnonzero(np.abs(column_ohm) > zero_ohm).tolist()
        if probe.settling.samples_mv[meter]
    ]
    return min(courses, key=lambda settling: settling.took_s, default=None)


def _course(expected: Expected, probe: Probe, meter: int, noise_mv: float) -> Settling:
    """Over with the first sample at the end of the step; one that is off later is noise."""
    course_mv = np.array(probe.settling.samples_mv[meter])
    end_mv, begin_mv = float(np.mean(probe.minus.samples_mv[meter])), float(np.mean(probe.plus.samples_mv[meter]))
    off_mv, step_mv = np.abs(course_mv - end_mv), abs(begin_mv - end_mv)
    settled = np.flatnonzero(off_mv <= max(SETTLED_WITHIN * step_mv, SURE * noise_mv))
    late = int(settled[0]) if settled.size else int(course_mv.size)
    each_s = (probe.settling.t_s - probe.settling.began_s) / course_mv.size
    left = float(off_mv[0]) / step_mv if late else 0.0
    return Settling(left, round(expected.settle_s + late * each_s, 6), seen_whole=late < course_mv.size)
