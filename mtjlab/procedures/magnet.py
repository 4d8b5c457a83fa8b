"""The magnetic field during a run: the one way to move it, and how every run reads it and waits while it is wrong."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Any

from mtjlab.bench import Bench
from mtjlab.config import SuspendSettings
from mtjlab.counted import counted
from mtjlab.domain import FieldReading, junction_label
from mtjlab.envelope import demand_field
from mtjlab.errors import BenchFaultError, LimitExceededError, StopRequestedError
from mtjlab.events import Continued, Event, FieldPlanned, FieldRead, FieldSet, LookedAgain, Suspended
from mtjlab.procedures.types import Procedure
from mtjlab.rack import MagneticField

READ_EVERY_S = 10.0
"""Bench time between two readings of the field, which take two messages."""


def move_field(
    bench: Bench, field: MagneticField, to_mt: float, most_ua: float, is_step: bool = False
) -> Procedure[FieldSet]:
    """Move the field to ``to_mt`` while no junction carries more than ``most_ua``; returns what was read then.

    Yields ``FieldPlanned`` before anything is set, and ``FieldSet`` after; ``is_step``: it is one of many.

    Raises:
        LimitExceededError: the field is beyond that of the supply, or a junction carries more; nothing was set.
        BenchFaultError: the field is not reached.
    """
    demand_field(to_mt, field.largest_mt)
    demand_little_current(bench, most_ua)
    from_mt = field.read().supply_mt
    yield FieldPlanned(bench.time_s, from_mt, to_mt, field.ramp_mt_per_s, bench.currents_ua, most_ua)
    report = field.set_mt(to_mt)
    reached = FieldSet.of(bench.time_s, report, is_step)
    yield reached
    return reached


def demand_little_current(bench: Bench, most_ua: float) -> None:
    """Raise LimitExceededError if a junction carries more than ``most_ua`` in either direction."""
    over = [
        f"{junction_label(k)} carries {current_ua:.6g} uA"
        for k, current_ua in enumerate(bench.currents_ua)
        if abs(current_ua) > most_ua
    ]
    if over:
        raise LimitExceededError(
            f"The field was to be moved with at most {most_ua:.6g} uA through each junction, but {', '.join(over)}. "
            "Nothing was set. Take the control currents down first."
        )


def field_drift(now: FieldReading, before: FieldReading, tolerance_mt: float) -> str:
    """How the field differs from an earlier reading by more than ``tolerance_mt``; empty if it does not."""
    if abs(now.supply_mt - before.supply_mt) > tolerance_mt:
        return f"the field reads {now.supply_mt:.6g} mT, and was {before.supply_mt:.6g} mT before"
    if now.gaussmeter_mt is None or before.gaussmeter_mt is None:
        return ""
    if abs(now.gaussmeter_mt - before.gaussmeter_mt) > tolerance_mt:
        return f"the gaussmeter reads {now.gaussmeter_mt:.6g} mT, and read {before.gaussmeter_mt:.6g} mT before"
    return ""


def with_field_read(
    procedure: Procedure[Any], bench: Bench, field: MagneticField | None, settings: SuspendSettings, pauses: bool = True
) -> Procedure[Any]:
    """Run ``procedure``; between its events, without input, read the field, and pause while it has drifted.

    Where nothing measures the field nothing is added.

    Raises:
        BenchFaultError: the field does not come back, or cannot be read.
    """
    if field is None or not (field.largest_mt or field.read().gaussmeter_mt is not None):
        return (yield from procedure)
    watch = _FieldWatch(bench, field, settings, pauses)
    resume: Callable[[], Event] = partial(next, procedure)
    try:
        while True:
            try:
                event = resume()
            except StopIteration as done:
                return done.value
            resume = partial(next, procedure)
            try:
                yield from chain((event,), watch.look(event))
            except StopRequestedError as stop:
                resume = partial(procedure.throw, stop)
    finally:
        procedure.close()


class _FieldWatch:
    """Reads the field at intervals, and compares it with what was read when it was set, or first."""

    def __init__(self, bench: Bench, field: MagneticField, settings: SuspendSettings, pauses: bool) -> None:
        self._bench, self._field, self._settings, self._pauses = bench, field, settings, pauses
        self._before: FieldReading | None = None
        self._read_s = -READ_EVERY_S
        self._is_suspended = False
        """By the procedure, which looks at the field itself then."""

    def look(self, event: Event) -> Iterator[Event]:
        """Events of reading the field after ``event``, if it is time, and of waiting until it is right again."""
        if isinstance(event, FieldSet):
            self._before, self._read_s = event.reading, event.t_s
        if isinstance(event, Suspended | Continued):
            self._is_suspended = isinstance(event, Suspended)
        is_due = self._bench.time_s - self._read_s >= READ_EVERY_S
        if self._is_suspended or not is_due or self._bench.input_ua != 0.0 or isinstance(event, FieldPlanned):
            return
        yield self._read()
        if self._pauses and (reason := self._drift):
            yield from self._wait(reason)

    def _wait(self, reason: str) -> Iterator[Event]:
        began_s = self._bench.time_s
        yield Suspended(began_s, reason, reason)
        for look in range(1, self._settings.most_looks + 1):
            self._bench.rest(self._settings.look_every_s)
            self._bench.demand_sources()
            yield self._read()
            if self._drift:
                yield LookedAgain(self._bench.time_s, look, self._drift)
            else:
                yield Continued(self._bench.time_s, round(self._bench.time_s - began_s, 6))
                return
        raise BenchFaultError(
            f"{self._drift[:1].upper()}{self._drift[1:]}. The run was suspended and could not continue after "
            f"{counted(look, 'look')}. Check the magnet, its supply and the probe, then continue with `mtjlab resume`."
        )

    def _read(self) -> FieldRead:
        reading = self._field.read()
        self._read_s, self._before = self._bench.time_s, self._before or reading
        self._drift = field_drift(reading, self._before, self._settings.field_tolerance_mt)
        return FieldRead(self._read_s, reading.supply_mt, reading.gaussmeter_mt)
