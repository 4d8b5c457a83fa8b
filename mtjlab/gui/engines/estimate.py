"""What a training or a measurement will take, told before it starts."""

from functools import cache, lru_cache
from pathlib import Path

from mtjlab.config import (
    BenchConfig,
    ClassifyAsked,
    InstrumentBenchConfig,
    MapAsked,
    PlanConfig,
    ShiftAsked,
    SweepAsked,
    SweepSettings,
)
from mtjlab.counted import counted, word_for
from mtjlab.errors import RefusedError
from mtjlab.gui.engines.measuring import Measurement
from mtjlab.gui.look.words import duration
from mtjlab.procedures.extent import Extent
from mtjlab.procedures.mapping import cells_ua
from mtjlab.procedures.sweep import staircase_ua
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
    count = f"{extent.presentations:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    told = f"{count} {word_for(extent.presentations, 'presentation')} of {data.name}"
    return f"{told}: {_time(bench_time_s(plan, bench, extent), bench, simulate)}"


def estimate_measurement(asked: Measurement, plan: PlanConfig, bench: BenchConfig, simulate: bool) -> str:
    """What is measured, and how long that takes on ``bench``, in a sentence; references are measured before."""
    if isinstance(asked, ClassifyAsked):
        each_s = asked.times * _presentation_s(plan, bench)
        return f"{counted(asked.times, 'presentation')} of each token: {_time(each_s, bench, simulate)} for each"
    references_s = _curves_s(plan, bench, plan.sweep, 2)
    match asked:
        case MapAsked(way="adaptive"):
            return f"{_time(references_s, bench, simulate)} for the references, then as many probes as it takes"
        case MapAsked(way="raster"):
            count = asked.times * len(cells_ua(asked)) ** 2
            what, takes_s = counted(count, "presentation"), count * _presentation_s(plan, bench)
        case _:
            rows = len(asked.controls_ua) if isinstance(asked, MapAsked) else 1
            rows += len(asked.controls_ua) * len(asked.by_ua) if isinstance(asked, ShiftAsked) else 0
            legs = 2 if isinstance(asked, SweepAsked) and asked.legs == "loop" else 1
            what = counted(rows * asked.staircase.repetitions, "curve")
            takes_s = rows * _curves_s(plan, bench, asked.staircase, legs)
    return f"{what}: {_time(references_s + takes_s, bench, simulate)}"


def bench_time_s(plan: PlanConfig, bench: BenchConfig, extent: Extent) -> float:
    """Settling, dwell and reading alone, without what messages take."""
    return _curves_s(plan, bench, plan.sweep, 2) + extent.presentations * _presentation_s(plan, bench)


def _time(takes_s: float, bench: BenchConfig, simulate: bool) -> str:
    if not isinstance(bench, InstrumentBenchConfig):
        return f"{duration(takes_s)} of bench time, computed much faster"
    if simulate:
        return f"at least {duration(takes_s / bench.simulation.speed)}, {bench.simulation.speed:g} x real time"
    return f"at least {duration(takes_s)}"


def _curves_s(plan: PlanConfig, bench: BenchConfig, staircase: SweepSettings, legs: int) -> float:
    point_s = bench.timing.settle_s + staircase.dwell_s + plan.detector.samples * bench.aperture_s
    return legs * staircase.repetitions * len(staircase_ua(staircase)) * point_s


def _presentation_s(plan: PlanConfig, bench: BenchConfig) -> float:
    reading_s = plan.detector.samples * bench.aperture_s
    return plan.encoding.inputs * (3 * bench.timing.settle_s + plan.presentation.dwell_s + 2 * reading_s)


def _data(plan: PlanConfig) -> DataSet:
    table = plan.data.table
    return _vowels() if table is None else _table(table, Path(table).stat().st_mtime_ns if Path(table).exists() else 0)


@cache
def _vowels() -> DataSet:
    return find_vowels()


@lru_cache(maxsize=1)
def _table(name: str, _written_ns: int) -> DataSet:
    return read_table(Path(name))
