"""Switching probabilities as they were counted, with Beta intervals and the pace they hold for."""

import numpy as np
import pytest
from scipy.stats import beta

from mtjlab.analysis.passage import Course, Passage
from mtjlab.analysis.probability import jeffreys_interval, probability_on_ramps, probability_when_held
from mtjlab.analysis.switching_law import SwitchingLaw
from scripts.benchmarks.drawn_passages import STEP_S, leg_passages

LAW = SwitchingLaw(224.0, 4.3)


def switched_between(last_ua: float, first_ua: float, *before_ua: float, rising: bool = True) -> Passage:
    survived = Course((*before_ua, last_ua), (0.05,) * (len(before_ua) + 1))
    return Passage(rising, "switched", survived, Course((last_ua, first_ua), (0.01, 0.04)))


def test_jeffreys_intervals_are_quantiles_of_beta_with_ends_where_all_or_none_switched() -> None:
    low, high = jeffreys_interval(np.array([0.0, 3.0, 10.0]), np.array([10.0, 10.0, 10.0]))
    assert low.tolist() == [0.0, pytest.approx(beta.ppf(0.025, 3.5, 7.5)), pytest.approx(beta.ppf(0.025, 10.5, 0.5))]
    assert high.tolist() == [pytest.approx(beta.ppf(0.975, 0.5, 10.5)), pytest.approx(beta.ppf(0.975, 3.5, 7.5)), 1.0]


def test_ramps_count_what_had_switched_by_each_level() -> None:
    counted = probability_on_ramps([switched_between(200, 205), switched_between(205, 210, 200)], 100.0)
    assert counted.currents_ua.tolist() == [200, 205, 210]
    assert counted.switched.tolist() == [0, 1, 2]
    assert counted.trials.tolist() == [2, 2, 2]
    assert counted.shares.tolist() == [0, 0.5, 1]
    assert (counted.ramp_ua_per_s, counted.dwell_s) == (100.0, None)


def test_falling_ramps_count_downwards() -> None:
    legs = [switched_between(-55, -60, rising=False), switched_between(-60, -65, -55, rising=False)]
    counted = probability_on_ramps(legs, 100.0)
    assert counted.currents_ua.tolist() == [-55, -60, -65]
    assert counted.switched.tolist() == [0, 1, 2]


def test_what_was_undecided_or_began_too_late_does_not_count() -> None:
    widened = Passage(
        True, "switched", Course((195.0, 200.0), (0.05, 0.05)), Course((200.0, 205.0, 210.0), (0.05,) * 3)
    )
    never = Passage(True, "never", Course((195.0, 200.0), (0.05, 0.05)))
    counted = probability_on_ramps([widened, never, Passage(True, "already"), switched_between(200, 205)], 100.0)
    assert counted.currents_ua.tolist() == [195, 200, 205, 210]
    assert counted.trials.tolist() == [3, 3, 1, 2]
    assert counted.switched.tolist() == [0, 0, 1, 2]


def test_ramps_agree_with_the_law_that_they_were_drawn_from() -> None:
    currents_ua = np.arange(200.0, 245.0, 5.0)
    counted = probability_on_ramps(leg_passages(LAW, currents_ua, STEP_S, 400, np.random.default_rng(0)), 100.0)
    rates = LAW.rate_per_s(counted.currents_ua)
    true = -np.expm1(-(np.cumsum(rates * STEP_S) - rates * 0.01))
    inside = (counted.low <= true) & (true <= counted.high)
    assert np.count_nonzero(inside[:-1]) >= len(true) - 2


def test_presentations_count_each_current_with_its_dwell() -> None:
    counted = probability_when_held({220.0: [True, False, False, True], 210.0: [False] * 5, 230.0: []}, 0.1)
    assert counted.currents_ua.tolist() == [210, 220]
    assert counted.switched.tolist() == [0, 2]
    assert counted.trials.tolist() == [5, 4]
    assert (counted.ramp_ua_per_s, counted.dwell_s) == (None, 0.1)
