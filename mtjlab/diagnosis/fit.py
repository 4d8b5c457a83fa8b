"""How badly a rig misfits what was measured: the one scoring function of all hypotheses.

An answer is a sum of resistances of junctions, with signs, times gains. All of these are unknown factors; their
logarithms are fitted by Gauss-Newton, many rigs at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import inf, log, sqrt

import numpy as np

from mtjlab.arrays import FloatArray
from mtjlab.diagnosis.expected import Expected
from mtjlab.diagnosis.measured import Measured
from mtjlab.diagnosis.rig import Rig, contradictions, factors, predicts, signs

CONTRADICTION = 300.0
"""Cost of a source or junction that is not as the rig would have it, whatever the answers are."""
EDGE, TAIL = 0.4, 1.5
"""Resistances so far beyond the nominal states, in logarithms, are as unlikely as noise of one sigma. Chips with more
resistance than their bench file says are common, with less than a short is not: the tail of what is above is long.
"""
GAINS, GAIN_EDGE = (log(0.5), log(0.95)), 0.2
SHORT_OHM, SHORT_EDGE = 5.0, 1.0
TURNS, LONGEST_STEP, DAMPING, ENOUGH = 15, 1.0, 1e-3, 1e-4
KNOWN = 0.1
"""A factor is known where its logarithm is determined to this."""
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Fit:
    """A rig with the resistances and gains that suit it best.

    ``cost``: chi squared, and what is unlikely of its factors or contradicts what instruments say of themselves.
    ``chance``: how much had to come true by chance, in the same units: of two rigs that fit as well, the one is
    likelier that foresaw the answers with fewer factors free to differ. ``misfit``: rms deviation of the answers from
    what it predicts, over the expected error. ``logs`` of its factors, with their ``errors``. ``left_ohm[meter,
    source]``: measured less predicted; NaN where nothing is.
    """

    rig: Rig
    cost: float
    chance: float
    misfit: float
    logs: FloatArray
    errors: FloatArray
    left_ohm: FloatArray

    @property
    def gains(self) -> FloatArray:
        """Of weak sources, then of voltmeters that are off scale."""
        gains: FloatArray = np.exp(self.logs[self._are_gains])
        return gains

    @property
    def ohm(self) -> FloatArray:
        """``[junction, source]``: resistance while a source was moved; NaN where nothing tells it."""
        of_junctions = np.delete(_concerns(self.rig)[:, 0], self._are_gains, axis=0)
        ohm = np.exp(np.einsum("pkj,p->jk", of_junctions, np.delete(self.logs, self._are_gains)))
        known: FloatArray = np.where(self.errors[: self.rig.junctions, None] < KNOWN, ohm, np.nan)
        return known

    @property
    def _are_gains(self) -> slice:
        return slice(self.rig.junctions, self.rig.junctions + len(self.rig.weak) + len(self.rig.off_scale))


@dataclass(frozen=True, slots=True)
class _Ranges:
    """Of logarithms, ``[rig, factor]``: from ``low`` to ``high`` all are as likely, and by each ``edge`` beyond less.

    The cost is quadratic, but linear from ``tail`` edges above.
    """

    low: FloatArray
    high: FloatArray
    edge: FloatArray
    tail: FloatArray

    @property
    def variance(self) -> FloatArray:
        """Of a logarithm before anything is measured."""
        variance: FloatArray = ((self.high - self.low) / sqrt(12.0) + self.edge) ** 2
        return variance

    def cost(self, logs: FloatArray) -> FloatArray:
        """Of all factors of a rig together."""
        beyond = self._beyond(logs)
        within = np.minimum(beyond, self.tail)
        cost: FloatArray = (within * (2.0 * beyond - within)).sum(axis=1)
        return cost

    def slope_and_curvature(self, logs: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Halves of the derivatives of the cost."""
        beyond = self._beyond(logs)
        slope = np.minimum(beyond, self.tail) / self.edge
        return slope, np.where(beyond == 0.0, 0.0, slope / np.where(beyond == 0.0, 1.0, beyond) / self.edge)

    def _beyond(self, logs: FloatArray) -> FloatArray:
        beyond: FloatArray = (np.maximum(logs - self.high, 0.0) + np.minimum(logs - self.low, 0.0)) / self.edge
        return beyond


