"""Simulated instruments over TCP switch as the bench in process does; a short form of the benchmark."""

from pathlib import Path

from mtjlab.config import read_bench
from scripts.benchmarks.agreement import SHIFT_UA, counts, learnt, p_value
from tests.support.equipment import with_simulation

CONFIGS = Path(__file__).parents[2] / "configs"


def test_tokens_near_a_boundary_switch_alike_on_both_benches_and_10_ua_would_be_noticed() -> None:
    task = learnt(tokens=9, times=20)
    in_process = read_bench(CONFIGS / "simulated.toml")
    over_tcp = counts(with_simulation(read_bench(CONFIGS / "keithley-6221-2182a.toml"), speed=40.0), 1, task)
    assert p_value(counts(in_process, 2, task), over_tcp) > 0.001
    assert p_value(counts(in_process, 3, task.shifted(SHIFT_UA)), over_tcp) < 0.001
