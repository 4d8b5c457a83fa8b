"""How far chains scale: recognition by the switching law, junctions within limits, chains for many classes."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.special import ndtr

from mtjlab.analysis.scale import Build, Chains, Limit, chains_for
from mtjlab.detection.resistance import ResistanceLaw

LAW = ResistanceLaw(r_p_ohm=1100, tmr=1.2, half_bias_mv=500, bias_per_v2=0.1)
CURRENT = Limit("current", 750.0)
BUILD = Build(up_ua=224.0, down_ua=-57.0, margin_ua=40.0, law=LAW, drive=(CURRENT,), reset=(CURRENT,))


@pytest.mark.parametrize(
    ("junctions", "inputs", "spacing_ua", "percent"),
    [
        (3, 2, 20, 95.9), (10, 2, 20, 94.8), (3, 2, 24, 97.6), (10, 2, 24, 97.3),
        (10, 1, 28, 99.2), (10, 2, 28, 98.5), (10, 4, 28, 97.0), (10, 8, 28, 93.9), (10, 16, 28, 87.9),
    ],
)  # fmt: skip
def test_recognition_is_as_worked_out_before(junctions: int, inputs: int, spacing_ua: float, percent: float) -> None:
    assert 100 * Chains(junctions, inputs, spacing_ua, 4.3).expected() == pytest.approx(percent, abs=0.35)


def test_the_early_tail_loses_more_than_a_normal_distribution_of_the_same_spread_would() -> None:
    normal = (1 - ndtr(-12 / 4.3)) ** 2
    assert normal > 0.99
    assert Chains(3, 2, 24.0, 4.3).expected() < 0.98


def test_monte_carlo_agrees() -> None:
    for junctions, inputs, spacing_ua, cloud_ua in product((1, 10), (1, 3), (6.0, 24.0), (0.0, 5.0)):
        chains = Chains(junctions, inputs, spacing_ua, 4.3, cloud_ua)
        assert chains.monte_carlo(seed=1, presentations=40_000) == pytest.approx(chains.expected(), abs=1e-2)
    chains = Chains(10, 2, 24.0, 4.3)
    assert chains.monte_carlo(seed=1) == pytest.approx(chains.expected(), abs=3e-3)
    assert chains.monte_carlo(seed=1, presentations=1000) == chains.monte_carlo(seed=1, presentations=1000)


def test_recognition_falls_with_junctions_inputs_spread_and_cloud_and_rises_with_the_spacing() -> None:
    chains = Chains(5, 2, 30.0, 4.3, 5.0)
    for worse in ({"junctions": 6}, {"inputs": 3}, {"spread_ua": 5.0}, {"cloud_ua": 6.0}, {"spacing_ua": 29.0}):
        assert replace(chains, **worse).expected() < chains.expected()


def test_a_narrow_cloud_is_a_point() -> None:
    point, cloud = Chains(4, 2, 25.0, 4.3), Chains(4, 2, 25.0, 4.3, 0.01)
    assert cloud.expected() == pytest.approx(point.expected(), abs=1e-5)


def test_boundaries_left_out_as_certain_change_nothing() -> None:
    """Far more junctions than the boundaries around a token: the share of errors is that of the inner levels."""
    few, many = (Chains(n, 1, 24.0, 4.3).expected() for n in (10, 100))
    of_boundary = (1 - few) * 11 / 10
    assert 1 - many == pytest.approx(of_boundary * 100 / 101, rel=1e-3)


@pytest.mark.parametrize(("spacing_ua", "junctions"), [(120, 4), (60, 8), (24, 21)])
def test_750_ua_have_room_for_so_many_equal_junctions(spacing_ua: float, junctions: int) -> None:
    largest = BUILD.largest_equal(spacing_ua)
    assert largest.binding == largest.drive
    assert largest.drive.junctions == junctions
    assert largest.reset.junctions == int(1 + (750 - 57 - 40) / spacing_ua)


@pytest.mark.parametrize(("limit_mv", "current_ua"), [(850, 633), (1000, 806), (1200, 1060), (1500, 1491)])
def test_a_voltage_limit_is_a_current_of_the_antiparallel_junction(limit_mv: float, current_ua: float) -> None:
    by_voltage = replace(BUILD, drive=(Limit("voltage", voltage_mv=limit_mv),)).largest_equal(1.0)
    assert by_voltage.drive.junctions == pytest.approx(current_ua - 224, abs=1)


def test_the_limit_that_binds_is_named() -> None:
    limits = (CURRENT, Limit("breakdown", voltage_mv=800.0))
    largest = replace(BUILD, drive=limits, reset=(Limit("small", 150.0), CURRENT)).largest_equal(20.0)
    assert (largest.drive.set_by, largest.reset.set_by, largest.binding.name) == ("breakdown", "small", "reset")


def test_graded_junctions_follow_the_ratio_of_voltages() -> None:
    needed_mv = LAW.voltages_mv(224.0)[1]
    twice = replace(BUILD, drive=(Limit("breakdown", voltage_mv=2 * needed_mv),))
    growth = np.log(1 + 24.0 / 224.0)
    assert twice.largest_graded(24.0).drive.junctions == int(1 + np.log(2) / growth)
    assert twice.largest_graded(24.0).drive.junctions < BUILD.largest_equal(24.0).drive.junctions


def test_nothing_fits_within_limits_that_are_too_small() -> None:
    assert replace(BUILD, drive=(Limit("tiny", 100.0),)).largest_equal(24.0).binding.junctions == 0
    assert chains_for(7, 0) is None


@pytest.mark.parametrize(
    ("classes", "junctions", "chains"),
    [(7, 3, (2, 2)), (16, 3, (2, 3)), (17, 3, (3, 2)), (4, 3, (1, 3)), (2, 1, (1, 1))],
)
def test_chains_have_configurations_enough_and_no_more_than_needed(
    classes: int, junctions: int, chains: tuple[int, int]
) -> None:
    assert chains_for(classes, junctions) == chains
