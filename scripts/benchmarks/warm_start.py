"""A warm start after its own sweep: recognition before any training step, over many seeds.

Each seed is a day of its own: `mtjlab sweep` as it is by default, its calibration, and a training of no steps from it,
with that seed's split and noise. The bars hold for the measured vowels; the ceiling of these data, a linear
discriminant of all 12 formants, is 98.6 % test. With ``--speakers bg`` (boys and girls; ``m``: men) the same
seven vowels of other speakers in the measured file are learnt; ``--table`` is the key of the encoding. The ceiling is
that of the encoding with thresholds on its boundaries, without noise.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from rich.console import Console
from rich.table import Table

from mtjlab import experiment
from mtjlab.config import Data, EncodingSettings, PlanConfig, TrainingSettings
from mtjlab.events import TokensEncoded
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.training.state import TrainingState
from mtjlab.reading import read_events
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.hillenbrand import HILLENBRAND, read_speakers

BARS = {"": {"train": 0.985, "test": 0.975}, "bg": {"train": 0.93, "test": 0.92}}
"""Of the paper's vowels, and of the children's."""
ROWS = ("measured at step 0", "expected", "expected cold", "ceiling", "measured at the end")


def rates(seed: int, config: PlanConfig, data: DataSet) -> list[tuple[float, float]]:
    """(train, test) recognition for each of ROWS."""
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder)
        if data.name != HILLENBRAND:
            config = config.model_copy(update={"data": Data(table=str(written(data, runs)))})
        learnt = warm(seed, sweep(seed, runs), runs, config)
    assert learnt.warm is not None
    assert learnt.encoded is not None
    first, *_, last = [*learnt.recognition] * 2
    measured = [(one.train, one.test) for one in (first, learnt.warm.warm, learnt.warm.cold)]
    return [*measured, ceiling(learnt.encoded), (last.train, last.test)]


def ceiling(encoded: TokensEncoded) -> tuple[float, float]:
    """(train, test) recognition with thresholds on the boundaries of the encoding."""
    return tuple(
        float(
            np.mean(
                [encoded.encoding.ideal_class_of(t.inputs_ua) == t.label for t in encoded.tokens if t.subset == subset]
            )
        )
        for subset in ("train", "test")
    )  # type: ignore[return-value]


def written(data: DataSet, folder: Path) -> Path:
    """A table of ``data``, as anybody's own classes."""
    path = folder / f"{data.name}.csv"
    rows = [["name", "label", "talker", *data.feature_names]]
    rows += [[t.name, t.label, str(t.talker), *map(str, t.features)] for t in data.tokens]
    path.write_text("\n".join(map(",".join, rows)))
    return path


def sweep(seed: int, runs: Path) -> Path:
    """The calibration of a sweep with all defaults."""
    kind = KINDS["sweep"]
    run = experiment.execute(experiment.prepare(kind, kind.options(), experiment.OnBench(seed=seed)), runs)
    return next(run.folder.glob("calibration-*.json"))


def warm(seed: int, calibration: Path, runs: Path, config: PlanConfig) -> TrainingState:
    """What a training tells that starts from it."""
    kind, on = KINDS["train"], experiment.OnBench(seed=seed, calibration=calibration)
    folder = experiment.execute(experiment.prepare(kind, kind.options(warm_start=True), on, config), runs).folder
    return TrainingState.of(read_events(folder))


def report(all_rates: np.ndarray, title: str, bars: dict[str, float]) -> bool:
    """Print the table; whether every bar holds."""
    subsets = ("train", "test")
    table = Table(
        "%", *(f"{subset} mean" for subset in subsets), *(f"{subset} s.e." for subset in subsets), title=title
    )
    means, errors = all_rates.mean(axis=0), all_rates.std(axis=0, ddof=1) / len(all_rates) ** 0.5
    for name, mean, error in zip(ROWS, 100 * means, 100 * errors, strict=True):
        table.add_row(name, *(f"{one:.2f}" for one in (*mean, *error)))
    table.add_row("lowest seed", *(f"{100 * low:.1f}" for low in all_rates[:, 0].min(axis=0)), "", "")
    if bars:
        table.add_row("bar", *(f"{100 * bar:.1f}" for bar in bars.values()), "", "")
    Console(width=100).print(table)
    return all(mean >= bar for mean, bar in zip(means[0], bars.values(), strict=False))


def main() -> None:
    """Run the days and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=-1)
    parser.add_argument("--speakers", default="", help="b, g, m or w, or several: all of these instead of the paper's")
    parser.add_argument("--table", default="auto", choices=("auto", "one", "joint"))
    parser.add_argument("--inputs", type=int, default=2)
    parser.add_argument("--steps", type=int, default=0)
    options = parser.parse_args()
    config = PlanConfig(
        encoding=EncodingSettings(inputs=options.inputs, table=options.table),
        training=TrainingSettings(steps=options.steps, recognition_every_steps=max(1, options.steps)),
    )
    vowels = find_vowels()
    data = read_speakers(Path(vowels.source), options.speakers, "speakers") if options.speakers else vowels
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    found = np.array(Parallel(n_jobs=options.jobs)(delayed(rates)(seed, config, data) for seed in seeds))
    title = f"{data.name} {options.speakers}, {options.seeds} seeds, warm start, table {options.table}"
    holds = report(found, title, BARS.get(options.speakers, {}))
    print("every bar holds" if holds else "A BAR DOES NOT HOLD")


if __name__ == "__main__":
    main()
