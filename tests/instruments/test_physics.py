"""The simulated chain against the closed forms of thermally activated switching.

Many like junctions in one chain under one source are as many independent replicas. Tolerances are standard errors of
the sample; of a Gumbel distribution's standard deviation it is sqrt(1.1 / n), for its kurtosis is 5.4.
"""

from dataclasses import replace
from itertools import pairwise
from math import exp, inf, log, nan, sqrt
from statistics import fmean, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from instruments.simulated.junction import JunctionModel
from instruments.simulated.physics import JunctionChain

J1 = JunctionModel(critical_current_up_a=224e-6, critical_current_down_a=-57e-6)
J2 = JunctionModel(critical_current_up_a=-66e-6, critical_current_down_a=-347e-6)
J3 = JunctionModel(critical_current_up_a=196e-6, critical_current_down_a=-85e-6)

RESTLESS = JunctionModel(critical_current_up_a=0.0, critical_current_down_a=15e-6)
"""Stability 15.7: in the middle, near 8 uA, both states live about 6 ms."""


def chain_of(model, count, current_a, seed=1, **kwargs):
    chain = JunctionChain([model] * count, seed, **kwargs)
    chain.set_source(0, current_a)
    return chain


def parallel_share(chain):
    return chain.states.count("P") / len(chain.states)


def ramp_thresholds_a(chain, start_a, stop_a):
    """Currents at which the junctions leave their state on a staircase so fine that it is the 100 uA/s ramp.

    A step is held at the current of its middle, and a switching event within it is booked there.
    """
    step_a = 0.2e-6 if stop_a > start_a else -0.2e-6
    thresholds_a = []
    initial = chain.states[0]
    for step in range(round((stop_a - start_a) / step_a)):
        current_a = start_a + (step + 0.5) * step_a
        chain.set_source(0, current_a)
        chain.advance(abs(step_a) / 100e-6)
        switched = len(chain.states) - chain.states.count(initial)
        thresholds_a += [current_a] * (switched - len(thresholds_a))
    return thresholds_a


@pytest.mark.parametrize("spread_a", [3.2e-6, 4.3e-6])
def test_rising_reference_ramp_switches_at_the_mean_and_spread_asked_for(spread_a):
    count = 800
    model = replace(J1, critical_spread_a=spread_a)
    thresholds_a = ramp_thresholds_a(JunctionChain([model] * count, seed=1), 164e-6, 244e-6)
    assert len(thresholds_a) == count
    assert fmean(thresholds_a) == pytest.approx(224e-6, abs=4 * spread_a / sqrt(count))
    assert stdev(thresholds_a) == pytest.approx(spread_a, rel=4 * sqrt(1.1 / count))


def test_falling_reference_ramp_switches_back_at_the_mean_and_spread_asked_for():
    count = 800
    chain = chain_of(J1, count, 400e-6)
    chain.advance(0.1)
    assert set(chain.states) == {"P"}
    thresholds_a = ramp_thresholds_a(chain, 3e-6, -77e-6)
    assert len(thresholds_a) == count
    assert fmean(thresholds_a) == pytest.approx(-57e-6, abs=4 * 4.3e-6 / sqrt(count))
    assert stdev(thresholds_a) == pytest.approx(4.3e-6, rel=4 * sqrt(1.1 / count))


def test_ramp_thresholds_have_their_tail_on_the_early_side():
    thresholds_a = ramp_thresholds_a(JunctionChain([J1] * 800, seed=2), 164e-6, 244e-6)
    early = sum(threshold_a < 224e-6 - 2 * 4.3e-6 for threshold_a in thresholds_a)
    late = sum(threshold_a > 224e-6 + 2 * 4.3e-6 for threshold_a in thresholds_a)
    assert early > 10 * max(late, 1)


@pytest.mark.parametrize("dwell_s", [1e-3, 1e-1, 10.0])
def test_held_input_switches_half_the_time_at_a_current_2_30_over_s_lower_per_decade_of_dwell(dwell_s):
    count = 2000
    law = J1.switching_law()
    median_at_1ms_a = law.intrinsic_up_a - log(1e9 * 1e-3 / log(2)) / law.sensitivity_per_a
    median_a = median_at_1ms_a - 2.302585 / law.sensitivity_per_a * round(log(dwell_s / 1e-3, 10))
    chain = chain_of(J1, count, median_a)
    chain.advance(dwell_s)
    assert parallel_share(chain) == pytest.approx(0.5, abs=4 * 0.5 / sqrt(count))


