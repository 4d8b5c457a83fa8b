"""Switching laws of all junctions of a chip from everything that was seen of them, by maximum likelihood.

Every held current is a trial: the junction survived it with probability exp(-H), or switched in it with 1 - exp(-H),
where H is the hazard of the switching law (``switching_law``). For a single current this is the complementary log-log
model log(-log(1 - P)) = log(time) + s (I - Ic) + constant; courses of several currents add their hazards up. A chip has
for each junction the means AP -> P and P -> AP on the reference ramp and one spread for both, since torque tilts both
barriers alike. Runs differ by a common offset, as a field makes one, and thresholds may drift within runs.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import NamedTuple

import numpy as np
import scipy

from mtjlab.analysis.critical import CriticalTally
from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.passage import Course, Passage
from mtjlab.analysis.switching_law import EULER_GAMMA, REFERENCE_RAMP_UA_PER_S, SwitchingLaw, sensitivity_per_ua
from mtjlab.arrays import FloatArray, IntArray

USUAL_SPREAD_UA = 4.5
_SPREADS_DIFFER, _MEANS_DIFFER_UA, _RUNS_DIFFER_UA = 1.0, 300.0, 100.0
"""Standard deviations of what is thought before any evidence: of log spread, means, and common offsets of runs."""
NOT_KNOWN_UA = 30.0
"""A mean with a larger standard deviation is not known: its direction was hardly seen."""
_SIGNIFICANT = 1e-3
"""A drift less probable than this by chance is part of the model; a smaller one is left out."""
_TO_BEGIN_WITH = 100
"""Switches from which the search gets its start."""
_LARGEST_LOG = log(1e9)
"""No barrier is crossed more often, whatever the current."""
_LEAST_HAZARD = 1e-300
_SCALE_UA = 3.0
SECONDS_PER_H = 3600.0


class Seen(NamedTuple):
    """A passage of a junction, in which of the runs, and at which bench time of that run (h)."""

    junction: int
    run: int
    t_h: float
    passage: Passage


class _Rows(NamedTuple):
    """Held currents [n] and what belongs to each; ``of`` [n]: number of the switch, or of none."""

    current_ua: FloatArray
    duration_s: FloatArray
    junction: IntArray
    falling: IntArray
    run: IntArray
    t_h: FloatArray
    of: IntArray


@dataclass(frozen=True)
class Trials:
    """All trials of a chip of ``junctions`` in ``runs`` runs."""

    junctions: int
    runs: int
    survived: _Rows
    switched_in: _Rows
    switches: tuple[tuple[int, int], ...]
    """By junction: how often it was seen to switch AP -> P and P -> AP."""
    start: tuple[tuple[float, float, float], ...]
    """By junction: means and log spread from which the search begins, each direction and run taken alike."""

    @classmethod
    def of(cls, seen: Iterable[Seen], junctions: int, runs: int) -> "Trials":
        """Trials of passages, in the order of runs."""
        survived: list[tuple[float, ...]] = []
        switched_in: list[tuple[float, ...]] = []
        tallies = [(CriticalTally(), CriticalTally()) for _ in range(junctions)]
        counts = [[0, 0] for _ in range(junctions)]
        number = 0
        for junction, run, t_h, passage in seen:
            if passage.outcome == "already" or not passage.is_possible:
                continue
            place = float(junction), float(not passage.rising), float(run), t_h
            survived += [(*held, *place, 0.0) for held in _held(passage.survived)]
            switched_in += [(*held, *place, float(number)) for held in _held(passage.switched_in)]
            has_switched = passage.outcome == "switched"
            counts[junction][not passage.rising] += has_switched
            number += has_switched
            if tallies[junction][not passage.rising].switches < _TO_BEGIN_WITH:
                tallies[junction][not passage.rising].take(passage)
        starts = tuple(_start(*pair) for pair in tallies)
        switches = tuple((up, down) for up, down in counts)
        return cls(junctions, runs, _merged(_rows(survived)), _rows(switched_in), switches, starts)

    @property
    def span_h(self) -> float:
        """Longest bench time of a run."""
        return float(max(np.max(rows.t_h, initial=0.0) for rows in (self.survived, self.switched_in)))


def _held(course: Course) -> list[tuple[float, float]]:
    return [pair for pair in zip(course.currents_ua, course.durations_s, strict=True) if pair[1] > 0]


def _start(up: CriticalTally, down: CriticalTally) -> tuple[float, float, float]:
    found = [tally.estimate() for tally in (up, down)]
    means_ua = [one.law.mean_ua if isinstance(one, CriticalEstimate) else 0.0 for one in found]
    spreads_ua = [one.law.spread_ua for one in found if isinstance(one, CriticalEstimate)]
    spread_ua = min(max(spreads_ua[0], USUAL_SPREAD_UA / 3), 3 * USUAL_SPREAD_UA) if spreads_ua else USUAL_SPREAD_UA
    return means_ua[0], means_ua[1], log(spread_ua)


def _rows(rows: Sequence[tuple[float, ...]]) -> _Rows:
    table = np.array(rows, dtype=np.float64).reshape(-1, 7).T
    whole = [column.astype(np.int64) for column in table[[2, 3, 4, 6]]]
    return _Rows(table[0], table[1], whole[0], whole[1], whole[2], table[5], whole[3])


_TIME_BINS = 64


def _merged(rows: _Rows) -> _Rows:
    """Times at the same current in the same part of a run, added up: survival multiplies."""
    if not len(rows.t_h):
        return rows
    bins = np.ceil(rows.t_h / max(float(rows.t_h.max()), 1e-9) * _TIME_BINS)
    keys = np.stack([rows.current_ua, rows.junction, rows.falling, rows.run, bins], axis=1)
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    which: IntArray = inverse.reshape(-1).astype(np.int64)
    duration_s = np.bincount(which, weights=rows.duration_s).astype(np.float64)
    t_h = np.bincount(which, weights=rows.t_h * rows.duration_s).astype(np.float64) / duration_s
    return _Rows(
        rows.current_ua[first],
        duration_s,
        rows.junction[first],
        rows.falling[first],
        rows.run[first],
        t_h,
        rows.of[first],
    )


class Layout(NamedTuple):
    """Places of parameters: 3 of each junction (up, down, log spread), drifts, offsets of all runs but the last.

    ``drifts``: 0, 1 (common), or one of each junction.
    """

    junctions: int
    drifts: int
    offsets: int

    @property
    def size(self) -> int:
        """Number of parameters."""
        return 3 * self.junctions + self.drifts + self.offsets


@dataclass(frozen=True)
class TwinFit:
    """Parameters [P] (uA, log of uA, uA/h) with their covariance, and the logarithm of the likelihood."""

    layout: Layout
    values: FloatArray
    covariance: FloatArray
    log_likelihood: float

    @cached_property
    def errors(self) -> FloatArray:
        """Standard deviation of each parameter."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def chip(self) -> "ChipLaws":
        """The most likely chip."""
        return ChipLaws.of(self.layout, self.values)

    def mean_errors_ua(self, junction: int) -> tuple[float, float]:
        """Standard deviations of the means up and down of a junction."""
        return float(self.errors[3 * junction]), float(self.errors[3 * junction + 1])

    def spread_error_ua(self, junction: int) -> float:
        """Standard deviation of the spread of a junction."""
        return float(self.errors[3 * junction + 2] * np.exp(self.values[3 * junction + 2]))

    def drawn(self, number: int, rng: np.random.Generator) -> "list[ChipLaws]":
        """Chips that the evidence leaves possible, ``number`` of them."""
        draws = rng.multivariate_normal(self.values, self.covariance, size=number, method="svd")
        return [ChipLaws.of(self.layout, draw) for draw in draws]


