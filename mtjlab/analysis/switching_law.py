"""The law of thermally activated switching of one junction out of one state, in the words of a ramp.

The current tilts the barrier: rate = f0 exp(-s (Ic - I)) (Neel-Brown; Li and Zhang, Phys. Rev. B 69, 134416 (2004)). On
a continuous ramp at r the hazard spent up to a current I is exp(s (I - mean) - gamma), so that thresholds have Gumbel's
distribution with this mean and with a standard deviation of pi / (sqrt(6) s), and

    rate(I) = s r exp(s (I - mean) - gamma).

Mean and spread are all that a ramp can tell of f0, Ic and s. P -> AP is the mirror image: it needs a falling current.
Source of the ramp: Kurkijarvi, Phys. Rev. B 6, 832 (1972).
"""

from dataclasses import dataclass, replace
from math import expm1, log, pi, sqrt
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from mtjlab.arrays import FloatArray

Real = TypeVar("Real", float, "FloatArray")

EULER_GAMMA = 0.5772156649015329
REFERENCE_RAMP_UA_PER_S = 100.0
"""Means of critical currents refer to a continuous ramp at this rate."""
_ATTEMPTS_PER_S = 1e9
"""No barrier is crossed more often."""
_SLOW, _FAST = 1e-4, 500.0
"""Switching events in a pulse where the share of it that is left after switching is one half, or all but rounding."""


def sensitivity_per_ua(spread_ua: Real) -> Real:
    """s: by how much a uA lowers the barrier, in thermal energies, for thresholds of this standard deviation."""
    return pi / (sqrt(6.0) * spread_ua)


@dataclass(frozen=True, slots=True)
class SwitchingLaw:
    """Mean and standard deviation of the threshold of one junction and direction on a continuous ramp at a rate.

    ``rising``: AP -> P, at a rising current; otherwise P -> AP, at a falling one. Currents are those of the junction,
    or inputs under fixed control currents, which only moves the mean.
    """

    mean_ua: float
    spread_ua: float
    rising: bool = True
    ramp_ua_per_s: float = REFERENCE_RAMP_UA_PER_S

    def rate_per_s(self, current_ua: Real) -> Real:
        """Switching events per second at a constant current."""
        import numpy as np  # noqa: PLC0415  whoever only reads laws needs none of it

        s = sensitivity_per_ua(self.spread_ua)
        towards_ua = (current_ua - self.mean_ua) * (1 if self.rising else -1)
        logarithm = s * towards_ua - EULER_GAMMA + log(s * self.ramp_ua_per_s)
        rate: Real = np.exp(np.minimum(logarithm, log(_ATTEMPTS_PER_S)))
        return rate

    def probability(self, current_ua: Real, dwell_s: float) -> Real:
        """Probability to switch within ``dwell_s`` at a held current."""
        import numpy as np  # noqa: PLC0415  as above

        switched: Real = -np.expm1(-self.rate_per_s(current_ua) * dwell_s)
        return switched

    def share_after(self, current_ua: float, duration_s: float) -> float:
        """Mean share of a pulse that is left after the switching, for junctions that switch in it.

        It is one half at a low rate r, and 1 - 1 / (r t) at a high one: switching is exponential, and cut off at t.
        """
        switching = float(self.rate_per_s(current_ua)) * duration_s
        if switching < _SLOW:
            return 0.5
        return 1.0 - 1.0 / switching + (1.0 / expm1(switching) if switching < _FAST else 0.0)

    def held_mean_ua(self, dwell_s: float) -> float:
        """Mean threshold of a held current: ``probability`` is its distribution, with the spread of the ramp."""
        return self.at_ramp(1.0 / (sensitivity_per_ua(self.spread_ua) * dwell_s)).mean_ua

    def held_ua(self, dwell_s: float, probability: float = 0.5) -> float:
        """The current that switches with this probability within ``dwell_s``."""
        import numpy as np  # noqa: PLC0415  as above

        beyond_mean = (EULER_GAMMA + log(-np.log1p(-probability))) / sensitivity_per_ua(self.spread_ua)
        return self.held_mean_ua(dwell_s) + beyond_mean * (1 if self.rising else -1)

    def at_ramp(self, ramp_ua_per_s: float) -> "SwitchingLaw":
        """The same junction on another ramp: thresholds move by 2.30 / s for each decade, their spread stays."""
        later_ua = log(ramp_ua_per_s / self.ramp_ua_per_s) / sensitivity_per_ua(self.spread_ua)
        return replace(
            self, mean_ua=self.mean_ua + (later_ua if self.rising else -later_ua), ramp_ua_per_s=ramp_ua_per_s
        )

    def shifted(self, by_ua: float) -> "SwitchingLaw":
        """The same law on an axis of current whose zero lies elsewhere: control currents turn inputs into currents."""
        return replace(self, mean_ua=self.mean_ua + by_ua)