def fits(expected: Expected, measured: Measured, rigs: Iterable[Rig]) -> Iterator[Fit]:
    """Each rig with the resistances and gains that suit it best, in any order."""
    for _, group in groupby(sorted(rigs, key=_unknowns), key=_unknowns):
        alike = list(group)
        for begin in range(0, len(alike), AT_ONCE):
            yield from _fitted(expected, measured, alike[begin : begin + AT_ONCE])


def _unknowns(rig: Rig) -> int:
    return sum(1 for _ in factors(rig))


def _fitted(expected: Expected, measured: Measured, rigs: list[Rig]) -> Iterator[Fit]:
    concerns = np.array([_concerns(rig) for rig in rigs])
    ranges = _ranges(expected, rigs)
    compared = np.isfinite(measured.known_ohm) & (predicts(rigs) | measured.answers)
    weights = compared / measured.error_ohm**2
    terms_of, logs = signs(rigs), (ranges.low + ranges.high) / 2.0
    for _ in range(TURNS):
        terms = terms_of * np.exp(np.einsum("hpmkj,hp->hmkj", concerns, logs))
        left_ohm = np.where(compared, measured.known_ohm - terms.sum(axis=-1), 0.0)
        slopes = np.einsum("hmkj,hpmkj->hpmk", terms, concerns)
        information = np.einsum("hpmk,hqmk->hpq", slopes * weights[:, None], slopes)
        slope, curvature = ranges.slope_and_curvature(logs)
        downhill = np.einsum("hpmk,hmk->hp", slopes, weights * left_ohm) - slope
        step = np.linalg.solve(information + _diagonal(curvature + DAMPING), downhill[..., None])[..., 0]
        largest = np.abs(step).max(axis=1, keepdims=True)
        if largest.max() < ENOUGH:
            break
        logs = logs + step / np.maximum(1.0, largest / LONGEST_STEP)
    chi2, count = (weights * left_ohm**2).sum(axis=(1, 2)), compared.sum(axis=(1, 2))
    cost = chi2 + ranges.cost(logs)
    chance = np.linalg.slogdet(np.eye(logs.shape[1]) + ranges.variance[..., None] * information)[1]
    errors = np.sqrt(np.diagonal(np.linalg.inv(information + _diagonal(np.full_like(logs, DAMPING))), axis1=1, axis2=2))
    for n, rig in enumerate(rigs):
        yield Fit(
            rig,
            float(cost[n]) + CONTRADICTION * contradictions(rig, expected, measured),
            float(chance[n]),
            float(np.sqrt(chi2[n] / max(1, count[n]))),
            logs[n],
            errors[n],
            np.where(compared[n], left_ohm[n], np.nan),
        )


def _concerns(rig: Rig) -> FloatArray:
    """``[factor, meter, source, junction]``: 1 where a factor is part of a term."""
    every, which = rig.junctions, list(factors(rig))
    concerns = np.zeros((len(which), every, every, every))
    for n, factor in enumerate(which):
        concerns[(n, *factor)] = 1.0
    return concerns


def _ranges(expected: Expected, rigs: Sequence[Rig]) -> _Ranges:
    return _Ranges(*np.moveaxis(np.array([list(_range_of_each(expected, rig)) for rig in rigs]), -1, 0))


def _range_of_each(expected: Expected, rig: Rig) -> Iterator[tuple[float, float, float, float]]:
    """In the order of ``factors``."""
    states = [(log(low), log(high)) for low, high in zip(expected.parallel_ohm, expected.antiparallel_ohm, strict=True)]
    for j, (low, high) in enumerate(states):
        yield (log(SHORT_OHM), log(SHORT_OHM), SHORT_EDGE, inf) if j in rig.shorts else (low, high, EDGE, TAIL)
    yield from ((*GAINS, GAIN_EDGE, inf) for _ in (*rig.weak, *rig.off_scale))
    for j in rig.unsteady:
        jump = states[j][1] - states[j][0]
        yield from ((-jump, jump, EDGE, inf) for _ in range(1, rig.junctions))


def _diagonal(values: FloatArray) -> FloatArray:
    diagonal: FloatArray = values[..., None] * np.eye(values.shape[-1])
    return diagonal
