"""Dwell times, and all samples, as tables."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Any, NamedTuple

from mtjlab.domain import JunctionState, junction_label
from mtjlab.events import JunctionsMeasured, RunStarted
from mtjlab.procedures.dwell.events import HoldsPlanned, JunctionsHeld
from mtjlab.procedures.dwell.state import DwellState, sample_times_s
from mtjlab.schema import Column, DataSet, Table

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
    """A set of samples; a state is None if it cannot be determined."""

    event: JunctionsHeld
    time_s: float
    voltages_mv: tuple[float, ...]
    states: tuple[JunctionState | None, ...]


def held_samples(junctions: int) -> Table:
    """Table with a row for each set of samples."""
    columns = (
        Column("Series", "number of the input", attrgetter("event.series"), holds=int),
        Column("Hold", "number of the hold; within one nothing was changed", attrgetter("event.hold"), holds=int),
        Column("Time", "middle of the sample, by the time of the bench", attrgetter("time_s"), "s"),
        Column("Input", "input current", attrgetter("event.reading.input_ua"), "uA"),
        *(column for k in range(junctions) for column in _of_junction(k)),
    )
    return Table(
        "held",
        columns,
        {JunctionsHeld: _samples},
        data_set=DataSet("held", "Every sample of junctions that were held"),
        results="held",
    )


def _of_junction(k: int) -> tuple[Column, Column, Column]:
    """Columns of a junction."""
    name = junction_label(k)
    return (
        Column(f"{name} current", f"current through {name}", lambda row: row.event.reading.currents_ua[k], "uA"),
        Column(f"{name} voltage", f"voltage of {name}", lambda row: row.voltages_mv[k], "mV"),
        Column(
            f"{name} state", f"state of {name}; empty where it cannot be told", lambda row: row.states[k], holds=str
        ),
    )


def _samples(event: JunctionsHeld) -> Iterator[_Sample]:
    states = zip(*(event.states(k) for k in range(len(event.reading.currents_ua))), strict=True)
    times_s = sample_times_s(event).tolist()
    for time_s, voltages_mv, of_sample in zip(times_s, event.reading.samples_mv, states, strict=True):
        yield _Sample(event, round(time_s, 6), voltages_mv, of_sample)