@dataclass(frozen=True, slots=True)
class ChipLaws:
    """Means (uA) on the reference ramp at the beginning of a run, spreads (uA) and drifts (uA/h) of all junctions."""

    up_ua: tuple[float, ...]
    down_ua: tuple[float, ...]
    spread_ua: tuple[float, ...]
    drift_ua_per_h: tuple[float, ...]

    @classmethod
    def of(cls, layout: Layout, values: FloatArray) -> "ChipLaws":
        """From the parameters of a fit."""
        n = layout.junctions
        own = values[: 3 * n].reshape(n, 3)
        drifts = np.zeros(n) + values[3 * n : 3 * n + layout.drifts] if layout.drifts else np.zeros(n)
        columns = own[:, 0], own[:, 1], np.exp(own[:, 2]), drifts
        return cls(*(tuple(float(one) for one in column) for column in columns))

    def laws(self, t_h: float = 0.0) -> tuple[SwitchingLaw, ...]:
        """Laws AP -> P of all junctions at a bench time of a run."""
        each = zip(self.up_ua, self.spread_ua, self.drift_ua_per_h, strict=True)
        return tuple(SwitchingLaw(mean_ua + drift * t_h, spread_ua) for mean_ua, spread_ua, drift in each)


def fit_laws(trials: Trials) -> TwinFit:
    """The most likely laws; a drift is part of them only where it is significant."""
    runs = trials.runs - 1
    found = _fitted(trials, Layout(trials.junctions, 0, runs))
    for drifts in (1, trials.junctions) if trials.junctions > 1 else (1,):
        more = _fitted(trials, Layout(trials.junctions, drifts, runs), found)
        gained = 2.0 * (more.log_likelihood - found.log_likelihood)
        if gained > scipy.stats.chi2.isf(_SIGNIFICANT, drifts - found.layout.drifts):
            found = more
    return found


