"""Mean and spread of critical currents: the truth lies within the intervals, and what was not seen is not claimed."""

from dataclasses import replace

import numpy as np
import pytest

from mtjlab.analysis import likelihood
from mtjlab.analysis.critical import estimate_critical
from mtjlab.analysis.estimates import CriticalEstimate, NotDetermined
from mtjlab.analysis.likelihood import evidence_of, log_likelihood
from mtjlab.analysis.passage import Course, Passage
from mtjlab.analysis.posterior import SPREADS_UA, flat, posterior
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.domain import Interval
from scripts.benchmarks.drawn_passages import leg_passages, ramps

STAIR = Course((200.0, 205.0), (0.01, 0.04))
IN_ONE_STEP = Passage(True, "switched", Course(tuple(np.arange(0.0, 201.0, 5.0)), (0.05,) * 41), STAIR)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def determined(passages: list[Passage]) -> CriticalEstimate:
    found = estimate_critical(passages)
    assert isinstance(found, CriticalEstimate)
    return found


def width(interval: Interval) -> float:
    return interval.high_ua - interval.low_ua


def hazard(law: SwitchingLaw, course: Course) -> float:
    return float(np.sum(law.rate_per_s(np.array(course.currents_ua)) * np.array(course.durations_s)))


def test_the_likelihood_is_that_of_the_hazard() -> None:
    passages = [
        Passage(True, "switched", Course((190.0, 195.0), (0.05, 0.03)), STAIR),
        Passage(True, "never", Course((190.0, 215.0), (0.05, 0.05))),
        Passage(True, "already"),
    ]
    law = SwitchingLaw(208.0, 4.0)
    survived, spent = sum(hazard(law, p.survived) for p in passages[:2]), hazard(law, STAIR)
    logs = log_likelihood(evidence_of(passages), np.array([208.0, 250.0]), np.array([2.0, 4.0, 8.0]))
    assert logs.shape == (2, 3)
    assert logs[0, 1] == pytest.approx(-survived + np.log(-np.expm1(-spent)))


def test_a_likelihood_is_the_same_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = evidence_of(ramps(SwitchingLaw(224.0, 4.3), 30, rng()))
    axes = np.linspace(210.0, 240.0, 17), np.geomspace(1.0, 20.0, 5)
    at_once = log_likelihood(evidence, *axes)
    monkeypatch.setattr(likelihood, "_LARGEST_BLOCK", 400)
    assert np.array_equal(log_likelihood(evidence, *axes), at_once)


