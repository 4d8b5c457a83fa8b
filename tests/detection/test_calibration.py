"""Calibration: a sweep of an unknown junction gives its levels at every current and where it switched."""

from contextlib import suppress
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtjlab.arrays import FloatArray
from mtjlab.detection.calibration import calibrate
from mtjlab.detection.hysteresis import JunctionSweep
from mtjlab.detection.references import JunctionReference, ReferenceFitError, SwitchPoints
from mtjlab.domain import Interval, JunctionState
from tests.detection.chips import AP, J1, J2, J3, OTHER_J1, OTHER_J2, STAIRCASE_UA, Chip, P, sweep, true_mv

CHIPS = {
    "J1": J1,
    "J2": J2,
    "J3": J3,
    "other J1": OTHER_J1,
    "other J2": OTHER_J2,
    "resets where the levels are closest": replace(OTHER_J2, up_ua=-140.0, down_ua=-482.0),
    "switches at zero": Chip(2.0, -300.0),
    "resets at zero": Chip(150.0, -2.0),
    "noiseless": replace(J1, noise_mv=0.0),
}
LEADS = {"leads of J1": replace(J1, lead_ohm=10.0), "leads of J2": replace(J2, lead_ohm=10.0)}


def worst_level_error(reference: JunctionReference, chip: Chip) -> float:
    """Largest distance of a level from the truth over -500..400 uA, as a share of the jump there."""
    errors = []
    for current_ua in STAIRCASE_UA[STAIRCASE_UA != 0].tolist():
        truth = true_mv(chip, P, current_ua), true_mv(chip, AP, current_ua)
        levels = reference.levels_mv(current_ua)
        errors += [abs(level - true) / abs(truth[1] - truth[0]) for level, true in zip(levels, truth, strict=True)]
    return max(errors)


@pytest.mark.parametrize("chip", [J1, J2, OTHER_J1, OTHER_J2], ids=["J1", "J2", "other J1", "other J2"])
def test_the_fit_recovers_the_law_and_the_offset_within_their_errors(chip: Chip) -> None:
    fits = [calibrate(sweep(chip, seed=seed)).reference for seed in range(16)]
    found = np.array([(*astuple(fit.law), fit.offset_mv) for fit in fits])
    truth = np.array([chip.r_p_ohm, chip.tmr, 1e3 * chip.half_bias_v, chip.bias_per_v2, chip.offset_mv])
    error_of_mean = found.std(axis=0, ddof=1) / len(fits) ** 0.5
    assert np.all(np.abs(found.mean(axis=0) - truth) < 5 * error_of_mean)
    assert np.all(found.std(axis=0, ddof=1)[:3] < 1e-3 * truth[:3])


@pytest.mark.parametrize("chip", [J1, J2, J3], ids=["J1", "J2", "J3"])
@given(first=st.floats(0.0, 1.0), last=st.floats(0.0, 1.0))
@settings(max_examples=30)
def test_a_sweep_part_of_which_carried_no_current_is_measured_or_refused_in_words(
    chip: Chip, first: float, last: float
) -> None:
    whole = sweep(chip)
    voltages_mv = whole.voltages_mv.copy()
    cut = slice(*sorted(round(share * len(voltages_mv)) for share in (first, last)))
    voltages_mv[cut] = np.random.default_rng(1).normal(0.0, 0.05, voltages_mv[cut].shape)
    with suppress(ReferenceFitError):
        calibrate(replace(whole, voltages_mv=voltages_mv))


@pytest.mark.parametrize("name", CHIPS)
def test_both_levels_are_right_at_every_current(name: str) -> None:
    assert worst_level_error(calibrate(sweep(CHIPS[name])).reference, CHIPS[name]) < 0.002


