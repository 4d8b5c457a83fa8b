"""Dwell times, and all samples, as tables."""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from mtjlab.analysis.telegraph import Levels
from mtjlab.arrays import FloatArray
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import JunctionState, junction_label
from mtjlab.events import JunctionsMeasured, RunStarted
from mtjlab.procedures.dwell.events import HoldsPlanned, JunctionsHeld
from mtjlab.procedures.dwell.state import DwellState, sample_times_s
from mtjlab.schema import Column, DataSet, Table

BEYOND_NOISE = 4.0
"""Standard deviations that the noise of a sample does not explain: it does so once in 16 000 samples."""
SHARE_DECIMALS = 4

DWELLS = (
    Column("Junction", "junction, from source 1 to ground", lambda one: junction_label(one.junction), holds=str),
    Column("State", "state that it stays in", attrgetter("state"), holds=str),
    Column("Input", "input current", attrgetter("input_ua"), "uA"),
    Column("Current", "current through the junction", attrgetter("current_ua"), "uA"),
    Column("Dwells", "dwells that were seen to end", attrgetter("n"), holds=int),
    Column("Held", "for how long it was seen in this state", attrgetter("held_s"), "s"),
    Column("Mean", "mean dwell", attrgetter("mean_s"), "s"),
    Column("Mean low", "lower end of its 95 % interval", attrgetter("low_s"), "s"),
    Column("Mean high", "upper end of its 95 % interval", attrgetter("high_s"), "s"),
    Column("Expected", "mean dwell that critical currents let expect", attrgetter("law_s"), "s"),
    Column("Expected low", "lower end of its 95 % interval", attrgetter("law_low_s"), "s"),
    Column("Expected high", "upper end of its 95 % interval", attrgetter("law_high_s"), "s"),
)


def dwell_times() -> Table:
    """Table with a row for each junction, state and input."""
    state = DwellState()

    def take(event: Any) -> tuple[()]:
        state.take(event)
        return ()

    return Table(
        "dwell-times",
        DWELLS,
        dict.fromkeys((RunStarted, HoldsPlanned, JunctionsMeasured, JunctionsHeld), take),
        state.dwells,
        DataSet("dwell-times", "Mean dwells of each junction and state"),
        results="dwell-times",
    )


class _Sample(NamedTuple):
    """A set of samples; ``states`` and ``ap_shares`` are empty where states cannot be told apart."""

    event: JunctionsHeld
    time_s: float
    voltages_mv: tuple[float, ...]
    states: tuple[JunctionState | None, ...]
    ap_shares: tuple[float | None, ...]
    switching: tuple[bool, ...]


def held_samples(junctions: int) -> Table:
    """Table with a row for each set of samples."""
    columns = (
        Column("Series", "number of the input", attrgetter("event.series"), holds=int),
        Column("Hold", "number of the hold; within one nothing was changed", attrgetter("event.hold"), holds=int),
        Column("Time", "middle of the sample, by the time of the bench", attrgetter("time_s"), "s"),
        Column("Input", "input current", attrgetter("event.reading.input_ua"), "uA"),
        *(column for k in range(junctions) for column in _of_junction(k)),
    )
    references: tuple[JunctionReference, ...] = ()

    def measure(event: JunctionsMeasured) -> tuple[()]:
        nonlocal references
        references = event.references
        return ()

    return Table(
        "held",
        columns,
        {JunctionsMeasured: measure, JunctionsHeld: lambda event: _samples(event, references)},
        data_set=DataSet("held", "Every sample of junctions that were held"),
        results="held",
    )


def _of_junction(k: int) -> tuple[Column, ...]:
    """Columns of a junction."""
    name = junction_label(k)
    return (
        Column(f"{name} current", f"current through {name}", lambda row: row.event.reading.currents_ua[k], "uA"),
        Column(f"{name} voltage", f"voltage of {name}", lambda row: row.voltages_mv[k], "mV"),
        Column(
            f"{name} state",
            f"state of {name} for the greater part of the sample; empty where it cannot be told",
            lambda row: row.states[k],
            holds=str,
        ),
        Column(
            f"{name} AP share", f"where the voltage lies from P (0) to AP (1) of {name}", lambda row: row.ap_shares[k]
        ),
        Column(
            f"{name} switching",
            f"1 if the voltage lies between P and AP beyond the noise: {name} switched during the sample",
            lambda row: int(row.switching[k]),
            holds=int,
        ),
    )


def _samples(event: JunctionsHeld, references: Sequence[JunctionReference]) -> Iterator[_Sample]:
    junctions = range(len(event.reading.currents_ua))
    voltages_mv = np.array(event.reading.samples_mv)
    ap_shares = [_ap_shares(levels, voltages_mv[:, k]) for k, levels in enumerate(event.levels)]
    switching = [_switching(levels, voltages_mv[:, k], references[k : k + 1]) for k, levels in enumerate(event.levels)]
    rows = zip(
        sample_times_s(event).tolist(),
        event.reading.samples_mv,
        zip(*(event.states(k) for k in junctions), strict=True),
        zip(*ap_shares, strict=True),
        zip(*switching, strict=True),
        strict=True,
    )
    for time_s, *others in rows:
        yield _Sample(event, round(time_s, 6), *others)


def _ap_shares(levels: Levels | None, voltages_mv: FloatArray) -> list[float | None]:
    """Of a sample during which a junction switched it is the share of the aperture in AP; else 0 or 1 with noise."""
    if levels is None:
        return [None] * len(voltages_mv)
    return [round(share, SHARE_DECIMALS) for share in levels.on_scale(voltages_mv).tolist()]


def _switching(levels: Levels | None, voltages_mv: FloatArray, reference: Sequence[JunctionReference]) -> list[bool]:
    """Which samples lie between both levels, farther from each than noise and fit explain."""
    if levels is None or not reference:
        return [False] * len(voltages_mv)
    apart_mv = abs(levels.antiparallel_mv - levels.parallel_mv)
    off = BEYOND_NOISE * max(reference[0].noise_mv, reference[0].residual_mv) / apart_mv
    share = levels.on_scale(voltages_mv)
    between: list[bool] = ((share > off) & (share < 1.0 - off)).tolist()
    return between
