"""Rates against current: switching law fitted to dwell times at several currents.

ln(rate) = s (I - mean) - gamma + ln(s r): a line of slope s, expressed by the mean critical current of a ramp at rate
r. It is fitted to the logarithms of the mean dwells, each with a relative error of 1 / sqrt(n).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, pi, sqrt

import numpy as np

from mtjlab.analysis.switching_law import EULER_GAMMA, REFERENCE_RAMP_UA_PER_S, SwitchingLaw
from mtjlab.domain import Interval, JunctionState
from mtjlab.procedures.dwell.events import DwellTime

FEWEST = 5
"""Dwells needed at a current for nearly normal errors of the logarithm of their mean."""
_TWO_SIDED = 1.96


@dataclass(frozen=True, slots=True)
class FittedLaw:
    """Law of leaving a state, with 95 % intervals of its mean and spread."""

    junction: int
    state: JunctionState
    law: SwitchingLaw
    mean_interval: Interval
    spread_interval: Interval


def fitted_laws(dwells: Iterable[DwellTime]) -> tuple[FittedLaw, ...]:
    """Laws of every junction and state with enough dwells at two currents or more."""
    alike: dict[tuple[int, JunctionState], list[DwellTime]] = defaultdict(list)
    for one in dwells:
        if one.mean_s is not None and one.n >= FEWEST:
            alike[one.junction, one.state].append(one)
    found = [_fitted(of_one) for of_one in alike.values() if len({one.current_ua for one in of_one}) > 1]
    return tuple(one for one in found if one is not None)


def _fitted(dwells: Sequence[DwellTime]) -> FittedLaw | None:
    """Fit a law; None if the rates do not increase with the driving current."""
    rising = dwells[0].state is JunctionState.AP
    currents_ua = np.array([one.current_ua for one in dwells])
    logarithms = np.array([-log(one.mean_s) for one in dwells if one.mean_s is not None])
    weights = np.array([one.n for one in dwells], dtype=float)
    middle_ua = float(np.average(currents_ua, weights=weights))
    away_ua = (currents_ua - middle_ua) * (1 if rising else -1)
    slope_variance = 1.0 / float(np.sum(weights * away_ua**2))
    s = float(np.sum(weights * away_ua * logarithms)) * slope_variance
    at_middle = float(np.average(logarithms, weights=weights))
    error = _TWO_SIDED * sqrt(slope_variance)
    if s <= error:
        return None
    mean_ua, law = _mean_ua(s, at_middle, middle_ua, rising), pi / sqrt(6.0)
    lever = (log(s * REFERENCE_RAMP_UA_PER_S) - EULER_GAMMA - at_middle - 1.0) / s**2
    reach_ua = _TWO_SIDED * sqrt(1.0 / float(np.sum(weights)) / s**2 + slope_variance * lever**2)
    return FittedLaw(
        dwells[0].junction,
        dwells[0].state,
        SwitchingLaw(mean_ua, law / s, rising),
        Interval(mean_ua - reach_ua, mean_ua + reach_ua),
        Interval(law / (s + error), law / (s - error)),
    )


def _mean_ua(s: float, at_middle: float, middle_ua: float, rising: bool) -> float:
    """Mean critical current of a ramp, from the logarithm of the rate at ``middle_ua``."""
    beyond_ua = (log(s * REFERENCE_RAMP_UA_PER_S) - EULER_GAMMA - at_middle) / s
    return middle_ua + beyond_ua * (1 if rising else -1)
