"""How often a junction switched at each current, counted, with intervals; no law is assumed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mtjlab.analysis.passage import Passage
from mtjlab.analysis.posterior import LEVEL
from mtjlab.arrays import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class SwitchingProbability:
    """Counts at each of L currents (uA), and the central 95 % of the probability by Jeffreys' prior.

    ``switched`` of ``trials`` had switched at or before a current. The counts hold for the pace they were taken at:
    ``ramp_ua_per_s`` of a staircase, or ``dwell_s`` of a held current; the other is None.
    """

    currents_ua: FloatArray
    switched: FloatArray
    trials: FloatArray
    low: FloatArray
    high: FloatArray
    ramp_ua_per_s: float | None = None
    dwell_s: float | None = None

    @property
    def shares(self) -> FloatArray:
        """Share that had switched [L]."""
        return self.switched / self.trials


def jeffreys_interval(switched: FloatArray, trials: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Central 95 % of the probability behind ``switched`` of ``trials``, both of the same shape.

    Quantiles of Beta(switched + 1/2, trials - switched + 1/2); an end is 0 or 1 where none or all switched. Source:
    Brown, Cai and DasGupta, Statistical Science 16, 101 (2001).
    """
    from scipy.special import betaincinv  # noqa: PLC0415  slow to import

    below, above = switched + 0.5, trials - switched + 0.5
    low, high = (betaincinv(below, above, (1 + side * LEVEL) / 2) for side in (-1, 1))
    return np.where(switched == 0, 0.0, low), np.where(switched == trials, 1.0, high)


def share_interval(counted: float, trials: int) -> tuple[float, float]:
    """Central 95 % of the probability behind ``counted`` of ``trials``, as ``jeffreys_interval``; 0 to 1 for none."""
    if not trials:
        return 0.0, 1.0
    low, high = jeffreys_interval(np.array([counted]), np.array([float(trials)]))
    return float(low[0]), float(high[0])


def probability_on_ramps(passages: Sequence[Passage], ramp_ua_per_s: float) -> SwitchingProbability:
    """From ramps of one junction in one direction: at each current read, the share that had switched by then.

    A leg counts at a current where it was seen unswitched there or farther, or seen switched there or before; what lies
    between, undecided, does not count. Legs that began after the switch do not count at all.
    """
    telling = [passage for passage in passages if passage.outcome != "already"]
    sign = 1.0 if all(passage.rising for passage in passages) else -1.0
    unswitched = np.array([_seen_unswitched(passage, sign) for passage in telling])
    switched = np.array([_seen_switched(passage, sign) for passage in telling])
    levels = sorted({level for passage in telling for level in _levels(passage, sign)})
    done = np.array([np.count_nonzero(switched <= level) for level in levels], dtype=float)
    waiting = np.array([np.count_nonzero(unswitched >= level) for level in levels], dtype=float)
    counted = done + waiting > 0
    return _counted(sign * np.array(levels)[counted], done[counted], (done + waiting)[counted], ramp_ua_per_s, None)


def probability_when_held(outcomes: Mapping[float, Sequence[bool]], dwell_s: float) -> SwitchingProbability:
    """From repeated presentations, each from the reset state: whether the junction switched, at each current."""
    currents_ua = sorted(current_ua for current_ua, switched in outcomes.items() if switched)
    switched = np.array([sum(outcomes[current_ua]) for current_ua in currents_ua], dtype=float)
    trials = np.array([len(outcomes[current_ua]) for current_ua in currents_ua], dtype=float)
    return _counted(np.array(currents_ua), switched, trials, None, dwell_s)


def _counted(
    currents_ua: FloatArray,
    switched: FloatArray,
    trials: FloatArray,
    ramp_ua_per_s: float | None,
    dwell_s: float | None,
) -> SwitchingProbability:
    low, high = jeffreys_interval(switched, trials)
    return SwitchingProbability(currents_ua, switched, trials, low, high, ramp_ua_per_s, dwell_s)


def _seen_unswitched(passage: Passage, sign: float) -> float:
    """The farthest current, times ``sign``, at which it was seen unswitched."""
    seen_ua = (*passage.survived.currents_ua, *passage.switched_in.currents_ua[:1])
    return max((sign * current_ua for current_ua in seen_ua), default=-np.inf)


def _seen_switched(passage: Passage, sign: float) -> float:
    """The current, times ``sign``, at which it was first seen switched."""
    return sign * passage.switched_in.currents_ua[-1] if passage.outcome == "switched" else np.inf


def _levels(passage: Passage, sign: float) -> list[float]:
    return [sign * current_ua for current_ua in (*passage.survived.currents_ua, *passage.switched_in.currents_ua)]
