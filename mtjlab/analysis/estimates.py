"""Critical currents as they were estimated: whoever reads events needs no more of it."""

from dataclasses import dataclass, replace

from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.domain import Interval


class Estimate:
    """What measurements tell of a critical current: a ``CriticalEstimate``, or why it is ``NotDetermined``."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class CriticalEstimate(Estimate):
    """Critical current of one junction and direction, referred to the continuous ramp of its law.

    ``law`` holds mean and spread of greatest likelihood, or the medians of the posterior where the likelihood has no
    top, as when all repetitions fell into one interval. Intervals hold 95 %, errors are standard deviations.
    ``switched`` of ``repetitions`` legs showed the switch.
    """

    law: SwitchingLaw
    mean_interval: Interval
    spread_interval: Interval
    mean_error_ua: float
    spread_error_ua: float
    switched: int
    repetitions: int

    def shifted(self, by_ua: float) -> "CriticalEstimate":
        """The same on an axis of current whose zero lies elsewhere: by minus the control current, a critical input."""
        low_ua, high_ua = self.mean_interval.low_ua + by_ua, self.mean_interval.high_ua + by_ua
        return CriticalEstimate(
            self.law.shifted(by_ua),
            Interval(low_ua, high_ua),
            self.spread_interval,
            self.mean_error_ua,
            self.spread_error_ua,
            self.switched,
            self.repetitions,
        )

    def referred_to(self, ramp_ua_per_s: float) -> "CriticalEstimate":
        """The same numbers, which were found in a time in which the reference ramp has another rate."""
        return replace(self, law=replace(self.law, ramp_ua_per_s=ramp_ua_per_s))


@dataclass(frozen=True, slots=True)
class NotDetermined(Estimate):
    """Why the passages of a junction do not give its critical current."""

    reason: str
