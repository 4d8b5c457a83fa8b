"""Replicas against the event engine: the same trainings for every rule, an exact test at fixed controls, and speed.

Agreement: for each rule, trainings of the same seeds by both engines; how many are the same in every rate and every
control current, and the mean difference of the test recognition with its standard error. Fixed controls: one input near
a threshold, applied to chips of other seeds by each engine (Fisher's exact test of how many switch), and to replicas
whose threshold is 5 uA off. Speed: trainings of 80 steps in a process for each core, encoding included.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import scipy.stats
from joblib import Parallel, cpu_count, delayed
from rich.console import Console
from rich.table import Table

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.benches import open_bench
from mtjlab.config import BenchConfig, PlanConfig, SweepSettings, TrainingSettings, read_bench, read_plan
from mtjlab.domain import ControlCurrents
from mtjlab.events import EncodedToken, JunctionsMeasured, SwitchingMeasured
from mtjlab.procedures.inputs import HeldInputs
from mtjlab.procedures.present import prepare_presenter
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.sweep.procedure import sweep
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.procedures.training.state import TrainingState
from mtjlab.procedures.types import Procedure
from mtjlab.replicas.course import Course, Left, course_of
from mtjlab.replicas.training import measured_replicas, train_replicas
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.splits import split

CONFIGS = Path(__file__).parents[2] / "configs"
BENCH, PLAN = read_bench(CONFIGS / "simulated.toml"), read_plan(CONFIGS / "vowels.toml")
RULES = {
    "paper": TrainingSettings(steps=80, recognition_every_steps=80),
    "paired": TrainingSettings(rule="paired", steps=40, recognition_every_steps=40),
    "none, probes first": TrainingSettings(rule="none", steps=20, probe_first=16, recognition_every_steps=20),
    "warm start": TrainingSettings(steps=5, recognition_every_steps=5),
}
INPUT_UA, OFF_UA = 719.5, 5.0
TOGETHER = 250


def plan_of(seed: int, settings: TrainingSettings) -> TrainingPlan:
    """A training of the vowels."""
    config = PLAN.model_copy(update={"seed": seed, "training": settings}).with_references_for_probes()
    data = find_vowels()
    return TrainingPlan(config, data, split(data, seed, config.data.split, config.data.train_fraction))


def calibration() -> tuple[JunctionsMeasured, tuple[CriticalEstimate, ...]]:
    """References and critical currents of the chip, from a sweep."""
    requested = SweepPlan(controls_ua=(-500.0,) * 3, staircase=SweepSettings(repetitions=10))
    events = list(sweep(open_bench(BENCH, seed=7), PlanConfig(), requested))
    measured = next(one for one in events if isinstance(one, JunctionsMeasured))
    found = next(one for one in events if isinstance(one, SwitchingMeasured))
    return measured, tuple(one for one in found.series[0].up if isinstance(one, CriticalEstimate))


def by_events(plan: TrainingPlan) -> Course:
    """The training by the event engine."""
    return course_of(TrainingState.of(train(open_bench(BENCH, plan.config.seed), plan)))


def agreement(seeds: int, jobs: int) -> bool:
    """Print how far the engines agree; whether no rule differs by more than two standard errors."""
    table = Table("", "the same", "left to events", "test % events", "replicas", "difference", title=f"{seeds} seeds")
    calibrated, warm = calibration()
    agrees = True
    for name, settings in RULES.items():
        plans = [plan_of(seed, settings) for seed in range(seeds)]
        if name == "warm start":
            plans = [replace(plan, calibrated=calibrated, warm=warm) for plan in plans]
        parts = [plans[begin : begin + TOGETHER // 2] for begin in range(0, seeds, TOGETHER // 2)]
        many = Parallel(n_jobs=jobs)(delayed(train_replicas)([BENCH] * len(part), part) for part in parts)
        replicas = [one for part in many for one in part]
        events = Parallel(n_jobs=jobs)(delayed(by_events)(plan) for plan in plans)
        pairs = [pair for pair in zip(events, replicas, strict=True) if isinstance(pair[1], Course)]
        tests = np.array([[one.recognition[-1].test for one in pair] for pair in pairs])
        away = tests[:, 1] - tests[:, 0]
        error = away.std(ddof=1) / len(away) ** 0.5
        agrees &= bool(abs(away.mean()) <= 2 * error or not away.any())
        same = sum(one == other for one, other in pairs)
        left = sum(isinstance(one, Left) for one in replicas)
        rates = (f"{100 * rate:.2f}" for rate in tests.mean(axis=0))
        table.add_row(
            name, f"{same} of {len(pairs)}", str(left), *rates, f"{100 * away.mean():+.3f} ± {100 * error:.3f}"
        )
        print(f"{name}: {same} of {len(pairs)} the same, {left} left", flush=True)
    Console(width=110).print(table)
    return agrees


def switched_by_events(seed: int, calibrated: JunctionsMeasured) -> bool:
    """Whether the input switches all junctions of a chip by the event engine."""
    bench = open_bench(BENCH, seed)
    bench.predict_voltages_with([reference.law for reference in calibrated.references])

    def present() -> Procedure[tuple[int, ...]]:
        inputs = HeldInputs(bench, PLAN, calibrated)
        presenter = yield from prepare_presenter(inputs, ControlCurrents.uniform(-500.0, 3, 1), 0)
        token = EncodedToken("one", "class", "train", (INPUT_UA,))
        presented = yield from presenter.present(token, 0, "recognition")
        return presented.configuration.counts if presented.configuration else ()

    running = present()
    while True:
        try:
            next(running)
        except StopIteration as end:
            return end.value == (3,)


def switched_by_replicas(bench: BenchConfig, seeds: range, calibrated: JunctionsMeasured) -> int:
    """How many chips have all junctions switched by the input."""
    plans = [replace(plan_of(seed, RULES["paper"]), calibrated=calibrated) for seed in seeds]
    replicas = measured_replicas([bench] * len(plans), plans)  # type: ignore[list-item]
    replicas.held.arrive([ControlCurrents.uniform(-500.0, 3, 1)] * len(plans))
    counts = replicas.held.present(np.full((len(plans), 1), INPUT_UA), replicas.going.now)
    return int((counts == 3).sum())


def fixed_controls(chips: int) -> bool:
    """Print the exact test at fixed controls; whether the same chips agree and others are found."""
    calibrated, _ = calibration()
    events = sum(switched_by_events(seed, calibrated) for seed in range(chips))
    up_ua, *others_ua = BENCH.simulation.critical_current_ap_to_p_ua
    moved = BENCH.simulation.model_copy(update={"critical_current_ap_to_p_ua": (up_ua + OFF_UA, *others_ua)})
    found = {}
    for name, bench in (("the same", BENCH), (f"{OFF_UA:g} uA off", BENCH.model_copy(update={"simulation": moved}))):
        replicas = switched_by_replicas(bench, range(chips, 2 * chips), calibrated)
        counts = [[events, chips - events], [replicas, chips - replicas]]
        found[name] = float(scipy.stats.fisher_exact(counts).pvalue)
        print(f"fixed controls, {name}: {events} and {replicas} of {chips} switch, p = {found[name]:.2g}")
    return found["the same"] > 0.01 and found[f"{OFF_UA:g} uA off"] < 0.01


def speed(trainings: int, jobs: int, every: int) -> float:
    """Print and return how long trainings take by replicas, in s."""
    settings = TrainingSettings(steps=80, recognition_every_steps=every)
    began_s = time.monotonic()
    size = min(TOGETHER, -(-trainings // jobs))
    parts = [range(begin, min(begin + size, trainings)) for begin in range(0, trainings, size)]
    many = Parallel(n_jobs=jobs)(delayed(_train)(part, settings) for part in parts)
    took_s = time.monotonic() - began_s
    left = sum(isinstance(one, Left) for part in many for one in part)
    print(f"{trainings} trainings of 80 steps, recognition every {every}: {took_s:.1f} s on {jobs} cores, {left} left")
    return took_s


def _train(seeds: range, settings: TrainingSettings) -> list[Course | Left]:
    return train_replicas([BENCH] * len(seeds), [plan_of(seed, settings) for seed in seeds])  # type: ignore[list-item]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=200, help="0: no comparison of trainings")
    parser.add_argument("--chips", type=int, default=1000, help="of the exact test")
    parser.add_argument("--trainings", type=int, default=1000, help="0: no measurement of speed")
    parser.add_argument("--every", type=int, default=5, help="steps between measurements of recognition")
    parser.add_argument("--jobs", type=int, default=cpu_count())
    options = parser.parse_args()
    holds = fixed_controls(options.chips)
    if options.trainings:
        holds &= speed(options.trainings, options.jobs, options.every) <= 60.0
    if options.seeds:
        holds &= agreement(options.seeds, options.jobs)
    print("every bar holds" if holds else "A BAR DOES NOT HOLD")


if __name__ == "__main__":
    main()
