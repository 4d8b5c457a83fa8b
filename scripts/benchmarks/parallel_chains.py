"""Parallel chains against one chain: recognition of the same splits in process, and presentations over TCP at speed 1.

    python scripts/benchmarks/parallel_chains.py [--seeds 40] [--presentations 100]

Recognition: the paper's training (80 steps) on three junctions that take two inputs one after another, and on chains of
three and two, each seed with its own split and noise; differences are paired. Speed: presentations one
after another, in one run of this script, on simulated Keithley 6221 and 2182A at the pace of the clock.
"""

import argparse
from pathlib import Path
from statistics import mean, stdev
from time import perf_counter

from agreement import opened, result_of

from mtjlab.benches import open_bench
from mtjlab.config import InstrumentBenchConfig, PlanConfig, SimulatedBenchConfig, read_bench
from mtjlab.events import EncodedToken
from mtjlab.procedures.inputs import HeldInputs
from mtjlab.procedures.present import prepare_presenter
from mtjlab.procedures.training.events import RecognitionMeasured
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.procedures.training.steps import measure
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split

CONFIGS = Path(__file__).parents[2] / "configs"


def recognition(bench_file: str, seed: int, data: DataSet) -> RecognitionMeasured:
    """Recognition at the end of a training in process."""
    config = read_bench(CONFIGS / bench_file)
    assert isinstance(config, SimulatedBenchConfig)
    plan = PlanConfig.model_validate({"seed": seed, "training": {"recognition_every_steps": 80}})
    bench = open_bench(config, seed)
    bench.connect()
    bench.switch_on()
    events = train(bench, TrainingPlan(plan, data, split(data, seed)))
    return [event for event in events if isinstance(event, RecognitionMeasured)][-1]


def presentations_per_s(bench_file: str, presentations: int) -> float:
    """Presentations a second over TCP, at the pace of the clock."""
    config = read_bench(CONFIGS / bench_file)
    assert isinstance(config, InstrumentBenchConfig)
    config = config.model_copy(update={"simulation": config.simulation.model_copy(update={"speed": 1.0})})
    plan = PlanConfig.model_validate({"sweep": {"repetitions": 1, "input_step_ua": 25}})
    with opened(config, 1) as bench:
        measured = result_of(measure(bench, TrainingPlan(plan, surrogate(), split(surrogate(), 0))))
        inputs = HeldInputs(bench, plan, measured)
        presenter = result_of(prepare_presenter(inputs, inputs.start_controls(), 0))
        began_s = perf_counter()
        for k in range(presentations):
            token = EncodedToken(f"t{k}", "x", "test", (430.0 + 80.0 * (k % 5), 430.0 + 80.0 * (k % 3)))
            result_of(presenter.present(token, 0, "recognition"))
        return presentations / (perf_counter() - began_s)


def main() -> None:
    """Print recognition and speed of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--presentations", type=int, default=100)
    asked = parser.parse_args()
    one, two = (
        presentations_per_s(file, asked.presentations) for file in ("keithley-6221-2182a.toml", "parallel.toml")
    )
    print(f"presentations a second: one chain {one:.2f}, parallel {two:.2f}, {two / one:.2f} times")
    seeds = range(asked.seeds)
    data = surrogate()
    both = [[recognition(file, seed, data) for seed in seeds] for file in ("simulated.toml", "two-chains.toml")]
    for subset in ("train", "test"):
        alone, together = ([100 * getattr(found, subset) for found in each] for each in both)
        by = [b - a for a, b in zip(alone, together, strict=True)]
        error = 1.96 * stdev(by) / len(by) ** 0.5 if len(by) > 1 else 0.0
        print(
            f"{subset}: one chain {mean(alone):.2f} %, parallel {mean(together):.2f} %, "
            f"difference {mean(by):+.2f} +- {error:.2f}"
        )


if __name__ == "__main__":
    main()
