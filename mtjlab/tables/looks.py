"""Looks at the junctions that belong to no presentation: what each shows, and every sample that was read for it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, count
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from mtjlab.domain import PerJunction, Reading, Verdict
from mtjlab.events import LookedAgain, ResetFailed, ResetVerified, SourceMoved
from mtjlab.schema import Codes, Column, Columns, DataSet, Table
from mtjlab.tables.axes import JUNCTION, STATES, electrical

REASONS = Codes(("probe", "after-probe", "reset-verified", "reset-failed", "looked-again", "by-hand", "quick-look"))
"""Back at zero after a probe; all reset; one not reset; a suspended run that looked whether it can go on; by hand;
before and while a source was moved alone, to see what is wrong."""


class Looked(NamedTuple):
    """Readings at one input, and what they show; ``number`` is that of the probe, of the attempt, or of the look.

    ``series``, ``applied_s`` and ``until_s`` (since and until when the input stood) are those of a probe, and None of
    any other.
    """

    kind: str
    number: int
    input_ua: float
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]
    series: int | None = None
    applied_s: float | None = None
    until_s: float | None = None


class _Look(NamedTuple):
    """A look with its number, in the order of the run."""

    place: int
    of: Looked


class _Sample(NamedTuple):
    """Voltages of all junctions at a moment, and the look that they were read for."""

    look: _Look
    number: int
    sample: int
    reading: Reading
    voltages_mv: PerJunction


Looking: TypeAlias = Callable[[Any], Iterable[Looked]]

_LOOK: tuple[Column, ...] = (
    Column("Look", "look, in the order of the run", attrgetter("place"), holds=int),
    Column("Kind", "why it was looked", attrgetter("of.kind"), holds=REASONS, is_complete=True),
    Column("Number", "number of the probe, attempt or look", attrgetter("of.number"), holds=int, is_complete=True),
    Column("Series", "input of the map that was probed: 0 is A", attrgetter("of.series"), holds=int),
    Column("Input", "input current", attrgetter("of.input_ua"), "uA", variable="input_current"),
    Column("Applied", "bench time at which the input was applied, in a probe", attrgetter("of.applied_s"), "s"),
    Column("Held until", "bench time until which the input stood, in a probe", attrgetter("of.until_s"), "s"),
    Column(
        "{junction} state",
        "state of the junction",
        attrgetter("of.verdicts"),
        holds=STATES,
        variable="state",
        by=(JUNCTION,),
    ),
)


def _with_each_sample(column: Column) -> Column:
    """A column of looks in a plain table of samples."""
    return replace(column, variable="", value=lambda sample: column.value(sample.look))


_SAMPLE: Columns = (
    *map(_with_each_sample, _LOOK),
    Column(
        "",
        "look that it was read for",
        attrgetter("look.place"),
        holds=int,
        variable="observed_look",
        is_complete=True,
        instance="look",
    ),
    Column("Reading", "reading of the look, from 0 on", attrgetter("number"), holds=int, variable=""),
    Column("Sample", "sample of the reading, from 0 on", attrgetter("sample"), holds=int, variable=""),
    Column("Time", "bench time at the end of the reading", attrgetter("reading.t_s"), "s", variable="observed_time"),
    Column(
        "Read at",
        "input current while it was read",
        attrgetter("reading.input_ua"),
        "uA",
        variable="observed_input_current",
    ),
    *electrical("observed_current", "observed_voltage"),
)


def tables_of_looks(
    data_set: DataSet, looking: Callable[[], Mapping[type, Looking]], results: str = ""
) -> tuple[Table, Table]:
    """Looks, in data sets alone, and their samples, which plain tables show with all that is known of the look.

    ``looking`` makes, for each table, what tells the looks of each event of a type.
    """
    samples = {event: _each(looks) for event, looks in _numbered(looking()).items()}
    return (
        Table("", _LOOK, _numbered(looking()), data_set=data_set, dims=("look",)),
        Table(data_set.name, _SAMPLE, samples, data_set=data_set, dims=("observation",), results=results),
    )


def _numbered(looking: Mapping[type, Looking]) -> dict[type, Callable[[Any], Iterable[_Look]]]:
    """Looks with their numbers, in the order of the run."""
    numbers = count()

    def of(looks: Looking) -> Callable[[Any], Iterable[_Look]]:
        return lambda event: (_Look(next(numbers), look) for look in looks(event))

    return {event: of(looks) for event, looks in looking.items()}


def _each(looks: Callable[[Any], Iterable[_Look]]) -> Callable[[Any], Iterable[_Sample]]:
    return lambda event: chain.from_iterable(map(_samples_of, looks(event)))


def _samples_of(look: _Look) -> Iterator[_Sample]:
    for number, reading in enumerate(look.of.readings):
        for sample, voltages_mv in enumerate(reading.samples_mv):
            yield _Sample(look, number, sample, reading, voltages_mv)


def resets() -> tuple[Table, Table]:
    """Looks whether the junctions are reset, and what was read of a run that paused."""
    return tables_of_looks(DataSet("resets", "Looks whether the junctions are reset"), lambda: _OF_RESETS)


def _attempt(event: ResetVerified | ResetFailed) -> Iterable[Looked]:
    return (Looked(event.type, event.attempt, 0.0, event.readings, event.verdicts),)


def _looked_again(event: LookedAgain) -> Iterable[Looked]:
    return (Looked(event.type, event.look, 0.0, event.readings, event.verdicts),)


def _quick_look(event: SourceMoved) -> Iterable[Looked]:
    return (Looked("quick-look", event.source + 1, 0.0, (reading,), ()) for reading in (event.before, event.moved))


_OF_RESETS: Mapping[type, Looking] = {
    ResetVerified: _attempt,
    ResetFailed: _attempt,
    LookedAgain: _looked_again,
    SourceMoved: _quick_look,
}
