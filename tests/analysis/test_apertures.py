"""The shortest times at which states are known: apertures against noise and hum, settling, dwell."""

from dataclasses import replace
from math import sqrt
from random import Random
from statistics import stdev

import pytest

from instruments.simulated.meter import NoisyVoltmeter, VoltmeterModel
from mtjlab.analysis.apertures import (
    MOST_MISJUDGED,
    MOST_REPEATED,
    NPLCS,
    MeterNoise,
    Scatter,
    reading_quality,
    settling_s,
    shortest_dwell_s,
    shortest_reading,
    smallest_jump_mv,
)
from mtjlab.config import DetectorSettings, Device
from mtjlab.envelope import nominal_law
from mtjlab.errors import BenchFaultError

DETECTOR = DetectorSettings()
JUMP_MV = smallest_jump_mv([nominal_law(Device())], DETECTOR.dead_band_ua)
QUIET = MeterNoise(white_mv_rt_s=0.05 * sqrt(0.02))
HUMMING = replace(QUIET, hum_mv=1.0)


def test_the_smallest_jump_is_that_at_the_edge_of_the_dead_band():
    assert smallest_jump_mv([nominal_law(Device())], 10.0) == pytest.approx(1100 * 1.2 * 10e-3, rel=0.03)


def test_hum_is_rejected_by_whole_periods_only():
    assert HUMMING.hum_in_mv(0.02) < 1e-12
    assert HUMMING.hum_in_mv(0.002) == pytest.approx(0.984, abs=1e-3)
    assert HUMMING.noise_mv(0.02) == pytest.approx(0.05)
    assert HUMMING.noise_mv(0.002) == pytest.approx(0.05 * sqrt(10))


def test_noise_and_hum_are_found_again_from_the_scatter_of_samples():
    model = VoltmeterModel(noise_v=50e-6, noise_aperture_s=0.02, hum_v=1e-3, hum_hz=50.0)
    meter, times = NoisyVoltmeter(model, seed=3, index=0), Random(3)
    scatters = [
        Scatter(nplc / 50, 1e3 * stdev(meter.reading_v(0.1, times.uniform(0, 10), nplc / 50) for _ in range(200)), 200)
        for nplc in (0.01, 0.1, 0.5, 1.0, 5.0)
    ]
    found = MeterNoise.fit(scatters, 50.0)
    assert found.hum_mv == pytest.approx(1.0, rel=0.1)
    assert found.white_mv_rt_s == pytest.approx(QUIET.white_mv_rt_s, rel=0.15)
    assert found.flicker_mv < 0.03


def test_a_tenth_of_a_line_period_decides_as_surely_with_a_hum_of_1_mv():
    quality = reading_quality(HUMMING, JUMP_MV, 0.002, DETECTOR)
    assert quality.samples == 2
    assert quality.misjudged < 1e-30
    assert quality.repeated < 1e-20


@pytest.mark.parametrize("hum_mv", [0.0, 1.0, 3.0, 20.0])
@pytest.mark.parametrize("white_mv", [0.001, 0.05, 0.5])
def test_the_shortest_reading_is_sure_and_no_shorter_one_is(white_mv, hum_mv):
    noise = MeterNoise(white_mv * sqrt(0.02), hum_mv=hum_mv)
    chosen = shortest_reading(noise, JUMP_MV, NPLCS, DETECTOR)
    worse = replace(noise, hum_mv=2 * hum_mv)
    others = [reading_quality(worse, JUMP_MV, nplc / 50, DETECTOR) for nplc in NPLCS]
    sure = [one for one in others if one and one.misjudged < MOST_MISJUDGED and one.repeated < MOST_REPEATED]
    assert chosen in sure
    assert all(one.expected_s >= chosen.expected_s for one in sure)


def test_strong_hum_asks_for_a_whole_line_period():
    assert shortest_reading(replace(QUIET, hum_mv=50.0), JUMP_MV, NPLCS, DETECTOR).aperture_s == pytest.approx(0.02)


def test_noise_that_hides_the_levels_is_refused_with_what_to_do():
    with pytest.raises(BenchFaultError, match="dead_band_ua"):
        shortest_reading(MeterNoise(50.0, flicker_mv=50.0), JUMP_MV, NPLCS, DETECTOR)


def test_settling_is_as_measured_and_longer_for_large_steps():
    assert settling_s(0.002, 100.0) == 0.002
    assert settling_s(0.002, 1000.0) == 0.003
    assert settling_s(0.0, 1000.0) == 0.001


def test_a_dwell_is_long_against_what_is_uncertain_of_it_and_no_shorter_than_the_reading():
    assert shortest_dwell_s(0.003, 0.004) == pytest.approx(0.018)
    assert shortest_dwell_s(0.0, 0.004) == pytest.approx(0.004)
