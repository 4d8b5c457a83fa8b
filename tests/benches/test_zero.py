"""What is called safe was seen at zero before its output went off; judged by what the simulated instruments did."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.simulated.bench import SimulatedBench
from mtjlab.bench import Bench
from mtjlab.config import InstrumentBenchConfig
from mtjlab.errors import BenchFaultError
from mtjlab.events import Event, OutputsCut, WentSafe
from mtjlab.procedures.safe import connect, go_safe
from tests.support.equipment import drive
from tests.support.wired import NoLog, bench_on, simulated_bench, wired_config

SIX, FOURS, MIXED = "keithley-6221-2182a.toml", "keithley-2400.toml", "mixed.toml"
START_UA = (-500.0, -510.0, -490.0)


class Offs(NoLog):
    """At which level each output was switched off (uA), as often as that happened."""

    def __init__(self) -> None:
        self.instruments: SimulatedBench | None = None
        self.cut_ua: list[tuple[str, float]] = []

    def write(self, _time_s: float, kind: str, **said: Any) -> None:
        if kind == "output" and not said["on"]:
            self.cut_ua.append((said["role"], round(self._level_ua(said["role"]), 6)))

    def _level_ua(self, role: str) -> float:
        assert self.instruments is not None
        instrument = self.instruments.station(role).instrument
        return 1e6 * float(_reply(instrument.execute(":SOUR:LEV?" if "GS2" in instrument.model else ":SOUR:CURR?")))

    @property
    def not_at_zero(self) -> list[tuple[str, float]]:
        return [(role, level_ua) for role, level_ua in self.cut_ua if level_ua != 0.0]


def _reply(execution: Iterator[float]) -> str:
    while True:
        try:
            next(execution)
        except StopIteration as done:
            return str(done.value)


def stand(file: str, *faults: str) -> tuple[Bench, SimulatedBench, Offs]:
    """A bench that is not connected yet, its instruments, and the judge of what they do."""
    config: InstrumentBenchConfig = wired_config(file, *faults)
    offs = Offs()
    offs.instruments = simulated_bench(config, offs)
    return bench_on(offs.instruments, config), offs.instruments, offs


def going_safe(bench: Bench) -> tuple[list[Event], str]:
    """Events of going safe, and what it complains of."""
    events: list[Event] = []
    try:
        events.extend(go_safe(bench))
    except BenchFaultError as error:
        return events, str(error)
    return events, ""


def at_start(bench: Bench) -> None:
    drive(connect(bench))
    bench.execute(bench.plan(START_UA))


MOVES = st.sampled_from([(-460.0, -380.0, -560.0), (-540.0, -520.0, -500.0), START_UA, 600.0, 450.0, 0.0])
TROUBLE = st.tuples(
    st.sampled_from(["refuses-level", "refuses-settings", "garbage", "no-reply"]), st.integers(1, 3), st.integers(1, 9)
)


def move(bench: Bench, to: tuple[float, ...] | float) -> None:
    if isinstance(to, float):
        bench.apply(to)
    else:
        bench.idle()
        bench.execute(bench.plan(to))


@settings(max_examples=60)
@given(
    file=st.sampled_from([SIX, FOURS, MIXED]),
    steps=st.lists(st.tuples(MOVES, st.lists(TROUBLE, max_size=2)), min_size=1, max_size=4),
)
def test_whatever_is_refused_or_lost_nothing_is_called_safe_that_was_not_at_zero(
    file: str, steps: list[tuple[Any, list[tuple[str, int, int]]]]
) -> None:
    bench, instruments, offs = stand(file)
    at_start(bench)
    with suppress(BenchFaultError):
        for to, troubles in steps:
            for kind, junction, count in troubles:
                instruments.add_fault(f"source J{junction}:{kind}={count}")
            move(bench, to)
    events, complaint = going_safe(bench)
    safe = any(isinstance(event, WentSafe) for event in events)
    assert safe == bench.is_safe == (not complaint)
    if safe:
        assert offs.not_at_zero == []
    if bench.is_off:
        assert instruments.state()["outputs_on"] == [False] * 3
    for role, level_ua in offs.not_at_zero:
        assert not bench.is_off or f"{role} was cut at {level_ua:.6g} uA" in complaint or role in complaint
    assert going_safe(bench)[1] or safe, "what was cut once is never called safe"


@pytest.mark.parametrize(
    ("file", "refused"),
    [(SIX, "was set to -560 uA, reports a level of -500 uA"), (FOURS, "-200"), (MIXED, "-200")],
)
def test_a_level_that_is_acknowledged_and_refused_ends_the_run_where_it_stands(file: str, refused: str) -> None:
    bench, instruments, _ = stand(file)
    at_start(bench)
    instruments.add_fault("source J1:refuses-level")
    with pytest.raises(BenchFaultError, match=refused):
        bench.execute(bench.plan((-560.0, -510.0, -490.0)))
    assert bench.currents_ua == START_UA


def test_a_source_that_refuses_every_way_to_zero_is_cut_and_said_so() -> None:
    bench, instruments, offs = stand(SIX)
    at_start(bench)
    instruments.add_fault("source J1:refuses-level")
    events, complaint = going_safe(bench)
    cut = "outputs off; source J1 was cut at -500 uA"
    assert (events, complaint) == ([OutputsCut(bench.time_s, cut)], cut)
    assert offs.not_at_zero == [("source J1", -500.0)]
    assert (bench.is_off, bench.is_safe) == (True, False)


def test_what_failed_on_the_way_to_zero_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    bench, instruments, _ = stand(SIX)
    at_start(bench)
    instruments.add_fault("source J1:refuses-level")
    going_safe(bench)
    (told,) = [record.message for record in caplog.records if "On the way to zero" in record.message]
    assert told.count("was set to 0 uA") == 1


def test_sources_that_all_fall_silent_are_told_of_together() -> None:
    bench, instruments, _ = stand(SIX)
    at_start(bench)
    for k in (1, 2, 3):
        instruments.add_fault(f"source J{k}:no-reply")
    _, complaint = going_safe(bench)
    assert complaint.count("no reply Asked for its level") == 1
    assert "source J1, source J2, source J3 do not answer, so their outputs may be on" in complaint


def test_a_cut_while_connecting_is_not_forgotten_at_the_end() -> None:
    bench, _, offs = stand(SIX, "source J2:output-found-on=-300", "source J2:refuses-level")
    with pytest.raises(BenchFaultError, match="outputs off; source J2 was cut at -300 uA"):
        drive(connect(bench))
    cut = "outputs off; source J2 was cut at -300 uA"
    assert going_safe(bench) == ([OutputsCut(bench.time_s, cut)], cut)
    assert offs.not_at_zero == [("source J2", -300.0)]


@pytest.mark.parametrize("times", [1, 2])
def test_a_source_that_refuses_only_once_or_twice_is_at_zero_in_the_end(times: int) -> None:
    """It is ramped, then told again, then in other words."""
    bench, instruments, offs = stand(SIX)
    at_start(bench)
    instruments.add_fault(f"source J1:refuses-level={times}")
    events, complaint = going_safe(bench)
    assert ([event.type for event in events], complaint) == (["went-safe"], "")
    assert offs.not_at_zero == []


def test_the_second_way_of_a_gs200_is_a_word_of_its_own() -> None:
    bench, instruments, offs = stand(MIXED)
    at_start(bench)
    roles = [role for role in instruments.roles if "GS2" in instruments.station(role).instrument.model]
    for role in roles:
        instruments.add_fault(f"{role}:refuses-level")
    events, complaint = going_safe(bench)
    assert roles
    assert ([event.type for event in events], complaint) == (["went-safe"], "")
    assert offs.not_at_zero == []


def test_a_source_whose_level_cannot_be_read_is_never_called_safe() -> None:
    bench, instruments, _ = stand(SIX)
    at_start(bench)
    instruments.add_fault("source J3:no-reply")
    events, complaint = going_safe(bench)
    assert events == []
    assert "source J3" in complaint
    assert "does not answer, so its output may be on" in complaint
    assert (bench.is_off, bench.is_safe) == (False, False)
