"""The reference sweep determines the properties of any junctions by measurement only."""

import pytest

from mtjlab.bench import Bench
from mtjlab.benches import open_bench
from mtjlab.config import SimulatedBenchConfig, Simulation, SweepSettings
from mtjlab.errors import BenchFaultError, LimitExceededError
from mtjlab.events import JunctionsMeasured, SweepPoint
from mtjlab.procedures.reference_sweep import reference_sweep, staircase_ua

SETTINGS = SweepSettings(repetitions=5)
MEAN_ERROR_UA = 4.3 / 5**0.5 + 5 / 12**0.5  # threshold spread of five ramps, and the step of the staircase


def bench_with(**truth: object) -> Bench:
    bench = open_bench(SimulatedBenchConfig(simulation=Simulation(**truth)), seed=3)  # type: ignore[arg-type]
    bench.execute(bench.plan([-500] * bench.description.junctions))
    return bench


def measured_on(bench: Bench) -> JunctionsMeasured:
    last = list(reference_sweep(bench, SETTINGS))[-1]
    assert isinstance(last, JunctionsMeasured)
    return last


def test_a_staircase_includes_its_end() -> None:
    inputs_ua = staircase_ua(SweepSettings(input_start_ua=100, input_stop_ua=200, input_step_ua=3))
    assert inputs_ua[:3] == (100, 103, 106)
    assert inputs_ua[-1] == 199


def test_every_point_is_recorded_and_the_input_ends_at_zero() -> None:
    bench = bench_with()
    events = list(reference_sweep(bench, SETTINGS))
    points = [event for event in events if isinstance(event, SweepPoint)]
    assert len(points) == 5 * 2 * 181
    assert [point.reading.input_ua for point in points[180:183]] == [900, 900, 895]
    assert bench.input_ua == 0
    assert bench.controls_ua == (-500, -500, -500)


@pytest.mark.parametrize(
    ("up_ua", "down_ua"),
    [
        ((224, -66, 196), (-57, -347, -85)),
        ((116, 304, 14), (-165, 23, -267)),
        ((144, 144), (-137, -137)),
        ((-66,), (-347,)),
    ],
)
def test_critical_currents_are_found(up_ua: tuple[float, ...], down_ua: tuple[float, ...]) -> None:
    truth = {"critical_current_ap_to_p_ua": up_ua, "critical_current_p_to_ap_ua": down_ua}
    critical = measured_on(bench_with(**truth)).critical
    assert critical.up_ua == pytest.approx(up_ua, abs=4 * MEAN_ERROR_UA)
    assert critical.down_ua == pytest.approx(down_ua, abs=4 * MEAN_ERROR_UA)
    assert critical.ramp_ua_per_s == pytest.approx(100)


def test_references_follow_a_chip_unlike_the_nominal_one() -> None:
    chip = {"resistance_parallel_ohm": 1430.0, "tmr_percent": 80.0, "meter_offset_mv": (0.5, -0.3, 0.1)}
    for reference, offset_mv in zip(measured_on(bench_with(**chip)).references, (0.5, -0.3, 0.1), strict=True):
        assert reference.law.r_p_ohm == pytest.approx(1430, rel=0.01)
        assert reference.law.tmr == pytest.approx(0.8, rel=0.03)
        assert reference.offset_mv == pytest.approx(offset_mv, abs=0.1)
        assert reference.noise_mv == pytest.approx(0.05, rel=0.2)


def test_a_junction_that_never_switches_is_a_fault_that_names_it() -> None:
    bench = bench_with(
        critical_current_ap_to_p_ua=(224.0, 700.0, 196.0), critical_current_p_to_ap_ua=(-57.0, 419.0, -85.0)
    )
    with pytest.raises(BenchFaultError, match="J2"):
        list(reference_sweep(bench, SETTINGS))


def test_a_sweep_never_leaves_the_limits() -> None:
    bench = bench_with()
    with pytest.raises(LimitExceededError, match="J1"):
        list(reference_sweep(bench, SweepSettings(input_stop_ua=1300)))
