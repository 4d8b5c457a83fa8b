"""What a training will take, told before it starts."""

from functools import cache, lru_cache
from pathlib import Path

from mtjlab.config import BenchConfig, InstrumentBenchConfig, PlanConfig
from mtjlab.errors import RefusedError
from mtjlab.gui.words import duration
from mtjlab.procedures.extent import Extent
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.files import find_vowels
from mtjlab.vowels.tables import read_table


def estimate(plan: PlanConfig, bench: BenchConfig, simulate: bool) -> str:
    """Presentations, and how long they take on ``bench``, in a sentence; or why they cannot be counted."""
    try:
        data = _data(plan)
    except RefusedError as error:
        return str(error)
    extent = Extent.of(plan.training, len(data.classes), len(data.tokens))
    told = f"{extent.presentations:,} presentations of {data.name}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    takes_s = bench_time_s(plan, bench, extent)
    if not isinstance(bench, InstrumentBenchConfig):
        return f"{told}: {duration(takes_s)} of bench time, computed much faster"
    if simulate:
        return f"{told}: at least {duration(takes_s / bench.simulation.speed)}, {bench.simulation.speed:g} x real time"
    return f"{told}: at least {duration(takes_s)}"


def bench_time_s(plan: PlanConfig, bench: BenchConfig, extent: Extent) -> float:
    """Settling, dwell and reading alone, without what messages take."""
    settle_s, reading_s = bench.timing.settle_s, plan.detector.samples * _aperture_s(bench)
    swept = plan.sweep
    points = 2 * swept.repetitions * (swept.input_stop_ua - swept.input_start_ua) / swept.input_step_ua
    presentation_s = plan.encoding.inputs * (3 * settle_s + plan.presentation.dwell_s + 2 * reading_s)
    return points * (settle_s + swept.dwell_s + reading_s) + extent.presentations * presentation_s


def _aperture_s(bench: BenchConfig) -> float:
    if isinstance(bench, InstrumentBenchConfig):
        return max(meter.nplc for meter in bench.voltmeters.values()) / bench.link.line_frequency_hz
    return bench.timing.aperture_s


def _data(plan: PlanConfig) -> DataSet:
    table = plan.data.table
    return _vowels() if table is None else _table(table, Path(table).stat().st_mtime_ns if Path(table).exists() else 0)


@cache
def _vowels() -> DataSet:
    return find_vowels()


@lru_cache(maxsize=1)
def _table(name: str, _written_ns: int) -> DataSet:
    return read_table(Path(name))
