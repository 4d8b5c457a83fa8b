"""The switching law: what a ramp says of a junction, and what follows for any other course of its current."""

import numpy as np
import pytest

from instruments.simulated.junction import SwitchingLaw as SimulatedLaw
from mtjlab.analysis.switching_law import SwitchingLaw

LAW = SwitchingLaw(224.0, 4.3)
FALLING = SwitchingLaw(-57.0, 4.3, rising=False)


@pytest.mark.parametrize("spread_ua", [2.0, 4.3, 15.0])
def test_rates_are_those_of_the_simulated_junction(spread_ua: float) -> None:
    truth = SimulatedLaw.from_ramp(224e-6, -57e-6, spread_ua * 1e-6)
    for current_ua in (-100.0, 0.0, 150.0, 224.0, 230.0):
        up, down = SwitchingLaw(224.0, spread_ua), SwitchingLaw(-57.0, spread_ua, rising=False)
        assert up.rate_per_s(current_ua) == pytest.approx(truth.rate_per_s("AP", current_ua * 1e-6))
        assert down.rate_per_s(current_ua) == pytest.approx(truth.rate_per_s("P", current_ua * 1e-6))


@pytest.mark.parametrize(("law", "sign"), [(LAW, 1.0), (FALLING, -1.0)])
def test_thresholds_of_a_slow_fine_staircase_have_the_mean_and_spread_of_the_ramp(
    law: SwitchingLaw, sign: float
) -> None:
    currents_ua = law.mean_ua + sign * np.arange(-60.0, 30.0, 0.01)
    survived = np.exp(-np.cumsum(law.rate_per_s(currents_ua) * 0.01 / law.ramp_ua_per_s))
    density = -np.diff(survived, prepend=1.0)
    mean_ua = float(np.sum(currents_ua * density))
    assert mean_ua == pytest.approx(law.mean_ua, abs=0.02)
    assert np.sqrt(np.sum((currents_ua - mean_ua) ** 2 * density)) == pytest.approx(law.spread_ua, abs=0.02)


@pytest.mark.parametrize("law", [LAW, FALLING])
def test_a_held_current_switches_by_its_own_distribution(law: SwitchingLaw) -> None:
    assert law.probability(law.held_ua(0.1), 0.1) == pytest.approx(0.5)
    assert law.probability(law.held_ua(0.1, 0.8), 0.1) == pytest.approx(0.8)
    currents_ua = law.mean_ua + np.arange(-100.0, 100.0, 0.1)
    share = law.probability(currents_ua, 0.1)
    mean_ua = float(np.sum((currents_ua[1:] + currents_ua[:-1]) / 2 * np.abs(np.diff(share))))
    assert mean_ua == pytest.approx(law.held_mean_ua(0.1), abs=0.01)


def test_a_longer_dwell_needs_less_current_by_the_logarithm() -> None:
    per_decade_ua = np.log(10.0) * 4.3 * np.sqrt(6.0) / np.pi
    assert LAW.held_mean_ua(0.1) - LAW.held_mean_ua(1.0) == pytest.approx(per_decade_ua)
    assert FALLING.held_mean_ua(1.0) - FALLING.held_mean_ua(0.1) == pytest.approx(per_decade_ua)
    assert LAW.at_ramp(1000.0).mean_ua - LAW.mean_ua == pytest.approx(per_decade_ua)


def test_another_ramp_is_another_name_of_the_same_junction() -> None:
    faster = LAW.at_ramp(3000.0)
    assert faster.rate_per_s(220.0) == pytest.approx(LAW.rate_per_s(220.0))
    assert faster.at_ramp(100.0).mean_ua == pytest.approx(LAW.mean_ua)


def test_control_currents_move_the_mean_alone() -> None:
    assert LAW.shifted(500.0).rate_per_s(720.0) == pytest.approx(LAW.rate_per_s(220.0))


def test_far_beyond_the_threshold_a_junction_switches_for_certain_and_nothing_overflows() -> None:
    sharp = SwitchingLaw(0.0, 0.3)
    assert sharp.probability(1000.0, 1e-3) == 1.0
    assert sharp.probability(-1000.0, 1e3) == 0.0


@pytest.mark.parametrize(
    ("law", "current_ua"), [(LAW, 200.0), (LAW, 224.0), (LAW, 232.0), (LAW, 260.0), (FALLING, -70.0)]
)
def test_what_is_left_of_a_pulse_after_switching_is_the_mean_over_all_that_switch(
    law: SwitchingLaw, current_ua: float
) -> None:
    times_s = np.linspace(0.0, 0.05, 200_001)
    density = np.exp(-law.rate_per_s(current_ua) * times_s)
    assert law.share_after(current_ua, 0.05) == pytest.approx(1 - np.average(times_s, weights=density) / 0.05, abs=1e-3)


def test_it_is_one_half_where_hardly_any_switch_and_all_where_they_switch_at_once() -> None:
    assert LAW.share_after(100.0, 0.05) == 0.5
    assert LAW.share_after(400.0, 0.05) == pytest.approx(1.0)