def test_levels_fitted_to_many_noisy_samples_err_far_less_than_one_sample() -> None:
    chip = replace(J1, noise_mv=10.0)
    reference = calibrate(sweep(chip)).reference
    # 5 parameters from 724 samples: 0.08 of the noise on average, several times that where the level is extrapolated.
    for current_ua in STAIRCASE_UA.tolist():
        truth = true_mv(chip, P, current_ua), true_mv(chip, AP, current_ua)
        assert reference.levels_mv(current_ua) == pytest.approx(truth, abs=0.5 * chip.noise_mv)


@pytest.mark.parametrize("name", LEADS)
def test_lead_resistance_that_the_law_does_not_know_hardly_moves_the_levels(name: str) -> None:
    assert worst_level_error(calibrate(sweep(LEADS[name])).reference, LEADS[name]) < 0.03


@pytest.mark.parametrize("chip", [J1, J2, OTHER_J1, LEADS["leads of J1"]], ids=["J1", "J2", "other", "leads"])
def test_the_parallel_level_at_reset_is_extrapolated_and_right(chip: Chip) -> None:
    reference = calibrate(sweep(chip)).reference
    truth = true_mv(chip, P, -500.0)
    assert reference.is_extrapolated(P, -500.0)
    assert not reference.is_extrapolated(AP, -500.0)
    assert abs(reference.levels_mv(-500.0)[0] - truth) < 0.02 * abs(true_mv(chip, AP, -500.0) - truth)


def test_a_reference_says_at_which_currents_each_state_was_seen() -> None:
    # J2 went P -> AP between -345 and -350 uA, AP -> P between -70 and -65 uA; the points beside a switch do not count.
    reference = calibrate(sweep(J2)).reference
    assert reference.covered_p == Interval(-340, 400)
    assert reference.covered_ap == Interval(-500, -75)


def test_noise_is_that_of_a_sample_and_the_residual_that_of_the_fit() -> None:
    slow = sweep(J1, repetitions=3)
    drift_mv = 0.3 * np.random.default_rng(1).normal(size=len(slow.currents_ua))  # common to the samples of a point
    reference = calibrate(replace(slow, voltages_mv=slow.voltages_mv + drift_mv[:, None])).reference
    points = len(slow.currents_ua)
    assert reference.noise_mv == pytest.approx(J1.noise_mv, rel=5 * 1.17 / points**0.5)  # 1.17: of a median
    assert reference.residual_mv == pytest.approx((0.3**2 + J1.noise_mv**2) ** 0.5, rel=5 / (2 * points) ** 0.5)


@pytest.mark.parametrize("name", CHIPS)
def test_switch_points_lie_between_the_points_where_the_state_changed(name: str) -> None:
    chip = CHIPS[name]
    up_ua, down_ua = 5 * np.ceil(chip.up_ua / 5) - 2.5, 5 * np.floor(chip.down_ua / 5) + 2.5
    for found in calibrate(sweep(chip, repetitions=2)).switch_points:
        # At zero current the levels are one: that point belongs to neither side, and the middle of both is zero.
        assert found.up_ua == (0.0 if abs(up_ua) < 5 else up_ua)
        assert found.down_ua == (0.0 if abs(down_ua) < 5 else down_ua)


@settings(max_examples=30, deadline=None)
@given(
    st.floats(-200, 380), st.floats(150, 450), st.floats(700, 2000), st.floats(0.5, 2.0), st.floats(0.35, 0.7),
    st.floats(0, 0.3), st.floats(-1, 1), st.integers(0, 999),
)  # fmt: skip
def test_any_junction_that_switches_and_resets_is_measured(
    up_ua: float,
    window_ua: float,
    r_p_ohm: float,
    tmr: float,
    half_bias_v: float,
    c: float,
    offset_mv: float,
    seed: int,
) -> None:
    down_ua = max(up_ua - window_ua, -490.0)
    chip = Chip(up_ua, down_ua, r_p_ohm, tmr, half_bias_v, c, offset_mv=offset_mv)
    calibration = calibrate(sweep(chip, seed=seed))
    assert worst_level_error(calibration.reference, chip) < 0.02
    assert abs(calibration.switch_points[0].up_ua - up_ua) <= 5
    assert abs(calibration.switch_points[0].down_ua - down_ua) <= 5


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.9])
def test_a_switch_in_the_middle_of_an_aperture_does_not_reach_the_fit(share: float) -> None:
    measured = sweep(J2)
    switched = int(np.argmax(measured.currents_ua >= J2.up_ua))
    voltages_mv = measured.voltages_mv.copy()
    voltages_mv[switched, 0] += share * (true_mv(J2, AP, -65.0) - true_mv(J2, P, -65.0))
    calibration = calibrate(replace(measured, voltages_mv=voltages_mv))
    assert worst_level_error(calibration.reference, J2) < 0.002
    assert calibration.reference.residual_mv < 1.2 * J2.noise_mv
    assert calibration.switch_points == (SwitchPoints(-67.5, -347.5),)


