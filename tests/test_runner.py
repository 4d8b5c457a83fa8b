"""The runner: disk before screen, and safe at the end of everything."""

import errno
import os
from pathlib import Path

import pytest

from mtjlab.errors import BenchFaultError, StopRequestedError
from mtjlab.events import ClockJumped, Event, RunEnded, RunStarted, WentSafe
from mtjlab.procedures.types import Procedure
from mtjlab.reading import read_events
from mtjlab.runner import Runner
from mtjlab.stopping import StopSwitch
from mtjlab.store import STOP, Journal, JournalError
from mtjlab.wall_clock import WallClock
from tests.support.samples import STARTED

SAFE = WentSafe(9.0, (0.0,))
SAID = [WentSafe(float(k), (1.0,)) for k in range(3)]
LAST_WORDS = WentSafe(8.0, (1.0,))


def counting() -> Procedure[None]:
    try:
        yield from SAID
    except StopRequestedError:
        yield LAST_WORDS
        raise


def going_safe() -> Procedure[None]:
    yield SAFE


def failing_with(error: BaseException) -> Procedure[None]:
    yield SAID[0]
    raise error


class Run:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.switch = StopSwitch(folder)
        self.seen: list[Event] = []

    def of(
        self, procedure: Procedure[None], safe: Procedure[None] | None = None, clock: WallClock | None = None
    ) -> RunEnded:
        with Journal(self.folder) as journal:
            runner = Runner(journal, self.switch, [self.seen.append], clock)
            return runner.run(STARTED, procedure, safe or going_safe())

    @property
    def journalled(self) -> list[Event]:
        return list(read_events(self.folder))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def test_a_finished_run_is_journalled_from_start_to_safe(run: Run) -> None:
    ended = run.of(counting())
    assert ended.status == "finished"
    assert run.journalled == [STARTED, *SAID, SAFE, ended]
    assert run.seen == run.journalled


def test_an_event_is_on_disk_before_anyone_sees_it(run: Run) -> None:
    on_disk: list[int] = []
    with Journal(run.folder) as journal:
        viewer = lambda event: on_disk.append(run.journalled.index(event))  # noqa: E731
        Runner(journal, run.switch, [viewer]).run(STARTED, counting(), going_safe())
    assert on_disk == [0, 1, 2, 3, 4, 5]


def test_a_stop_ends_the_procedure_at_its_next_safe_point_and_keeps_its_last_words(run: Run) -> None:
    (run.folder / STOP).touch()
    ended = run.of(counting())
    assert (ended.status, ended.reason) == ("stopped", "a file named stop in the run folder")
    assert run.journalled == [STARTED, SAID[0], LAST_WORDS, SAFE, ended]


def test_a_pressed_switch_stops_with_its_reason(run: Run) -> None:
    run.switch.press("Ctrl-C")
    assert run.of(counting()).reason == "Ctrl-C"


def test_a_bench_fault_fails_the_run_and_ends_safe(run: Run) -> None:
    ended = run.of(failing_with(BenchFaultError("J2 is open")))
    assert (ended.status, ended.reason) == ("failed", "J2 is open")
    assert run.journalled == [STARTED, SAID[0], SAFE, ended]


def test_an_unforeseen_error_ends_safe_is_journalled_and_raised(run: Run) -> None:
    with pytest.raises(ZeroDivisionError):
        run.of(failing_with(ZeroDivisionError("oh")))
    assert run.journalled[-2:] == [SAFE, RunEnded("failed", "ZeroDivisionError: oh")]


def test_a_bench_that_cannot_be_confirmed_safe_is_a_failure(run: Run) -> None:
    def stuck() -> Procedure[None]:
        raise BenchFaultError("source 1 still says 100 uA")
        yield

    ended = run.of(counting(), stuck())
    assert ended.status == "failed"
    assert "could not be confirmed safe: source 1 still says 100 uA" in ended.reason


def test_what_fails_after_the_sources_are_safe_never_hides_that_they_are(run: Run) -> None:
    def magnet_stays_on() -> Procedure[None]:
        yield SAFE
        raise BenchFaultError("the magnet is STILL ON")

    ended = run.of(counting(), magnet_stays_on())
    assert (ended.status, ended.reason) == ("failed", "All sources are safe, but: the magnet is STILL ON")
    assert run.journalled[-2:] == [SAFE, ended]


