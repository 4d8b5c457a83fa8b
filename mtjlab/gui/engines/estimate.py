"""What is known of a run before it starts: why it would be refused, its size and duration."""

import os
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from mtjlab.config import BenchConfig, InstrumentBenchConfig, PlanConfig
from mtjlab.config.section import Section
from mtjlab.envelope import Envelope
from mtjlab.errors import RefusedError, blamed_on
from mtjlab.extent import Extent
from mtjlab.gui.look.formatting import duration, with_symbols
from mtjlab.procedures.kind import Kind
from mtjlab.runs.environment import RunEnvironment
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.tables import read_table

PLAN = Path("plan")
"""Name of the plan in the form, for messages."""

IN_PROCESS = 100.0
"""Bench seconds per second of real time of a bench simulated in process: what a slow computer manages."""


def environment_of(
    plan: PlanConfig,
    bench: BenchConfig,
    runs: Path,
    bench_file: Path = Path(),
    calibration_file: str | None = None,
    is_simulated: bool = False,
) -> RunEnvironment:
    """Environment of a run that is being set up; data files are read once and cached.

    Raises:
        RefusedError: the calibration cannot be read, or is that of another chip.
    """
    around = RunEnvironment(bench, bench_file, plan, PLAN, runs, simulate=is_simulated, read_data=lambda: _data(plan))
    with blamed_on("run.calibration"):
        return around.with_calibration(Path(calibration_file) if calibration_file else None)


def refusal(kind: Kind[Any], asked: Section, environment: RunEnvironment) -> RefusedError | None:
    """Why a run would be refused before anything is started, as its engine would say; None if it would not be."""
    envelope = Envelope.of_bench(environment.bench, environment.bench_file)
    if environment.calibration is not None:
        envelope = envelope.with_laws(environment.calibration.laws)
    try:
        kind.demand_options(asked, envelope, environment)
    except RefusedError as error:
        return error
    return None


def estimate(kind: Kind[Any], asked: Section, environment: RunEnvironment, simulate: bool) -> str:
    """Size and duration of a run as a sentence, and what limits its result; or the reason why they are unknown."""
    try:
        extent = kind.estimated(asked, environment)
    except RefusedError as error:
        return str(error)
    duration_text = _duration_text(extent, environment.bench, simulate)
    size = ": ".join(filter(None, (with_symbols(str(extent)), duration_text)))
    return "\n".join(filter(None, (size, _outlook(kind, asked, environment))))


def longest_s(kind: Kind[Any], asked: Section, environment: RunEnvironment, simulate: bool) -> float | None:
    """Estimated real time of a run, the longest; None if not known."""
    bench = environment.bench
    try:
        most_s = kind.estimated(asked, environment).duration_s[1]
    except RefusedError:
        return None
    speed = _speed(bench, simulate) if isinstance(bench, InstrumentBenchConfig) else IN_PROCESS
    return None if most_s is None else most_s / speed


def _outlook(kind: Kind[Any], asked: Section, environment: RunEnvironment) -> str:
    """What is expected to limit the result of a run that learns a data set; empty for others."""
    if not kind.needs_data_set:
        return ""
    config = kind.config_with(asked, environment.config, environment.bench)
    plan, data = kind.resolve(asked, environment), environment.data()
    outlook = kind.outlook(plan, config, environment.bench.junctions, data)
    return outlook.sentence if outlook else ""


def _speed(bench: BenchConfig, simulate: bool) -> float:
    """Bench seconds per second of real time; 1 for a bench simulated in process."""
    return bench.simulation.speed if isinstance(bench, InstrumentBenchConfig) and simulate else 1.0


def _duration_text(extent: Extent, bench: BenchConfig, simulate: bool) -> str:
    least_s, most_s = extent.duration_s
    if most_s is None:
        return ""
    speed = _speed(bench, simulate)
    ends = dict.fromkeys(duration(duration_s / speed) for duration_s in (least_s, most_s))
    text = " to ".join(ends)
    part = ""
    if extent.part is not None:
        units, purpose = extent.part
        part = f", of which {duration(units * extent.unit_s / speed)} {purpose}"
    if not isinstance(bench, InstrumentBenchConfig):
        return f"{text} of bench time{extent.per}{part} (simulated: much faster)"
    return f"at least {text}{extent.per}{part}" + (f", {speed:g} x real time" if simulate else "")


def _data(plan: PlanConfig) -> DataSet:
    table = plan.data.table
    return _vowels() if table is None else _table(table, _written_ns(Path(table)))


def _written_ns(path: Path) -> int:
    return path.stat().st_mtime_ns if os.path.exists(path) else 0


@cache
def _vowels() -> DataSet:
    return find_vowels()


@lru_cache(maxsize=1)
def _table(name: str, _written_ns: int) -> DataSet:
    return read_table(Path(name))
