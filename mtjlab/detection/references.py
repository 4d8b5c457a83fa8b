"""What the detector measures against: both voltage levels of a junction at any current, and where it switched."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import CriticalCurrents, Interval, JunctionState

if TYPE_CHECKING:
    from mtjlab.arrays import FloatArray


class ReferenceFitError(Exception):
    """A sweep does not give the two levels of its junction; the message says what was seen and what to do."""


@dataclass(frozen=True, slots=True)
class JunctionReference:
    """Fitted resistance law of one junction as its voltmeter sees it.

    ``noise_mv`` is the standard deviation of one sample, ``residual_mv`` the rms distance of the samples from the fit:
    much the larger of the two where the law, not the meter, is the limit. ``covered_p`` and ``covered_ap`` are the
    currents at which the fit saw each state.
    """

    law: ResistanceLaw
    offset_mv: float
    noise_mv: float
    residual_mv: float
    covered_p: Interval
    covered_ap: Interval

    def levels_mv(self, current_ua: float) -> tuple[float, float]:
        """Voltages (parallel, antiparallel) that the meter shows at ``current_ua``, its offset included."""
        parallel_mv, antiparallel_mv = self.law.voltages_mv(current_ua)
        return parallel_mv + self.offset_mv, antiparallel_mv + self.offset_mv

    def levels_trace_mv(self, currents_ua: "FloatArray") -> "tuple[FloatArray, FloatArray]":
        """``levels_mv`` at every current of an array of any shape."""
        parallel_mv, antiparallel_mv = self.law.voltages_trace_mv(currents_ua)
        return parallel_mv + self.offset_mv, antiparallel_mv + self.offset_mv

    def is_extrapolated(self, state: JunctionState, current_ua: float) -> bool:
        """Whether the level of ``state`` was fitted at neither this current nor, the law being odd, its opposite."""
        covered = self.covered_p if state is JunctionState.P else self.covered_ap
        return current_ua not in covered and -current_ua not in covered


@dataclass(frozen=True, slots=True)
class SwitchPoints:
    """Junction currents in uA of the two switching events of one repetition of a sweep.

    ``up_ua`` is AP -> P on the rising leg, ``down_ua`` P -> AP on the falling leg, each midway between the last point
    before and the first point after.
    """

    up_ua: float
    down_ua: float


def critical_currents(switch_points: Sequence[Sequence[SwitchPoints]], ramp_ua_per_s: float) -> CriticalCurrents:
    """Mean and sample standard deviation of ``switch_points[junction][repetition]``; 0 for a single repetition."""
    ups = [[repetition.up_ua for repetition in junction] for junction in switch_points]
    downs = [[repetition.down_ua for repetition in junction] for junction in switch_points]
    return CriticalCurrents(
        up_ua=tuple(map(fmean, ups)),
        down_ua=tuple(map(fmean, downs)),
        up_spread_ua=tuple(map(_spread_ua, ups)),
        down_spread_ua=tuple(map(_spread_ua, downs)),
        repetitions=len(ups[0]),
        ramp_ua_per_s=ramp_ua_per_s,
    )


def _spread_ua(currents_ua: Sequence[float]) -> float:
    return stdev(currents_ua) if len(currents_ua) > 1 else 0.0