def _fitted(trials: Trials, layout: Layout, like: TwinFit | None = None) -> TwinFit:
    begin = np.array(trials.start).ravel()
    widths = np.array([_MEANS_DIFFER_UA, _MEANS_DIFFER_UA, _SPREADS_DIFFER] * trials.junctions)
    drift_width = _MEANS_DIFFER_UA / max(trials.span_h, 1e-6)
    centre = np.concatenate([begin, np.zeros(layout.drifts + layout.offsets)])
    centre[2 : 3 * trials.junctions : 3] = log(USUAL_SPREAD_UA)
    width = np.concatenate([widths, np.full(layout.drifts, drift_width), np.full(layout.offsets, _RUNS_DIFFER_UA)])
    drift_scale = _SCALE_UA / max(trials.span_h, 1e-6)
    scale = np.concatenate(
        [
            np.array([_SCALE_UA, _SCALE_UA, 0.2] * trials.junctions),
            np.full(layout.drifts, drift_scale),
            np.full(layout.offsets, _SCALE_UA),
        ]
    )

    def loss(scaled: FloatArray) -> tuple[float, FloatArray]:
        values = scaled * scale
        logs, slope = _log_likelihood(trials, layout, values)
        away = (values - centre) / width
        return -logs + 0.5 * float(away @ away), (-slope + away / width) * scale

    start = centre.copy()
    start[: 3 * trials.junctions] = begin
    if like is not None:
        start[: 3 * trials.junctions] = like.values[: 3 * trials.junctions]
        start[layout.size - layout.offsets :] = like.values[like.layout.size - like.layout.offsets :]

    def bends(scaled: FloatArray) -> FloatArray:
        return _hessian(lambda at: loss(at)[1], scaled)

    best = scipy.optimize.minimize(loss, start / scale, jac=True, hess=bends, method="trust-exact")
    hessian = bends(best.x)
    inverse: FloatArray = np.linalg.pinv(hessian, hermitian=True).astype(np.float64)
    covariance = inverse * np.outer(scale, scale)
    values = best.x * scale
    return TwinFit(layout, values, covariance, _log_likelihood(trials, layout, values)[0])


def _hessian(gradient: Callable[[FloatArray], FloatArray], at: FloatArray) -> FloatArray:
    step = 1e-3
    columns = [(gradient(at + step * unit) - gradient(at - step * unit)) / (2 * step) for unit in np.eye(len(at))]
    hessian = np.array(columns)
    symmetric: FloatArray = (hessian + hessian.T) / 2
    return symmetric


def _log_likelihood(trials: Trials, layout: Layout, values: FloatArray) -> tuple[float, FloatArray]:
    """Logarithm of the likelihood and its gradient [P]."""
    spent, slopes = _hazards(trials.survived, layout, values)
    logs, gradient = -float(spent.sum()), -slopes(spent)
    if len(trials.switched_in.of):
        each, slopes = _hazards(trials.switched_in, layout, values)
        whole = np.maximum(np.bincount(trials.switched_in.of, weights=each), _LEAST_HAZARD)
        logs += float(np.sum(np.where(whole < 1e-12, np.log(whole), np.log(-np.expm1(-whole)))))
        gradient += slopes(each * (np.exp(-whole) / -np.expm1(-whole))[trials.switched_in.of])
    return logs, gradient


def _hazards(rows: _Rows, layout: Layout, values: FloatArray) -> tuple[FloatArray, Callable[[FloatArray], FloatArray]]:
    """Hazard [n] of each row, and a function that adds up the slopes [P] of weighted logarithms of hazards."""
    n = layout.junctions
    own = values[: 3 * n].reshape(n, 3)
    s = sensitivity_per_ua(np.exp(own[:, 2]))[rows.junction]
    sign = np.where(rows.falling, -1.0, 1.0)
    drifts = np.zeros(n) + values[3 * n : 3 * n + layout.drifts] if layout.drifts else np.zeros(n)
    offsets = np.concatenate([values[3 * n + layout.drifts :], [0.0]])
    means_ua = own[rows.junction, rows.falling] + drifts[rows.junction] * rows.t_h + offsets[rows.run]
    beyond = s * sign * (rows.current_ua - means_ua)
    logs = beyond + np.log(s * REFERENCE_RAMP_UA_PER_S) - EULER_GAMMA
    hazards = np.exp(np.minimum(logs, _LARGEST_LOG)) * rows.duration_s
    depends = logs < _LARGEST_LOG

    def slopes(weights: FloatArray) -> FloatArray:
        weights = np.where(depends, weights, 0.0)
        by_mean, by_spread = -s * sign * weights, -(beyond + 1.0) * weights
        gradient = np.zeros(layout.size)
        np.add.at(gradient, 3 * rows.junction + rows.falling, by_mean)
        np.add.at(gradient, 3 * rows.junction + 2, by_spread)
        if layout.drifts:
            np.add.at(gradient, 3 * n + np.minimum(rows.junction, layout.drifts - 1), by_mean * rows.t_h)
        if layout.offsets:
            earlier = rows.run < layout.offsets
            np.add.at(gradient, 3 * n + layout.drifts + rows.run[earlier], by_mean[earlier])
        return gradient

    return hazards, slopes
