"""Benches as an engine has them: simulated instruments and a guardian beside them, in the process of the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from mtjlab.bench import Bench
from mtjlab.config import BenchConfig, InstrumentBenchConfig, PlanConfig, SimulatedBenchConfig
from mtjlab.experiment import Request
from mtjlab.experiment.engine import Setup, equipped
from mtjlab.procedures.check.plan import CheckPlan
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.types import Procedure
from mtjlab.stopping import StopSwitch
from mtjlab.store import run_id

REQUEST = Request(KINDS["check"], CheckPlan(), PlanConfig(), SimulatedBenchConfig(), Path(), None)


def setup_of(request: Request, program: str = "a test") -> Setup:
    """How the bench of a run is opened."""
    return Setup(request.bench, request.simulate, request.noise_seed, program)


@contextmanager
def equipped_bench(config: BenchConfig, folder: Path, simulate: bool = True, seed: int = 0) -> Iterator[Bench]:
    """A bench that is not connected yet, with all that has to stand beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    request = replace(REQUEST, bench=config, simulate=simulate, noise_seed=seed)
    with equipped(setup_of(request, f"mtjlab check, run {run_id(folder)}"), folder, StopSwitch(folder)) as (
        bench,
        _,
        _,
    ):
        yield bench


def with_simulation(config: BenchConfig, **truth: Any) -> InstrumentBenchConfig:
    """The bench with another truth behind its simulated instruments."""
    assert isinstance(config, InstrumentBenchConfig)
    return config.model_copy(update={"simulation": config.simulation.model_copy(update=truth)})


def drive(procedure: Procedure[Any]) -> tuple[list[Any], Any]:
    """All events of a procedure, and its result."""
    events = []
    while True:
        try:
            events.append(next(procedure))
        except StopIteration as end:
            return events, end.value
