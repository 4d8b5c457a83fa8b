"""Dwell times expected from critical currents, and currents for the holds that follow from them."""

from functools import lru_cache
from math import ceil, exp, log, sqrt
from typing import NamedTuple

from mtjlab.analysis.switching_law import SwitchingLaw, sensitivity_per_ua
from mtjlab.domain import CriticalCurrents, JunctionState, PerJunction

ROUND_UA = 10.0
"""Default currents are multiples of this, so that they are the same for a chip whatever the scatter of its loops."""
AFTER_S = 1.0
"""Mean time after which a reset junction switches at the default currents."""
FOREVER_S = 1e12
"""Dwells longer than this are never observed to end."""


VAGUE = 100.0
"""Ratio of the ends of an interval above which it is useless; a calibration of twenty loops does better."""


class Expected(NamedTuple):
    """Expected mean dwell in s, and its 95 % interval."""

    mean_s: float
    low_s: float
    high_s: float

    @property
    def is_vague(self) -> bool:
        """Whether the interval is too wide to be useful."""
        return self.high_s > VAGUE * self.low_s


def expected_dwell(
    critical: CriticalCurrents, junction: int, state: JunctionState, current_ua: float
) -> Expected | None:
    """Expected dwell of ``junction`` in ``state``; None if infinite, or if critical currents were measured only once.

    The interval covers the statistical error of the repetitions: spread / sqrt(n) for the means, and one spread for
    both directions.
    """
    law = switching_law(critical, junction, state)
    freedom = 2 * (critical.repetitions - 1)
    if law is None or freedom < 1:
        return None
    s = sensitivity_per_ua(law.spread_ua)
    beyond = s * (current_ua - law.mean_ua) * (1 if law.rising else -1)
    mean_s = 1.0 / max(float(law.rate_per_s(current_ua)), 1.0 / FOREVER_S)
    if mean_s >= FOREVER_S:
        return None
    error = sqrt((s * law.spread_ua) ** 2 / critical.repetitions + (beyond + 1.0) ** 2 / (2 * freedom))
    factor = exp(min(_two_sided(freedom) * error, log(FOREVER_S)))
    return Expected(mean_s, mean_s / factor, mean_s * factor)


@lru_cache
def _two_sided(freedom: int) -> float:
    """Standard errors of a 95 % interval by Student's distribution."""
    from scipy.special import stdtrit  # noqa: PLC0415  slow to import

    return float(stdtrit(freedom, 0.975))


def switching_law(critical: CriticalCurrents, junction: int, state: JunctionState) -> SwitchingLaw | None:
    """Law of leaving ``state``; None without a spread."""
    rising = state is JunctionState.AP
    spread_ua = sqrt((critical.up_spread_ua[junction] ** 2 + critical.down_spread_ua[junction] ** 2) / 2)
    mean_ua = critical.up_ua[junction] if rising else critical.down_ua[junction]
    return SwitchingLaw(mean_ua, spread_ua, rising, critical.ramp_ua_per_s) if spread_ua > 0.0 else None


def middles_ua(critical: CriticalCurrents) -> PerJunction:
    """Middle of the hysteresis loop of each junction, rounded."""
    loops = zip(critical.up_ua, critical.down_ua, strict=True)
    return tuple(ROUND_UA * round((up + down) / 2 / ROUND_UA) for up, down in loops)


def hops(critical: CriticalCurrents, currents_ua: PerJunction, within_s: float) -> bool:
    """Whether every junction is likely to leave both states within a mean time."""
    return all(
        (expected := expected_dwell(critical, k, state, current_ua)) is not None and expected.low_s <= within_s
        for k, current_ua in enumerate(currents_ua)
        for state in JunctionState
    )


def currents_switching_after(critical: CriticalCurrents, after_s: float = AFTER_S) -> PerJunction:
    """Currents at which each junction leaves AP after this mean time; its critical current if that has no spread."""
    laws = [switching_law(critical, k, JunctionState.AP) for k in range(len(critical.up_ua))]
    return tuple(
        law.held_ua(after_s, 1.0 - exp(-1.0)) if law else up for law, up in zip(laws, critical.up_ua, strict=True)
    )


def resetting_input_ua(critical: CriticalCurrents, currents_ua: PerJunction, margin_ua: float) -> float:
    """Lowest input, rounded up, such that junctions carrying ``currents_ua`` with it reset without it, by a margin."""
    least_ua = max(current - (down - margin_ua) for current, down in zip(currents_ua, critical.down_ua, strict=True))
    return ROUND_UA * ceil(least_ua / ROUND_UA)
