"""Thresholds of all junctions from simultaneous probes, as a specification."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.analysis.thresholds import Thresholds, near_law
from mtjlab.domain import Verdict

HELD_S = 0.09
EXPECTED = [near_law(224.0, 100.0), near_law(-66.0, 100.0), near_law(196.0, 100.0)]
ERROR_UA = 18.0


def probed(known: Thresholds, truth: list[SwitchingLaw], probes: int, seed: int) -> Thresholds:
    """After probes of junctions that follow ``truth``."""
    rng = random.Random(seed)
    for _ in range(probes):
        targets_ua = known.targets_ua(HELD_S)
        verdicts = [
            Verdict.P if rng.random() < float(law.probability(target, HELD_S)) else Verdict.AP
            for law, target in zip(truth, targets_ua, strict=True)
        ]
        known = known.after(targets_ua, HELD_S, verdicts)
    return known


def chip(seed: int, spread_ua: float = 4.3) -> list[SwitchingLaw]:
    """Junctions off by up to 25 uA from where they are expected."""
    rng = random.Random(f"chip {seed}")
    return [SwitchingLaw(law.mean_ua + rng.uniform(-25, 25), spread_ua) for law in EXPECTED]


def off_ua(known: Thresholds, truth: list[SwitchingLaw]) -> list[float]:
    return [
        found.law.held_ua(HELD_S) - law.held_ua(HELD_S)
        for found, law in zip(known.estimates(HELD_S), truth, strict=True)
    ]


@pytest.mark.parametrize("spread_ua", [3.2, 4.3, 6.4])
def test_sixteen_probes_find_all_thresholds_to_half_a_spread(spread_ua: float) -> None:
    off = []
    for seed in range(40):
        truth = chip(seed, spread_ua)
        off += off_ua(probed(Thresholds.near(EXPECTED, ERROR_UA), truth, 16, seed), truth)
    assert np.sqrt(np.mean(np.square(off))) < 0.5 * spread_ua
    assert abs(np.mean(off)) < 0.2 * spread_ua


def test_intervals_cover_the_truth() -> None:
    inside = []
    for seed in range(60):
        truth = chip(seed)
        found = probed(Thresholds.near(EXPECTED, ERROR_UA), truth, 16, seed).estimates(HELD_S)
        inside += [
            law.at_ramp(one.law.ramp_ua_per_s).mean_ua in one.mean_interval
            for one, law in zip(found, truth, strict=True)
        ]
    assert 0.90 <= np.mean(inside) <= 1.0


def test_a_threshold_that_is_not_where_it_was_expected_is_found_nevertheless() -> None:
    truth = [SwitchingLaw(224.0 + 120.0, 4.3), *EXPECTED[1:]]
    found = probed(Thresholds.near(EXPECTED, ERROR_UA), truth, 40, seed=1)
    assert found.lost == ()
    assert abs(off_ua(found, truth)[0]) < 6.0


def test_a_junction_that_never_switches_is_lost() -> None:
    known = Thresholds.near(EXPECTED, ERROR_UA)
    for _ in range(16):
        known = known.after(known.targets_ua(HELD_S), HELD_S, [Verdict.AP, Verdict.P, Verdict.AP])
    assert 0 in known.lost


@given(st.lists(st.sampled_from([Verdict.P, Verdict.AP]), min_size=3, max_size=3), st.floats(-60, 60))
def test_an_outcome_moves_the_mean_towards_where_it_is_likelier(verdicts: list[Verdict], aside_ua: float) -> None:
    """Switched: the threshold is lower. Not switched: it is higher."""
    known = Thresholds.near(EXPECTED, ERROR_UA)
    currents_ua = [target + aside_ua for target in known.targets_ua(HELD_S)]
    after = known.after(currents_ua, HELD_S, verdicts)
    for verdict, before_ua, after_ua in zip(verdicts, known.means_ua, after.means_ua, strict=True):
        assert after_ua < before_ua if verdict is Verdict.P else after_ua > before_ua


def test_what_is_neither_parallel_nor_antiparallel_tells_nothing() -> None:
    known = Thresholds.near(EXPECTED, ERROR_UA)
    after = known.after(known.targets_ua(HELD_S), HELD_S, [Verdict.UNDECIDED, Verdict.PARTIAL, Verdict.UNDECIDED])
    assert after.means_ua == known.means_ua
    assert after.probes == 1


@given(st.floats(1.0, 30.0))
def test_waiting_makes_thresholds_less_certain_and_moves_none(by_ua: float) -> None:
    known = probed(Thresholds.near(EXPECTED, ERROR_UA), chip(0), 12, seed=0)
    wider = known.widened(by_ua)
    assert wider.means_ua == pytest.approx(known.means_ua, abs=0.05)
    assert all(after > before for before, after in zip(known.errors_ua, wider.errors_ua, strict=True))


def test_a_drift_of_the_field_is_told_from_that_of_one_junction() -> None:
    known = probed(Thresholds.near(EXPECTED, ERROR_UA), EXPECTED, 30, seed=0)
    moved = [law.shifted(by) for law, by in zip(EXPECTED, (8.0, 8.0, 20.0), strict=True)]
    drift = probed(known.widened(15.0), moved, 40, seed=1).drift_since(known)
    assert drift.by_junction_ua == pytest.approx((8.0, 8.0, 20.0), abs=4.0)
    assert drift.common_ua == pytest.approx(12.0, abs=4.0)
    assert max(range(3), key=lambda k: drift.own_ua[k]) == 2
