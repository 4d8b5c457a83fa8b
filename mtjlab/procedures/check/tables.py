"""A wiring check as tables: matrix, findings, explanations and samples."""

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple

from mtjlab.domain import junction_label
from mtjlab.events import RunStarted, SurveyTaken, WiringChecked
from mtjlab.schema import Axis, Column, DataSet, Table

CHECK = DataSet("check", "Check of the wiring")
SOURCE = Axis("source", "source, by the junction it is on top of", junction_label)


def check_tables() -> Iterator[Table]:
    """All tables of the last check of a run, or of the run that it resumes."""
    yield _of_last("matrix", _MATRIX, lambda checked: enumerate(checked.matrix_ohm), ("meter",))
    yield _of_last("", (_PROBE,), lambda checked: (checked,), ())
    yield _of_last("findings", _FINDINGS, attrgetter("findings"), ("finding",))
    yield _of_last("explanations", _EXPLANATIONS, attrgetter("explanations"), ("explanation",))
    yield _surveys()


def _of_last(
    name: str, columns: tuple[Column, ...], rows: Callable[[WiringChecked], Iterable[Any]], dims: tuple[str, ...]
) -> Table:
    last: WiringChecked | None = None

    def begin(event: RunStarted) -> tuple[()]:
        nonlocal last
        last = event.parent.progress.checked if event.parent else None
        return ()

    def take(event: WiringChecked) -> tuple[()]:
        nonlocal last
        last = event
        return ()

    return Table(
        name,
        columns,
        {RunStarted: begin, WiringChecked: take},
        lambda: () if last is None else rows(last),
        CHECK,
        dims,
    )


_PROBE = Column("", "current by which one source at a time was moved", attrgetter("probe_ua"), "uA", variable="probe")
_MATRIX = (
    Column(
        "Voltmeter",
        "voltmeter, by the junction it belongs to",
        lambda row: junction_label(row[0]),
        holds=str,
        variable="meter",
    ),
    Column(
        "Source {source}",
        "change of voltage over change of current",
        lambda row: row[1],
        "ohm",
        variable="matrix",
        by=(SOURCE,),
    ),
)
_FINDINGS = (
    Column("Part", "what was found of: part of the bench", attrgetter("role"), holds=str),
    Column("Verdict", "ok, caution or mistake", attrgetter("verdict"), holds=str),
    Column("Kind", "kind of finding", attrgetter("kind"), holds=str),
    Column("Measured", "what was measured", attrgetter("measured"), holds=str),
    Column("Remedy", "what to do", attrgetter("remedy"), holds=str),
)
_EXPLANATIONS = (
    Column("Misfit", "deviation of the answers over the expected error, rms", attrgetter("misfit")),
    Column(
        "Part",
        "what is wrong then: parts of the bench",
        attrgetter("part"),
        holds=str,
        variable="explanation_part",
    ),
    Column("Kind", "kinds of mistakes", attrgetter("kind"), holds=str, variable="explanation_kind"),
    Column("Mistake", "what is wrong with them", attrgetter("mistake"), holds=str, variable="explanation_mistake"),
    Column("Remedy", "what to do", attrgetter("remedy"), holds=str, variable="explanation_remedy"),
)


class _Surveyed(NamedTuple):
    """A sample of a voltmeter; ``voltage_mv`` is None if there was no valid reply."""

    number: int
    event: SurveyTaken
    meter: int
    sample: int
    voltage_mv: float | None


_SURVEYS = (
    Column("Survey", "number of the survey", attrgetter("number"), holds=int),
    Column(
        "Source moved",
        "source that was moved alone",
        lambda row: None if row.event.source is None else junction_label(row.event.source),
        holds=str,
    ),
    Column("Moved to", "current of that source", attrgetter("event.current_ua"), "uA"),
    Column("Settled", "whether it had settled", attrgetter("event.settled"), holds=int),
    Column("Time", "bench time at the end of the samples", attrgetter("event.survey.t_s"), "s"),
    Column("Voltmeter", "voltmeter, by the junction it belongs to", lambda row: junction_label(row.meter), holds=str),
    Column("Complaint", "why there is no voltage", lambda row: row.event.survey.complaints[row.meter], holds=str),
    Column("Sample", "sample", attrgetter("sample"), holds=int),
    Column("Voltage", "voltage as the meter gave it", attrgetter("voltage_mv"), "mV"),
)


def _surveys() -> Table:
    """Table of every sample, with the moved source, and the reason if there is no voltage."""
    number = -1

    def rows(event: SurveyTaken) -> Iterator[_Surveyed]:
        nonlocal number
        number += 1
        for meter, samples_mv in enumerate(event.survey.samples_mv):
            for sample, voltage_mv in enumerate(samples_mv or (None,)):
                yield _Surveyed(number, event, meter, sample, voltage_mv)

    return Table("surveys", _SURVEYS, {SurveyTaken: rows})
