"""The adaptive search: few readings, honest intervals, and no junction left behind.

A short form of ``scripts/benchmarks/critical_currents.py``, with junctions drawn from their law.
"""

from collections.abc import Sequence

import numpy as np
import pytest

from mtjlab.analysis.adaptive import LEAST_S, MOST_S, AdaptiveSearch, Probe
from mtjlab.analysis.estimates import CriticalEstimate, NotDetermined
from mtjlab.analysis.passage import Course, Passage
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.domain import Interval
from scripts.benchmarks.drawn_passages import probe_passages, ramps

INPUTS = Interval(0.0, 900.0)
PAPER_UA = (724.0, 434.0, 696.0)
CURVES_READINGS = 28_960 // 2
"""80 curves of one input."""


def searched(
    means_ua: Sequence[float], spread_ua: float = 4.3, width_ua: float = 6.0, seed: int = 0, most: int = 400
) -> tuple[AdaptiveSearch, int]:
    """The search at its end, and the sets of samples it took, those of the reset included."""
    rng = np.random.default_rng(seed)
    laws = [SwitchingLaw(mean_ua, spread_ua) for mean_ua in means_ua]
    search, readings = AdaptiveSearch.start(len(laws), INPUTS, width_ua), 1
    while (probe := search.next_probe()) is not None:
        search = search.updated(probe_passages(laws, probe, rng))
        readings += len(probe.inputs_ua) + 1
        assert readings < most * len(laws)
    return search, readings


def determined(search: AdaptiveSearch) -> list[CriticalEstimate]:
    found = [estimate for estimate in search.estimates() if isinstance(estimate, CriticalEstimate)]
    assert len(found) == len(search.beliefs)
    return found


def width(interval: Interval) -> float:
    return interval.high_ua - interval.low_ua


def test_with_nothing_known_the_first_probe_halves_the_inputs_for_all_junctions_at_once() -> None:
    probe = AdaptiveSearch.start(3, INPUTS, 2.0).next_probe()
    assert probe is not None
    assert len(probe.inputs_ua) == 1
    assert probe.inputs_ua[0] == pytest.approx(450, abs=30)


def test_every_critical_input_is_found_as_narrowly_as_asked() -> None:
    search, readings = searched(PAPER_UA)
    for estimate, mean_ua in zip(determined(search), PAPER_UA, strict=True):
        assert width(estimate.mean_interval) <= 6.0
        assert abs(estimate.law.mean_ua - mean_ua) < 6.0
    assert readings < 150


def test_the_width_of_eighty_curves_takes_a_tenth_of_their_readings_and_less() -> None:
    _, readings = searched(PAPER_UA, width_ua=1.95)
    assert readings < CURVES_READINGS / 10


def test_intervals_cover_the_truth() -> None:
    covered = []
    for seed in range(8):
        means_ua = 300.0 + 500.0 * np.random.default_rng(seed).random(3)
        estimates = determined(searched(means_ua.tolist(), seed=seed)[0])
        covered += [mean in one.mean_interval for mean, one in zip(means_ua.tolist(), estimates, strict=True)]
    assert np.mean(covered) >= 0.85


@pytest.mark.parametrize("spread_ua", [2.0, 15.0])
def test_no_spread_is_taken_for_granted(spread_ua: float) -> None:
    search, readings = searched(PAPER_UA, spread_ua, width_ua=1.4 * spread_ua, seed=1)
    for estimate, mean_ua in zip(determined(search), PAPER_UA, strict=True):
        assert abs(estimate.law.mean_ua - mean_ua) < 1.4 * spread_ua
        assert spread_ua in estimate.spread_interval
    assert readings < 250


def test_inputs_of_a_probe_rise_and_stand_long_enough_to_be_read() -> None:
    rng = np.random.default_rng(0)
    laws = [SwitchingLaw(mean_ua, 4.3) for mean_ua in PAPER_UA]
    search, probes = AdaptiveSearch.start(3, INPUTS, 4.0), list[Probe]()
    while (probe := search.next_probe()) is not None:
        probes.append(probe)
        search = search.updated(probe_passages(laws, probe, rng))
    assert all(list(probe.inputs_ua) == sorted(probe.inputs_ua) for probe in probes)
    assert all(LEAST_S <= probe.dwell_s <= MOST_S for probe in probes)
    assert all(0 <= input_ua <= 900 for probe in probes for input_ua in probe.inputs_ua)
    assert max(len(probe.inputs_ua) for probe in probes) == 3


def test_junctions_that_switch_at_the_same_input_are_told_apart_from_nothing_and_both_found() -> None:
    search, _ = searched((500.0, 500.0, 503.0))
    assert [estimate.law.mean_ua for estimate in determined(search)] == pytest.approx([500, 500, 503], abs=6)


@pytest.mark.parametrize("beyond_ua", [1150.0, -200.0])
def test_a_junction_out_of_reach_is_given_up_and_the_others_are_not(beyond_ua: float) -> None:
    search, readings = searched((724.0, beyond_ua))
    known, given_up = search.estimates()
    assert isinstance(known, CriticalEstimate)
    assert isinstance(given_up, NotDetermined)
    assert "Apply other inputs" in given_up.reason
    assert readings < 200


def test_a_junction_that_was_not_reset_tells_nothing() -> None:
    search = AdaptiveSearch.start(2, INPUTS, 2.0)
    after = search.updated([Passage(True, "already")] * 2)
    assert after.next_probe() == search.next_probe()
    assert all(isinstance(estimate, NotDetermined) for estimate in after.estimates())


def test_curves_that_were_taken_before_make_the_search_shorter() -> None:
    law, rng = SwitchingLaw(700.0, 4.3), np.random.default_rng(2)
    known = AdaptiveSearch.start(1, INPUTS, 4.0)
    for passage in ramps(law, 10, rng):
        known = known.updated([passage])
    probe = known.next_probe()
    assert probe is not None
    assert probe.inputs_ua[0] == pytest.approx(697, abs=12)


def test_a_probe_in_which_time_ran_back_leaves_nothing_determined_and_disturbs_no_search() -> None:
    search = AdaptiveSearch.start(1, INPUTS, 2.0)
    early = Passage(True, "switched", Course(), Course((400.0, 450.0), (0.01, -0.003)))
    (estimate,) = search.updated([early]).estimates()
    assert isinstance(estimate, NotDetermined)
    assert "nplc" in estimate.reason
    assert search.updated([early]).next_probe() == search.next_probe()
