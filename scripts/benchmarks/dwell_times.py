"""Dwell times of the simulated bench: how often 95 % intervals cover the truth, and how far the means are from it.

Junctions that hop (configs/telegraph.toml) held at three currents, and those of configs/simulated.toml after a reset,
both on the bench in process. The bars: coverage of 92 to 98.5 %, means within 2 % of the truth.
"""

import argparse
from collections.abc import Iterable
from math import exp, log
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from rich.console import Console
from rich.table import Table

from mtjlab.benches import open_bench
from mtjlab.benches.simulated_rack import junction_models
from mtjlab.config import PlanConfig, read_bench
from mtjlab.procedures.dwell.events import DwellsMeasured, DwellTime
from mtjlab.procedures.dwell.plan import DwellPlan
from mtjlab.procedures.dwell.procedure import dwell

CONFIGS = Path(__file__).parents[2] / "configs"
LOWEST, HIGHEST, OFF = 0.92, 0.985, 0.02
HELD = {
    "telegraph, 600 s": ("telegraph.toml", DwellPlan()),
    "telegraph, 20 s": ("telegraph.toml", DwellPlan(for_s=20.0)),
    "telegraph at +5 uA": ("telegraph.toml", DwellPlan(inputs_ua=(5.0,), way="hold", for_s=300.0)),
    "after a reset": ("simulated.toml", DwellPlan(for_s=120.0)),
}


def measured(file: str, plan: DwellPlan, seed: int) -> list[tuple[bool, float]]:
    """Of each dwell that ended: whether its interval covers the truth, and the logarithm of the mean over the truth."""
    bench = read_bench(CONFIGS / file)
    models = junction_models(bench.simulation)
    events = list(dwell(open_bench(bench, seed), PlanConfig(), plan))
    last = events[-1]
    assert isinstance(last, DwellsMeasured)
    told = []
    for one in last.dwells:
        truth_s = 1.0 / models[one.junction].switching_law().rate_per_s(one.state.value, one.current_ua * 1e-6)
        if one.n and one.mean_s:
            told.append((covers(one, truth_s), log(one.mean_s / truth_s)))
    return told


def covers(one: DwellTime, truth_s: float) -> bool:
    """Whether the interval holds it."""
    return one.low_s is not None and one.high_s is not None and one.low_s <= truth_s <= one.high_s


def main() -> None:
    """Measure, print, and end with 1 beyond a bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=40)
    seeds = range(parser.parse_args().seeds)
    table, beyond = Table("held", "dwell times", "covered", "mean over truth"), False
    for name, (file, plan) in HELD.items():
        runs: Iterable[list[tuple[bool, float]]] = Parallel(n_jobs=-1)(
            delayed(measured)(file, plan, seed) for seed in seeds
        )
        covered, logs = np.array([row for run in runs for row in run]).T
        share, ratio = float(np.mean(covered)), exp(float(np.median(logs)))
        beyond |= not LOWEST <= share <= HIGHEST or abs(ratio - 1.0) > OFF
        table.add_row(name, str(len(covered)), f"{share:.1%}", f"{ratio:.3f}")
    Console().print(table)
    raise SystemExit(beyond)


if __name__ == "__main__":
    main()