LEGS_UA = np.concatenate([STAIRCASE_UA, STAIRCASE_UA[::-1]])
RISING = np.arange(len(LEGS_UA)) < len(STAIRCASE_UA)
NOISE_MV = 0.05 * np.random.default_rng(2).normal(size=(len(LEGS_UA), 2))


def staying(*levels: JunctionState) -> FloatArray:
    """Levels [T] of J2 in the given state on the rising and on the falling leg."""
    return np.array([true_mv(J2, levels[not up], i) for i, up in zip(LEGS_UA.tolist(), RISING, strict=True)])


ALL_AP, ALL_P, NORMAL = staying(AP, AP), staying(P, P), sweep(J2).voltages_mv[:, 0]
TELEGRAPH = np.random.default_rng(3).random(len(LEGS_UA)) < 0.5
STUCK_BETWEEN = ~RISING & (LEGS_UA > 100) & (LEGS_UA < 200)

FAULTS = {
    "short": (0.002 * LEGS_UA, "2[.].* ohm: short circuit"),
    "meter not connected": (0 * LEGS_UA, "meter is not connected"),
    "open, sources at compliance": (1000.0 * np.sign(LEGS_UA), "reads up to 1000 mV .* open circuit"),
    "meter over range": (np.full(len(LEGS_UA), 9.9e37), "9.9e[+]37 mV .* open circuit"),
    "never switches": (ALL_AP, "no switching between -500 and 400 uA"),
    "never resets": (np.where(RISING, NORMAL, ALL_P), "stayed parallel from 400 to -500 uA on the falling leg"),
    "not reset before the sweep": (ALL_P, "no switching between -500 and 400 uA"),
    "telegraph noise": (np.where(TELEGRAPH, ALL_AP, ALL_P), "do not settle on two branches"),
    "partial state": (np.where(STUCK_BETWEEN, (ALL_AP + ALL_P) / 2, NORMAL), "10% of the samples of a leg"),
    "drift": (
        NORMAL * np.linspace(1, 1.1, len(LEGS_UA)),
        "mV off, which is [0-9.e+]+ times the noise and .*% of the jump",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sweep_without_both_levels_is_refused_with_what_was_seen_and_what_to_do(fault: str) -> None:
    levels_mv, seen = FAULTS[fault]
    with pytest.raises(ReferenceFitError, match=f"^J2 .*{seen}.*[.] (Take|Sweep|Look)"):
        calibrate(JunctionSweep("J2", LEGS_UA, levels_mv[:, None] + NOISE_MV, RISING))


def test_a_junction_that_resets_only_once_names_the_repetition() -> None:
    voltages_mv = np.concatenate([NORMAL, np.where(RISING, NORMAL, ALL_P)])[:, None] + np.tile(NOISE_MV, (2, 1))
    with pytest.raises(ReferenceFitError, match="falling leg of repetition 2"):
        calibrate(JunctionSweep("J2", np.tile(LEGS_UA, 2), voltages_mv, np.tile(RISING, 2)))


def test_a_jump_lost_in_the_noise_is_refused() -> None:
    with pytest.raises(ReferenceFitError, match="noise"):
        calibrate(sweep(replace(J1, noise_mv=40.0)))
