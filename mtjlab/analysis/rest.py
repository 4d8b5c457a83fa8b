"""Rest currents, at which pulses start and end: both states of every junction are stable there.

Each junction is held in the middle of its loop, halfway between its two critical currents. A control part ``c`` is
added during an input pulse, so the junction carries rest + c + pulse. At rest + c no state may be lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, sqrt
from statistics import fmean

from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.domain import CriticalCurrents, Interval, PerJunction, junction_label
from mtjlab.errors import LimitExceededError

LOST = 1e-4
"""Probability to lose a state, at most, while control parts are applied for a pulse."""
HELD_S = 1.0
"""Time for which control parts that are held are applied for a pulse, at most."""
_LEAST_SPREAD_UA = 2.0
"""Minimum spread assumed: a few loops may show less by chance, which would overestimate lifetimes."""
_PRIOR_DEGREES = 12.0
"""Loops that the spread of all junctions is worth: spreads of junctions on a chip differ by some 20 %."""
_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class RestState:
    """Rest currents (uA) of all junctions, and the laws of leaving AP (``rising``) and P (``falling``).

    For a pulse, control parts are applied for ``applied_s``.
    """

    currents_ua: PerJunction
    rising: tuple[SwitchingLaw, ...]
    falling: tuple[SwitchingLaw, ...]
    applied_s: float = HELD_S

    @classmethod
    def of(cls, critical: CriticalCurrents, applied_s: float = HELD_S) -> "RestState":
        """Rest currents in the middle of each loop, to the nA."""
        rising = _laws(critical.up_ua, critical.up_spread_ua, True, critical)
        falling = _laws(critical.down_ua, critical.down_spread_ua, False, critical)
        middles_ua = tuple(
            round((up + down) / 2, _DECIMALS) for up, down in zip(critical.up_ua, critical.down_ua, strict=True)
        )
        return cls(middles_ua, rising, falling, applied_s)

    @property
    def kept_s(self) -> float:
        """Minimum mean lifetime of a state while control parts are applied."""
        return self.applied_s / LOST

    def lifetime_s(self, junction: int, part_ua: float = 0.0) -> float:
        """Mean lifetime of the less stable state of a junction at its rest current plus a control part."""
        current_ua = self.currents_ua[junction] + part_ua
        rate = max(float(law[junction].rate_per_s(current_ua)) for law in (self.rising, self.falling))
        return 1.0 / rate if rate else inf

    def parts_ua(self, junction: int) -> Interval:
        """Control parts at which states last at least ``kept_s``; empty (low above high) if there are none."""
        middle_ua = self.currents_ua[junction]
        up, down = self.rising[junction], self.falling[junction]
        return Interval(down.held_ua(self.applied_s, LOST) - middle_ua, up.held_ua(self.applied_s, LOST) - middle_ua)

    def demand(self, parts_ua: Sequence[float]) -> None:
        """Check that no state is lost while control parts are applied.

        Raises:
            LimitExceededError: a state might be lost.
        """
        for k, part_ua in enumerate(parts_ua):
            if part_ua not in self.parts_ua(k):
                allowed = self.parts_ua(k)
                raise LimitExceededError(
                    f"a control part of {part_ua:.6g} uA on {junction_label(k)} at its rest current of "
                    f"{self.currents_ua[k]:.6g} uA: a state would last {self.lifetime_s(k, part_ua):.3g} s in the "
                    f"mean, and {self.kept_s:.3g} s are required, so parts from {allowed.low_ua:.4g} to "
                    f"{allowed.high_ua:.4g} uA are allowed. Nothing was written. Request less."
                )

    def demand_readable(self, dead_band_ua: float) -> None:
        """Check that the states can be told apart at rest.

        Raises:
            LimitExceededError: a rest current is in the dead band of the detector.
        """
        for k, rest_ua in enumerate(self.currents_ua):
            if abs(rest_ua) < dead_band_ua:
                raise LimitExceededError(
                    f"{junction_label(k)} would rest at {rest_ua:.6g} uA, in the middle of its loop, where its states "
                    f"cannot be told apart (detector.dead_band_ua = {dead_band_ua:.6g}). Nothing was written. Change "
                    "the field, which moves the loop, or apply held inputs instead of pulses."
                )

    def controls_ua(self) -> tuple[Interval, ...]:
        """Control currents of each junction, rest currents included, at which states last at least ``kept_s``."""
        return tuple(
            Interval(rest_ua + parts.low_ua, rest_ua + parts.high_ua)
            for rest_ua, parts in zip(self.currents_ua, map(self.parts_ua, range(len(self.currents_ua))), strict=True)
        )

    def of_pulses(self, critical: CriticalCurrents, width_s: float) -> CriticalCurrents:
        """The ``critical`` currents for pulses of a width: those by which half of the pulses switch."""
        return replace(
            critical,
            up_ua=tuple(law.held_ua(width_s) for law in self.rising),
            down_ua=tuple(law.held_ua(width_s) for law in self.falling),
        )

    def reset_pulse_ua(self, width_s: float, failure: float) -> float:
        """Reset pulse (negative) that fails with at most this probability."""
        return min(
            law.held_ua(width_s, 1.0 - failure) - rest_ua
            for law, rest_ua in zip(self.falling, self.currents_ua, strict=True)
        )


def critical_when_presented(critical: CriticalCurrents, pulse_width_s: float | None) -> CriticalCurrents:
    """Critical currents for inputs that are pulses of a width, or (None) held: those of the ramp."""
    return RestState.of(critical).of_pulses(critical, pulse_width_s) if pulse_width_s else critical


def _laws(
    means_ua: PerJunction, spreads_ua: PerJunction, rising: bool, critical: CriticalCurrents
) -> tuple[SwitchingLaw, ...]:
    return tuple(
        SwitchingLaw(mean_ua, _moderated_ua(spread_ua, critical), rising, critical.ramp_ua_per_s)
        for mean_ua, spread_ua in zip(means_ua, spreads_ua, strict=True)
    )


def _moderated_ua(spread_ua: float, critical: CriticalCurrents) -> float:
    """The spread of one junction, drawn towards that of all by as much as there are few loops.

    The spread of three loops may be wrong by a factor of two, and that of all junctions in both directions is not.
    Source: Smyth, Stat. Appl. Genet. Mol. Biol. 3, 3 (2004), equation (2), with a fixed number of prior degrees.
    """
    degrees = critical.repetitions - 1
    of_all_ua2 = fmean(one**2 for one in (*critical.up_spread_ua, *critical.down_spread_ua))
    moderated_ua2 = (_PRIOR_DEGREES * of_all_ua2 + degrees * spread_ua**2) / (_PRIOR_DEGREES + degrees)
    return max(sqrt(moderated_ua2), _LEAST_SPREAD_UA)
