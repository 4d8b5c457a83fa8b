"""What a sweep shows before any law is fitted."""

from dataclasses import replace

import numpy as np
import pytest

from mtjlab.detection.hysteresis import NOISE_FLOOR_MV, JunctionSweep, antiparallel_by_hysteresis, sample_noise_mv
from tests.detection.chips import J1, J2, OTHER_J1, OTHER_J2, Chip, sweep

DEEP = Chip(-140.0, -482.0, r_p_ohm=1430.0, tmr=0.8)


def test_repetitions_are_pairs_of_a_rising_and_a_falling_leg() -> None:
    legs = sweep(J1, repetitions=2).repetitions()
    assert legs == [(slice(0, 181), slice(181, 362)), (slice(362, 543), slice(543, 724))]


@pytest.mark.parametrize("chip", [J1, J2, OTHER_J1, OTHER_J2, DEEP], ids=["J1", "J2", "other J1", "other J2", "deep"])
def test_the_window_of_hysteresis_tells_the_states_without_any_nominal_value(chip: Chip) -> None:
    measured = sweep(chip)
    antiparallel, telling = antiparallel_by_hysteresis(measured, sample_noise_mv(measured))
    rising, currents_ua = measured.rising, measured.currents_ua
    truth = np.where(rising, currents_ua < chip.up_ua, currents_ua <= chip.down_ua)
    assert telling.all()
    assert np.array_equal(antiparallel, truth)


@pytest.mark.parametrize("samples", [2, 5])
def test_noise_is_the_standard_deviation_of_one_sample(samples: int) -> None:
    measured = sweep(J1, repetitions=5, samples=samples)
    # The median of n magnitudes has a relative error of 1.17 / sqrt(n).
    tolerance = 5 * 1.17 / len(measured.currents_ua) ** 0.5
    assert sample_noise_mv(measured) == pytest.approx(J1.noise_mv, rel=tolerance)


def test_a_switch_between_two_samples_is_no_noise() -> None:
    measured = sweep(J1)
    switched = measured.voltages_mv.copy()
    switched[144, 1] += 150.0
    assert sample_noise_mv(replace(measured, voltages_mv=switched)) == pytest.approx(
        sample_noise_mv(measured), rel=0.02
    )


def test_a_noiseless_meter_has_the_noise_floor() -> None:
    assert sample_noise_mv(sweep(replace(J1, noise_mv=0.0))) == NOISE_FLOOR_MV


@pytest.mark.parametrize(
    ("voltages", "rising"),
    [((2, 1), [True, False]), ((3, 2), [True, False]), ((2, 2), [False, True]), ((2, 2), [True, True, False])],
    ids=["one sample", "a point too many", "falling first", "a leg too long"],
)
def test_another_shape_is_refused(voltages: tuple[int, int], rising: list[bool]) -> None:
    with pytest.raises(ValueError, match="J1"):
        JunctionSweep("J1", np.array([0.0, 5.0]), np.zeros(voltages), np.array(rising))


@pytest.mark.parametrize("current_ua", [-350.0, -200.0, 350.0])
def test_a_reading_taken_while_a_neighbour_switched_is_no_window(current_ua: float) -> None:
    """Meters to ground do not read at exactly the same time, so a difference may hold part of a neighbour's switch."""
    measured = sweep(J1)
    (at,) = np.flatnonzero((measured.currents_ua == current_ua) & ~measured.rising)
    voltages_mv = measured.voltages_mv.copy()
    voltages_mv[at, 0] -= np.sign(current_ua) * 60.0
    guessed, _ = antiparallel_by_hysteresis(replace(measured, voltages_mv=voltages_mv), J1.noise_mv)
    undisturbed, _ = antiparallel_by_hysteresis(measured, J1.noise_mv)
    assert np.array_equal(guessed, undisturbed)


def test_a_window_of_one_point_is_a_window() -> None:
    staircase_ua = np.arange(-500.0, 401.0, 300.0)
    measured = sweep(J1, staircase_ua=staircase_ua)
    up_ua, down_ua = measured.currents_ua[measured.rising], measured.currents_ua[~measured.rising]
    guessed, telling = antiparallel_by_hysteresis(measured, J1.noise_mv)
    assert telling.all()
    assert guessed[measured.rising].tolist() == (up_ua < J1.up_ua).tolist()
    assert guessed[~measured.rising].tolist() == (down_ua < J1.down_ua).tolist()
