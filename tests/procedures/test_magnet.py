"""Every run reads its field between its events, without input, and waits while the field is not as it was set."""

from collections.abc import Iterator
from typing import Any

import pytest

from mtjlab.bench import Bench
from mtjlab.config import SuspendSettings
from mtjlab.domain import FieldReading
from mtjlab.errors import BenchFaultError, StopRequestedError
from mtjlab.events import Continued, Event, FieldRead, FieldSet, LookedAgain, ResetVerified, Suspended
from mtjlab.procedures.magnet import READ_EVERY_S, field_drift, with_field_read
from tests.support.equipment import drive
from tests.support.tiny_measurements import bench_of
from tests.support.trainings import Field

SETTINGS = SuspendSettings(field_tolerance_mt=0.1, look_every_s=60.0, most_looks=3)


@pytest.fixture
def bench() -> Bench:
    made = bench_of()
    made.connect()
    made.switch_on()
    return made


class Drifting(Field):
    """Reads one value after the other, the last for ever."""

    def __init__(self, *fields_mt: float) -> None:
        super().__init__(fields_mt[0])
        self._left = [*fields_mt]

    def read(self) -> FieldReading:
        self.field_mt = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        return FieldReading(self.field_mt)


def waiting(bench: Bench, count: int, wait_s: float = READ_EVERY_S) -> Iterator[Event]:
    for _ in range(count):
        yield Continued(bench.time_s, 0.0)
        bench.hold(wait_s)


def types(events: list[Any]) -> list[str]:
    return [event.type for event in events]


def test_the_field_is_read_at_intervals_and_not_at_every_event(bench: Bench) -> None:
    events, _ = drive(with_field_read(waiting(bench, 4, READ_EVERY_S / 2), bench, Field(6.0), SETTINGS))
    assert types(events) == ["continued", "field-read", "continued", "continued", "field-read", "continued"]


def test_it_is_not_read_while_an_input_is_applied(bench: Bench) -> None:
    bench.apply(5.0)
    events, _ = drive(with_field_read(waiting(bench, 2), bench, Field(6.0), SETTINGS))
    assert types(events) == ["continued"] * 2


@pytest.mark.parametrize("field", [None, Field(6.0)])
def test_nothing_is_added_where_nothing_measures_it(bench: Bench, field: Field | None) -> None:
    if field is not None:
        field.largest_mt = 0.0
    events, _ = drive(with_field_read(waiting(bench, 2), bench, field, SETTINGS))
    assert types(events) == ["continued"] * 2


def test_a_run_waits_until_the_field_is_back(bench: Bench) -> None:
    events, _ = drive(with_field_read(waiting(bench, 2), bench, Drifting(6.0, 6.3, 6.3, 6.05), SETTINGS))
    suspended = next(event for event in events if isinstance(event, Suspended))
    assert suspended.why == "the field reads 6.3 mT, and was 6 mT before"
    assert types(events)[2:] == [
        "continued", "field-read", "suspended", "field-read", "looked-again", "field-read", "continued",
    ]  # fmt: skip
    assert [event.still != "" for event in events if isinstance(event, LookedAgain)] == [True]
    assert events[-1].t_s - suspended.t_s == pytest.approx(120.0)


def test_a_procedure_that_is_suspended_looks_at_the_field_itself(bench: Bench) -> None:
    def suspended() -> Iterator[Event]:
        yield Suspended(bench.time_s, "of its own")
        bench.hold(60.0)
        yield LookedAgain(bench.time_s, 1, "still")
        bench.hold(60.0)
        yield Continued(bench.time_s, 120.0)

    events, _ = drive(with_field_read(suspended(), bench, Drifting(6.0, 7.0), SETTINGS))
    assert types(events) == ["suspended", "looked-again", "continued", "field-read"]


def test_a_field_that_does_not_come_back_ends_the_run(bench: Bench) -> None:
    with pytest.raises(BenchFaultError, match=r"The field reads 7 mT, and was 6 mT before.*after 3 looks"):
        list(with_field_read(waiting(bench, 2), bench, Drifting(6.0, 7.0), SETTINGS))


def test_a_bench_operated_by_hand_does_not_wait(bench: Bench) -> None:
    events, _ = drive(with_field_read(waiting(bench, 2), bench, Drifting(6.0, 7.0), SETTINGS, pauses=False))
    assert types(events) == ["continued", "field-read"] * 2


def test_after_a_move_the_field_is_compared_with_what_was_read_then(bench: Bench) -> None:
    def moving() -> Iterator[Event]:
        yield from waiting(bench, 1)
        yield FieldSet(bench.time_s, 9.0, "noted")
        yield from waiting(bench, 2)

    events, _ = drive(with_field_read(moving(), bench, Drifting(6.0, 9.05), SETTINGS))
    assert types(events) == ["continued", "field-read", "field-set", "continued", "continued", "field-read"]


def test_a_stop_reaches_the_procedure_wherever_it_comes(bench: Bench) -> None:
    def stoppable() -> Iterator[Event]:
        try:
            yield from waiting(bench, 3)
        except StopRequestedError:
            yield ResetVerified(bench.time_s, 1, (), ())
            raise

    for events_before in (1, 2):
        run = with_field_read(stoppable(), bench, Field(6.0), SETTINGS)
        for _ in range(events_before):
            next(run)
        assert isinstance(run.throw(StopRequestedError("asked")), ResetVerified)
        with pytest.raises(StopRequestedError):
            next(event for event in run if not isinstance(event, FieldRead))


def test_a_gaussmeter_tells_a_drift_that_the_supply_does_not_see() -> None:
    told = field_drift(FieldReading(6.0, 6.31), FieldReading(6.0, 6.01), 0.1)
    assert told == "the gaussmeter reads 6.31 mT, and read 6.01 mT before"
    assert field_drift(FieldReading(6.0, 6.05), FieldReading(6.0, 6.01), 0.1) == ""
