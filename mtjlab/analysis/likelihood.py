"""Likelihood of mean and spread of a critical current, given passages of one junction in one direction.

A junction that survived a course spent its hazard H without switching: probability exp(-H). One that switched somewhere
within a course: 1 - exp(-H). Both are exact for any staircase, probe or presentation, with nothing taken for a ramp.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

import numpy as np

from mtjlab.analysis.passage import Passage
from mtjlab.analysis.switching_law import EULER_GAMMA, REFERENCE_RAMP_UA_PER_S, sensitivity_per_ua
from mtjlab.arrays import FloatArray

_LARGEST_LOG = 700.0
"""exp of more would overflow."""
_SMALL_LOG = -30.0
"""Below this, 1 - exp(-H) is H to all digits."""
_ALONE = 1 << 14
"""Switches that each count alone; of more, those that are alike count together."""
_LOG_DECIMALS = 3
"""Alike are durations within 0.05 %, which moves a critical current by less than 0.05 % of its spread."""
_LARGEST_BLOCK = 1 << 21
"""Hazards that are in memory at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Courses of one junction: ``survived`` [1, K] all together, ``switched_in`` [n, W] in which it switched.

    Each is a pair of currents (uA) and durations (s). ``times`` [n]: how often it switched in each.
    """

    rising: bool
    survived: tuple[FloatArray, FloatArray]
    switched_in: tuple[FloatArray, FloatArray]
    times: FloatArray

    @property
    def switches(self) -> int:
        """How often the junction was seen to switch."""
        return int(self.times.sum())


class EvidenceTally:
    """Adds up what passages of one junction in one direction tell.

    It grows by two numbers for each current at which the junction switched, and for each that was ever applied.
    """

    def __init__(self) -> None:
        self._rising: bool | None = None
        self._survived_s: dict[float, float] = {}
        self._currents_ua, self._durations_s, self._lengths = array("d"), array("d"), array("L")

    @property
    def switches(self) -> int:
        """How often the junction was seen to switch."""
        return len(self._lengths)

    def take(self, passage: Passage) -> None:
        """Add a passage.

        Raises:
            ValueError: time ran back in it, or it is in the other direction.
        """
        if not passage.is_possible:
            raise ValueError("evidence is of passages whose durations are not negative")
        if self._rising not in (None, passage.rising):
            raise ValueError("evidence is of passages in one direction")
        self._rising = passage.rising
        survived_s = self._survived_s
        for current_ua, duration_s in zip(passage.survived.currents_ua, passage.survived.durations_s, strict=True):
            survived_s[current_ua] = survived_s.get(current_ua, 0.0) + duration_s
        if passage.outcome == "switched":
            self._currents_ua.extend(passage.switched_in.currents_ua)
            self._durations_s.extend(passage.switched_in.durations_s)
            self._lengths.append(len(passage.switched_in.currents_ua))

    @property
    def evidence(self) -> Evidence:
        """All that the passages so far tell.

        Raises:
            ValueError: there are none.
        """
        if self._rising is None:
            raise ValueError("evidence is of at least one passage")
        spent = np.array([list(self._survived_s) or [0.0]]), np.array([list(self._survived_s.values()) or [0.0]])
        switched_in, times = self._rows(), np.ones(self.switches)
        if self.switches > _ALONE:
            switched_in, times = _merged(*switched_in)
        return Evidence(self._rising, spent, switched_in, times)

    def _rows(self) -> tuple[FloatArray, FloatArray]:
        """Currents and durations of each switch, filled up with no time at the last current."""
        lengths = np.array(self._lengths, dtype=np.int64)
        ends = np.cumsum(lengths)
        longest = int(lengths.max(initial=1))
        places = np.arange(longest) < lengths[:, np.newaxis]
        flat_ua = np.array(self._currents_ua)
        currents_ua, durations_s = np.zeros(places.shape), np.zeros(places.shape)
        currents_ua[:] = flat_ua[ends - 1][:, np.newaxis]
        currents_ua[places], durations_s[places] = flat_ua, self._durations_s
        return currents_ua, durations_s


def _merged(currents_ua: FloatArray, durations_s: FloatArray) -> tuple[tuple[FloatArray, FloatArray], FloatArray]:
    """Courses that are alike as one, and how many they are."""
    is_spent = durations_s > 0
    alike_s = np.where(is_spent, np.exp(np.round(np.log(np.where(is_spent, durations_s, 1.0)), _LOG_DECIMALS)), 0.0)
    rows, times = np.unique(np.hstack([currents_ua, alike_s]), axis=0, return_counts=True)
    width = currents_ua.shape[1]
    return (rows[:, :width], rows[:, width:]), times.astype(np.float64)


def evidence_of(passages: Iterable[Passage]) -> Evidence:
    """All that these passages tell.

    Raises ValueError if there are none, both directions among them, or one in which time ran back.
    """
    tally = EvidenceTally()
    for passage in passages:
        tally.take(passage)
    return tally.evidence


def log_likelihood(evidence: Evidence, means_ua: FloatArray, spreads_ua: FloatArray) -> FloatArray:
    """Logarithm of the likelihood [M, S] for every mean [M] and spread [S] on the reference ramp, both in uA."""
    blocks = ceil(len(means_ua) * len(spreads_ua) * len(evidence.times) / _LARGEST_BLOCK)
    return np.concatenate(
        [_log_likelihood(evidence, some_ua, spreads_ua) for some_ua in np.array_split(means_ua, max(1, blocks))]
    )


def _log_likelihood(evidence: Evidence, means_ua: FloatArray, spreads_ua: FloatArray) -> FloatArray:
    survived = np.exp(_log_hazards(*evidence.survived, evidence.rising, means_ua, spreads_ua)).sum(axis=-1)
    spent = _log_hazards(*evidence.switched_in, evidence.rising, means_ua, spreads_ua)
    logs: FloatArray = (_log_of_switching(spent) * evidence.times).sum(axis=-1) - survived
    return logs


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
