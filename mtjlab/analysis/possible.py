"""All laws that passages leave possible: what else they say than mean and spread on the reference ramp, with intervals.

Mean and spread are not known independently, so that an interval of the mean on one ramp tells nothing of the interval
on another; this carries what is left open of both to whatever is asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.likelihood import evidence_of
from mtjlab.analysis.passage import Passage
from mtjlab.analysis.posterior import LEVEL, posterior
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.arrays import FloatArray
from mtjlab.domain import Interval

_NEGLIGIBLE = 1e-3
"""Share of the largest weight below which a law is left out."""
_BEYOND_UA = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class PossibleLaws:
    """Laws of a junction in one direction, and how probable each is, [K]."""

    laws: tuple[SwitchingLaw, ...]
    weights: FloatArray

    def interval(self, of: Callable[[SwitchingLaw], FloatArray]) -> tuple[FloatArray, FloatArray]:
        """The ends of the central 95 % of what ``of`` makes of a law, in each place of its array."""
        values = np.array([of(law) for law in self.laws])
        order = np.argsort(values, axis=0)
        below = np.cumsum(self.weights[order], axis=0)
        ends = [np.argmax(below >= share * below[-1], axis=0) for share in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)]
        low, high = (np.take_along_axis(values, order, 0)[end, np.arange(values.shape[1])] for end in ends)
        return low, high


def possible_laws(passages: Sequence[Passage], estimate: CriticalEstimate) -> PossibleLaws:
    """The laws that these passages, which gave ``estimate``, leave possible."""
    evidence, interval = evidence_of(passages), estimate.mean_interval
    beyond_ua = _BEYOND_UA + 2 * (interval.high_ua - interval.low_ua)
    found = posterior(evidence, Interval(interval.low_ua - beyond_ua, interval.high_ua + beyond_ua))
    weights = found.weights
    kept = np.argwhere(weights > _NEGLIGIBLE * weights.max())
    return PossibleLaws(
        tuple(
            SwitchingLaw(float(found.means_ua[m]), float(found.spreads_ua[s]), evidence.rising)
            for m, s in kept.tolist()
        ),
        weights[tuple(kept.T)],
    )
