"""Pulses as tables: thresholds, probabilities at each current, and every pulse."""

from operator import attrgetter
from typing import Any, NamedTuple

from mtjlab.domain import Verdict, junction_label
from mtjlab.events import JunctionsMeasured, Pulsed
from mtjlab.procedures.pulse.state import PulseState
from mtjlab.schema import Column, DataSet, Table

THRESHOLDS = (
    Column("Junction", "junction, from source 1 to ground", lambda one: junction_label(one.junction), holds=str),
    Column("Width", "duration of the pulses", attrgetter("width_s"), "s"),
    Column("Pulses", "pulses that tell", attrgetter("n"), holds=int),
    Column("I50", "junction current that switches half of the time", attrgetter("i50_ua"), "uA"),
    Column("I50 low", "lower end of its 95 % interval", attrgetter("low_ua"), "uA"),
    Column("I50 high", "upper end of its 95 % interval", attrgetter("high_ua"), "uA"),
    Column("Spread", "standard deviation of thresholds", attrgetter("spread_ua"), "uA"),
)


PROBABILITIES = (
    Column("Junction", "junction, from source 1 to ground", attrgetter("junction"), holds=str),
    Column("Width", "duration of the pulses", attrgetter("width_s"), "s"),
    Column("Current", "current of the junction during the pulse", attrgetter("current_ua"), "uA"),
    Column("Pulses", "pulses at this current", attrgetter("n"), holds=int),
    Column("Switched", "pulses that switched it", attrgetter("switched"), holds=int),
    Column("Probability", "share that switched it", attrgetter("probability")),
    Column("Probability low", "lower end of its 95 % interval (Jeffreys)", attrgetter("low")),
    Column("Probability high", "upper end of its 95 % interval (Jeffreys)", attrgetter("high")),
    Column("Write error rate", "share that did not switch it", attrgetter("write_error_rate")),
)


class _PulseRow(NamedTuple):
    """A pulse and one junction."""

    event: Pulsed
    junction: int

    @property
    def state(self) -> Verdict:
        return self.event.verdicts[self.junction]


PULSES = (
    Column("Time", "when it was read, by the time of the bench", attrgetter("event.t_s"), "s"),
    Column("Purpose", "probe, or reset", attrgetter("event.purpose"), holds=str),
    Column("Series", "number of the width", attrgetter("event.series"), holds=int),
    Column("Junction", "junction, from source 1 to ground", lambda row: junction_label(row.junction), holds=str),
    Column("Pulse", "change of the current by the pulse", attrgetter("event.pulse_ua"), "uA"),
    Column(
        "Current", "current of the junction during the pulse", lambda row: row.event.currents_ua[row.junction], "uA"
    ),
    Column("Width asked", "duration that was asked", attrgetter("event.width_s"), "s"),
    Column("Width", "duration as measured", attrgetter("event.given.width_s"), "s"),
    Column("Width uncertainty", "by how much it may differ", attrgetter("event.given.uncertainty_s"), "s"),
    Column("State", "state of the junction at rest after the pulse", attrgetter("state"), holds=str),
    Column("Disturbed", "why the pulse does not count; empty if it does", attrgetter("event.disturbed"), holds=str),
)


def pulse_tables() -> tuple[Table, Table, Table]:
    """All tables; the first two are complete after the last event."""
    state = PulseState()

    def take(event: Any) -> tuple[()]:
        state.take(event)
        return ()

    fold = dict.fromkeys((JunctionsMeasured, Pulsed), take)
    thresholds = Table(
        "pulse-thresholds",
        THRESHOLDS,
        fold,
        state.thresholds,
        DataSet("pulse-thresholds", "Currents that switch half of the time, by width"),
        results="pulse-thresholds",
    )
    probabilities = Table(
        "pulse-probabilities",
        PROBABILITIES,
        last=lambda: tuple(state.shares()),
        data_set=DataSet("pulse-probabilities", "How often junctions switched, by current and width"),
        results="pulse-probabilities",
    )
    pulses = Table(
        "pulses",
        PULSES,
        {Pulsed: lambda event: [_PulseRow(event, k) for k in range(len(event.verdicts))]},
        data_set=DataSet("pulses", "Every pulse"),
        results="pulses",
    )
    return thresholds, probabilities, pulses
