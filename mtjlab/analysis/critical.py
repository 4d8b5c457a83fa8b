"""Mean and spread of a critical current, by maximum likelihood on the hazard between readings; honest intervals."""

from collections.abc import Iterable

import numpy as np

from mtjlab.analysis.estimates import CriticalEstimate, Estimate, NotDetermined
from mtjlab.analysis.likelihood import Evidence, EvidenceTally, log_likelihood
from mtjlab.analysis.passage import Passage
from mtjlab.analysis.posterior import SPREADS_UA, Posterior, posterior
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.arrays import FloatArray
from mtjlab.counted import counted, word_for
from mtjlab.domain import Interval

_BEYOND_UA = 3 * SPREADS_UA.high_ua
"""How far beyond all currents seen a mean could lie and still be told."""
_AT_EDGE = 1e-2
"""Density of the mean, over its largest, at the edge of what could be told, from which on it is not determined."""


IMPOSSIBLE = NotDetermined(
    "its readings follow each other faster than their apertures last, so nothing tells when it switched. Correct nplc "
    "of its voltmeter, or link.line_frequency_hz, in the bench file, and measure again."
)
"""Of a journal whose bench file said longer apertures than its voltmeters took."""


class CriticalTally:
    """Adds up what passages of one junction in one direction tell of its critical current, in little memory.

    Passages of ramps, probes and presentations may be mixed.
    """

    def __init__(self) -> None:
        self.passages = 0
        self._waited = 0
        self._farthest_ua: float | None = None
        self._is_possible = True
        self._evidence = EvidenceTally()

    def take(self, passage: Passage) -> None:
        """Add a passage."""
        self.passages += 1
        self._is_possible = self._is_possible and passage.is_possible
        if self._is_possible:
            self._evidence.take(passage)
        if passage.outcome == "never":
            self._waited += 1
            if passage.survived.currents_ua:
                self._farthest_ua = passage.survived.currents_ua[-1]

    @property
    def switches(self) -> int:
        """How often the junction was seen to switch."""
        return self._evidence.switches

    def estimate(self) -> Estimate:
        """Mean and spread of the critical current, as far as the passages so far tell."""
        if not self._is_possible:
            return IMPOSSIBLE
        if not self._evidence.switches:
            return NotDetermined(self._why_never())
        evidence = self._evidence.evidence
        bounds = _bounds(evidence)
        return estimate_from(evidence, posterior(evidence, bounds), bounds, self.passages)

    def _why_never(self) -> str:
        legs = counted(self.passages, "leg")
        if not self._waited:
            return f"in none of {legs} it was seen before it switched. Begin the sweep farther off."
        ends = "" if self._farthest_ua is None else f" as far as {self._farthest_ua:.6g} uA"
        return f"it did not switch in {self._waited} of {legs}{ends}, and in no other. Sweep farther."


def estimate_critical(passages: Iterable[Passage]) -> Estimate:
    """Mean and spread of the critical current that passages of one junction in one direction tell."""
    tally = CriticalTally()
    for passage in passages:
        tally.take(passage)
    return tally.estimate()


def estimate_from(evidence: Evidence, found: Posterior, bounds: Interval, repetitions: int) -> Estimate:
    """The estimate that a posterior for means within ``bounds`` and its evidence amount to."""
    if found.share_at(bounds) > _AT_EDGE:
        return NotDetermined(
            f"the {counted(evidence.switches, 'switch', 'switches')} in {counted(repetitions, 'leg')} "
            f"{word_for(evidence.switches, 'lies', 'lie')} at the end of the currents that were applied, and "
            f"{word_for(evidence.switches, 'does', 'do')} not say where their mean is. Sweep farther at that end."
        )
    mean_ua, spread_ua = _most_likely(evidence, found)
    mean_error_ua, spread_error_ua = found.errors_ua
    return CriticalEstimate(
        SwitchingLaw(mean_ua, spread_ua, evidence.rising),
        found.mean_interval,
        found.spread_interval,
        mean_error_ua,
        spread_error_ua,
        evidence.switches,
        repetitions,
    )


def _most_likely(evidence: Evidence, found: Posterior) -> tuple[float, float]:
    """Mean and spread at the top of the likelihood: looked for on a finer grid around the best node."""
    at = np.unravel_index(int(np.argmax(found.logs)), found.logs.shape)
    means_ua = _between_neighbours(found.means_ua, int(at[0]))
    spreads_ua = np.exp(_between_neighbours(np.log(found.spreads_ua), int(at[1])))
    logs = log_likelihood(evidence, means_ua, spreads_ua)
    best = np.unravel_index(int(np.argmax(logs)), logs.shape)
    mean_ua, spread_ua = float(means_ua[best[0]]), float(spreads_ua[best[1]])
    return (mean_ua, spread_ua) if spread_ua in found.spread_interval else (found.mean_ua(), found.spread_ua())


def _between_neighbours(nodes: FloatArray, at: int) -> FloatArray:
    return np.linspace(nodes[max(at - 1, 0)], nodes[min(at + 1, len(nodes) - 1)], 41)


def _bounds(evidence: Evidence) -> Interval:
    """Where a mean could lie: around the switches that were seen, and all that was survived beyond them."""
    currents_ua = np.concatenate([part[0][part[1] > 0] for part in (evidence.survived, evidence.switched_in)])
    switched_ua = evidence.switched_in[0][evidence.switched_in[1] > 0]
    if evidence.rising:
        return Interval(float(switched_ua.min()) - _BEYOND_UA, float(currents_ua.max()) + _BEYOND_UA)
    return Interval(float(currents_ua.min()) - _BEYOND_UA, float(switched_ua.max()) + _BEYOND_UA)
