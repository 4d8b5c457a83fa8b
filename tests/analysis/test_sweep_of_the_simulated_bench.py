"""From a sweep of the simulated bench to critical currents: readings, states, passages, estimates."""

from collections.abc import Sequence

import pytest

from mtjlab.analysis.critical import estimate_critical
from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.legs import passages, seen_states
from mtjlab.benches import open_bench
from mtjlab.config import DetectorSettings, SimulatedBenchConfig, SweepSettings
from mtjlab.events import JunctionsMeasured, SweepPoint
from mtjlab.procedures.reference_sweep import reference_sweep

UP_UA, DOWN_UA = (224.0, -66.0, 196.0), (-57.0, -347.0, -85.0)
CASES = [((-500.0, -500.0, -500.0), (724.0, 434.0, 696.0)), ((-460.0, -380.0, -560.0), (684.0, 314.0, 756.0))]


def covered(seed: int, controls_ua: Sequence[float], inputs_ua: Sequence[float]) -> tuple[int, int, int]:
    """How many of the critical inputs, of the P -> AP currents and of all spreads lie within their intervals."""
    config = SimulatedBenchConfig()
    bench = open_bench(config, seed)
    bench.execute(bench.plan(controls_ua))
    events = list(reference_sweep(bench, SweepSettings(repetitions=10)))
    points = [event for event in events if isinstance(event, SweepPoint)]
    (measured,) = [event for event in events if isinstance(event, JunctionsMeasured)]
    readings = [point.reading for point in points]
    states = seen_states(measured.references, readings, DetectorSettings())
    legs = [(point.repetition, point.rising) for point in points]
    told = passages(readings, states, legs, config.timing.aperture_s)
    found_up = [
        estimate_critical([leg for leg in junction if leg.rising]).shifted(-control_ua)
        for junction, control_ua in zip(told, controls_ua, strict=True)
    ]
    found_down = [estimate_critical([leg for leg in junction if not leg.rising]) for junction in told]
    both = [found for found in (*found_up, *found_down) if isinstance(found, CriticalEstimate)]
    assert len(both) == 6
    return (
        sum(truth in found.mean_interval for truth, found in zip(inputs_ua, both[:3], strict=True)),
        sum(truth in found.mean_interval for truth, found in zip(DOWN_UA, both[3:], strict=True)),
        sum(4.3 in found.spread_interval for found in both),
    )


@pytest.mark.parametrize(("controls_ua", "inputs_ua"), CASES)
def test_the_intervals_cover_the_truth_of_the_chip(controls_ua: Sequence[float], inputs_ua: Sequence[float]) -> None:
    counts = [covered(seed, controls_ua, inputs_ua) for seed in range(2)]
    up, down, spreads = map(sum, zip(*counts, strict=True))
    assert up >= 5
    assert down >= 5
    assert spreads >= 10