def test_of_very_many_switches_those_that_are_alike_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Durations of a bench are never quite the same."""
    jitter = rng(3)
    passages = [
        replace(one, switched_in=replace(one.switched_in, durations_s=(0.01, 0.04 + 1e-6 * jitter.normal())))
        for one in ramps(SwitchingLaw(224.0, 4.3), 300, rng(4))
    ]
    each = determined(passages)
    monkeypatch.setattr(likelihood, "_ALONE", 100)
    assert len(evidence_of(passages).times) < 20
    together = determined(passages)
    assert together.switched == each.switched == 300
    assert together.law.mean_ua == pytest.approx(each.law.mean_ua, abs=0.01)
    assert together.law.spread_ua == pytest.approx(each.law.spread_ua, abs=0.01)


def test_evidence_of_both_directions_or_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="one direction"):
        evidence_of([Passage(True, "never", STAIR), Passage(False, "never", STAIR)])
    with pytest.raises(ValueError, match="at least one"):
        evidence_of([])


def test_legs_in_which_time_ran_back_give_no_critical_current_and_say_what_to_correct() -> None:
    """Readings shorter than half the aperture of the bench file: the moment a reading shows lies before its input."""
    early = replace(IN_ONE_STEP, switched_in=Course((200.0, 205.0), (0.01, -0.003)))
    found = estimate_critical([IN_ONE_STEP, early])
    assert isinstance(found, NotDetermined)
    assert "nplc" in found.reason
    with pytest.raises(ValueError, match="not negative"):
        evidence_of([early])


@pytest.mark.parametrize(("mean_ua", "spread_ua"), [(224.0, 4.3), (-66.0, 2.0), (196.0, 15.0)])
def test_many_repetitions_find_the_law(mean_ua: float, spread_ua: float) -> None:
    for law, passages in (
        (up := SwitchingLaw(mean_ua, spread_ua), ramps(up, 200, rng(1))),
        (down := SwitchingLaw(mean_ua, spread_ua, rising=False), ramps(down, 200, rng(2))),
    ):
        found = determined(passages)
        assert found.law.rising is law.rising
        assert found.law.mean_ua == pytest.approx(mean_ua, abs=4 * found.mean_error_ua)
        assert found.law.spread_ua == pytest.approx(spread_ua, abs=4 * found.spread_error_ua)
        assert found.mean_error_ua == pytest.approx(spread_ua / 200**0.5, rel=0.4)


def test_a_staircase_of_another_pace_refers_to_the_reference_ramp_nevertheless() -> None:
    law = SwitchingLaw(224.0, 4.3)
    found = determined(leg_passages(law, np.arange(100.0, 301.0, 2.0), 1.0, 300, rng(3)))
    assert found.law.mean_ua == pytest.approx(224.0, abs=4 * found.mean_error_ua)


@pytest.mark.parametrize("rising", [True, False])
def test_intervals_cover_the_truth_as_often_as_they_say(rising: bool) -> None:
    """Ten repetitions of the default sweep. A short form of ``scripts/benchmarks/critical_currents.py``."""
    means = spreads = 0
    for seed in range(40):
        law = SwitchingLaw(220.0 + seed / 8, 4.3, rising)
        found = determined(ramps(law, 10, rng(seed)))
        means += law.mean_ua in found.mean_interval
        spreads += law.spread_ua in found.spread_interval
    assert means >= 35
    assert spreads >= 35


def test_all_repetitions_in_one_interval_say_that_the_spread_is_small_and_no_more() -> None:
    found = determined([IN_ONE_STEP] * 10)
    assert 200 - 1 < found.mean_interval.low_ua < found.law.mean_ua < found.mean_interval.high_ua < 205 + 1
    assert found.spread_interval.low_ua == pytest.approx(SPREADS_UA.low_ua, rel=0.2)
    assert 1 < found.spread_interval.high_ua < min(5, 0.7 * SPREADS_UA.high_ua)


def test_one_repetition_has_a_wide_interval_and_no_spread() -> None:
    found = determined([IN_ONE_STEP])
    assert width(found.mean_interval) > 50
    assert found.spread_interval.high_ua >= 0.7 * SPREADS_UA.high_ua
    assert (found.switched, found.repetitions) == (1, 1)


def test_two_repetitions_are_honest_about_themselves() -> None:
    found = determined(ramps(SwitchingLaw(224.0, 4.3), 2, rng()))
    assert 224.0 in found.mean_interval
    assert width(found.mean_interval) > 10


@pytest.mark.parametrize("outcome", ["never", "already"])
def test_a_junction_that_was_never_seen_to_switch_is_not_determined(outcome: str) -> None:
    passage = Passage(True, "never", Course((390.0, 395.0), (0.05, 0.05))) if outcome == "never" else None
    found = estimate_critical([passage or Passage(True, "already")] * 5)
    assert isinstance(found, NotDetermined)
    assert ("395 uA" if passage else "Begin the sweep farther off") in found.reason


def test_a_junction_that_switches_only_now_and_then_below_the_top_is_not_determined_or_very_uncertain() -> None:
    never = Passage(True, "never", Course(tuple(np.arange(200.0, 300.0, 5)), (0.05,) * 20))
    found = estimate_critical(
        [never] * 19 + [Passage(True, "switched", Course(), Course((290.0, 295.0), (0.01, 0.04)))]
    )
    assert isinstance(found, NotDetermined) or width(found.mean_interval) > 20


def test_legs_that_began_after_the_switch_do_not_disturb_the_others() -> None:
    law = SwitchingLaw(224.0, 4.3)
    passages = leg_passages(law, np.arange(222.0, 300.0, 5.0), 0.05, 400, rng(5))
    assert any(passage.outcome == "already" for passage in passages)
    found = determined(passages)
    assert pytest.approx(found.law.mean_ua, abs=4 * found.mean_error_ua) == 224.0


def test_control_currents_move_an_estimate_as_a_whole() -> None:
    found = determined(ramps(SwitchingLaw(224.0, 4.3), 10, rng()))
    moved = found.shifted(500.0)
    assert moved.law.mean_ua == found.law.mean_ua + 500
    assert moved.mean_interval.low_ua == found.mean_interval.low_ua + 500
    assert moved.spread_interval == found.spread_interval


def test_a_posterior_may_be_told_more_bit_by_bit() -> None:
    passages = ramps(SwitchingLaw(224.0, 4.3), 12, rng())
    at_once = posterior(evidence_of(passages), Interval(0.0, 400.0))
    bit_by_bit = flat(Interval(at_once.means_ua[0], at_once.means_ua[-1]))
    for passage in passages:
        bit_by_bit = bit_by_bit.given(evidence_of([passage]))
    assert bit_by_bit.mean_ua() == pytest.approx(at_once.mean_ua(), abs=0.05)
    assert bit_by_bit.errors_ua == pytest.approx(at_once.errors_ua, rel=0.05)
