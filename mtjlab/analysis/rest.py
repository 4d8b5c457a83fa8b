"""Rest currents: where pulses begin and end, and both states of every junction last.

Each junction is held in the middle of its loop, halfway between the critical currents of its two directions. A control
part ``c`` is added to it while an input pulse is given, so the junction carries rest + c + pulse. As long as it carries
rest + c no state may be lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.domain import CriticalCurrents, Interval, PerJunction, junction_label
from mtjlab.errors import LimitExceededError

KEPT_S = 1e4
"""Least mean lifetime of a state while control parts are applied; that is for well below a second."""
_LEAST_SPREAD_UA = 2.0
"""A few loops may show less by chance, which would promise states that last too long."""
_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class RestState:
    """Rest currents (uA) of all junctions, and the laws by which they leave AP (``rising``) and P (``falling``)."""

    currents_ua: PerJunction
    rising: tuple[SwitchingLaw, ...]
    falling: tuple[SwitchingLaw, ...]

    @classmethod
    def of(cls, critical: CriticalCurrents) -> "RestState":
        """In the middle of each loop, to the nA."""
        rising = _laws(critical.up_ua, critical.up_spread_ua, True, critical.ramp_ua_per_s)
        falling = _laws(critical.down_ua, critical.down_spread_ua, False, critical.ramp_ua_per_s)
        middles_ua = tuple(
            round((up + down) / 2, _DECIMALS) for up, down in zip(critical.up_ua, critical.down_ua, strict=True)
        )
        return cls(middles_ua, rising, falling)

    def lifetime_s(self, junction: int, part_ua: float = 0.0) -> float:
        """Mean time that a junction stays in its less stable state while it carries its rest current and a part."""
        current_ua = self.currents_ua[junction] + part_ua
        rate = max(float(law[junction].rate_per_s(current_ua)) for law in (self.rising, self.falling))
        return 1.0 / rate if rate else inf

    def parts_ua(self, junction: int) -> Interval:
        """Control parts during which a state lasts ``KEPT_S`` at least; empty (low above high) if there are none."""
        middle_ua = self.currents_ua[junction]
        up, down = self.rising[junction], self.falling[junction]
        share = _switched_within(1.0, KEPT_S)
        return Interval(down.held_ua(1.0, share) - middle_ua, up.held_ua(1.0, share) - middle_ua)

    def demand(self, parts_ua: Sequence[float]) -> None:
        """Check that no state is lost while control parts are applied.

        Raises:
            LimitExceededError: a state would not last.
        """
        for k, part_ua in enumerate(parts_ua):
            if part_ua not in self.parts_ua(k):
                allowed = self.parts_ua(k)
                raise LimitExceededError(
                    f"a control part of {part_ua:.6g} uA on {junction_label(k)} at its rest current of "
                    f"{self.currents_ua[k]:.6g} uA: a state would last {self.lifetime_s(k, part_ua):.3g} s in the "
                    f"mean, and {KEPT_S:.6g} s are demanded, so parts from {allowed.low_ua:.4g} to "
                    f"{allowed.high_ua:.4g} uA are allowed. Nothing was written. Ask for less."
                )

    def reset_pulse_ua(self, width_s: float, failure: float) -> float:
        """The pulse (negative) after which a parallel junction stays parallel with this probability at most."""
        return min(
            law.held_ua(width_s, 1.0 - failure) - rest_ua
            for law, rest_ua in zip(self.falling, self.currents_ua, strict=True)
        )


def _laws(means_ua: PerJunction, spreads_ua: PerJunction, rising: bool, ramp: float) -> tuple[SwitchingLaw, ...]:
    return tuple(
        SwitchingLaw(mean_ua, max(spread_ua, _LEAST_SPREAD_UA), rising, ramp)
        for mean_ua, spread_ua in zip(means_ua, spreads_ua, strict=True)
    )


def _switched_within(duration_s: float, lifetime_s: float) -> float:
    """Probability to switch within a short time at a mean lifetime."""
    return duration_s / lifetime_s