def test_lifetimes_are_exponential_with_the_inverse_rate_as_mean():
    count = 2000
    current_a = 215e-6
    rate_per_s = J1.switching_law().rate_per_s("AP", current_a)
    aperture_s = 20.0 / rate_per_s
    parallel_v, antiparallel_v = (J1.voltage_v(state, current_a) for state in ("P", "AP"))
    voltages_v = chain_of(J1, count, current_a).average_voltages_v(aperture_s)
    lifetimes_s = [aperture_s * (v - parallel_v) / (antiparallel_v - parallel_v) for v in voltages_v]
    assert fmean(lifetimes_s) == pytest.approx(1.0 / rate_per_s, rel=4 / sqrt(count))
    assert kstest(lifetimes_s, "expon", args=(0.0, 1.0 / rate_per_s)).pvalue > 1e-3


def test_many_flips_within_one_duration_reach_the_occupation_of_the_two_state_process():
    count, current_a, duration_s = 4000, 8e-6, 10e-3
    law = RESTLESS.switching_law()
    up_per_s, down_per_s = (law.rate_per_s(state, current_a) for state in ("AP", "P"))
    both_per_s = up_per_s + down_per_s
    memory = exp(-both_per_s * duration_s)
    assert 0.01 < memory < 0.1

    chain = chain_of(RESTLESS, count, current_a)
    assert set(chain.states) == {"AP"}
    voltages_v = chain.average_voltages_v(duration_s)

    expected = up_per_s / both_per_s * (1 - memory)
    assert parallel_share(chain) == pytest.approx(expected, abs=4 * sqrt(expected * (1 - expected) / count))

    parallel_v, antiparallel_v = (RESTLESS.voltage_v(state, current_a) for state in ("P", "AP"))
    shares = [(v - parallel_v) / (antiparallel_v - parallel_v) for v in voltages_v]
    expected = (down_per_s + up_per_s * (1 - memory) / (both_per_s * duration_s)) / both_per_s
    assert fmean(shares) == pytest.approx(expected, abs=4 * stdev(shares) / sqrt(count))


@given(cuts=st.lists(st.floats(0.0, 1.0), max_size=6), current_ua=st.floats(0.0, 15.0))
@settings(max_examples=30, deadline=None)
def test_cutting_a_duration_into_pieces_changes_nothing(cuts, current_ua):
    whole, pieces = (chain_of(RESTLESS, 20, current_ua * 1e-6) for _ in range(2))
    whole_v = whole.average_voltages_v(0.1)
    bounds = sorted({0.0, *(cut * 0.1 for cut in cuts), 0.1})
    weighted = [[v * (to - since) for v in pieces.average_voltages_v(to - since)] for since, to in pairwise(bounds)]
    assert pieces.states == whole.states
    assert [sum(parts) / 0.1 for parts in zip(*weighted, strict=True)] == pytest.approx(whole_v, rel=1e-9)


def test_voltage_of_an_aperture_is_weighted_with_the_time_in_each_state():
    chain, fine = (chain_of(J1, 1, 215e-6, seed=5) for _ in range(2))
    aperture_s = 4.0 / J1.switching_law().rate_per_s("AP", 215e-6)
    (voltage_v,) = chain.average_voltages_v(aperture_s)
    slices_v = [fine.average_voltages_v(aperture_s / 1000)[0] for _ in range(1000)]
    assert J1.voltage_v("P", 215e-6) < voltage_v < J1.voltage_v("AP", 215e-6)
    assert voltage_v == pytest.approx(fmean(slices_v), rel=1e-12)
    assert chain.time_s == pytest.approx(fine.time_s) == pytest.approx(aperture_s)


@pytest.mark.parametrize(("field_t", "shift_a"), [(6e-3, 0.0), (6.5e-3, -10e-6), (5e-3, 20e-6)])
def test_field_moves_both_thresholds_alike_by_20_ua_per_mt(field_t, shift_a):
    count, dwell_s = 2000, 0.1
    law = J1.switching_law()
    advance_a = log(1e9 * dwell_s / log(2)) / law.sensitivity_per_a
    chain = chain_of(J1, count, law.intrinsic_up_a - advance_a + shift_a, field_t=field_t)
    chain.advance(dwell_s)
    assert parallel_share(chain) == pytest.approx(0.5, abs=4 * 0.5 / sqrt(count))

    chain.set_source(0, 400e-6)
    chain.advance(dwell_s)
    assert parallel_share(chain) == 1.0
    chain.set_source(0, law.intrinsic_down_a + advance_a + shift_a)
    chain.advance(dwell_s)
    assert parallel_share(chain) == pytest.approx(0.5, abs=4 * 0.5 / sqrt(count))


def test_field_may_change_while_a_current_is_held():
    chain = chain_of(J1, 5, 200e-6)
    chain.advance(0.01)
    assert set(chain.states) == {"AP"}
    chain.field_t = 9e-3
    assert chain.field_t == 9e-3
    chain.advance(0.01)
    assert set(chain.states) == {"P"}


