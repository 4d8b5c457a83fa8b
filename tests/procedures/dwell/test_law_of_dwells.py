"""Dwells expected from critical currents, and the law fitted to dwells at several currents."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.domain import CriticalCurrents, JunctionState
from mtjlab.procedures.dwell.events import DwellTime
from mtjlab.procedures.dwell.law import currents_switching_after, expected_dwell, hops, middles_ua, resetting_input_ua
from mtjlab.procedures.dwell.rates import fitted_laws

AP, P = JunctionState.AP, JunctionState.P


def critical(up_ua: float, down_ua: float, spread_ua: float = 4.3, repetitions: int = 20) -> CriticalCurrents:
    return CriticalCurrents((up_ua,), (down_ua,), (spread_ua,), (spread_ua,), repetitions, 100.0)


def dwell_of(law: SwitchingLaw, current_ua: float, n: int, mean_s: float | None = None) -> DwellTime:
    lasts_s = mean_s or 1.0 / float(law.rate_per_s(current_ua))
    state = AP if law.rising else P
    return DwellTime(0, state, 0, 0.0, current_ua, n, n * lasts_s, lasts_s, lasts_s / 2, lasts_s * 2)


class TestExpected:
    def test_is_the_inverse_of_the_rate_of_the_ramps_law(self) -> None:
        for state, law in ((AP, SwitchingLaw(110.0, 4.3)), (P, SwitchingLaw(90.0, 4.3, rising=False))):
            expected = expected_dwell(critical(110.0, 90.0), 0, state, 97.0)
            assert expected is not None
            assert expected.mean_s == pytest.approx(1.0 / law.rate_per_s(97.0))
            assert expected.low_s < expected.mean_s < expected.high_s

    def test_contains_the_true_value_as_often_as_the_interval_claims(self) -> None:
        draw = np.random.default_rng(0)
        truth_s, covered = 1.0 / SwitchingLaw(110.0, 4.3).rate_per_s(100.0), []
        for _ in range(400):
            ups, downs = draw.normal(110.0, 4.3, 8), draw.normal(90.0, 4.3, 8)
            drawn = CriticalCurrents((ups.mean(),), (downs.mean(),), (ups.std(ddof=1),), (downs.std(ddof=1),), 8, 100.0)
            expected = expected_dwell(drawn, 0, AP, 100.0)
            assert expected is not None
            covered.append(expected.low_s <= truth_s <= expected.high_s)
        assert np.mean(covered) > 0.92

    def test_is_unknown_for_a_single_loop_and_for_practically_infinite_dwells(self) -> None:
        assert expected_dwell(critical(110.0, 90.0, spread_ua=0.0, repetitions=1), 0, AP, 100.0) is None
        assert expected_dwell(critical(224.0, -57.0), 0, AP, -500.0) is None

    @given(st.floats(-1000, 1000), st.floats(0.1, 20), st.integers(2, 30))
    def test_is_finite_if_it_is_given(self, current_ua: float, spread_ua: float, loops: int) -> None:
        for state in (AP, P):
            expected = expected_dwell(critical(110.0, 90.0, spread_ua, loops), 0, state, current_ua)
            assert expected is None or 0.0 < expected.low_s <= expected.mean_s <= expected.high_s < 1e25


class TestCurrentsOfHolds:
    def test_the_middle_of_a_loop_is_rounded(self) -> None:
        assert middles_ua(critical(112.3, 91.0)) == (100.0,)
        assert middles_ua(critical(-66.0, -347.0)) == (-210.0,)

    def test_low_barriers_hop_and_high_ones_do_not(self) -> None:
        assert hops(critical(110.0, 90.0), (100.0,), within_s=60.0)
        assert not hops(critical(224.0, -57.0), (80.0,), within_s=60.0)
        assert not hops(critical(110.0, 90.0), (200.0,), within_s=60.0)

    @given(st.floats(-300, 300), st.floats(5, 300), st.floats(2.5, 10), st.floats(0, 80))
    def test_junctions_switch_with_the_input_and_reset_without_it(
        self, down_ua: float, loop_ua: float, spread_ua: float, margin_ua: float
    ) -> None:
        measured = critical(down_ua + loop_ua, down_ua, spread_ua)
        (there_ua,) = currents_switching_after(measured, after_s=1.0)
        expected = expected_dwell(measured, 0, AP, there_ua)
        assert expected is not None
        assert expected.mean_s == pytest.approx(1.0)
        assert there_ua - resetting_input_ua(measured, (there_ua,), margin_ua) <= down_ua - margin_ua + 1e-6


class TestFittedLaw:
    @given(st.floats(-300, 300), st.floats(2.0, 12.0), st.booleans())
    def test_is_found_from_exact_rates(self, mean_ua: float, spread_ua: float, rising: bool) -> None:
        law = SwitchingLaw(mean_ua, spread_ua, rising)
        (found,) = fitted_laws([dwell_of(law, mean_ua + by_ua, 10_000) for by_ua in (-6.0, 0.0, 5.0)])
        assert found.law.mean_ua == pytest.approx(mean_ua, abs=0.01)
        assert found.law.spread_ua == pytest.approx(spread_ua, rel=1e-3)
        assert mean_ua in found.mean_interval
        assert spread_ua in found.spread_interval

    def test_is_within_its_intervals_as_often_as_they_claim(self) -> None:
        draw, law = np.random.default_rng(0), SwitchingLaw(110.0, 4.3)
        covered = []
        for _ in range(400):
            dwells = [
                dwell_of(law, current_ua, 40, float(draw.gamma(40, 1 / 40) / law.rate_per_s(current_ua)))
                for current_ua in (95.0, 100.0, 105.0)
            ]
            (found,) = fitted_laws(dwells)
            covered.append((110.0 in found.mean_interval, 4.3 in found.spread_interval))
        assert np.all(np.mean(covered, axis=0) > 0.92)

    def test_needs_two_currents_enough_dwells_and_increasing_rates(self) -> None:
        law = SwitchingLaw(110.0, 4.3)
        assert not fitted_laws([dwell_of(law, 100.0, 50), dwell_of(law, 100.0, 50)])
        assert not fitted_laws([dwell_of(law, 100.0, 50), dwell_of(law, 105.0, 2)])
        assert not fitted_laws([dwell_of(law, 100.0, 50, 1.0), dwell_of(law, 105.0, 50, 3.0)])
