"""Energy of a run as tables: by phase, by junction and source, and of each event that took any."""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from mtjlab.energy import PHASES, Energy, PhaseEnergy, Spent
from mtjlab.events import Event, Phase, PhaseName
from mtjlab.events.base import type_of
from mtjlab.schema import Axis, Column, Columns, DataSet, Each, Table, cell_of
from mtjlab.tables.axes import JUNCTION, along

ENERGY = DataSet("energy", "Energy by phase, by junction and source, and of each event that took any")
PHASE = Axis("phase", "what it was spent on", PHASES.__getitem__, len(PHASES))
Latest: TypeAlias = Callable[[], Spent]
"""Returns the energy that the latest event added."""


class _InPhase(NamedTuple):
    phase: int
    of: PhaseEnergy
    per_input_j: float | None


class _InJunction(NamedTuple):
    junction: int
    energy_j: float
    leads_j: float
    delivered_j: float
    absorbed_j: float


class _OfEvent(NamedTuple):
    number: int
    event: Event
    spent: Spent


_PHASES: Columns = (
    along(PHASE, "phase"),
    Column("Duration", "time spent in the phase", attrgetter("of.duration_s"), "s", variable="phase_duration"),
    Column("Energy", "energy in all junctions", attrgetter("of.junctions_j"), "J", variable="phase_energy"),
    Column(
        "Estimated",
        "part of the energy that was computed from the references",
        attrgetter("of.estimated_j"),
        "J",
        variable="phase_estimated",
    ),
    Column(
        "Energy per input",
        "energy for each input presented",
        attrgetter("per_input_j"),
        "J",
        variable="energy_per_input",
    ),
)
_JUNCTIONS: Columns = (
    along(JUNCTION, "junction"),
    Column("Energy", "energy in the junction", attrgetter("energy_j"), "J", variable="junction_energy"),
    Column("Leads", "energy in its leads, inside the voltmeter", attrgetter("leads_j"), "J", variable="leads_energy"),
    Column("Delivered", "energy delivered by its source", attrgetter("delivered_j"), "J"),
    Column("Absorbed", "energy absorbed by its source", attrgetter("absorbed_j"), "J"),
)


def _end_s(event: Event) -> float | None:
    ends_s = [phase.reading.t_s for phase in event.phases if isinstance(phase, Phase)]
    return ends_s[-1] if ends_s else getattr(event, "t_s", None)


_EVENTS: Columns = (
    Column("", "event that took energy, in the order of the run", attrgetter("number"), holds=int, variable="event"),
    Column("Time", "bench time at the end of its last reading", lambda row: _end_s(row.event), "s"),
    Column("Event", "type of the event", lambda row: type_of(type(row.event)), holds=str, variable="event_type"),
    Column("Duration", "time until the event, since the one before", attrgetter("spent.duration_s"), "s"),
    Column("Energy", "energy in all junctions", lambda row: sum(row.spent.junctions_j), "J"),
    Column("Estimated", "part that was computed from the references", attrgetter("spent.estimated_j"), "J"),
    Each(
        JUNCTION,
        (
            Column(
                "{junction} energy",
                "energy in the junction",
                attrgetter("spent.junctions_j"),
                "J",
                variable="energy_in_junction",
                by=(JUNCTION,),
            ),
        ),
    ),
)


def energy_tables(whole: Callable[[], Energy], latest: Latest) -> Iterator[Table]:
    """Tables of a run; ``whole`` returns its energy so far, ``latest`` what the latest event added."""
    yield Table("energy", _PHASES, last=lambda: _in_phases(whole()), data_set=ENERGY, dims=("phase",), is_keyed=True)
    yield Table(
        "energy-junctions",
        _JUNCTIONS,
        last=lambda: _in_junctions(whole()),
        data_set=ENERGY,
        dims=("junction",),
        is_keyed=True,
    )
    yield Table("energy-events", _EVENTS, {Event: _of_events(latest)}, data_set=ENERGY, dims=("event",))


def rows_of(energy: Energy) -> Iterator[dict[str, Any]]:
    """Rows of the tables by phase, and by junction and source, as plain tables have them."""
    for columns, rows in ((_PHASES, _in_phases(energy)), (_JUNCTIONS, _in_junctions(energy))):
        for row in rows:
            yield {column.title(): cell_of(column)(row) for column in columns if isinstance(column, Column)}


def phase_energy(name: str, meaning: str, phase: PhaseName) -> Column:
    """A column of the energy that a row with ``spent`` took in a phase; missing where nothing was measured."""
    return Column(name, meaning, lambda row: row.spent.phases[phase].junctions_j if row.spent.duration_s else None, "J")


def estimated_energy(name: str) -> Column:
    """A column of the part of the energy of a row with ``spent`` that was computed from the references."""
    return Column(
        name,
        "part of its energy that was computed from the references",
        lambda row: row.spent.estimated_j if row.spent.duration_s else None,
        "J",
    )


def _in_phases(energy: Energy) -> Iterator[_InPhase]:
    if energy.total_j:
        for n, name in enumerate(PHASES):
            yield _InPhase(n, energy.phases[name], energy.per_input_j(name))


def _in_junctions(energy: Energy) -> Iterator[_InJunction]:
    parts = (energy.junctions_j, energy.leads_j, energy.delivered_j, energy.absorbed_j)
    for k, row in enumerate(zip(*parts, strict=True)):
        yield _InJunction(k, *row)


def _of_events(latest: Latest) -> Callable[[Any], Iterator[_OfEvent]]:
    number = -1

    def rows(event: Event) -> Iterator[_OfEvent]:
        nonlocal number
        if (spent := latest()).duration_s:
            number += 1
            yield _OfEvent(number, event, spent)

    return rows
