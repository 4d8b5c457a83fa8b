"""Dwell times, and all samples, as tables."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from mtjlab.analysis.telegraph import Levels
from mtjlab.arrays import FloatArray
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import JunctionState, junction_label
from mtjlab.events import JunctionsMeasured, RunStarted
from mtjlab.procedures.dwell.events import HoldsPlanned, JunctionsHeld
from mtjlab.procedures.dwell.state import STATES, DwellState, sample_times_s
from mtjlab.schema import Axis, Column, Columns, DataSet, Each, Table, once
from mtjlab.tables import axes
from mtjlab.tables.axes import JUNCTION, along

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


STATE = Axis("state", "state that the junction stays in", [str(state) for state in STATES].__getitem__, len(STATES))
WITHOUT = {"Input": ("junction", "state"), "Current": ("state",)}
"""Dimensions that a column of ``DWELLS`` does not depend on."""
BY_PLACE: Columns = (
    Column("", "number of the input", attrgetter("series"), holds=int, variable="series"),
    replace(along(JUNCTION, "junction"), name="", variable="junction"),
    Column("", STATE.long_name, lambda one: STATES.index(one.state), holds=STATE, variable="state"),
    *(
        replace(column, name="", variable=column.variable_name, without=WITHOUT.get(column.name, ()))
        for column in DWELLS
        if column.name not in ("Junction", "State")
    ),
)


def dwell_tables(junctions: int) -> Iterator[Table]:
    """Mean dwells, as a list and by input, junction and state; and every sample."""
    state = DwellState()
    takes = dict.fromkeys((RunStarted, HoldsPlanned, JunctionsMeasured, JunctionsHeld), once(state.take))
    listed = DataSet("dwell-times", "Mean dwells of each junction and state")
    by_place = DataSet("mean-dwells", "Mean dwells by input, junction and state")
    yield Table("dwell-times", DWELLS, takes, state.dwells, listed, results="dwell-times")
    yield Table("", BY_PLACE, takes, state.dwells, by_place, ("series", "junction", "state"), is_keyed=True)
    yield _held_samples(junctions)


class _Sample(NamedTuple):
    """A set of samples; ``states`` and ``ap_shares`` are empty where states cannot be told apart."""

    event: JunctionsHeld
    time_s: float
    voltages_mv: tuple[float, ...]
    states: tuple[JunctionState | None, ...]
    ap_shares: tuple[float | None, ...]
    switching: tuple[int, ...]


def _held_samples(junctions: int) -> Table:
    """Table with a row for each set of samples."""
    columns: Columns = (
        Column("Series", "number of the input", attrgetter("event.series"), holds=int),
        Column("Hold", "number of the hold; within one nothing was changed", attrgetter("event.hold"), holds=int),
        Column("Time", "middle of the sample, by the time of the bench", attrgetter("time_s"), "s"),
        Column("Input", "input current", attrgetter("event.reading.input_ua"), "uA"),
        _OF_JUNCTIONS,
        *(column for k in range(junctions) for column in _alone(k)),
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


_CURRENT, _VOLTAGE, _STATE = (
    Column(
        "{junction} current",
        "current through the junction",
        attrgetter("event.reading.currents_ua"),
        "uA",
        variable="current",
        by=(JUNCTION,),
    ),
    Column(
        "{junction} voltage",
        "voltage of the junction",
        attrgetter("voltages_mv"),
        "mV",
        variable="voltage",
        by=(JUNCTION,),
    ),
    Column(
        "{junction} state",
        "state of the junction for the greater part of the sample; missing where it cannot be told",
        attrgetter("states"),
        holds=axes.STATES,
        variable="state",
        by=(JUNCTION,),
    ),
)
_AP_SHARE = Column(
    "{junction} AP share",
    "where the voltage of the junction lies from P (0) to AP (1)",
    attrgetter("ap_shares"),
    variable="ap_share",
    by=(JUNCTION,),
)
_SWITCHING = Column(
    "{junction} switching",
    "1 if the voltage lies between P and AP beyond the noise: the junction switched during the sample",
    attrgetter("switching"),
    holds=int,
    variable="switching",
    by=(JUNCTION,),
)
_OF_JUNCTIONS = Each(JUNCTION, (_CURRENT, _VOLTAGE, _STATE, _AP_SHARE, _SWITCHING))


def _alone(k: int) -> Iterator[Column]:
    """Variables of a junction alone, which data sets had before they had ``junction`` as a dimension."""
    name = junction_label(k)
    for column in (_CURRENT, _VOLTAGE, replace(_STATE, holds=str)):
        yield replace(
            column,
            name="",
            long_name=f"{column.variable} of {name}, as in the variable {column.variable}",
            value=_at(k, column.value),
            variable=f"{name}_{column.variable}".lower(),
            by=(),
        )


def _at(k: int, values: Callable[[Any], Sequence[Any]]) -> Callable[[Any], Any]:
    return lambda row: values(row)[k]


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


def _switching(levels: Levels | None, voltages_mv: FloatArray, reference: Sequence[JunctionReference]) -> list[int]:
    """Which samples lie between both levels, farther from each than noise and fit explain."""
    if levels is None or not reference:
        return [0] * len(voltages_mv)
    apart_mv = abs(levels.antiparallel_mv - levels.parallel_mv)
    off = BEYOND_NOISE * max(reference[0].noise_mv, reference[0].residual_mv) / apart_mv
    share = levels.on_scale(voltages_mv)
    return [int(between) for between in (share > off) & (share < 1.0 - off)]
