"""Recognition against training step over many seeds, each with its own split, order of tokens and noise: a study.

The bars are the paper's experiment: train 96.6 %, test 96.4 % at step 80, on one split. With ``--chips`` every seed
gets another chip under the unchanged plan: the junctions in another order, each critical current moved by -80, 0 or
+80 uA, R_P 30 % up, TMR 80 %. ``--permute`` exchanges the labels of the test subset: only the test figures may change.
"""

import argparse
import random
from pathlib import Path

import numpy as np
from joblib import Parallel, cpu_count, delayed
from rich.console import Console
from rich.table import Table

from mtjlab.config import BenchConfig, PlanConfig, SimulatedBenchConfig, read_bench, read_plan
from mtjlab.study.running import MOST_TOGETHER
from mtjlab.study.trainings import Cell, make
from mtjlab.vowels.data_set import DataSet, Token
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split

CONFIGS = Path(__file__).parents[2] / "configs"
STEPS = (0, 10, 20, 35, 80)
EVERY = 5
BARS = {"train": {20: 0.90, 35: 0.95, 80: 0.975}, "test": {80: 0.960}}


def other_chip(bench: BenchConfig, seed: int) -> BenchConfig:
    """The bench with the junctions of another chip; which one depends on ``seed``."""
    rng = random.Random(f"chip {seed}")
    truth = bench.simulation
    pairs = list(zip(truth.critical_current_ap_to_p_ua, truth.critical_current_p_to_ap_ua, strict=True))
    rng.shuffle(pairs)
    moved = [(up + shift, down + shift) for up, down in pairs for shift in [rng.choice((-80, 0, 80))]]
    other = truth.model_copy(
        update={
            "critical_current_ap_to_p_ua": tuple(up for up, _ in moved),
            "critical_current_p_to_ap_ua": tuple(down for _, down in moved),
            "resistance_parallel_ohm": 1430.0,
            "tmr_percent": 80.0,
        }
    )
    return bench.model_copy(update={"simulation": other})


def permuted(data: DataSet, test: tuple[str, ...], seed: int) -> DataSet:
    """The data with the labels of the tokens named in ``test`` exchanged among them."""
    rng = random.Random(f"permute {seed}")
    labels = [token.label for token in data.tokens if token.name in test]
    rng.shuffle(labels)
    remaining = iter(labels)
    tokens = tuple(
        Token(t.name, next(remaining) if t.name in test else t.label, t.talker, t.features) for t in data.tokens
    )
    return DataSet(data.name, data.feature_names, tokens)


def cell_of(bench: BenchConfig, plan: PlanConfig, data: DataSet, name: str = "chip") -> Cell:
    """Trainings on a chip, as in a study."""
    if not isinstance(bench, SimulatedBenchConfig):
        raise TypeError("the chip is simulated in process")
    training = plan.training.model_copy(update={"recognition_every_steps": EVERY})
    return Cell(name, "seven vowels", "paper", bench, plan.model_copy(update={"training": training}), data)


def tasks(options: argparse.Namespace) -> list[tuple[Cell, list[int]]]:
    """Cells of a study with their seeds; one for each seed if every seed has a chip, or labels, of its own."""
    bench, plan = read_bench(CONFIGS / "simulated.toml"), read_plan(CONFIGS / "vowels.toml")
    data = surrogate() if options.surrogate else find_vowels()
    seeds = list(range(options.first_seed, options.first_seed + options.seeds))
    if not (options.chips or options.permute):
        size = min(MOST_TOGETHER, -(-len(seeds) // cpu_count()))
        cell = cell_of(bench, plan, data)
        return [(cell, seeds[begin : begin + size]) for begin in range(0, len(seeds), size)]
    found = []
    for seed in seeds:
        test = split(data, seed, plan.data.split, plan.data.train_fraction).test
        shown = permuted(data, test, seed) if options.permute else data
        chip = other_chip(bench, seed) if options.chips else bench
        found.append((cell_of(chip, plan, shown, f"chip {seed}"), [seed]))
    return found


def rates(cell: Cell, seeds: list[int]) -> list[list[tuple[float, float]]]:
    """(train, test) recognition at each of STEPS of each training."""
    rows = make(cell, seeds, "replicas" if len(seeds) > 1 else "events")
    by_step = [{one["step"]: (one["train"], one["test"]) for one in row["recognition"]} for row in rows]
    return [[found[step] for step in STEPS] for found in by_step]


def report(all_rates: np.ndarray, title: str) -> bool:
    """Print the table; whether every bar holds."""
    table = Table("step", *map(str, STEPS), title=title)
    for index, subset in enumerate(BARS):
        values = 100 * all_rates[:, :, index]
        table.add_row(f"{subset} mean %", *(f"{mean:.2f}" for mean in values.mean(axis=0)))
        table.add_row("  standard error", *(f"{e:.2f}" for e in values.std(axis=0, ddof=1) / len(values) ** 0.5))
        table.add_row("  lowest seed", *(f"{low:.1f}" for low in values.min(axis=0)))
        table.add_row("  bar", *(f"{100 * BARS[subset][s]:.1f}" if s in BARS[subset] else "" for s in STEPS))
    Console(width=100).print(table)
    means = dict(zip(BARS, np.moveaxis(all_rates.mean(axis=0), 1, 0), strict=True))
    return all(means[subset][STEPS.index(step)] >= bar for subset, bars in BARS.items() for step, bar in bars.items())


def main() -> None:
    """Run the trainings and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=-1)
    parser.add_argument("--surrogate", action="store_true", help="learn the surrogate even where the measured file is")
    parser.add_argument("--chips", action="store_true", help="another chip for every seed")
    parser.add_argument("--permute", action="store_true", help="exchange the labels of the test subset")
    options = parser.parse_args()
    made = Parallel(n_jobs=options.jobs)(delayed(rates)(cell, seeds) for cell, seeds in tasks(options))
    name = "surrogate vowels" if options.surrogate else find_vowels().name
    title = f"{name}, {options.seeds} seeds, simulated bench" + (", other chips" if options.chips else "")
    holds = report(np.array([one for part in made for one in part]), title)
    print("every bar holds" if holds else "A BAR DOES NOT HOLD")


if __name__ == "__main__":
    main()
