"""Whether simulated instruments over TCP switch as the bench in process does: the same tokens, controls and chip.

60 tokens, those nearest to a boundary among them, 50 presentations each at fixed controls on either bench. The counts
of configurations must pass an exact test at p > 0.001, and must fail it where the controls of one bench are 10 uA off.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from mtjlab.arrays import IntArray
from mtjlab.bench import Bench
from mtjlab.config import (
    BenchConfig,
    InstrumentBenchConfig,
    PlanConfig,
    PresentationSettings,
    SweepSettings,
    read_bench,
)
from mtjlab.domain import ControlCurrents
from mtjlab.events import EncodedToken, JunctionsMeasured, Presented, TokensEncoded
from mtjlab.experiment.engine import Setup, equipped
from mtjlab.procedures.inputs import HeldInputs
from mtjlab.procedures.present import Presenter, prepare_presenter
from mtjlab.procedures.reference_sweep import reference_sweep
from mtjlab.procedures.safe import connect, go_safe
from mtjlab.procedures.training.events import StepTrained
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.procedures.types import Procedure
from mtjlab.stopping import StopSwitch
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.splits import split

CONFIGS = Path(__file__).parents[2] / "configs"
IN_PROCESS, OVER_TCP = CONFIGS / "simulated.toml", CONFIGS / "keithley-6221-2182a.toml"
Result = TypeVar("Result")
LEARNT_STEPS = 20
SHIFT_UA = 10.0
PLAN = PlanConfig(sweep=SweepSettings(repetitions=1))


@dataclass(frozen=True, slots=True)
class Task:
    """What is presented to either bench: controls, encoding and tokens."""

    controls: ControlCurrents
    encoded: TokensEncoded
    tokens: tuple[EncodedToken, ...]
    times: int

    def shifted(self, by_ua: float) -> "Task":
        """The same with every control current moved."""
        rows = tuple(tuple(current + by_ua for current in row) for row in self.controls.by_input_ua)
        return Task(ControlCurrents(rows), self.encoded, self.tokens, self.times)


def learnt(tokens: int, times: int) -> Task:
    """Controls after some steps in process, and the tokens nearest to a boundary, with as many others between."""
    data = find_vowels()
    training = PLAN.training.model_copy(update={"steps": LEARNT_STEPS, "recognition_every_steps": 0})
    plan = TrainingPlan(PLAN.model_copy(update={"training": training}), data, split(data, PLAN.seed))
    with opened(read_bench(IN_PROCESS), PLAN.seed) as bench:
        events = list(train(bench, plan))
    (measured,) = [event for event in events if isinstance(event, JunctionsMeasured)]
    (encoded,) = [event for event in events if isinstance(event, TokensEncoded)]
    controls = [event for event in events if isinstance(event, StepTrained)][-1].controls
    by_distance = sorted(encoded.tokens, key=lambda token: distance_ua(token, controls, measured))
    near = by_distance[: tokens * 2 // 3]
    others = by_distance[len(near) :: max(1, (len(by_distance) - len(near)) // (tokens - len(near)))]
    return Task(controls, encoded, tuple([*near, *others][:tokens]), times)


def distance_ua(token: EncodedToken, controls: ControlCurrents, measured: JunctionsMeasured) -> float:
    """From the inputs of a token to the nearest critical input."""
    return min(
        abs(input_ua - critical_ua)
        for row, input_ua in zip(controls.by_input_ua, token.inputs_ua, strict=True)
        for critical_ua in measured.critical.inputs_ua(row)
    )


def counts(config: BenchConfig, seed: int, task: Task) -> list[Counter[str]]:
    """How often each token gave each configuration on a bench that measures its own references first."""
    with opened(config, seed) as bench:
        presenter = presenter_on(bench, task, PLAN.presentation)
        return [outcomes(presenter, token, task.times) for token in task.tokens]


def presenter_on(bench: Bench, task: Task, settings: PresentationSettings) -> Presenter:
    """Measures the junctions anew, then holds the controls of the task."""
    bench.execute(bench.plan((-500.0,) * bench.description.junctions))
    config = PLAN.model_copy(update={"presentation": settings})
    inputs = HeldInputs(bench, config, result_of(reference_sweep(bench, PLAN.sweep)))
    return result_of(prepare_presenter(inputs, task.controls, 0, task.encoded.encoding))


def outcomes(presenter: Presenter, token: EncodedToken, times: int) -> Counter[str]:
    """Configurations of one token."""
    shown: list[Presented] = [result_of(presenter.present(token, 0, "recognition")) for _ in range(times)]
    return Counter(str(presented.configuration) for presented in shown)


def p_value(one: list[Counter[str]], other: list[Counter[str]]) -> float:
    """Of the exact test."""
    kinds = [sorted({*here, *there}) for here, there in zip(one, other, strict=True)]
    tables = [
        [[bench[kind] for kind in names] for bench, names in zip(side, kinds, strict=True)] for side in (one, other)
    ]
    return agreement_p(*tables)


@contextmanager
def opened(config: BenchConfig, seed: int) -> Iterator[Bench]:
    """A bench with all that stands beside it, connected; safe at the end."""
    with tempfile.TemporaryDirectory() as folder:
        setup = Setup(config, True, seed, "a comparison of benches")
        with equipped(setup, Path(folder), StopSwitch(Path(folder))) as (bench, _, _):
            result_of(connect(bench))
            yield bench
            result_of(go_safe(bench))


def result_of(procedure: Procedure[Result]) -> Result:
    """Drive a procedure to its end."""
    while True:
        try:
            next(procedure)
        except StopIteration as end:
            result: Result = end.value
            return result


def main() -> None:
    """Present, count and test."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=int, default=60)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--speed", type=float, default=20.0)
    options = parser.parse_args()
    task = learnt(options.tokens, options.times)
    bench = read_bench(OVER_TCP)
    assert isinstance(bench, InstrumentBenchConfig)
    faster = bench.simulation.model_copy(update={"speed": options.speed})
    began_s = perf_counter()
    over_tcp = counts(bench.model_copy(update={"simulation": faster}), 1, task)
    seconds = perf_counter() - began_s
    in_process = counts(read_bench(IN_PROCESS), 2, task)
    shifted = counts(read_bench(IN_PROCESS), 3, task.shifted(SHIFT_UA))
    agree, fails = p_value(in_process, over_tcp), p_value(shifted, over_tcp)
    vary = sum(len(token) > 1 for token in in_process)
    print(f"{options.tokens} tokens, {options.times} presentations each: {seconds:.0f} s over TCP; {vary} tokens vary")
    print(f"in process against TCP: p = {agree:.4f} (must be above 0.001)")
    print(f"the same {SHIFT_UA:g} uA off: p = {fails:.5f} (must be below 0.001)")
    print("the benches agree" if agree > 0.001 > fails else "THE BENCHES DO NOT AGREE")


