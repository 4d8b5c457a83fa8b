"""A simulated voltmeter's errors: noise, offset, hum, resolution."""

from math import sqrt
from statistics import fmean, stdev

import pytest

from instruments.simulated.meter import NoisyVoltmeter, VoltmeterModel


def readings(model, count, seed=1, index=0):
    meter = NoisyVoltmeter(model, seed, index)
    return [meter.reading_v(-0.725) for _ in range(count)]


def test_readings_scatter_by_the_noise_around_truth_plus_offset():
    count = 20_000
    values = readings(VoltmeterModel(noise_v=50e-6, offset_v=1e-3), count)
    assert fmean(values) == pytest.approx(-0.724, abs=4 * 50e-6 / sqrt(count))
    assert stdev(values) == pytest.approx(50e-6, rel=4 / sqrt(2 * count))


def test_readings_are_short_decimals():
    assert all(value == round(value, 8) for value in readings(VoltmeterModel(), 1000))


def test_without_noise_a_reading_is_the_truth_at_the_resolution():
    meter = NoisyVoltmeter(VoltmeterModel(noise_v=0.0, resolution_v=1e-4), seed=1, index=0)
    assert [meter.reading_v(true_v) for true_v in (0.72346, -0.72346, 0.00004)] == [0.7235, -0.7235, 0.0]


def test_noise_repeats_with_the_seed_and_differs_between_voltmeters():
    model = VoltmeterModel()
    assert readings(model, 5) == readings(model, 5)
    assert readings(model, 5) != readings(model, 5, index=1)
    assert readings(model, 5) != readings(model, 5, seed=2)


def test_white_noise_falls_as_the_square_root_of_the_aperture():
    model = VoltmeterModel(noise_v=50e-6, noise_aperture_s=0.02)
    assert model.noise_in_v(0.02) == 50e-6
    assert model.noise_in_v(0.002) == pytest.approx(50e-6 * sqrt(10))
    assert VoltmeterModel(noise_v=50e-6).noise_in_v(0.002) == 50e-6


def test_hum_runs_in_bench_time_and_is_rejected_over_whole_line_periods():
    meter = NoisyVoltmeter(VoltmeterModel(noise_v=0.0, hum_v=1e-3, hum_hz=50.0), seed=1, index=0)

    def hum_v(aperture_s):
        return [meter.reading_v(0.0, n * 1e-3, aperture_s) for n in range(20)]

    assert max(map(abs, hum_v(0.02))) < 1e-8
    assert max(hum_v(0.002)) == pytest.approx(0.984e-3, rel=0.02)
    assert hum_v(0.002)[:10] == pytest.approx([-v for v in hum_v(0.002)[10:]], abs=2e-8)


def test_without_hum_readings_are_those_of_a_meter_that_knows_none():
    plain, hum = VoltmeterModel(), VoltmeterModel(hum_v=0.0, hum_hz=60.0)
    assert readings(plain, 5) == readings(hum, 5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"noise_v": -1e-6},
        {"hum_v": -1.0},
        {"hum_hz": 0.0},
        {"noise_aperture_s": 0.0},
        {"resolution_v": 0.0},
        {"resolution_v": 2.0},
    ],
)
def test_impossible_errors_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        VoltmeterModel(**wrong)
