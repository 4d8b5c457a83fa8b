"""What a run will take, told before it starts."""

import os
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from mtjlab.config import BenchConfig, InstrumentBenchConfig, PlanConfig
from mtjlab.config.section import Section
from mtjlab.errors import RefusedError
from mtjlab.extent import Extent
from mtjlab.gui.look.words import duration
from mtjlab.procedures.kind import Kind
from mtjlab.runs.environment import RunEnvironment
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.tables import read_table


def environment_of(plan: PlanConfig, bench: BenchConfig, runs: Path) -> RunEnvironment:
    """What stands around something that is entered: data is read once, however often a key is pressed."""
    return RunEnvironment(bench, Path(), plan, Path(), runs, read_data=lambda: _data(plan))


def estimate(kind: Kind[Any], asked: Section, around: RunEnvironment, simulate: bool) -> str:
    """How much it is, and how long that takes, in a sentence; or why it cannot be told."""
    try:
        extent = kind.estimated(asked, around)
    except RefusedError as error:
        return str(error)
    takes = _takes(extent, around.bench, simulate)
    return ": ".join(filter(None, (str(extent), takes)))


def _takes(extent: Extent, bench: BenchConfig, simulate: bool) -> str:
    least_s, most_s = extent.duration_s
    if most_s is None:
        return ""
    speed = bench.simulation.speed if isinstance(bench, InstrumentBenchConfig) and simulate else 1.0
    ends = dict.fromkeys(duration(duration_s / speed) for duration_s in (least_s, most_s))
    told = " to ".join(ends)
    if not isinstance(bench, InstrumentBenchConfig):
        return f"{told} of bench time{extent.per}, computed much faster"
    return f"at least {told}{extent.per}" + (f", {speed:g} x real time" if simulate else "")


def _data(plan: PlanConfig) -> DataSet:
    table = plan.data.table
    return _vowels() if table is None else _table(table, Path(table).stat().st_mtime_ns if os.path.exists(table) else 0)


@cache
def _vowels() -> DataSet:
    return find_vowels()


@lru_cache(maxsize=1)
def _table(name: str, _written_ns: int) -> DataSet:
    return read_table(Path(name))