def test_drift_moves_thresholds_by_the_hour():
    count, dwell_s = 2000, 0.1
    law = J1.switching_law()
    median_a = law.intrinsic_up_a - log(1e9 * dwell_s / log(2)) / law.sensitivity_per_a
    chain = JunctionChain([replace(J1, critical_drift_a_per_h=5e-6)] * count, seed=1)
    chain.advance(2 * 3600.0)
    chain.set_source(0, median_a + 10e-6)
    chain.advance(dwell_s)
    assert parallel_share(chain) == pytest.approx(0.5, abs=4 * 0.5 / sqrt(count))


def test_drift_scales_the_resistance_by_the_hour():
    chain = chain_of(replace(J1, resistance_drift_per_h=0.01), 1, -1e-9)
    (before_v,) = chain.average_voltages_v(0.02)
    chain.advance(3 * 3600.0)
    (after_v,) = chain.average_voltages_v(0.02)
    assert after_v / before_v == pytest.approx(1.03, rel=1e-6)


def test_leads_add_their_ohmic_drop():
    (voltage_v,) = chain_of(replace(J1, lead_resistance_ohm=20.0), 1, -500e-6).average_voltages_v(0.02)
    assert voltage_v == pytest.approx(J1.voltage_v("AP", -500e-6) - 500e-6 * 20.0, rel=1e-12)


def test_junctions_carry_the_running_sum_of_the_sources():
    chain = JunctionChain([J1, J2, J3], seed=1)
    for k, current_a in enumerate([-460e-6, 80e-6, -180e-6]):
        chain.set_source(k, current_a)
    assert chain.junction_currents_a == pytest.approx((-460e-6, -380e-6, -560e-6))
    chain.set_sources([-500e-6, 0.0, 0.0])
    assert chain.junction_currents_a == (-500e-6, -500e-6, -500e-6)


def test_top_of_the_chain_at_reset():
    chain = JunctionChain([J1, J2, J3], seed=1)
    chain.set_source(0, -500e-6)
    chain.advance(0.01)
    assert chain.states == ("AP", "AP", "AP")
    assert sum(chain.average_voltages_v(0.02)) == pytest.approx(-2.18, abs=0.01)


def test_start_is_antiparallel_unless_zero_current_switches():
    assert JunctionChain([J1, J2, J3], seed=1).states == ("AP", "P", "AP")
    assert JunctionChain([J1, J2, J3], seed=1, field_t=20e-3).states == ("P", "P", "P")


def test_paper_presentation_resets_and_switches_by_rank():
    chain = JunctionChain([J1, J2, J3], seed=1)
    seen = []
    for input_a in (0.0, 565e-6, 0.0, 800e-6, 0.0):
        chain.set_source(0, -500e-6 + input_a)
        chain.advance(0.06)
        seen.append(chain.states)
    reset = ("AP", "AP", "AP")
    assert seen == [reset, ("AP", "P", "AP"), reset, ("P", "P", "P"), reset]


def course(models, seed):
    chain = JunctionChain(models, seed)
    voltages_v = []
    for step in range(60):
        chain.set_source(0, (150 + 2 * step) * 1e-6)
        voltages_v.append(chain.average_voltages_v(0.02))
    return voltages_v


def test_same_seed_same_course():
    assert course([J1, J2, J3], seed=7) == course([J1, J2, J3], seed=7)
    assert course([J1, J2, J3], seed=7) != course([J1, J2, J3], seed=8)


def test_further_junctions_leave_the_course_of_the_others_as_it_is():
    assert [voltages_v[:2] for voltages_v in course([J1, J2, J3], seed=7)] == course([J1, J2], seed=7)


def test_like_junctions_switch_independently():
    thresholds_a = ramp_thresholds_a(JunctionChain([J1] * 50, seed=1), 164e-6, 244e-6)
    assert len(set(thresholds_a)) > 10


@pytest.mark.parametrize("sources_a", [[], [0.0], [0.0, nan], [inf, 0.0], [0.0, 0.0, 0.0]])
def test_sources_must_be_as_many_as_junctions_and_finite(sources_a):
    chain = JunctionChain([J1, J2], seed=1)
    with pytest.raises(ValueError, match="2 junctions"):
        chain.set_sources(sources_a)


@pytest.mark.parametrize("k", [-1, 2])
def test_source_must_exist(k):
    with pytest.raises(ValueError, match="no source"):
        JunctionChain([J1, J2], seed=1).set_source(k, 0.0)


@pytest.mark.parametrize("dt_s", [-1e-3, nan, inf])
def test_time_never_runs_backwards(dt_s):
    chain = JunctionChain([J1], seed=1)
    with pytest.raises(ValueError, match="time cannot pass"):
        chain.advance(dt_s)


@pytest.mark.parametrize("aperture_s", [0.0, -1e-3])
def test_aperture_must_be_positive(aperture_s):
    with pytest.raises(ValueError, match="aperture"):
        JunctionChain([J1], seed=1).average_voltages_v(aperture_s)
