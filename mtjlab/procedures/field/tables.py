"""Loops, slopes and every reading of a measurement against the field, as tables."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, NamedTuple

from mtjlab.domain import PerJunction, Reading
from mtjlab.events import CurveTaken, RunStarted, SwitchingMeasured
from mtjlab.procedures.field.events import LoopPoint, LoopsMeasured, SeriesInField, WorkingPointChosen
from mtjlab.procedures.field.state import FieldState
from mtjlab.schema import Codes, Column, Columns, DataSet, Table, once
from mtjlab.tables.axes import JUNCTION, along, electrical

STATES_AT_HIGH = Codes(("antiparallel", "parallel"))


def _part(key: str, part: str) -> Callable[[Any], float | None]:
    def value(row: Any) -> float | None:
        measured = getattr(row, key)
        return None if measured is None else float(getattr(measured, part))

    return value


def _with_ends(name: str, long_name: str, key: str, unit: str = "") -> tuple[Column, Column, Column]:
    return (
        Column(name, long_name, _part(key, "value"), unit),
        Column(f"{name} low", f"lower end of its 95 % interval: {long_name}", _part(key, "low"), unit),
        Column(f"{name} high", f"upper end of its 95 % interval: {long_name}", _part(key, "high"), unit),
    )


LOOPS: Columns = (
    along(JUNCTION, "junction"),
    *_with_ends("Coercive field", "half the distance of the mean switching fields", "coercive_mt", "mT"),
    *_with_ends("Shift", "middle of the mean switching fields", "shift_mt", "mT"),
    *_with_ends("Switching field up", "mean field of the switch while the field rises", "up_mt", "mT"),
    *_with_ends("Switching field down", "mean field of the switch while the field falls", "down_mt", "mT"),
    *_with_ends("Spread up", "standard deviation of the switching field while it rises", "up_spread_mt", "mT"),
    *_with_ends("Spread down", "standard deviation of the switching field while it falls", "down_spread_mt", "mT"),
    *_with_ends("Parallel resistance", "V/I in the parallel state", "r_p_kohm", "kohm"),
    *_with_ends("Antiparallel resistance", "V/I in the antiparallel state", "r_ap_kohm", "kohm"),
    *_with_ends("TMR", "antiparallel over parallel resistance, minus 1", "tmr"),
    Column("Ramp", "rate of the field in the mean", attrgetter("ramp_mt_per_s"), "mT s-1"),
    Column("Legs", "legs in which it switched", attrgetter("legs"), holds=int),
    Column("Not determined", "why its loop is not determined", lambda row: row.reason or None, holds=str),
)

SLOPES: Columns = (
    along(JUNCTION, "junction"),
    *_with_ends("Critical shift", "by how much a mT lowers critical currents", "shift_ua_per_mt", "uA mT-1"),
    Column("Field", "field of the critical currents on the lines", attrgetter("field_mt"), "mT"),
    Column("Critical current up", "critical current AP -> P on the line", attrgetter("up_ua"), "uA"),
    Column("Critical current down", "critical current P -> AP on the line", attrgetter("down_ua"), "uA"),
    Column("Linear p", "probability of residuals as large for straight lines", attrgetter("linear_p")),
    Column("Points", "critical currents that the lines go through", attrgetter("points"), holds=int),
    Column("Not determined", "why there is no line", lambda row: row.reason or None, holds=str),
)


class _Sample(NamedTuple):
    """A set of samples of all junctions in a field."""

    point: LoopPoint
    sample: int
    voltages_mv: PerJunction

    @property
    def reading(self) -> Reading:
        return self.point.reading


SAMPLES: Columns = (
    Column("Loop", "number of the loop", attrgetter("point.loop"), holds=int),
    Column("Rising", "1 while the field rises, 0 while it falls", lambda row: int(row.point.rising), holds=int),
    Column("Field", "magnetic field along the easy axis", attrgetter("point.field_mt"), "mT"),
    Column("Reached", "bench time at which the field was reached", attrgetter("point.reached_s"), "s"),
    Column("Time", "bench time at the end of the reading", attrgetter("reading.t_s"), "s"),
    Column("Sample", "number of the sample in its reading", attrgetter("sample"), holds=int),
    *electrical("current", "voltage"),
)


def field_tables() -> Iterable[Table]:
    """All tables; the first two are complete after the last event."""
    state = FieldState()
    events = (
        RunStarted,
        LoopPoint,
        LoopsMeasured,
        SeriesInField,
        CurveTaken,
        SwitchingMeasured,
        WorkingPointChosen,
    )
    takes = dict.fromkeys(events, once(state.take))
    yield Table(
        "field-loops",
        LOOPS,
        takes,
        state.loops,
        DataSet("field-loops", "Loops of each junction against the magnetic field"),
        ("junction",),
        is_keyed=True,
        results="field-loops",
    )
    yield Table(
        "field-slopes",
        SLOPES,
        takes,
        state.slopes,
        DataSet("field-slopes", "How the magnetic field moves critical currents"),
        ("junction",),
        is_keyed=True,
        results="field-slopes",
    )
    yield Table(
        "field-samples",
        SAMPLES,
        {LoopPoint: lambda point: [_Sample(point, n, one) for n, one in enumerate(point.reading.samples_mv)]},
        data_set=DataSet("field-samples", "Every sample of the loops against the magnetic field"),
        results="field-samples",
    )
