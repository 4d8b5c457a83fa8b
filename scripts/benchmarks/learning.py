"""Ways to learn: recognition, inputs and bench time from a cold chip, over many seeds, with drift and on other chips.

Each seed has its own split, order of tokens and noise. The rule of the paper, pairs, and probes first end with one
measurement of the recognition rate. With drift, all thresholds move by 0.1 uA a presentation while the chain learns;
they stand still while recognition is measured, which takes 259 presentations (26 uA), except in the last way: there,
control currents are kept for 140 presentations more, and a refresh follows the drift in these and in the measurement.
``--figure FILE`` draws the mean recognition of the test subset against bench time instead, without drift.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from matplotlib.figure import Figure
from recognition import CONFIGS, other_chip
from rich.console import Console
from rich.table import Table

from instruments.simulated.physics import JunctionChain
from mtjlab.bench import Bench
from mtjlab.benches import open_bench
from mtjlab.config import TrainingSettings, read_bench, read_plan
from mtjlab.events import Event, TokensEncoded
from mtjlab.procedures.training.events import ControlsAveraged, RecognitionMeasured, StepTrained, WarmStarted
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.procedures.training.state import TrainingState
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.splits import split

DRIFT_UA, PRESENTATION_S = 0.1, 0.34
DRIFT_UA_PER_H = DRIFT_UA / PRESENTATION_S * 3600
CONDITIONS = ("no drift", "+0.1 uA", "-0.1 uA", "other chips")
NEVER = 10**6


@dataclass(frozen=True, slots=True)
class Way:
    """A way to learn, and the least mean recognition of the test subset, without drift and otherwise."""

    name: str
    settings: TrainingSettings
    bars: tuple[float, float] = (0.0, 0.0)
    stands_still: bool = True


def _way(name: str, bars: tuple[float, float] = (0.0, 0.0), stands_still: bool = True, **settings: object) -> Way:
    return Way(name, TrainingSettings(recognition_every_steps=NEVER, **settings), bars, stands_still)  # type: ignore[arg-type]


WAYS = (
    _way("rule of the paper, 80 steps"),
    _way("pairs at -25 and +25 uA, 40 steps", (0.975, 0.970), rule="paired", steps=40),
    _way("16 probes first, no steps", (0.978, 0.976), steps=0, probe_first=16),
    _way(
        "  and kept for 140 presentations",
        (0.975, 0.975),
        stands_still=False,
        rule="none",
        steps=20,
        probe_first=16,
        refresh_every_steps=2,
    ),
)


class Drift:
    """The drift of a chain in process, which can be halted."""

    def __init__(self, bench: Bench) -> None:
        chain = bench._rack._chain  # type: ignore[attr-defined]
        assert isinstance(chain, JunctionChain)
        self._chain = chain
        self._rates = [model.critical_drift_a_per_h for model in chain.models]

    def halt(self, is_halted: bool) -> None:
        """Let the drift stand still where it is, or go on from there."""
        hours = self._chain.time_s / 3600.0
        for k, (model, rate) in enumerate(zip(self._chain.models, self._rates, strict=True)):
            now = 0.0 if is_halted else rate
            moved_a = (model.critical_drift_a_per_h - now) * hours
            up_a, down_a = model.critical_current_up_a + moved_a, model.critical_current_down_a + moved_a
            self._chain.replace_junction(
                k,
                replace(model, critical_current_up_a=up_a, critical_current_down_a=down_a, critical_drift_a_per_h=now),
            )


def events_of(way: Way, condition: str, seed: int) -> Iterator[Event]:
    """A training of the measured vowels from a cold chip."""
    bench_file, plan = read_bench(CONFIGS / "simulated.toml"), read_plan(CONFIGS / "vowels.toml")
    if condition == "other chips":
        bench_file = other_chip(bench_file, seed)
    elif condition != "no drift":
        rate = DRIFT_UA_PER_H * (1 if condition.startswith("+") else -1)
        simulation = bench_file.simulation.model_copy(update={"critical_drift_ua_per_h": rate})
        bench_file = bench_file.model_copy(update={"simulation": simulation})
    config = plan.model_copy(update={"seed": seed, "training": way.settings}).with_references_for_probes()
    data = find_vowels()
    parts = split(data, seed, config.data.split, config.data.train_fraction)
    bench = open_bench(bench_file, seed)
    training = TrainingPlan(config, data, parts)
    events = train(bench, training)
    return _standing_still(events, Drift(bench), training) if way.stands_still else events


def _standing_still(events: Iterator[Event], drift: Drift, plan: TrainingPlan) -> Iterator[Event]:
    """The same events; nothing drifts while recognition is measured."""
    for event in events:
        match event:
            case RecognitionMeasured():
                drift.halt(False)
            case TokensEncoded() if not plan.starts_on_boundaries:
                drift.halt(True)
            case WarmStarted():
                drift.halt(True)
            case StepTrained() | ControlsAveraged() if plan.measures_recognition(event.step):
                drift.halt(True)
        yield event


def figures_of(way: Way, condition: str, seed: int) -> tuple[float, float, float, float]:
    """Recognition of both subsets at the end, bench time of learning, and inputs before the training."""
    learnt = TrainingState.of(events_of(way, condition, seed))
    last = learnt.recognition[-1]
    return last.train, last.test, learnt.learning_s, len(learnt.first_probes)


def report(options: argparse.Namespace) -> bool:
    """Print a row for each way and condition; whether every bar holds."""
    table = Table("%", "train", "s.e.", "test", "s.e.", "bar", "bench time", "probes", title=f"{options.seeds} seeds")
    holds = True
    for way in [WAYS[k] for k in options.way or range(len(WAYS))]:
        for number, condition in enumerate(CONDITIONS):
            jobs = (delayed(figures_of)(way, condition, seed) for seed in range(options.seeds))
            found = np.array(Parallel(n_jobs=options.jobs)(jobs))
            mean, error = found.mean(axis=0), found.std(axis=0, ddof=1) / len(found) ** 0.5
            bar = way.bars[number > 0]
            holds &= bool(mean[1] >= bar)
            rates = (f"{100 * one:.2f}" for pair in zip(mean[:2], error[:2], strict=True) for one in pair)
            told = f"{100 * bar:.1f}" if bar else ""
            table.add_row(f"{way.name}, {condition}", *rates, told, f"{mean[2]:.1f} s", f"{mean[3]:.0f}")
            print(f"{way.name}, {condition}: test {100 * mean[1]:.2f}", flush=True)
    Console(width=120).print(table)
    return holds


def draw(path: Path, seeds: int, jobs: int) -> None:
    """Draw the mean recognition of the test subset against bench time from a cold chip."""
    figure = Figure((6.4, 3.6), layout="constrained")
    axes = figure.subplots()
    for way, every, style in zip(WAYS[:3], (4, 2, 1), ("-o", "-s", "D"), strict=True):
        often = replace(way, settings=way.settings.model_copy(update={"recognition_every_steps": every}))
        courses = Parallel(n_jobs=jobs)(delayed(_course)(often, seed) for seed in range(seeds))
        times_s, rates = np.array(courses).mean(axis=0)
        axes.plot(
            times_s, 100 * rates, style, ms=3.5, label=f"{way.name}: {100 * rates[-1]:.1f} % after {times_s[-1]:.0f} s"
        )
    axes.set(
        xlabel="bench time from a cold chip, without measuring recognition (s)",
        ylabel="test recognition (%)",
        xlim=(0, None),
        ylim=(30, 101),
        title=f"measured vowels, SIMULATED BENCH, mean of {seeds} seeds",
    )
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=150)


def _course(way: Way, seed: int) -> tuple[Sequence[float], Sequence[float]]:
    """Bench times of learning, and recognition of the test subset at each measurement."""
    learnt, times_s = TrainingState(), []
    for event in events_of(way, "no drift", seed):
        learnt.take(event)
        if isinstance(event, RecognitionMeasured):
            times_s.append(learnt.learning_s)
    return times_s, [one.test for one in learnt.recognition]


def main() -> None:
    """Run the trainings; print the table, or draw the figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=-1)
    parser.add_argument("--way", type=int, action="append", help="only this one (0 to 3); may be repeated")
    parser.add_argument("--figure", type=Path, help="draw recognition against bench time into this file")
    options = parser.parse_args()
    if options.figure:
        draw(options.figure, options.seeds, options.jobs)
    else:
        print("every bar holds" if report(options) else "A BAR DOES NOT HOLD")


if __name__ == "__main__":
    main()
