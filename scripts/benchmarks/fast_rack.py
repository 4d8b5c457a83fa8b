"""How long a presentation takes, what settling, dwell and apertures need, and whether a short one decides as well.

Over TCP at speed 1, with 1 mV of hum: the bench of 1 power line cycle and 50 ms of dwell, and the fast rack, as they
are and with time added to every message. In process: verdicts of the fast rack against the true states, most of them
on tokens nearest to a boundary; and trainings of both from the same seeds, as a paired difference of recognition.
"""

import argparse
import gc
import statistics
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import numpy as np
from agreement import PLAN, Task, learnt, opened, presenter_on, result_of
from joblib import Parallel, delayed

from instruments.line import Line
from mtjlab.benches import open_bench
from mtjlab.benches.simulated_rack import SimulatedRack
from mtjlab.config import (
    BenchConfig,
    InstrumentBenchConfig,
    PlanConfig,
    SimulatedBenchConfig,
    Timing,
    read_bench,
    read_plan,
)
from mtjlab.domain import Reading, Verdict
from mtjlab.extent import Times
from mtjlab.procedures.inputs import HeldInputs
from mtjlab.procedures.look import Look, Observer
from mtjlab.procedures.present import prepare_presenter
from mtjlab.procedures.reference_sweep import reference_sweep
from mtjlab.procedures.safe import connect
from mtjlab.procedures.training.events import RecognitionMeasured
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.splits import split

CONFIGS = Path(__file__).parents[2] / "configs"
USUAL, FAST = CONFIGS / "keithley-6221-2182a.toml", CONFIGS / "fast-rack.toml"
PLANS = {USUAL: CONFIGS / "vowels.toml", FAST: CONFIGS / "fast-vowels.toml"}
LONGER_S = 0.02
"""By so much a presentation is longer than usual if something held it up."""
CHECKED_STEPS = (20, 35, 80)


def humming(file: Path) -> InstrumentBenchConfig:
    """The bench of a file, with hum and noise of the fast rack, in real time."""
    config, fast = read_bench(file), read_bench(FAST)
    assert isinstance(config, InstrumentBenchConfig)
    assert isinstance(fast, InstrumentBenchConfig)
    return config.model_copy(update={"simulation": fast.simulation})


def in_process(file: Path) -> SimulatedBenchConfig:
    """The same times, noise and hum on the bench in process; without hum for the usual one."""
    config, bench = humming(file), read_bench(CONFIGS / "simulated.toml")
    assert isinstance(bench, SimulatedBenchConfig)
    if file == USUAL:
        return bench
    truth = config.simulation.model_dump(include={"meter_noise_aperture_s", "hum_mv"})
    return bench.model_copy(
        update={
            "timing": Timing(settle_s=config.timing.settle_s, aperture_s=config.aperture_s),
            "simulation": bench.simulation.model_copy(update=truth),
        }
    )


@contextmanager
def longer_messages(by_s: float) -> Iterator[None]:
    """Every exchange takes so much longer, as on a slow bus."""
    read = Line._read

    def slow(line: Line, **options: Any) -> str:
        reply = read(line, **options)
        sleep(by_s)
        return reply

    if by_s:
        Line._read = slow  # type: ignore[method-assign]
    try:
        yield
    finally:
        Line._read = read  # type: ignore[method-assign]


class Collections:
    """Times and durations of full garbage collections."""

    def __init__(self) -> None:
        self.all: list[tuple[float, float]] = []
        self._began_s = 0.0
        gc.callbacks.append(self._note)

    def _note(self, phase: str, about: dict[str, int]) -> None:
        if phase == "start":
            self._began_s = perf_counter()
        elif about["generation"] == 2:
            self.all.append((self._began_s, perf_counter() - self._began_s))

    def between(self, began_s: float, ended_s: float) -> float:
        """Seconds of collections that began in this time."""
        return sum(took_s for at_s, took_s in self.all if began_s <= at_s < ended_s)


