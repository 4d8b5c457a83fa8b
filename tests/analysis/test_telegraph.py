"""Telegraph noise: dwells of a junction that hops, and mean lifetimes whose intervals hold the truth."""

import pickle
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtjlab.analysis.telegraph import Levels, Lifetime, Telegraph, chances
from mtjlab.arrays import BoolArray, FloatArray
from mtjlab.domain import JunctionState

AP, P = JunctionState.AP, JunctionState.P
APERTURE_S = 0.02
STATES = st.lists(st.booleans(), min_size=1, max_size=60)


def times_s(samples: int, began_s: float = 0.0) -> FloatArray:
    return began_s + (np.arange(samples, dtype=np.float64) + 0.5) * APERTURE_S


def seen(states: list[bool], cuts: list[int] | None = None) -> Telegraph:
    """One record, looked at in as many pieces as are cut."""
    telegraph, times = Telegraph(APERTURE_S), times_s(len(states))
    for start, stop in pairwise([0, *sorted(cuts or []), len(states)]):
        telegraph.see(times[start:stop], np.array(states[start:stop], dtype=bool))
    return telegraph


def averaged(mean_ap_s: float, mean_p_s: float, for_s: float, seed: int) -> BoolArray:
    """A junction that hops, each sample the state of the greater part of its aperture: what a voltmeter shows."""
    draw = np.random.default_rng(seed)
    antiparallel = bool(draw.random() < mean_ap_s / (mean_ap_s + mean_p_s))
    lasts, states, time_s = [0.0], [antiparallel], 0.0
    while time_s < for_s:
        time_s += draw.exponential(mean_ap_s if states[-1] else mean_p_s)
        lasts.append(time_s)
        states.append(not states[-1])
    spent = np.concatenate(([0.0], np.cumsum(np.diff(lasts) * states[:-1])))
    edges = np.arange(round(for_s / APERTURE_S) + 1) * APERTURE_S
    return np.asarray(np.diff(np.interp(edges, lasts, spent)) / APERTURE_S > 0.5)


def lifetimes_of(states: BoolArray) -> dict[JunctionState, Lifetime]:
    telegraph = Telegraph(APERTURE_S)
    telegraph.see(times_s(len(states)), states)
    return telegraph.lifetimes()


class TestARecord:
    @settings(max_examples=40)
    @given(STATES, st.data())
    def test_tells_the_same_in_however_many_pieces_it_comes(self, states: list[bool], data: st.DataObject) -> None:
        cuts = data.draw(st.lists(st.integers(0, len(states)), max_size=5))
        whole, pieces = seen(states), seen(states, cuts)
        for state in (AP, P):
            assert pieces.switches(state) == whole.switches(state)
            assert pieces.lifetimes()[state].held_s == pytest.approx(whole.lifetimes()[state].held_s)
            pieces.end()
            whole.end()
            assert pieces.survival(state).share.tolist() == whole.survival(state).share.tolist()

    @settings(max_examples=40)
    @given(STATES)
    def test_every_moment_belongs_to_one_state_and_every_switch_to_one_end(self, states: list[bool]) -> None:
        telegraph = seen(states)
        found = telegraph.lifetimes()
        assert found[AP].held_s + found[P].held_s == pytest.approx((len(states) - 1) * APERTURE_S)
        assert found[AP].n == sum(a and not b for a, b in pairwise(states))
        assert found[P].n == sum(b and not a for a, b in pairwise(states))

    @settings(max_examples=40)
    @given(STATES)
    def test_intervals_hold_their_mean_and_the_other_state_is_the_mirror_image(self, states: list[bool]) -> None:
        found, mirrored = seen(states).lifetimes(), seen([not one for one in states]).lifetimes()
        for one in found.values():
            assert one.mean_s is None or (one.low_s or 0.0) < one.mean_s < (one.high_s or 0.0)
        assert [found[AP].n, found[P].n] == [mirrored[P].n, mirrored[AP].n]
        assert (found[AP].mean_s or 0.0) == pytest.approx(mirrored[P].mean_s or 0.0, rel=1e-3)

    def test_two_records_are_not_one_dwell(self) -> None:
        telegraph = Telegraph(APERTURE_S)
        telegraph.see(times_s(5), np.ones(5, dtype=bool))
        telegraph.begin()
        telegraph.see(times_s(5, began_s=100.0), np.zeros(5, dtype=bool))
        found = telegraph.lifetimes()
        assert (found[AP].n, found[P].n) == (0, 0)
        assert [found[AP].held_s, found[P].held_s] == pytest.approx([4 * APERTURE_S] * 2)

    def test_looks_without_a_sample_change_nothing(self) -> None:
        telegraph, nothing = seen([True, True, False]), np.zeros(0)
        before = telegraph.lifetimes()
        telegraph.see(nothing, nothing.astype(bool))
        assert telegraph.lifetimes() == before
        telegraph.begin()
        telegraph.see(nothing, nothing.astype(bool))
        assert telegraph.state is None

    def test_what_is_known_of_its_beginning_counts(self) -> None:
        telegraph = Telegraph(APERTURE_S)
        telegraph.begin(-0.01, AP)
        telegraph.see(times_s(3), np.zeros(3, dtype=bool))
        assert telegraph.lifetimes()[AP].n == 1
        assert telegraph.state is P