@pytest.mark.parametrize("error", [ValueError("no screen"), BrokenPipeError(), SystemExit(1)])
def test_a_failing_viewer_does_not_fail_the_run(
    run: Run, caplog: pytest.LogCaptureFixture, error: BaseException
) -> None:
    shown: list[Event] = []

    def broken(event: Event) -> None:
        shown.append(event)
        raise error

    with Journal(run.folder) as journal:
        ended = Runner(journal, run.switch, [broken, run.seen.append]).run(STARTED, counting(), going_safe())
    assert ended.status == "finished"
    assert len(shown) == 1
    assert len(run.seen) == 6
    assert "a viewer failed" in caplog.text


NO_ROOM = "events.jsonl: can no longer be written (No space left on device)."


class FullDisk:
    """A journal that has room for the first event only."""

    def append(self, event: Event) -> None:
        if not isinstance(event, RunStarted):
            raise JournalError(NO_ROOM)

    append_final = append


def test_a_journal_that_cannot_be_written_ends_the_run_safe(run: Run) -> None:
    went_safe: list[str] = []

    def noted() -> Procedure[None]:
        went_safe.append("safe")
        yield SAFE

    ended = Runner(FullDisk(), run.switch).run(STARTED, counting(), noted())  # type: ignore[arg-type]
    assert went_safe == ["safe"]
    assert ended == RunEnded("failed", f"{NO_ROOM} All sources are safe.")


