"""A warm start: control currents at once, from thresholds and boundaries, inside the limits of every junction."""

from dataclasses import replace

import numpy as np
import pytest

from mtjlab.analysis.critical import CriticalEstimate
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.analysis.warm_start import LabelledInputs, expected_recognition, learnt_boundaries_ua, warm_start
from mtjlab.domain import ControlCurrents, CriticalCurrents, Interval
from mtjlab.encoding.encode import Chip, encode
from mtjlab.errors import RefusedError
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split

DWELL_S = 0.1
LAWS = [SwitchingLaw(mean_ua, 4.3) for mean_ua in (224.0, -66.0, 196.0)]
THRESHOLDS_UA = tuple(law.held_ua(DWELL_S) for law in LAWS)
CRITICAL = CriticalCurrents((224.0, -66.0, 196.0), (-57.0, -347.0, -85.0), (4.3,) * 3, (4.3,) * 3, 20, 100.0)
CHIP = Chip(CRITICAL, (Interval(-720.0, 720.0),) * 3, 40.0)
START = ControlCurrents.uniform(-500.0, 3, 2)
BOUNDARIES = ((450.0, 600.0, 750.0), (500.0, 650.0))
HIGHEST_UA = (850.0, 800.0)


def critical_inputs_ua(controls_ua: tuple[float, ...]) -> list[float]:
    return [threshold - control for threshold, control in zip(THRESHOLDS_UA, controls_ua, strict=True)]


def test_every_boundary_gets_a_junction_and_the_rest_stay_unswitched() -> None:
    found = warm_start(THRESHOLDS_UA, CHIP, BOUNDARIES, HIGHEST_UA, START)
    assert sorted(critical_inputs_ua(found.controls.by_input_ua[0])) == pytest.approx([450, 600, 750], abs=1e-3)
    assert sorted(critical_inputs_ua(found.controls.by_input_ua[1]))[:2] == pytest.approx([500, 650], abs=1e-3)
    assert max(critical_inputs_ua(found.controls.by_input_ua[1])) >= 850 - 1e-3
    assert found.boundary[1].count(None) == 1
    assert found.boundaries_ua == BOUNDARIES


def test_every_junction_resets_and_stays_inside_its_limits() -> None:
    found = warm_start(THRESHOLDS_UA, CHIP, BOUNDARIES, HIGHEST_UA, START)
    for controls_ua, highest_ua in zip(found.controls.by_input_ua, HIGHEST_UA, strict=True):
        for control_ua, down_ua in zip(controls_ua, CRITICAL.down_ua, strict=True):
            assert -720 <= control_ua <= down_ua - 40
            assert control_ua + highest_ua <= 720


def test_junctions_take_the_boundaries_that_move_the_controls_least() -> None:
    found = warm_start(THRESHOLDS_UA, CHIP, ((440.0, 690.0, 720.0),), (800.0,), ControlCurrents.uniform(-500.0, 3, 1))
    assert found.boundary == ((2, 0, 1),)
    assert np.abs(np.array(found.controls.by_input_ua) + 500).max() < 15


def test_a_junction_that_may_not_take_a_boundary_leaves_it_to_another() -> None:
    """J2 would be held at -66 - 750 uA for the highest boundary: outside its limits, however near the start was."""
    near_it = ControlCurrents(((-300.0, -700.0, -550.0),))
    found = warm_start(THRESHOLDS_UA, CHIP, BOUNDARIES[:1], HIGHEST_UA[:1], near_it)
    assert found.boundary[0][1] in (0, 1)


def test_what_no_assignment_can_do_is_refused_with_the_currents_of_each_junction() -> None:
    with pytest.raises(RefusedError, match=r"input A: J1 may be held at -720 to .* uA and would need"):
        warm_start(THRESHOLDS_UA, CHIP, ((100.0, 200.0, 300.0),), (400.0,), ControlCurrents.uniform(-500.0, 3, 1))


def test_learnt_boundaries_part_the_clouds_and_do_not_run_after_outliers() -> None:
    rng = np.random.default_rng(0)
    clouds = [(centre, level) for level, centre in enumerate((400.0, 520.0, 700.0)) for _ in range(200)]
    tokens = [LabelledInputs((centre + rng.normal(0, 15),), (level,)) for centre, level in clouds]
    outliers = [LabelledInputs((650.0,), (0,)), LabelledInputs((420.0,), (2,))]
    (boundaries_ua,) = learnt_boundaries_ua([*tokens, *outliers], 4.3)
    assert boundaries_ua == (pytest.approx(460, abs=15), pytest.approx(610, abs=40))


def test_a_warm_start_recognises_the_vowels_at_once() -> None:
    data = surrogate()
    parts = split(data, 0)
    by_name = {token.name: token for token in data.tokens}
    encoding = encode([by_name[name] for name in parts.train], CHIP, START, 120.0)
    counts = {label: configuration.counts for label, configuration in encoding.configurations}
    train, test = (
        [LabelledInputs(encoding.inputs_ua(by_name[n].features), counts[by_name[n].label]) for n in names]
        for names in (parts.train, parts.test)
    )
    critical = [
        CriticalEstimate(law, Interval(law.mean_ua - 2, law.mean_ua + 2), Interval(3.2, 6.0), 1.0, 0.7, 20, 20)
        for law in LAWS
    ]
    boundaries_ua = learnt_boundaries_ua(train, 4.3)
    highest_ua = [max(token.inputs_ua[j] for token in (*train, *test)) for j in range(2)]
    found = warm_start(THRESHOLDS_UA, CHIP, boundaries_ua, highest_ua, START)
    assert expected_recognition(critical, found.controls, train, DWELL_S) > 0.97
    assert expected_recognition(critical, found.controls, test, DWELL_S) > 0.94
    midway = warm_start(THRESHOLDS_UA, CHIP, encoding.boundaries_ua, highest_ua, START)
    midway_train = expected_recognition(critical, midway.controls, train, DWELL_S)
    assert expected_recognition(critical, found.controls, train, DWELL_S) > midway_train - 0.005
    cold = replace(found, controls=START)
    assert expected_recognition(critical, cold.controls, train, DWELL_S) < 0.7