class TestALifetime:
    def test_is_the_time_in_the_state_over_the_switches_where_dwells_are_long(self) -> None:
        states = ([True] * 1000 + [False] * 3000) * 5
        found = seen(states).lifetimes()
        assert (found[AP].n, found[P].n) == (5, 4)
        assert found[AP].mean_s == pytest.approx(found[AP].held_s / 5, rel=5e-3)
        assert found[P].mean_s == pytest.approx(found[P].held_s / 4, rel=5e-3)

    def test_has_the_exact_interval_of_a_poisson_count(self) -> None:
        found = seen([True] * 100 + [False] * 100 + [True] * 100 + [False] * 100).lifetimes()[AP]
        assert found.mean_s is not None
        assert found.n == 2
        assert [found.low_s, found.high_s] == pytest.approx(
            [found.mean_s * 2 / 7.2247, found.mean_s * 2 / 0.2422], 1e-4
        )

    def test_without_a_switch_is_at_least_so_long_and_nothing_is_told_of_a_state_never_seen(self) -> None:
        found = seen([True] * 501).lifetimes()
        assert found[AP] == Lifetime(0, pytest.approx(10.0), None, pytest.approx(10.0 / 3.6889, rel=1e-4), None)
        assert found[P] == Lifetime(0, 0.0, None, None, None)

    def test_too_short_for_the_samples_has_no_mean(self) -> None:
        found = lifetimes_of(averaged(0.03, 0.03, 60.0, seed=0))
        for one in found.values():
            assert one.mean_s is None
            assert one.low_s is None
            assert one.high_s is not None
            assert one.high_s >= 0.1

    def test_dwells_that_samples_miss_do_not_make_it_longer(self) -> None:
        """At five samples a dwell, counting alone is a quarter off."""
        found = lifetimes_of(averaged(0.12, 0.12, 1200.0, seed=1))
        for one in found.values():
            assert one.mean_s == pytest.approx(0.12, rel=0.05)
            assert one.held_s / one.n > 0.14

    def test_gaps_between_readings_do_not_make_it_longer(self) -> None:
        """A fifth of the record is not looked at."""
        states, telegraph = averaged(0.5, 0.3, 2400.0, seed=2), Telegraph(APERTURE_S)
        times, is_read = times_s(len(states)), np.arange(len(states)) % 50 >= 10
        telegraph.see(times[is_read], states[is_read])
        found = telegraph.lifetimes()
        assert found[AP].mean_s == pytest.approx(0.5, rel=0.06)
        assert found[P].mean_s == pytest.approx(0.3, rel=0.06)

    @pytest.mark.parametrize(
        ("mean_ap_s", "mean_p_s", "for_s"), [(1.2, 1.2, 30.0), (1.2, 0.3, 10.0), (0.15, 0.6, 20.0)]
    )
    def test_lies_within_its_interval_as_often_as_that_says(
        self, mean_ap_s: float, mean_p_s: float, for_s: float
    ) -> None:
        records = [lifetimes_of(averaged(mean_ap_s, mean_p_s, for_s, seed)) for seed in range(120)]
        for state, truth_s in ((AP, mean_ap_s), (P, mean_p_s)):
            held = [_holds(record[state], truth_s) for record in records]
            assert 0.91 <= np.mean(held) <= 1.0


def _holds(found: Lifetime, truth_s: float) -> bool:
    return (found.low_s is None or found.low_s <= truth_s) and (found.high_s is None or found.high_s >= truth_s)


def test_memory_stays_as_it_is_however_long_a_record_is() -> None:
    telegraph = Telegraph(APERTURE_S)
    draw = np.random.default_rng(0)
    began_s = 0.0
    for _ in range(1200):
        times = times_s(100, began_s) + draw.uniform(0.0, 0.01)
        telegraph.see(times, draw.random(100) < 0.5)
        began_s = float(times[-1]) + draw.uniform(0.001, 0.5)
    assert len(pickle.dumps(telegraph)) < 16_000


class TestSurvival:
    def test_counts_dwells_whose_beginning_was_seen_until_they_end(self) -> None:
        """AP: the first is of unknown age; 0.1 s, 0.5 s, and one of 1 s that the end of the record cuts short."""
        states = [True] * 50 + [False] * 10 + [True] * 5 + [False] * 10 + [True] * 25 + [False] * 10 + [True] * 51
        telegraph = seen(states)
        telegraph.end()
        survival = telegraph.survival(AP)
        assert survival.at_risk[0] == 3
        assert np.interp(0.3, survival.times_s, survival.share) == pytest.approx(2 / 3)
        assert np.interp(0.8, survival.times_s, survival.share) == pytest.approx(1 / 3)
        assert survival.share[-1] == pytest.approx(1 / 3)

    def test_of_many_dwells_is_exponential(self) -> None:
        states = averaged(1.2, 0.8, 5000.0, seed=3)
        telegraph = Telegraph(APERTURE_S)
        telegraph.see(times_s(len(states)), states)
        survival = telegraph.survival(AP)
        for lasts_s in (0.3, 1.2, 2.4):
            share = np.interp(lasts_s, survival.times_s, survival.share)
            assert share == pytest.approx(np.exp(-lasts_s / 1.2), abs=0.04)


def test_the_nearer_level_counts_whatever_the_sign_of_the_current() -> None:
    voltages_mv = np.array([110.0, 160.0, 170.0, 225.0])
    assert Levels(110.0, 220.0).are_antiparallel(voltages_mv).tolist() == [False, False, True, True]
    assert Levels(-110.0, -220.0).are_antiparallel(-voltages_mv).tolist() == [False, False, True, True]


@given(st.integers(1, 10_000))
def test_chances_widen_the_count_and_never_reach_zero(n: int) -> None:
    fewest, most = chances(n)
    assert 0.0 < fewest < n < most