def waited_s() -> float:
    """Seconds for which this thread was ready and another had the processor (Linux; else 0)."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


def link_times(task: Task, presentations: int, collections: Collections) -> None:
    """Print what a presentation takes over TCP."""
    print("bench      message  needed   median     99 %  longest ms   settling, dwell and apertures against all")
    for file, plan_file in PLANS.items():
        config, plan = humming(file), read_plan(plan_file)
        needed_s = Times.of(config, plan).presentation_s
        with opened(config, 1) as bench:
            presenter = presenter_on(bench, task, plan.presentation)
            for by_s in (0.0, 0.0025, 0.005):
                taken: list[tuple[float, float, float]] = []
                with longer_messages(by_s):
                    for token in islice(cycle(task.tokens), presentations):
                        began_s, waited = perf_counter(), waited_s()
                        presented = result_of(presenter.present(token, 0, "recognition"))
                        if presented.attempt == 1:
                            ended_s = perf_counter()
                            held_up_s = waited_s() - waited
                            taken.append((ended_s - began_s, held_up_s, collections.between(began_s, ended_s)))
                report_times(file.stem, by_s, needed_s, taken)


def report_times(name: str, by_s: float, needed_s: float, taken: list[tuple[float, float, float]]) -> None:
    """One line, and one for each presentation that something held up."""
    times_s = sorted(took_s for took_s, _, _ in taken)
    median_s, late_s = statistics.median(times_s), times_s[int(0.99 * len(times_s))]
    print(
        f"{'fast' if name == FAST.stem else 'usual':10} {1e3 * by_s:+7.1f} {1e3 * needed_s:7.0f} {1e3 * median_s:8.1f} "
        f"{1e3 * late_s:8.1f} {1e3 * times_s[-1]:8.1f}      {100 * needed_s / median_s:.0f} %"
    )
    for took_s, held_up_s, collected_s in taken:
        if took_s > median_s + LONGER_S:
            print(
                f"    one of {1e3 * took_s:.0f} ms: for {1e3 * held_up_s:.0f} ms others had the processor, "
                f"{1e3 * collected_s:.0f} ms of garbage collection"
            )


@dataclass
class Truth:
    """True states at begin and end of the last sample, and how verdicts compare with them."""

    states: list[tuple[str, ...]] = field(default_factory=list)
    verdicts: Counter[str] = field(default_factory=Counter)

    def witness(self, rack: SimulatedRack) -> None:
        """Note the true states around each sample."""
        sample_v = rack._sample_v

        def witnessed() -> list[float]:
            self.states = [tuple(map(str, rack._chain.states))]
            sample = sample_v()
            self.states.append(tuple(map(str, rack._chain.states)))
            return sample

        rack._sample_v = witnessed  # type: ignore[method-assign]

    def judge(self, look: Look, readings: int) -> None:
        """Count right, wrong and missing verdicts, and repeated readings."""
        self.verdicts["repeated readings"] += readings - 1
        for verdict, *true in zip(look.verdicts, *self.states, strict=True):
            if verdict not in (Verdict.P, Verdict.AP):
                self.verdicts["none"] += 1
            else:
                self.verdicts["right" if str(verdict) in true else "wrong"] += 1


class Witness(Observer):
    """An observer whose verdicts are compared with the truth."""

    def look(self, readings: list[Reading]) -> Look:
        """As the observer."""
        look = super().look(readings)
        TRUTH.judge(look, len(readings))
        return look


TRUTH = Truth()


def verdicts(task: Task, wanted: int) -> Counter[str]:
    """Verdicts of the fast rack in process, against the truth."""
    bench, plan = open_bench(in_process(FAST), 5), read_plan(PLANS[FAST])
    TRUTH.witness(bench._rack)  # type: ignore[arg-type]
    result_of(connect(bench))
    bench.execute(bench.plan((-500.0,) * bench.description.junctions))
    inputs = HeldInputs(bench, plan, result_of(reference_sweep(bench, PLAN.sweep)))
    inputs.__dict__["observer"] = Witness(bench, inputs.observer.detector, inputs.observer.settings)
    presenter = result_of(prepare_presenter(inputs, task.controls, 0, task.encoded.encoding))
    for token in cycle(task.tokens):
        result_of(presenter.present(token, 0, "recognition"))
        if TRUTH.verdicts["right"] + TRUTH.verdicts["wrong"] + TRUTH.verdicts["none"] >= wanted:
            return TRUTH.verdicts
    raise AssertionError("no tokens")


def recognition(seed: int, bench: BenchConfig, plan: PlanConfig) -> list[tuple[float, float]]:
    """(train, test) recognition of one training at the steps that are checked."""
    data = find_vowels()
    training = plan.training.model_copy(update={"recognition_every_steps": 5})
    config = plan.model_copy(update={"seed": seed, "training": training})
    events = train(open_bench(bench, seed), TrainingPlan(config, data, split(data, seed, "token", 0.8)))
    rates = {e.step: (e.train, e.test) for e in events if isinstance(e, RecognitionMeasured)}
    return [rates[step] for step in CHECKED_STEPS]


def compare_recognition(seeds: int, jobs: int) -> None:
    """Print the recognition of both, and the paired difference with its standard error."""
    sides = [(in_process(file), read_plan(plan_file)) for file, plan_file in PLANS.items()]
    tasks = (delayed(recognition)(seed, *side) for side in sides for seed in range(seeds))
    usual, fast = np.array(Parallel(n_jobs=jobs)(tasks)).reshape(2, seeds, len(CHECKED_STEPS), 2) * 100
    differences = fast - usual
    errors = differences.std(axis=0, ddof=1) / seeds**0.5
    for i, step in enumerate(CHECKED_STEPS):
        for j, subset in enumerate(("train", "test")):
            print(
                f"step {step}, {subset}: usual {usual[:, i, j].mean():.2f} %, fast {fast[:, i, j].mean():.2f} %, "
                f"difference {differences[:, i, j].mean():+.2f} +- {errors[i, j]:.2f} %"
            )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--presentations", type=int, default=100)
    parser.add_argument("--verdicts", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=-1)
    options = parser.parse_args()
    task, collections = learnt(60, 1), Collections()
    if options.presentations:
        link_times(task, options.presentations, collections)
    if options.verdicts:
        counts = verdicts(task, options.verdicts)
        print("verdicts of the fast rack:", ", ".join(f"{count} {name}" for name, count in counts.items()))
    if options.seeds:
        compare_recognition(options.seeds, options.jobs)


if __name__ == "__main__":
    main()
