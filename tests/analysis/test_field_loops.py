"""Coercive fields, shifts and resistances from loops against the field: right, and as sure as they say."""

from math import comb

import numpy as np
import pytest

from mtjlab.analysis.density import Density
from mtjlab.analysis.field_legs import FieldLeg, field_passage
from mtjlab.analysis.field_loops import Measured, loop_estimate
from tests.analysis.field_chip import APERTURE_S, loops, magnet_bench, true_fields_mt

SEEDS = 20
FEWEST = 15
"""Of 20 intervals that cover in 95 %, at least so many do in all but 1 of 1000 cases."""


def holds(interval: Measured | None, true: float) -> bool:
    return interval is not None and interval.low <= true <= interval.high


def test_the_least_count_is_that_of_the_binomial_distribution() -> None:
    below = sum(comb(SEEDS, n) * 0.95**n * 0.05 ** (SEEDS - n) for n in range(FEWEST))
    assert below < 1e-3


def test_intervals_cover_the_mean_switching_fields_of_the_law() -> None:
    config = magnet_bench()
    covered = {"coercive": 0, "shift": 0, "tmr": 0}
    for seed in range(SEEDS):
        junction = seed % config.junctions
        found = loop_estimate(loops(config, seed, count=6), junction, APERTURE_S)
        up_mt, down_mt = true_fields_mt(config, junction, found.ramp_mt_per_s)
        covered["coercive"] += holds(found.coercive_mt, (up_mt - down_mt) / 2)
        covered["shift"] += holds(found.shift_mt, (up_mt + down_mt) / 2)
        covered["tmr"] += holds(found.tmr, 1.18847)  # at 20 uA, from the bias dependence of the model
    assert min(covered.values()) >= FEWEST, covered


def test_a_single_probing_current_moves_the_loop_by_what_it_is_worth_in_field() -> None:
    config = magnet_bench(critical_shift_ua_per_mt=40.0)
    for probe_ua in (30.0, -30.0):
        found = loop_estimate(loops(config, probes_ua=(probe_ua,), count=8), 0, APERTURE_S)
        up_mt, down_mt = true_fields_mt(config, 0, found.ramp_mt_per_s, probe_ua)
        assert found.shift_mt is not None
        assert found.shift_mt.value == pytest.approx((up_mt + down_mt) / 2, abs=0.15)


def test_an_offset_of_the_voltmeter_is_no_resistance_with_both_signs() -> None:
    config = magnet_bench(meter_offset_mv=0.8)
    found = loop_estimate(loops(config), 1, APERTURE_S)
    assert found.r_p_kohm is not None
    assert holds(found.r_p_kohm, 1.09998)
    assert found.r_p_kohm.high - found.r_p_kohm.low < 0.002


def test_remanence_of_the_magnet_is_in_what_the_gaussmeter_shows() -> None:
    config = magnet_bench(remanence_mt=1.0)
    found = loop_estimate(loops(config, count=6), 0, APERTURE_S)
    up_mt, down_mt = true_fields_mt(config, 0, found.ramp_mt_per_s)
    assert found.coercive_mt is not None
    assert found.coercive_mt.value == pytest.approx((up_mt - down_mt) / 2, abs=0.25)


def value(measured: Measured | None) -> float:
    assert measured is not None
    return measured.value


def mirrored(leg: FieldLeg) -> FieldLeg:
    """The same with the field reversed: a chip whose P state is at low fields."""
    return FieldLeg(not leg.rising, leg.currents_ua, -leg.fields_mt, leg.reached_s, leg.read_s, leg.voltages_mv)


def test_a_chip_that_is_parallel_in_low_fields_is_the_mirror_image() -> None:
    legs = loops(magnet_bench())
    one, other = loop_estimate(legs, 2, APERTURE_S), loop_estimate([mirrored(leg) for leg in legs], 2, APERTURE_S)
    assert (one.prefers_parallel, other.prefers_parallel) == (True, False)
    assert value(other.shift_mt) == pytest.approx(-value(one.shift_mt), abs=0.01)
    assert value(other.coercive_mt) == pytest.approx(value(one.coercive_mt), abs=0.01)
    assert value(other.tmr) == pytest.approx(value(one.tmr))


def test_a_loop_beyond_the_fields_says_why_it_is_not_determined() -> None:
    found = loop_estimate(loops(magnet_bench(), ends_mt=(-8.0, 20.0), count=2), 1, APERTURE_S)
    assert found.coercive_mt is None
    assert "Sweep farther" in found.reason


def leg_of(states: str, rising: bool = True) -> FieldLeg:
    """A reading in each field: + for AP, - for P, each with two samples."""
    volts = np.array([[[40.0 if state == "+" else 20.0]] * 2 for state in states])
    fields_mt = np.arange(len(states), dtype=float)
    reached_s = 0.5 + np.arange(len(states), dtype=float)
    return FieldLeg(rising, np.array([20.0]), fields_mt, reached_s, reached_s + 0.4, volts)


def test_a_switch_lies_between_two_readings_and_all_the_time_is_accounted_for() -> None:
    passage = field_passage(leg_of("+++---"), 0, aperture_s=0.1)
    # from the middle of the last aperture of the first reading to that of the last unswitched one, and of the next
    assert passage.survived.durations_s.sum() == pytest.approx(2.0)
    assert passage.switched_in.durations_s.sum() == pytest.approx(1.0)
    assert passage.switched_in.fields_mt[[0, -1]].tolist() == [2.0, 3.0]
    ramp_mt = passage.switched_in.fields_mt[1:-1]
    assert ramp_mt.mean() == pytest.approx(2.5)
    assert np.all(np.diff(ramp_mt) > 0)


def test_of_a_junction_that_hops_the_first_switch_counts() -> None:
    passage = field_passage(leg_of("++-+--"), 0, aperture_s=0.1)
    assert passage.switched_in.fields_mt[[0, -1]].tolist() == [1.0, 2.0]


def test_the_sum_of_densities_is_that_of_independent_quantities() -> None:
    nodes = np.arange(-5.0, 5.0, 0.01)
    one = Density(-5.0, 0.01, np.exp(-(nodes**2) / 2))
    other = Density(-5.0 + 2.0, 0.01, np.exp(-(nodes**2) / 2 / 0.25))
    low, high = one.plus(other.negative()).interval
    assert (low + high) / 2 == pytest.approx(-2.0, abs=0.01)
    assert high - low == pytest.approx(2 * 1.96 * 1.25**0.5, rel=0.01)
    assert one.over(2.0).interval[1] == pytest.approx(0.98, abs=0.01)
