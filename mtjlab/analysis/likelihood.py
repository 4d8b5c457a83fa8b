"""Likelihood of mean and spread of a critical current, given passages of one junction in one direction.

A junction that survived a course spent its hazard H without switching: probability exp(-H). One that switched somewhere
within a course: 1 - exp(-H). Both are exact for any staircase, probe or presentation, with nothing taken for a ramp.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mtjlab.analysis.passage import Course, Passage
from mtjlab.analysis.switching_law import EULER_GAMMA, REFERENCE_RAMP_UA_PER_S, sensitivity_per_ua
from mtjlab.arrays import FloatArray

_LARGEST_LOG = 700.0
"""exp of more would overflow."""
_SMALL_LOG = -30.0
"""Below this, 1 - exp(-H) is H to all digits."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Courses of one junction: ``survived`` [1, K] all together, ``switched_in`` [n, W] one for each switch.

    Each is a pair of currents (uA) and durations (s).
    """

    rising: bool
    survived: tuple[FloatArray, FloatArray]
    switched_in: tuple[FloatArray, FloatArray]

    @property
    def switches(self) -> int:
        """How often the junction was seen to switch."""
        return len(self.switched_in[0])


def evidence_of(passages: Sequence[Passage]) -> Evidence:
    """All that these passages tell.

    Raises ValueError if there are none, both directions among them, or one in which time ran back.
    """
    if not all(passage.is_possible for passage in passages):
        raise ValueError("evidence is of passages whose durations are not negative")
    directions = {passage.rising for passage in passages}
    if len(directions) != 1:
        raise ValueError("evidence is of passages in one direction, and at least one")
    return Evidence(
        directions.pop(),
        _at_each_current(passage.survived for passage in passages),
        _rows([passage.switched_in for passage in passages if passage.outcome == "switched"]),
    )


def log_likelihood(evidence: Evidence, means_ua: FloatArray, spreads_ua: FloatArray) -> FloatArray:
    """Logarithm of the likelihood [M, S] for every mean [M] and spread [S] on the reference ramp, both in uA."""
    survived = np.exp(_log_hazards(*evidence.survived, evidence.rising, means_ua, spreads_ua)).sum(axis=-1)
    spent = _log_hazards(*evidence.switched_in, evidence.rising, means_ua, spreads_ua)
    logs: FloatArray = _log_of_switching(spent).sum(axis=-1) - survived
    return logs


def _at_each_current(courses: Iterable[Course]) -> tuple[FloatArray, FloatArray]:
    """Time spent at each current in all courses, as one row; no time at no current if there are none."""
    spent_s: dict[float, float] = {}
    for course in courses:
        for current_ua, duration_s in zip(course.currents_ua, course.durations_s, strict=True):
            spent_s[current_ua] = spent_s.get(current_ua, 0.0) + duration_s
    return np.array([list(spent_s) or [0.0]]), np.array([list(spent_s.values()) or [0.0]])


def _rows(courses: Sequence[Course]) -> tuple[FloatArray, FloatArray]:
    """One row each, filled up with no time at the last current."""
    longest = max((len(course.currents_ua) for course in courses), default=1)
    currents_ua, durations_s = np.zeros((len(courses), longest)), np.zeros((len(courses), longest))
    for row, course in enumerate(courses):
        currents_ua[row] = course.currents_ua[-1]
        currents_ua[row, : len(course.currents_ua)] = course.currents_ua
        durations_s[row, : len(course.durations_s)] = course.durations_s
    return currents_ua, durations_s


def _log_hazards(
    currents_ua: FloatArray, durations_s: FloatArray, rising: bool, means_ua: FloatArray, spreads_ua: FloatArray
) -> FloatArray:
    """Logarithms of the hazards of courses [n, W] for every mean and spread; [M, S, n].

    With s and sign of the direction, H = s r exp(-s mean - gamma) sum(exp(s I) dt): the sum needs no mean.
    """
    s = sensitivity_per_ua(spreads_ua)[:, np.newaxis] * (1.0 if rising else -1.0)
    exponents = s[..., np.newaxis] * currents_ua
    largest = exponents.max(axis=-1)
    tilted = np.sum(np.exp(exponents - largest[..., np.newaxis]) * durations_s, axis=-1)
    constant = np.log(np.abs(s) * REFERENCE_RAMP_UA_PER_S) - EULER_GAMMA
    with np.errstate(divide="ignore"):  # no time at all is no hazard
        by_spread = np.log(tilted) + largest + constant
    logs: FloatArray = by_spread - s * means_ua[:, np.newaxis, np.newaxis]
    return np.minimum(logs, _LARGEST_LOG)


def _log_of_switching(log_hazards: FloatArray) -> FloatArray:
    """log(1 - exp(-H))."""
    hazards = np.exp(np.maximum(log_hazards, _SMALL_LOG))
    return np.where(log_hazards < _SMALL_LOG, log_hazards, np.log(-np.expm1(-hazards)))
