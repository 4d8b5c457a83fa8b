"""A warm start after its own sweep: recognition before any training step, over many seeds.

Each seed is a day of its own: `mtjlab sweep` as it is by default, its calibration, and a training of no steps from it,
with that seed's split and noise. The bars hold for the measured vowels; the ceiling of these data, a linear
discriminant of all 12 formants, is 98.6 % test.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from rich.console import Console
from rich.table import Table

from mtjlab import experiment
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.training.state import TrainingState
from mtjlab.reading import read_events
from mtjlab.vowels.files import find_vowels

BARS = {"train": 0.985, "test": 0.975}
ROWS = ("measured", "expected", "expected cold")


def rates(seed: int) -> list[tuple[float, float]]:
    """(train, test) recognition at step 0, what the warm start expected, and what it expected of a cold start."""
    with tempfile.TemporaryDirectory() as folder:
        learnt = warm(seed, sweep(seed, Path(folder)), Path(folder))
    assert learnt.warm is not None
    return [(one.train, one.test) for one in (learnt.recognition[0], learnt.warm.warm, learnt.warm.cold)]


def sweep(seed: int, runs: Path) -> Path:
    """The calibration of a sweep with all defaults."""
    kind = KINDS["sweep"]
    run = experiment.execute(experiment.prepare(kind, kind.options(), experiment.OnBench(seed=seed)), runs)
    return next(run.folder.glob("calibration-*.json"))


def warm(seed: int, calibration: Path, runs: Path) -> TrainingState:
    """What a training of no steps tells that starts from it."""
    kind, on = KINDS["train"], experiment.OnBench(seed=seed, calibration=calibration)
    folder = experiment.execute(experiment.prepare(kind, kind.options(steps=0, warm_start=True), on), runs).folder
    return TrainingState.of(read_events(folder))


def report(all_rates: np.ndarray, title: str) -> bool:
    """Print the table; whether every bar holds."""
    table = Table("%", *(f"{subset} mean" for subset in BARS), *(f"{subset} s.e." for subset in BARS), title=title)
    means, errors = all_rates.mean(axis=0), all_rates.std(axis=0, ddof=1) / len(all_rates) ** 0.5
    for name, mean, error in zip(ROWS, 100 * means, 100 * errors, strict=True):
        table.add_row(name, *(f"{one:.2f}" for one in (*mean, *error)))
    table.add_row("lowest seed", *(f"{100 * low:.1f}" for low in all_rates[:, 0].min(axis=0)), "", "")
    table.add_row("bar", *(f"{100 * bar:.1f}" for bar in BARS.values()), "", "")
    Console(width=100).print(table)
    return all(mean >= bar for mean, bar in zip(means[0], BARS.values(), strict=True))


def main() -> None:
    """Run the days and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=-1)
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    found = np.array(Parallel(n_jobs=options.jobs)(delayed(rates)(seed) for seed in seeds))
    holds = report(found, f"{find_vowels().name}, {options.seeds} seeds, warm start, step 0")
    print("every bar holds" if holds else "A BAR DOES NOT HOLD")


if __name__ == "__main__":
    main()
