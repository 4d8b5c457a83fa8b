"""How long a run went on does not depend on the clock: neither setting it nor sleep makes a run longer or shorter."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.events import ClockJumped, Event
from mtjlab.experiment import story
from mtjlab.store import JOURNAL, RunClock, read_lines, span_s, timed_lines, write_request
from mtjlab.store.lines import format_line
from tests.support.journals import BEGIN

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR_S = 3600.0


def stamped(folder: Path, *events: tuple[float, Event]) -> Path:
    """A journal whose lines were stamped so many seconds after noon."""
    lines = [format_line(n, event, NOON + timedelta(seconds=s)) for n, (s, event) in enumerate(events)]
    (folder / JOURNAL).write_bytes(b"".join(lines))
    write_request(folder, {"run": {"procedure": "train"}})
    return folder


def times(folder: Path) -> list[float]:
    return [since_s for since_s, _ in timed_lines(folder)]


@pytest.mark.parametrize("by_s", [-HOUR_S, HOUR_S])
def test_a_clock_that_was_set_moves_nothing(tmp_path: Path, by_s: float) -> None:
    """The event after the jump is stamped by the new clock, and the jump is told after that event."""
    folder = stamped(
        tmp_path,
        (0, BEGIN[0]),
        (10, BEGIN[1]),
        (20 + by_s, BEGIN[2]),
        (20 + by_s, ClockJumped(by_s)),
        (30 + by_s, BEGIN[3]),
    )
    assert times(folder) == [0, 10, 20, 20, 30]
    assert span_s(folder) == 30
    assert [at_s for at_s, _ in story(folder).history][-1] == 30


@pytest.mark.parametrize("by_s", [-HOUR_S, HOUR_S])
def test_so_does_one_that_was_set_just_before_that_was_noticed(tmp_path: Path, by_s: float) -> None:
    folder = stamped(tmp_path, (0, BEGIN[0]), (10, BEGIN[1]), (10 + by_s, ClockJumped(by_s)), (30 + by_s, BEGIN[2]))
    assert times(folder) == [0, 10, 10, 30]


def test_a_clock_that_was_set_back_without_a_word_takes_no_time_away(tmp_path: Path) -> None:
    folder = stamped(tmp_path, (0, BEGIN[0]), (40, BEGIN[1]), (40 - HOUR_S, BEGIN[2]), (50 - HOUR_S, BEGIN[3]))
    assert times(folder) == [0, 40, 40, 50]


@given(
    waits_s=st.lists(st.floats(0, 100), min_size=2, max_size=12),
    jumps=st.dictionaries(st.integers(1, 11), st.sampled_from([-HOUR_S, -60.0, 30.0, HOUR_S]), max_size=3),
)
def test_seconds_are_those_of_the_counter_whatever_happens_to_the_clock(
    tmp_path_factory: pytest.TempPathFactory, waits_s: list[float], jumps: dict[int, float]
) -> None:
    real_s = offset_s = 0.0
    events: list[tuple[float, Event]] = [(0.0, BEGIN[0])]
    for n, wait_s in enumerate(waits_s, 1):
        real_s += wait_s
        offset_s += jumps.get(n, 0.0)
        events.append((real_s + offset_s, BEGIN[2]))
        if n in jumps:
            events.append((real_s + offset_s, ClockJumped(jumps[n])))
    told = times(stamped(tmp_path_factory.mktemp("run"), *events))
    assert told == sorted(told)
    assert told[-1] == pytest.approx(real_s, abs=0.1 + sum(60.0 for by in jumps.values() if abs(by) <= 60))


@pytest.mark.parametrize(("by_s", "seconds"), [(-HOUR_S, [0, 0, 0, 30]), (HOUR_S, [0, 10 + HOUR_S, 10, 40])])
def test_lines_that_come_one_by_one_are_right_once_the_jump_is_told(
    tmp_path: Path, by_s: float, seconds: list[float]
) -> None:
    """As the window reads them: it does not know of a jump before the line that tells of it."""
    folder = stamped(
        tmp_path, (0, BEGIN[0]), (10 + by_s, BEGIN[1]), (10 + by_s, ClockJumped(by_s)), (40 + by_s, BEGIN[2])
    )
    clock = RunClock(folder)
    assert [clock.take(line) for line in read_lines(folder)] == pytest.approx(seconds)
