"""Presentations, and every sample that was read for them.

Presentations take as many readings, of as many samples, as they need. So samples have a dimension of their own, each
with the number of its presentation and input: the indexed ragged array of the CF conventions.
"""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, Literal, NamedTuple, get_args

from mtjlab.domain import NO_CLASS, PerJunction, Reading, input_label
from mtjlab.energy import Spent
from mtjlab.events import InputOutcome, Presented
from mtjlab.events.tokens import Purpose
from mtjlab.schema import Codes, Column, Columns, DataSet, Each, Table
from mtjlab.tables.axes import INPUT, JUNCTION, STATES, electrical
from mtjlab.tables.energy import Latest, estimated_energy, phase_energy

PRESENTATIONS = DataSet("presentations", "Presentations and every sample read for them")
STAGES = Codes(("input", "reset"))
"""Read at the input, or back at zero."""
WITH_CLASSES = ("training", "recognition")
"""Purposes of presentations whose configurations stand for classes."""


class Numbered(NamedTuple):
    """A presentation of a run, numbered from 0, those of the run that it resumes first.

    ``spent`` is its energy; none where it was measured in the run that this one resumes.
    """

    number: int
    of: Presented
    spent: Spent


def presentations(latest: Latest) -> Table:
    """What each presentation gave; ``latest`` returns its energy."""
    return Table(
        "presentations",
        _COLUMNS,
        {Presented: _numbered(latest)},
        data_set=PRESENTATIONS,
        dims=("presentation",),
        results="presentations",
    )


def _numbered(latest: Latest) -> Callable[[Presented], tuple[Numbered]]:
    number = -1

    def rows(event: Presented) -> tuple[Numbered]:
        nonlocal number
        number += 1
        return (Numbered(number, event, latest()),)

    return rows


def _configured(row: Numbered) -> str:
    return str(row.of.configuration) if row.of.configuration else NO_CLASS


def _recognised(row: Numbered) -> str | None:
    return row.of.recognised_as or (NO_CLASS if row.of.purpose in WITH_CLASSES else None)


def _of_inputs(value: Callable[[InputOutcome], Any]) -> Callable[[Numbered], list[Any]]:
    """What was seen of each input; missing of one that was not applied."""
    return lambda row: [value(outcome) for outcome in row.of.outcomes]


def _flips(way: Literal["ap_to_p", "p_to_ap"]) -> Callable[[Numbered], list[int | None]]:
    """Missing where nothing was judged."""
    return _of_inputs(lambda outcome: getattr(outcome.flips, way) if outcome.verdicts else None)


