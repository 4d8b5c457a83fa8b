"""A sweep during which something changed is told from one that repeats itself."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.detection.calibration import calibrate
from mtjlab.detection.hysteresis import JunctionSweep
from mtjlab.detection.repeated import LEAST_POINTS, change_during
from tests.detection.chips import J1, J2, Chip, sweep

REPETITIONS = 3
SOUND = sweep(J2, REPETITIONS, seed=7)
REFERENCE = calibrate(SOUND).reference
PER_LEG = len(SOUND.currents_ua) // REPETITIONS // 2


def changed(points: slice, factor: float, of: JunctionSweep = SOUND) -> JunctionSweep:
    voltages_mv = of.voltages_mv.copy()
    voltages_mv[points] *= factor
    return replace(of, voltages_mv=voltages_mv)


@given(st.integers(0, 10_000), st.sampled_from([J1, J2, Chip(noise_mv=0.5), Chip(tmr=0.5)]))
def test_noise_alone_changes_nothing(seed: int, chip: Chip) -> None:
    found = sweep(chip, REPETITIONS, seed=seed)
    assert change_during(found, calibrate(found).reference) is None


def test_switching_elsewhere_in_each_repetition_changes_nothing() -> None:
    parts = [sweep(Chip(up_ua=224 + by, down_ua=-57 - by), seed=k) for k, by in enumerate((-40.0, 0.0, 40.0))]
    voltages_mv, rising = (np.concatenate([getattr(part, of) for part in parts]) for of in ("voltages_mv", "rising"))
    found = JunctionSweep("J1", np.concatenate([part.currents_ua for part in parts]), voltages_mv, rising)
    assert change_during(found, calibrate(found).reference) is None


def test_a_law_that_does_not_fit_changes_nothing() -> None:
    """Leads of 30 ohm, which the law does not know."""
    found = sweep(replace(J2, lead_ohm=30.0), REPETITIONS)
    assert change_during(found, REFERENCE) is None


@given(st.integers(0, 2 * REPETITIONS - 1), st.integers(LEAST_POINTS, 40), st.sampled_from([0.9, 1.1, 0.5, -1.0]))
def test_the_leg_that_began_otherwise_is_named(leg: int, points: int, factor: float) -> None:
    start = leg * PER_LEG
    change = change_during(changed(slice(start, start + points), factor), REFERENCE)
    assert change is not None
    assert (change.label, change.repetition, change.rising) == ("J2", leg // 2 + 1, leg % 2 == 0)
    assert change.is_large
    assert f"leg of repetition {leg // 2 + 1} J2 differs from the other legs" in str(change)


def test_a_glitch_is_no_change() -> None:
    assert change_during(changed(slice(0, LEAST_POINTS - 1), 0.5), REFERENCE) is None


@pytest.mark.parametrize(("factor", "is_large"), [(0.985, False), (0.9, True)])
def test_a_junction_that_warms_up_is_doubtful_and_its_references_are_kept(factor: float, is_large: bool) -> None:
    change = change_during(changed(slice(0, PER_LEG), factor), REFERENCE)
    assert change is not None
    assert change.is_large == is_large
    assert change.share == pytest.approx(1 - factor, rel=0.05)
    assert change.by_ua == pytest.approx(-(1 - factor) * change.current_ua, rel=0.5)


def test_one_repetition_is_two_legs_which_are_compared_where_both_have_the_same_state() -> None:
    alone = sweep(J2)
    assert change_during(alone, REFERENCE) is None
    change = change_during(changed(slice(0, 5), 0.98, alone), REFERENCE)
    assert change is not None
    assert change.rising


def test_a_partial_state_beside_a_switch_is_no_change() -> None:
    """As long as references may be fitted to it: it stands a quarter of the way for three points after its switch."""
    found = sweep(J2, REPETITIONS, seed=3)
    leg = slice(0, PER_LEG)
    levels_mv = np.array(REFERENCE.levels_trace_mv(found.currents_ua[leg]))
    parallel = np.abs(found.voltages_mv[leg, 0] - levels_mv[0]) < np.abs(found.voltages_mv[leg, 0] - levels_mv[1])
    first = int(np.argmax(parallel & (found.currents_ua[leg] > -100)))
    found.voltages_mv[first : first + 3] += 0.25 * (levels_mv[1] - levels_mv[0])[first : first + 3, None]
    assert change_during(found, calibrate(found).reference) is None


def test_many_repetitions_are_compared_as_well() -> None:
    change = change_during(changed(slice(0, 5), 0.9, sweep(J2, 8, seed=1)), REFERENCE)
    assert change is not None
    assert (change.repetition, change.rising) == (1, True)