@pytest.mark.parametrize("when", ["while it runs", "at the end"])
def test_a_disk_that_cannot_be_synced_fails_the_run_with_its_last_word_and_never_looks_like_a_crash(
    run: Run, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def fails(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    def procedure() -> Procedure[None]:
        if when == "while it runs":
            monkeypatch.setattr("mtjlab.store.journal.os.fsync", fails)
        yield from counting()
        monkeypatch.setattr("mtjlab.store.journal.os.fsync", fails)

    ended = run.of(procedure())
    assert ended.status == "failed"
    assert "events.jsonl: cannot be synced to disk" in ended.reason
    assert "(Input/output error)" in ended.reason
    assert run.journalled[-2] == WentSafe(9.0, (0.0,))
    assert run.journalled[-1] == ended


def test_a_run_that_was_stopped_and_cannot_say_so_tells_both(run: Run) -> None:
    journal = FullDisk()
    journal.append = lambda event: None  # type: ignore[method-assign]
    run.switch.press("Ctrl-C")
    ended = Runner(journal, run.switch).run(STARTED, counting(), going_safe())  # type: ignore[arg-type]
    assert ended == RunEnded("failed", f"Ctrl-C {NO_ROOM} All sources are safe.")


class SetClock:
    """The clock of a computer that somebody sets, or that sleeps, while a run goes on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall_s = self.counter_s = self.sleepless_s = 1000.0
        self.computed_s = 0.0
        monkeypatch.setattr("mtjlab.wall_clock.time", lambda: self.wall_s)
        monkeypatch.setattr("mtjlab.wall_clock.monotonic", lambda: self.counter_s)
        monkeypatch.setattr("mtjlab.wall_clock.process_time", lambda: self.computed_s)
        monkeypatch.setattr("mtjlab.wall_clock.sleepless_s", lambda: self.sleepless_s)

    def jumping(self, *by_s: float) -> Procedure[None]:
        """A procedure of an event a second; before each, the clock jumps."""
        for k, jump_s in enumerate(by_s):
            self.wall_s += jump_s
            self.passes(1)
            yield SAID[k]

    def passes(self, seconds: float) -> None:
        self.wall_s += seconds
        self.counter_s += seconds
        self.sleepless_s += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    return SetClock(monkeypatch)


def test_a_clock_that_goes_as_it_should_is_never_mentioned(run: Run, clock: SetClock) -> None:
    ended = run.of(clock.jumping(0, 0.5, -0.5), clock=WallClock(unwatched_is_a_fault=True))
    assert run.journalled == [STARTED, *SAID, SAFE, ended]


def test_every_jump_is_journalled_after_the_event_that_came_before_anyone_looked(run: Run, clock: SetClock) -> None:
    ended = run.of(clock.jumping(0, 3600, -7200), clock=WallClock(unwatched_is_a_fault=False))
    assert ended.status == "finished"
    assert run.journalled == [STARTED, *SAID[:2], ClockJumped(3600.0), SAID[2], ClockJumped(-7200.0), SAFE, ended]


def test_nothing_goes_on_by_itself_on_real_outputs_after_a_sleep(run: Run, clock: SetClock) -> None:
    ended = run.of(clock.jumping(3600, 0), clock=WallClock(unwatched_is_a_fault=True))
    assert run.journalled == [STARTED, SAID[0], ClockJumped(3600.0), SAFE, ended]
    assert ended.status == "failed"
    assert "went forward by 3600 s at once" in ended.reason
    assert "mtjlab resume" in ended.reason


@pytest.mark.parametrize("jump_s", [-86400.0, 30.0])
def test_a_clock_that_is_set_back_or_a_little_forward_is_only_told(run: Run, clock: SetClock, jump_s: float) -> None:
    ended = run.of(clock.jumping(jump_s, 0), clock=WallClock(unwatched_is_a_fault=True))
    assert run.journalled == [STARTED, SAID[0], ClockJumped(jump_s), SAID[1], SAFE, ended]
    assert ended.status == "finished"


class TestWhenNobodyLooked:
    """Everything was stopped, or the computer slept with a clock that counts sleep: no clock shows it."""

    def stopped(self, clock: SetClock, *for_s: float) -> Procedure[None]:
        for k, seconds in enumerate(for_s):
            clock.passes(seconds)
            yield SAID[k]

    def test_a_gap_is_journalled_with_its_length(self, run: Run, clock: SetClock) -> None:
        ended = run.of(self.stopped(clock, 1, 12), clock=WallClock(unwatched_is_a_fault=True))
        assert run.journalled == [STARTED, *SAID[:2], ClockJumped(0.0, 12.0), SAFE, ended]
        assert ended.status == "finished"

    def test_what_it_took_to_prepare_a_run_is_no_gap_of_it(self, run: Run, clock: SetClock) -> None:
        watch = WallClock(unwatched_is_a_fault=True)
        clock.passes(100)
        ended = run.of(self.stopped(clock, 1), clock=watch)
        assert run.journalled == [STARTED, SAID[0], SAFE, ended]

    def test_a_long_one_ends_a_run_on_real_outputs(self, run: Run, clock: SetClock) -> None:
        ended = run.of(self.stopped(clock, 120, 1), clock=WallClock(unwatched_is_a_fault=True))
        assert run.journalled == [STARTED, SAID[0], ClockJumped(0.0, 120.0), SAFE, ended]
        assert "No program ran for 120 s" in ended.reason

    def test_a_sleep_that_the_wall_clock_shows_too_is_one_event(self, run: Run, clock: SetClock) -> None:
        def slept() -> Procedure[None]:
            clock.wall_s += 30
            clock.sleepless_s += 30
            yield SAID[0]

        run.of(slept(), clock=WallClock(unwatched_is_a_fault=True))
        assert ClockJumped(30.0, 30.0) in run.journalled

    def test_a_long_wait_that_looks_around_is_no_gap_and_one_that_was_interrupted_is(
        self, run: Run, clock: SetClock
    ) -> None:
        watch = WallClock(unwatched_is_a_fault=True)

        def waits(*steps_s: float) -> Procedure[None]:
            for step_s in steps_s:
                clock.passes(step_s)
                watch.look_around()
            yield SAID[0]

        run.of(waits(*[0.05] * 2000), clock=watch)
        assert not [event for event in run.journalled if isinstance(event, ClockJumped)]

    def test_a_long_one_ends_a_wait_at_once_and_is_journalled_before_the_run_goes_safe(
        self, run: Run, clock: SetClock
    ) -> None:
        watch = WallClock(unwatched_is_a_fault=True)

        def waits() -> Procedure[None]:
            yield SAID[0]
            for step_s in (0.05, 90, 0.05):
                clock.passes(step_s)
                watch.look_around()
            raise AssertionError("it went on")

        ended = run.of(waits(), clock=watch)
        assert run.journalled == [STARTED, SAID[0], ClockJumped(0.0, 90.0), SAFE, ended]
        assert ended.status == "failed"

    def test_neither_long_readings_nor_long_computing_are_gaps(self, run: Run, clock: SetClock) -> None:
        watch, read_s = WallClock(unwatched_is_a_fault=True), [0.0]
        watch.reading_s = lambda: read_s[0]

        def busy() -> Procedure[None]:
            clock.passes(100)
            read_s[0] += 99
            yield SAID[0]
            clock.passes(100)
            clock.computed_s += 99
            yield SAID[1]

        ended = run.of(busy(), clock=watch)
        assert run.journalled == [STARTED, *SAID[:2], SAFE, ended]
