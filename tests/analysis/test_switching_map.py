"""Switching maps from critical inputs: regions, probabilities, areas, and how sure a cell is."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.analysis.switching_map import SwitchingMap, critical_inputs, map_axis, switching_map, threshold_error_ua
from mtjlab.domain import Interval, SwitchingConfiguration

DWELL_S = 0.1
BOX = (Interval(300.0, 900.0), Interval(300.0, 900.0))
CELLS_UA = np.arange(300.0, 901.0, 10.0)


def estimate(mean_ua: float, error_ua: float = 0.5, spread_ua: float = 4.3) -> CriticalEstimate:
    return CriticalEstimate(
        SwitchingLaw(mean_ua, spread_ua),
        Interval(mean_ua - 1.96 * error_ua, mean_ua + 1.96 * error_ua),
        Interval(spread_ua / 1.2, spread_ua * 1.2),
        error_ua,
        0.1 * spread_ua,
        80,
        80,
    )


def paper_map(error_ua: float = 0.5) -> SwitchingMap:
    row = [estimate(mean_ua, error_ua) for mean_ua in (724.0, 434.0, 696.0)]
    return switching_map([row, row], [CELLS_UA, CELLS_UA], DWELL_S)


def at(inputs_ua: float) -> int:
    return int(np.flatnonzero(inputs_ua == CELLS_UA)[0])


def test_the_sixteen_configurations_are_in_the_right_places() -> None:
    found = paper_map()
    assert len(found.configurations) == 16
    for (a_ua, a), (b_ua, b) in product([(350.0, 0), (560.0, 1), (710.0, 2), (850.0, 3)], repeat=2):
        assert found.shown(at(a_ua), at(b_ua)) == SwitchingConfiguration((a, b))


def test_probabilities_of_all_configurations_add_up_to_one_in_each_cell() -> None:
    found = paper_map()
    total = sum(found.probability(configuration) for configuration in found.configurations)
    assert total == pytest.approx(np.ones((len(CELLS_UA), len(CELLS_UA))))


def test_the_configuration_shown_is_the_likeliest_wherever_boundaries_lie_apart() -> None:
    found = paper_map()
    best = np.max([found.probability(configuration) for configuration in found.configurations], axis=0)
    shown = np.outer(*[axis.probabilities[np.arange(len(axis.shown)), axis.shown] for axis in found.axes])
    assert shown == pytest.approx(best, abs=0.05)
    assert shown[at(560), at(560)] == pytest.approx(1.0)
    assert shown[at(430), at(560)] < 0.9


def test_along_an_axis_presentations_switch_as_the_law_says() -> None:
    axis = map_axis([estimate(500.0, error_ua=1e-3)], np.array([490.0, 497.0, 505.0]), DWELL_S)
    sharp = map_axis([estimate(500.0, 1e-3, spread_ua=4.3)], axis.inputs_ua, DWELL_S)
    law = SwitchingLaw(500.0, 4.3)
    assert sharp.probabilities[:, 1] == pytest.approx(law.probability(axis.inputs_ua, DWELL_S), abs=0.02)
    assert axis.thresholds_ua == (pytest.approx(law.held_ua(DWELL_S)),)


def test_junctions_close_together_share_their_probabilities() -> None:
    axis = map_axis([estimate(500.0), estimate(502.0)], np.array([498.0]), DWELL_S)
    one, other = (SwitchingLaw(mean_ua, 4.3).probability(498.0, DWELL_S) for mean_ua in (500.0, 502.0))
    none_one_both = [(1 - one) * (1 - other), one * (1 - other) + other * (1 - one), one * other]
    assert axis.probabilities[0].tolist() == pytest.approx(none_one_both, abs=0.03)


def test_a_cell_is_less_sure_near_a_boundary_and_the_less_the_boundary_is_known() -> None:
    known, vague = paper_map(0.5), paper_map(20.0)
    assert known.sure[at(560), at(560)] == pytest.approx(1.0)
    assert known.sure[at(420), at(560)] == pytest.approx(1.0, abs=1e-3)
    assert 0.5 < vague.sure[at(420), at(560)] < 0.8
    assert (known.sure + 1e-9 >= vague.sure).mean() > 0.9


def test_areas_are_those_between_the_thresholds_of_a_held_input() -> None:
    areas = paper_map().areas_ua2(BOX)
    edges = [300.0, *sorted(SwitchingLaw(mean_ua, 4.3).held_ua(DWELL_S) for mean_ua in (724.0, 434.0, 696.0)), 900.0]
    assert sum(areas.values()) == pytest.approx(600.0**2)
    for (a, b), area in ((configuration.counts, area) for configuration, area in areas.items()):
        assert area == pytest.approx((edges[a + 1] - edges[a]) * (edges[b + 1] - edges[b]))


def test_thresholds_outside_a_box_leave_no_area_to_what_lies_beyond() -> None:
    areas = paper_map().areas_ua2((Interval(450.0, 600.0), Interval(450.0, 600.0)))
    assert {str(configuration): area for configuration, area in areas.items() if area} == {"[1A, 1B]": 150.0**2}


def test_control_currents_give_critical_inputs_from_critical_currents() -> None:
    moved = critical_inputs([estimate(224.0), estimate(-66.0)], (-460.0, -380.0))
    assert [found.law.mean_ua for found in moved] == [684.0, 314.0]


def test_the_conversion_to_a_dwell_adds_to_the_error_of_a_threshold() -> None:
    found = estimate(500.0, 0.5)
    assert threshold_error_ua(found, 0.1) == pytest.approx(0.5, abs=0.05)
    assert threshold_error_ua(found, 100.0) > 1.5


def test_maps_are_general_in_the_number_of_junctions() -> None:
    row = [estimate(300.0 + 100 * k) for k in range(5)]
    found = switching_map([row, row], [CELLS_UA, CELLS_UA], DWELL_S)
    assert len(found.configurations) == 36
    assert found.shown(at(850), at(350)) == SwitchingConfiguration((5, 1))


def test_a_map_does_not_depend_on_the_ramp_that_critical_inputs_refer_to() -> None:
    """Those of pulses refer to a faster ramp."""
    known = Interval(4.3, 4.3)
    estimates = [replace(estimate(mean_ua), spread_interval=known) for mean_ua in (100.0, 180.0)]
    faster = [replace(one, law=one.law.at_ramp(2.5e4)) for one in estimates]
    inputs_ua = np.linspace(50.0, 300.0, 26)
    for dwell_s in (1e-3, 0.1):
        one, other = (map_axis(some, inputs_ua, dwell_s) for some in (estimates, faster))
        assert other.thresholds_ua == pytest.approx(one.thresholds_ua)
        assert other.probabilities == pytest.approx(one.probabilities)
