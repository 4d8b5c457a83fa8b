"""Dwell times, and all samples, as tables."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, NamedTuple

from mtjlab.domain import JunctionState, junction_label
from mtjlab.events import JunctionsMeasured, RunStarted
from mtjlab.procedures.dwell.events import HoldsPlanned, JunctionsHeld
from mtjlab.procedures.dwell.state import STATES, DwellState, sample_times_s
from mtjlab.schema import Axis, Column, Columns, DataSet, Each, Table, once
from mtjlab.tables import axes
from mtjlab.tables.axes import JUNCTION, along

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
    """A set of samples; a state is None if it cannot be determined."""

    event: JunctionsHeld
    time_s: float
    voltages_mv: tuple[float, ...]
    states: tuple[JunctionState | None, ...]


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
    return Table(
        "held",
        columns,
        {JunctionsHeld: _samples},
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
        "state of the junction; missing where it cannot be told",
        attrgetter("states"),
        holds=axes.STATES,
        variable="state",
        by=(JUNCTION,),
    ),
)
_OF_JUNCTIONS = Each(JUNCTION, (_CURRENT, _VOLTAGE, _STATE))


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


def _samples(event: JunctionsHeld) -> Iterator[_Sample]:
    states = zip(*(event.states(k) for k in range(len(event.reading.currents_ua))), strict=True)
    times_s = sample_times_s(event).tolist()
    for time_s, voltages_mv, of_sample in zip(times_s, event.reading.samples_mv, states, strict=True):
        yield _Sample(event, round(time_s, 6), voltages_mv, of_sample)
