"""Currents that switch half of the time: intervals cover the truth, and they fall by 1/s for each factor e of width."""

from random import Random

import pytest

from mtjlab.analysis.pulses import PulseOutcome, PulseThreshold, ThresholdSearch, pulse_threshold, width_slopes
from mtjlab.analysis.rest import RestState
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.domain import CriticalCurrents
from mtjlab.errors import LimitExceededError

TRUTH = SwitchingLaw(224.0, 4.3)
BELIEVED = SwitchingLaw(230.0, 6.0)
"""What a few ramps told: near the truth, and not it."""
PAPER = CriticalCurrents((224.0, -66.0, 196.0), (-57.0, -347.0, -85.0), (4.3,) * 3, (4.3,) * 3, 50, 100.0)


def probed(width_s: float, seed: int, probes: int = 60) -> PulseThreshold:
    search, outcomes, random = ThresholdSearch.start(BELIEVED, width_s), [], Random(seed)
    for _ in range(probes):
        current_ua = round(search.next_ua)
        switched = random.random() < TRUTH.probability(float(current_ua), width_s)
        outcomes.append(PulseOutcome(current_ua, width_s, switched))
        search = search.after(outcomes[-1])
    return pulse_threshold(0, BELIEVED, width_s, outcomes)


def test_intervals_hold_the_truth() -> None:
    found = [probed(1e-5, seed) for seed in range(24)]
    truth_ua = TRUTH.held_ua(1e-5)
    covered = [one.low_ua < truth_ua < one.high_ua for one in found if one.low_ua and one.high_ua]
    assert len(covered) == 24
    assert sum(covered) >= 20


def test_it_rises_by_1_over_s_for_each_factor_e() -> None:
    (slope,) = width_slopes([probed(width_s, seed=3, probes=120) for width_s in (1e-6, 1e-4, 1e-2)])
    assert slope.low_ua < -4.3 * 6**0.5 / 3.14159265 < slope.high_ua
    assert slope.high_ua - slope.low_ua < 0.6


def test_pulses_that_all_switch_tell_no_current() -> None:
    outcomes = [PulseOutcome(330.0, 1e-3, switched=True)] * 20
    assert pulse_threshold(0, BELIEVED, 1e-3, outcomes).i50_ua is None
    assert width_slopes([pulse_threshold(0, BELIEVED, 1e-3, outcomes)]) == ()


def test_nothing_is_told_of_no_pulses() -> None:
    assert pulse_threshold(0, BELIEVED, 1e-3, ()) == PulseThreshold(0, 1e-3, None, None, None, None, None, 0)


class TestRest:
    def test_of_the_papers_chip(self) -> None:
        rest = RestState.of(PAPER)
        assert rest.currents_ua == (83.5, -206.5, 55.5)
        assert rest.lifetime_s(1) > 1e15

    def test_a_control_part_of_90_ua_keeps_a_state_for_two_days(self) -> None:
        assert RestState.of(PAPER).lifetime_s(0, 90.0) == pytest.approx(2e5, rel=0.1)
        assert RestState.of(PAPER).lifetime_s(0, -90.0) == pytest.approx(2e5, rel=0.1)

    def test_a_control_part_that_might_lose_a_state_is_refused_with_its_lifetime(self) -> None:
        rest = RestState.of(PAPER)
        rest.demand((90.0, -90.0, 0.0))
        with pytest.raises(LimitExceededError, match=r"110 uA on J2 .* a state would last \d+ s .* -100.2 to 100.2"):
            rest.demand((0.0, 110.0, 0.0))

    def test_a_reset_pulse_resets_every_junction(self) -> None:
        rest = RestState.of(PAPER)
        pulse_ua = rest.reset_pulse_ua(1e-3, failure=1e-6)
        for law, middle_ua in zip(rest.falling, rest.currents_ua, strict=True):
            assert law.probability(middle_ua + pulse_ua, 1e-3) > 1 - 1.01e-6
