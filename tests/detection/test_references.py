"""References: levels that the meter shows, what they rest on, and critical currents from switch points."""

import numpy as np
import pytest

from mtjlab.detection.references import JunctionReference, SwitchPoints, critical_currents
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import Interval, JunctionState

LAW = ResistanceLaw(r_p_ohm=1100.0, tmr=1.2, half_bias_mv=500.0, bias_per_v2=0.1)
REFERENCE = JunctionReference(
    LAW, offset_mv=0.5, noise_mv=0.05, residual_mv=0.05, covered_p=Interval(-345, 400), covered_ap=Interval(-500, -70)
)


def test_levels_are_those_of_the_law_plus_the_offset_of_the_meter() -> None:
    parallel_mv, antiparallel_mv = LAW.voltages_mv(-66.0)
    assert REFERENCE.levels_mv(-66.0) == (parallel_mv + 0.5, antiparallel_mv + 0.5)
    assert REFERENCE.levels_mv(0.0) == (0.5, 0.5)


def test_a_trace_of_levels_keeps_the_shape_of_its_currents() -> None:
    currents_ua = np.array([[-500.0, -66.0], [0.0, 400.0]])
    parallel_mv, antiparallel_mv = REFERENCE.levels_trace_mv(currents_ua)
    assert (parallel_mv[0, 1], antiparallel_mv[0, 1]) == pytest.approx(REFERENCE.levels_mv(-66.0), abs=1e-8)
    assert parallel_mv.shape == antiparallel_mv.shape == currents_ua.shape


@pytest.mark.parametrize(
    ("state", "current_ua", "extrapolated"),
    [
        (JunctionState.P, -345, False),
        (JunctionState.P, -395, False),  # seen at +395, and the law is odd
        (JunctionState.P, -500, True),
        (JunctionState.AP, -500, False),
        (JunctionState.AP, 200, False),  # seen at -200
        (JunctionState.AP, -10, True),
        (JunctionState.AP, 10, True),
    ],
)
def test_a_level_is_extrapolated_where_its_state_was_never_seen(
    state: JunctionState, current_ua: float, extrapolated: bool
) -> None:
    assert REFERENCE.is_extrapolated(state, current_ua) is extrapolated


def test_critical_currents_are_mean_and_sample_standard_deviation() -> None:
    first = [SwitchPoints(220, -60), SwitchPoints(224, -56), SwitchPoints(228, -52)]
    second = [SwitchPoints(-70, -350), SwitchPoints(-70, -340), SwitchPoints(-70, -345)]
    critical = critical_currents([first, second], ramp_ua_per_s=100.0)
    assert (critical.up_ua, critical.down_ua) == ((224, -70), (-56, -345))
    assert (critical.up_spread_ua, critical.down_spread_ua) == ((4, 0), (4, 5))
    assert (critical.repetitions, critical.ramp_ua_per_s) == (3, 100.0)


def test_one_repetition_has_no_spread() -> None:
    critical = critical_currents([[SwitchPoints(220, -60)]], ramp_ua_per_s=100.0)
    assert (critical.up_spread_ua, critical.down_spread_ua) == ((0.0,), (0.0,))
