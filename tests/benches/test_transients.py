"""No junction ever carries a current nobody asked for: judged at every instant by the simulators' own log."""

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from instruments.simulated.log_reading import flows
from mtjlab.bench import Bench
from mtjlab.benches.simulators import LOG
from mtjlab.config import PlanConfig, SweepSettings, TrainingSettings, read_bench
from mtjlab.domain import PerJunction
from mtjlab.events import ControlsPlanned, Event
from mtjlab.procedures.safe import connect, go_safe
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.transitions import Transition
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split
from tests.support.equipment import equipped_bench, with_simulation

CONFIGS = Path(__file__).parents[2] / "configs"
A_UA, B_UA = (-600.0, -400.0, -600.0), (-400.0, -600.0, -400.0)
"""200 uA apart on every junction, in opposite directions."""
ROUNDING_A = 1.5e-7
"""A 6221 has steps of 100 nA in its 2 mA range, and junction 3 carries the sum of three sources."""


@dataclass(frozen=True)
class Change:
    """A change that was asked for: when it began by the clock of this machine, and what flowed before and after."""

    at_s: float
    before_ua: PerJunction
    after_ua: PerJunction


class Observer:
    """Notes every change that is asked of a bench, and passes it on."""

    def __init__(self, bench: Bench) -> None:
        self.changes: list[Change] = []
        self._bench = bench
        self._execute, self._apply = bench.execute, bench.apply_each
        bench.execute, bench.apply_each = self.execute, self.apply  # type: ignore[method-assign]

    def execute(self, transition: Transition, next_input_ua: float = 0.0) -> None:
        self._note(lambda: self._execute(transition, next_input_ua))

    def apply(self, inputs_ua: PerJunction) -> None:
        self._note(lambda: self._apply(inputs_ua))

    def _note(self, change: object) -> None:
        began_s, before_ua = monotonic(), self._bench.currents_ua
        change()  # type: ignore[operator]
        self.changes.append(Change(began_s, before_ua, self._bench.currents_ua))


def test_a_training_with_controls_far_apart_and_slow_sources(tmp_path: Path) -> None:
    """Ten steps, sources settling 5 ms: never above max(old, new) of a change, never outside the limits."""
    events, judged = judged_training("keithley-6221-2182a.toml", (A_UA, B_UA), tmp_path)
    assert judged > 10_000
    around = [event.transitions[1:] for event in events if isinstance(event, ControlsPlanned) and event.step > 0]
    assert any(len(transition.sub_steps) > 1 for plan in around for transition in plan), "no test of sub-steps"


def test_a_training_of_parallel_chains_with_slow_sources(tmp_path: Path) -> None:
    """The same of every junction of both chains, whose sources are set one after another."""
    _, judged = judged_training("parallel.toml", (A_UA, B_UA[:2]), tmp_path)
    assert judged > 5_000


def judged_training(bench_file: str, start_ua: tuple[PerJunction, ...], tmp_path: Path) -> tuple[list[Event], int]:
    """Events of a training, every current of which was found to be right, and how many were judged."""
    config = with_simulation(read_bench(CONFIGS / bench_file), source_settling_s=0.005, speed=50.0)
    training = TrainingSettings(steps=10, recognition_every_steps=0, start_control_ua=start_ua)
    plan = PlanConfig(sweep=SweepSettings(repetitions=1, input_step_ua=25), training=training)
    data = surrogate()
    with equipped_bench(config, tmp_path) as bench:
        witness = Observer(bench)
        list(connect(bench))
        events = list(train(bench, TrainingPlan(plan, data, split(data, 0))))
        (went_safe_s, at_the_end_ua) = monotonic(), bench.currents_ua
        list(go_safe(bench))
    witness.changes.append(Change(went_safe_s, at_the_end_ua, (0.0,) * len(at_the_end_ua)))

    begun_s = [change.at_s for change in witness.changes]
    judged = 0
    for flow in flows(tmp_path / LOG):
        index = bisect_right(begun_s, flow.at_s) - 1
        if index < 0:
            assert not any(flow.junctions_a), "before anything was asked for"
            continue
        change = witness.changes[index]
        for flowing_a, before_ua, after_ua in zip(flow.junctions_a, change.before_ua, change.after_ua, strict=True):
            assert flowing_a <= max(before_ua, after_ua) * 1e-6 + ROUNDING_A, change
            assert -750e-6 - ROUNDING_A <= flowing_a <= 750e-6 + ROUNDING_A
            judged += 1
    return events, judged
