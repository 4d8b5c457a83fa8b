"""Dwell times, and every sample that they come from, as tables."""

from collections.abc import Iterable, Iterator
from itertools import chain

from mtjlab.domain import junction_label
from mtjlab.events import Event, happened
from mtjlab.procedures.dwell.events import JunctionsHeld
from mtjlab.procedures.dwell.seen import Seen, sample_times_s
from mtjlab.schema import Column, Table, Value

DWELLS = (
    Column("Junction", "junction, from source 1 to ground", holds=str),
    Column("State", "state that it stays in", holds=str),
    Column("Input", "input current", "uA"),
    Column("Current", "current through the junction", "uA"),
    Column("Dwells", "dwells that were seen to end", holds=int),
    Column("Held", "for how long it was seen in this state", "s"),
    Column("Mean", "mean dwell", "s"),
    Column("Mean low", "lower end of its 95 % interval", "s"),
    Column("Mean high", "upper end of its 95 % interval", "s"),
    Column("Expected", "mean dwell that critical currents let expect", "s"),
    Column("Expected low", "lower end of its 95 % interval", "s"),
    Column("Expected high", "upper end of its 95 % interval", "s"),
)


def dwell_times(seen: Seen) -> Table:
    """A row for each junction, state and input."""
    rows = (
        (
            junction_label(one.junction),
            str(one.state),
            one.input_ua,
            one.current_ua,
            one.n,
            one.held_s,
            *(one.mean_s, one.low_s, one.high_s),
            *(one.law_s, one.law_low_s, one.law_high_s),
        )
        for one in seen.dwells()
    )
    return Table("dwell-times", "Mean dwells of each junction and state", DWELLS, rows)


def held_samples(events: Iterable[Event], junctions: int) -> Table:
    """A row for each set of samples."""
    of_junctions = [
        (
            Column(f"{junction_label(k)} current", f"current through {junction_label(k)}", "uA"),
            Column(f"{junction_label(k)} voltage", f"voltage of {junction_label(k)}", "mV"),
            Column(
                f"{junction_label(k)} state", f"state of {junction_label(k)}; empty where it cannot be told", holds=str
            ),
        )
        for k in range(junctions)
    ]
    columns = (
        Column("Series", "number of the input", holds=int),
        Column("Hold", "number of the hold; within one nothing was changed", holds=int),
        Column("Time", "middle of the sample, by the time of the bench", "s"),
        Column("Input", "input current", "uA"),
        *chain.from_iterable(of_junctions),
    )
    return Table("held", "Every sample of junctions that were held", columns, _rows(events, junctions))


def _rows(events: Iterable[Event], junctions: int) -> Iterator[tuple[Value, ...]]:
    for event in map(happened, events):
        if isinstance(event, JunctionsHeld):
            yield from _rows_of(event, junctions)


def _rows_of(event: JunctionsHeld, junctions: int) -> Iterator[tuple[Value, ...]]:
    reading, states = event.reading, [event.states(k) for k in range(junctions)]
    for n, (time_s, sample_mv) in enumerate(zip(sample_times_s(event).tolist(), reading.samples_mv, strict=True)):
        of_junctions = ((reading.currents_ua[k], sample_mv[k], states[k][n]) for k in range(junctions))
        yield (event.series, event.hold, round(time_s, 6), reading.input_ua, *chain.from_iterable(of_junctions))
