"""The rack that is simulated in process: with a pause, its time passes as that of a clock."""

import pytest

from mtjlab.benches.simulated_rack import simulated_chain, simulated_rack
from mtjlab.config import SimulatedBenchConfig


def test_readings_take_their_time_where_a_person_watches() -> None:
    config, waited_s = SimulatedBenchConfig(), []
    rack = simulated_rack(
        config.simulation,
        config.timing,
        0,
        simulated_chain(config.simulation, 0),
        lambda pause_s, may_stop: waited_s.append(pause_s),
    )
    began_s = rack.time_s
    for _ in range(3):
        rack.read_voltages_v(2)
        rack.wait(0.2)
    assert sum(waited_s) == pytest.approx(rack.time_s - began_s)
