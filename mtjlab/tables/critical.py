"""Critical currents and critical inputs of each junction, with their intervals, or why there are none."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mtjlab.analysis.estimates import CriticalEstimate, Estimate, NotDetermined
from mtjlab.domain import PerJunction
from mtjlab.events import ControlsPlanned, SeriesMeasured, SweepPoint, SwitchingMeasured
from mtjlab.schema import Column, Columns, DataSet, Table, once
from mtjlab.tables.axes import DIRECTION, JUNCTION, along


@dataclass(frozen=True, slots=True)
class Critical:
    """What is known of a junction in one direction under one set of control currents; None where no leg went so."""

    series: int
    direction: int
    junction: int
    control_ua: float
    estimate: Estimate | None

    @property
    def known(self) -> CriticalEstimate | None:
        """The critical current, if it is determined."""
        return self.estimate if isinstance(self.estimate, CriticalEstimate) else None


def rows_of(number: int, series: SeriesMeasured) -> Iterator[Critical]:
    """A row for each direction and junction."""
    for direction, estimates in enumerate((series.up, series.down)):
        for k, control_ua in enumerate(series.controls_ua):
            yield Critical(number, direction, k, control_ua, estimates[k] if k < len(estimates) else None)


def _of_estimate(value: Callable[[CriticalEstimate], float]) -> Callable[[Critical], float | None]:
    return lambda row: None if row.known is None else value(row.known)


def _as_input(value: Callable[[CriticalEstimate], float]) -> Callable[[Critical], float | None]:
    return lambda row: None if row.known is None else value(row.known) - row.control_ua


_END = "end of the 95 % interval of"
COLUMNS = (
    Column("Control current", "control current", lambda row: row.control_ua, "uA", without=("direction",)),
    Column("Critical current", "critical junction current, mean", _of_estimate(lambda one: one.law.mean_ua), "uA"),
    Column(
        "Critical current low",
        f"lower {_END} critical_current",
        _of_estimate(lambda one: one.mean_interval.low_ua),
        "uA",
    ),
    Column(
        "Critical current high",
        f"upper {_END} critical_current",
        _of_estimate(lambda one: one.mean_interval.high_ua),
        "uA",
    ),
    Column(
        "Critical current error",
        "standard deviation of what is known of critical_current",
        _of_estimate(lambda one: one.mean_error_ua),
        "uA",
    ),
    Column(
        "Spread",
        "standard deviation of the critical current from one switch to the next",
        _of_estimate(lambda one: one.law.spread_ua),
        "uA",
    ),
    Column("Spread low", f"lower {_END} spread", _of_estimate(lambda one: one.spread_interval.low_ua), "uA"),
    Column("Spread high", f"upper {_END} spread", _of_estimate(lambda one: one.spread_interval.high_ua), "uA"),
    Column(
        "Spread error",
        "standard deviation of what is known of spread",
        _of_estimate(lambda one: one.spread_error_ua),
        "uA",
    ),
    Column("Critical input", "critical_current minus control_current", _as_input(lambda one: one.law.mean_ua), "uA"),
    Column(
        "",
        "critical_current_low minus control_current",
        _as_input(lambda one: one.mean_interval.low_ua),
        "uA",
        variable="critical_input_low",
    ),
    Column(
        "",
        "critical_current_high minus control_current",
        _as_input(lambda one: one.mean_interval.high_ua),
        "uA",
        variable="critical_input_high",
    ),
    Column(
        "Reference ramp",
        "rate of the continuous ramp that critical_current holds for",
        _of_estimate(lambda one: one.law.ramp_ua_per_s),
        "uA s-1",
    ),
    Column("Switched", "legs in which it switched", _of_estimate(lambda one: one.switched), holds=int),
    Column("Legs", "legs, or presentations, that count", _of_estimate(lambda one: one.repetitions), holds=int),
    Column(
        "Not determined",
        "why critical_current is not determined",
        lambda row: row.estimate.reason if isinstance(row.estimate, NotDetermined) else None,
        holds=str,
    ),
)


class SeriesTally(Protocol):
    """Critical currents from what was measured, added up event by event in little memory."""

    @property
    def events(self) -> tuple[type, ...]:
        """Types of the events that it takes."""

    def take(self, event: Any) -> None:
        """Add an event."""

    def series(self) -> tuple[SeriesMeasured, ...]:
        """Critical currents under each set of control currents; empty before anything was measured."""


class FoundSeries:
    """Critical currents of a run, shared by all tables that show them: its result, or those of ``tally`` without one.

    A stopped run has no result.
    """

    def __init__(self, tally: SeriesTally) -> None:
        self._tally = tally
        self._result: SwitchingMeasured | None = None
        self._series: tuple[SeriesMeasured, ...] | None = None
        take = once(self._take)
        self.takes: Mapping[type, Callable[[Any], tuple[()]]] = dict.fromkeys((SwitchingMeasured, *tally.events), take)
        """What each table does with events."""

    def _take(self, event: Any) -> None:
        self._series = None
        if isinstance(event, SwitchingMeasured):
            self._result = event
        else:
            self._tally.take(event)

    @property
    def series(self) -> tuple[SeriesMeasured, ...]:
        """Critical currents from the events so far. Estimated once, because that takes a while."""
        if self._series is None:
            self._series = self._tally.series() if self._result is None else self._result.series
        return self._series


def critical_currents(found: FoundSeries, data_set: DataSet | None, more: Columns = ()) -> Table:
    """Critical currents under each set of control currents.

    A series that has begun has its control currents. ``more`` columns follow the others.
    """
    controls_ua: dict[int, PerJunction] = {}
    begun = -1

    def remember(event: Any) -> tuple[()]:
        nonlocal begun
        match event:
            case ControlsPlanned(series=int(number)):
                controls_ua[number] = event.controls.by_input_ua[0]
            case SweepPoint(purpose="curve"):
                begun = max(begun, event.series)
        return ()

    def rows() -> Iterator[Critical]:
        known = found.series
        later = {k: SeriesMeasured(controls_ua[k], (), ()) for k in range(len(known), begun + 1) if k in controls_ua}
        for number, series in {**dict(enumerate(known)), **later}.items():
            yield from rows_of(number, series)

    return Table(
        "critical-currents",
        (
            Column("Series", "curves under the same control currents", lambda row: row.series, holds=int),
            along(DIRECTION, "direction"),
            along(JUNCTION, "junction"),
            *COLUMNS,
            *more,
        ),
        {**found.takes, **dict.fromkeys((ControlsPlanned, SweepPoint), remember)},
        rows,
        data_set,
        ("series", "direction", "junction"),
        is_keyed=True,
        without_cells=lambda row: row.estimate is None,
    )
