"""References of one junction from several sweeps as one, with the uncertainty that their noise leaves."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple

import numpy as np

from mtjlab.arrays import BoolArray, FloatArray
from mtjlab.detection.detector import VERDICTS, VerdictCodes
from mtjlab.detection.references import JunctionReference
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import Reading, Verdict

PARAMETERS = ("r_p_ohm", "tmr", "half_bias_mv", "bias_per_v2", "offset_mv")
_STEPS = np.array([1e-2, 1e-5, 1e-2, 1e-5, 1e-3])
_LEAST_NOISE_MV = 1e-4


class FittedReference(NamedTuple):
    """A reference, and what it was fitted to: currents of the readings [T], and whether each was antiparallel [T]."""

    reference: JunctionReference
    currents_ua: FloatArray
    antiparallel: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class PooledReference:
    """Resistance law and offset with their covariance [5, 5], in the order of ``PARAMETERS``; noise of one sample."""

    law: ResistanceLaw
    offset_mv: float
    noise_mv: float
    covariance: FloatArray

    @property
    def errors(self) -> FloatArray:
        """Standard deviations, in the order of ``PARAMETERS``."""
        return np.sqrt(np.diag(self.covariance))


def fitted_references(
    references: Sequence[JunctionReference], readings: Sequence[Reading], states: VerdictCodes
) -> tuple[FittedReference, ...]:
    """References of all junctions, with the ``readings`` [T] that they were fitted to and their ``states`` [T, N]."""
    currents_ua = np.array([reading.currents_ua for reading in readings])
    parallel, antiparallel = (VERDICTS.index(one) for one in (Verdict.P, Verdict.AP))
    seen = np.isin(states, [parallel, antiparallel])
    return tuple(
        FittedReference(reference, currents_ua[seen[:, k], k], states[seen[:, k], k] == antiparallel)
        for k, reference in enumerate(references)
    )


def pooled(fits: Sequence[FittedReference]) -> PooledReference:
    """Mean of all fits, each weighted by what it knows; wider by as much as they scatter more than their noise."""
    values = [np.array([*astuple(fit.reference.law), fit.reference.offset_mv]) for fit in fits]
    informations = [_information(fit) for fit in fits]
    covariance = np.linalg.pinv(np.sum(informations, axis=0), hermitian=True)
    weighted = np.sum([one @ value for one, value in zip(informations, values, strict=True)], axis=0)
    mean: FloatArray = covariance @ weighted if len(fits) > 1 else values[0]
    scatter = sum(float((v - mean) @ one @ (v - mean)) for one, v in zip(informations, values, strict=True))
    wider = max(1.0, scatter / (len(PARAMETERS) * max(1, len(fits) - 1)))
    noise_mv = float(np.sqrt(np.mean([fit.reference.noise_mv**2 for fit in fits])))
    return PooledReference(_law(mean), float(mean[-1]), noise_mv, covariance * wider)


def _information(fit: FittedReference) -> FloatArray:
    """Inverse covariance [5, 5] of the parameters, from the slopes of the levels and the distance of the samples."""
    reference = fit.reference
    at = np.array([*astuple(reference.law), reference.offset_mv])
    slopes = np.stack(
        [
            (_levels(at + step, fit) - _levels(at, fit)) / size
            for step, size in zip(np.diag(_STEPS), _STEPS, strict=True)
        ]
    )
    away_mv = max(reference.noise_mv, reference.residual_mv, _LEAST_NOISE_MV)
    information: FloatArray = slopes @ slopes.T / away_mv**2
    return information


def _levels(parameters: FloatArray, fit: FittedReference) -> FloatArray:
    parallel_mv, antiparallel_mv = _law(parameters).voltages_trace_mv(fit.currents_ua)
    levels: FloatArray = np.where(fit.antiparallel, antiparallel_mv, parallel_mv) + parameters[-1]
    return levels


def _law(parameters: FloatArray) -> ResistanceLaw:
    r_p_ohm, tmr, half_bias_mv, bias_per_v2 = parameters[:4].tolist()
    return ResistanceLaw(r_p_ohm, tmr, half_bias_mv, max(bias_per_v2, 0.0))