def agreement_p(
    one: Sequence[Sequence[int]], other: Sequence[Sequence[int]], seed: int = 0, draws: int = 20_000
) -> float:
    """Probability, if both benches were the same, of counts that differ at least as much as these.

    ``one[token][outcome]`` and ``other[token][outcome]`` count how often a token gave an outcome. The statistic is the
    sum over tokens of the likelihood ratio G; its distribution under exchange of presentations of a token between the
    benches (an exact permutation test, stratified by token) is drawn ``draws`` times.
    """
    rng = np.random.default_rng(seed)
    observed, drawn = 0.0, np.zeros(draws)
    for here, there in zip(one, other, strict=True):
        table = np.array([here, there], dtype=np.int64)
        table = table[:, table.sum(axis=0) > 0]
        if table.shape[1] < 2:
            continue
        observed += float(_g(table[np.newaxis, 0], table.sum(axis=0))[0])
        first = rng.multivariate_hypergeometric(table.sum(axis=0), int(table[0].sum()), size=draws)
        drawn += _g(first, table.sum(axis=0))
    return float((1 + np.count_nonzero(drawn >= observed - 1e-9)) / (1 + draws))


def _g(first: IntArray, both: IntArray) -> npt.NDArray[np.float64]:
    """Likelihood ratio G of 2 x k tables with these first rows ``[draw][outcome]`` and column sums."""
    second = both - first
    share = first.sum(axis=1, keepdims=True) / both.sum()
    statistic = np.zeros(len(first))
    for row, expected in ((first, both * share), (second, both * (1 - share))):
        ratio = np.divide(row, expected, out=np.ones(row.shape), where=row > 0)
        statistic += 2 * np.sum(row * np.log(ratio), axis=1)
    return statistic


if __name__ == "__main__":
    main()
