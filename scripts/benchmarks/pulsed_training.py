"""Recognition after trainings by pulses of 1 ms, and by held inputs whose boundaries are as near to each other.

``configs/simulated.toml`` in process, ``configs/vowels.toml`` with boundaries 75 uA apart; for each seed both learn the
same split in the same order. The bar: mean recognition of all tokens within 0.5 points.
"""

import argparse
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from rich.console import Console
from rich.table import Table

from mtjlab.benches import open_bench
from mtjlab.config import PlanConfig, read_bench, read_plan
from mtjlab.procedures.training.events import RecognitionMeasured
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.splits import split

CONFIGS = Path(__file__).parents[2] / "configs"
WIDTH_S = 1e-3
BAR = 0.005


def recognised(seed: int, config: PlanConfig) -> tuple[float, float, float]:
    """Recognition rates after the last step: of the training and the test subset, and of all tokens."""
    data = find_vowels()
    training = config.training.model_copy(update={"recognition_every_steps": config.training.steps})
    config = config.model_copy(update={"seed": seed, "training": training})
    parts = split(data, seed, config.data.split, config.data.train_fraction)
    events = train(open_bench(read_bench(CONFIGS / "simulated.toml"), seed), TrainingPlan(config, data, parts))
    last = [event for event in events if isinstance(event, RecognitionMeasured)][-1]
    sizes = len(parts.train), len(parts.test)
    return last.train, last.test, float(np.average((last.train, last.test), weights=sizes))


def main() -> None:
    """Train, print, and end with 1 beyond the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=-1)
    options = parser.parse_args()
    pulsed = read_plan(CONFIGS / "vowels.toml").with_pulses(WIDTH_S)
    held = pulsed.model_copy(update={"presentation": pulsed.presentation.model_copy(update={"mode": "dc"})})
    jobs = (delayed(recognised)(seed, config) for seed in range(options.seeds) for config in (pulsed, held))
    rates = np.array(Parallel(n_jobs=options.jobs)(jobs)).reshape(options.seeds, 2, 3)
    table = Table("mean % of", "pulses", "held", "difference", "standard error", title=f"{options.seeds} seeds")
    for index, subset in enumerate(("train", "test", "all")):
        by_pulses, by_held = 100 * rates[:, :, index].T
        apart = by_pulses - by_held
        error = apart.std(ddof=1) / len(apart) ** 0.5
        table.add_row(subset, *(f"{value:.2f}" for value in (by_pulses.mean(), by_held.mean(), apart.mean(), error)))
    Console(width=100).print(table)
    apart = float(np.diff(rates[:, :, 2].mean(axis=0))[0])
    if abs(apart) > BAR:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