_OF_INPUT: Columns = (
    Column(
        "I_{input}",
        "input current asked for",
        attrgetter("of.token.inputs_ua"),
        "uA",
        variable="input_current",
        by=(INPUT,),
    ),
    Column(
        "{input} time",
        "bench time at the end of the last reading",
        _of_inputs(lambda outcome: outcome.readings[-1].t_s if outcome.readings else None),
        "s",
        variable="time",
        by=(INPUT,),
    ),
    Column(
        "{input} held",
        "time for which the input stood",
        _of_inputs(lambda outcome: outcome.held_s or None),
        "s",
        variable="held",
        by=(INPUT,),
    ),
    Column(
        "{input} switched",
        "junctions found parallel",
        _of_inputs(attrgetter("switched")),
        holds=int,
        variable="switched",
        by=(INPUT,),
    ),
    Column(
        "{input} flips AP to P",
        "changes AP -> P in its readings",
        _flips("ap_to_p"),
        holds=int,
        variable="flips_up",
        by=(INPUT,),
    ),
    Column(
        "{input} flips P to AP",
        "changes P -> AP in its readings",
        _flips("p_to_ap"),
        holds=int,
        variable="flips_down",
        by=(INPUT,),
    ),
    Column(
        "{input} {junction} state",
        "state of the junction at the input",
        _of_inputs(attrgetter("verdicts")),
        holds=STATES,
        variable="state",
        by=(INPUT, JUNCTION),
    ),
    Column(
        "{input} {junction} state after",
        "state of the junction back at zero input",
        _of_inputs(attrgetter("reset_verdicts")),
        holds=STATES,
        variable="state_after",
        by=(INPUT, JUNCTION),
    ),
)
_COLUMNS: Columns = (
    Column("Presentation", "presentation, in the order of the run", attrgetter("number"), holds=int),
    Column("Step", "training steps done", attrgetter("of.step"), holds=int, is_complete=True),
    Column("Purpose", "what it is for", attrgetter("of.purpose"), holds=Codes(get_args(Purpose)), is_complete=True),
    Column("Token", "token presented", attrgetter("of.token.name"), holds=str),
    Column("Class", "class of the token", attrgetter("of.token.label"), holds=str),
    Column(
        "Subset",
        "subset of the token",
        lambda row: row.of.token.subset if row.of.token.label else None,
        holds=str,
        variable="",
    ),
    Column("Attempt", "number of the attempt, from 1 on", attrgetter("of.attempt"), holds=int, is_complete=True),
    Each(INPUT, _OF_INPUT),
    Column("Configuration", "switching configuration", _configured, holds=str, variable=""),
    Column(
        "",
        "junctions switched, if all is decided",
        lambda row: row.of.configuration.counts if row.of.configuration else None,
        holds=int,
        variable="configuration",
        by=(INPUT,),
    ),
    Column(
        "Recognised as",
        "class that its configuration stands for",
        attrgetter("of.recognised_as"),
        holds=str,
        cell=_recognised,
    ),
    phase_energy("Energy of inputs", "energy in the junctions while inputs were applied", "input"),
    phase_energy("Energy of resets", "energy in the junctions back at zero input", "reset"),
    phase_energy("Energy at rest", "energy in the junctions at rest currents, between pulses", "idle"),
    phase_energy("Energy of moves", "energy in the junctions before an input and between inputs", "moves"),
    estimated_energy("Energy estimated"),
)


class Sample(NamedTuple):
    """Voltages of all junctions at a moment, and what they were read for; all numbers count from 0."""

    number: int
    presentation: int
    input: int
    stage: str
    look: int
    sample: int
    reading: Reading
    voltages_mv: PerJunction


def readings() -> Table:
    """Every sample that was read for a presentation, at an input and back at zero."""
    number, presentation = -1, -1

    def rows(event: Presented) -> Iterator[Sample]:
        nonlocal number, presentation
        presentation += 1
        for j, outcome in enumerate(event.outcomes):
            for stage, read in zip(STAGES.meanings, (outcome.readings, outcome.reset_readings), strict=True):
                for look, reading in enumerate(read):
                    for sample, voltages_mv in enumerate(reading.samples_mv):
                        number += 1
                        yield Sample(number, presentation, j, stage, look, sample, reading, voltages_mv)

    return Table("readings", _SAMPLES, {Presented: rows}, data_set=PRESENTATIONS, dims=("observation",))


_SAMPLES: Columns = (
    Column("", "set of samples, one of each junction", attrgetter("number"), holds=int, variable="observation"),
    Column(
        "Presentation",
        "presentation that it was read for",
        attrgetter("presentation"),
        holds=int,
        variable="observed_presentation",
        is_complete=True,
        instance="presentation",
    ),
    Column(
        "For",
        "input that it was read for: 0 is A",
        attrgetter("input"),
        holds=int,
        variable="observed_input",
        cell=lambda row: input_label(row.input),
        is_complete=True,
    ),
    Column(
        "At",
        "read at the input, or back at zero",
        attrgetter("stage"),
        holds=STAGES,
        variable="observed_at",
        is_complete=True,
    ),
    Column(
        "Reading",
        "reading of the look, from 0 on",
        attrgetter("look"),
        holds=int,
        variable="observed_reading",
        is_complete=True,
    ),
    Column("Sample", "sample of the reading, from 0 on", attrgetter("sample"), holds=int, variable=""),
    Column("Time", "bench time at the end of the reading", attrgetter("reading.t_s"), "s", variable="observed_time"),
    Column(
        "Input",
        "input current while it was read",
        attrgetter("reading.input_ua"),
        "uA",
        variable="observed_input_current",
    ),
    *electrical("observed_current", "observed_voltage"),
)
