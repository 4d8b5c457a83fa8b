"""The run folder: appended, checked, never overwritten."""

import json
import signal
import sys
import zlib
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import STARTED
from small_disk import small_disk

from mtjlab.domain import Reading
from mtjlab.errors import RefusedError
from mtjlab.events import Event, RunEnded, SweepPoint, WentSafe
from mtjlab.store import JOURNAL, DamagedJournalError, Journal, JournalError, create_run_folder, read_events

DAY = datetime(2026, 11, 23, 2, 0)
EVENTS: list[Event] = [STARTED, WentSafe(0.1 + 0.2, (0.0, -0.0, 1e-300)), RunEnded("finished", "")]

number = st.floats(allow_nan=False, allow_infinity=False)
triple = st.tuples(number, number, number)
points = st.builds(
    SweepPoint,
    st.integers(0, 9),
    st.booleans(),
    st.builds(Reading, number, number, triple, st.lists(triple).map(tuple)),
)


def written(folder: Path, events: list[Event]) -> bytes:
    with Journal(folder) as journal:
        for event in events:
            journal.append(event)
    return (folder / JOURNAL).read_bytes()


def test_events_come_back_as_they_were(tmp_path: Path) -> None:
    written(tmp_path, EVENTS)
    assert list(read_events(tmp_path)) == EVENTS


@given(events=st.lists(points, max_size=5))
@settings(max_examples=30)
def test_every_number_round_trips_exactly(tmp_path_factory: pytest.TempPathFactory, events: list[Event]) -> None:
    folder = tmp_path_factory.mktemp("run")
    written(folder, events)
    assert list(read_events(folder)) == events


def test_a_line_is_one_object_with_number_time_type_and_checksum(tmp_path: Path) -> None:
    first = written(tmp_path, EVENTS).splitlines()[0]
    line = json.loads(first)
    assert list(line)[:2] == ["n", "at"]
    assert list(line)[-1] == "crc"
    assert (line["n"], line["type"], line["format"]) == (0, "run-started", 1)
    assert int(line["crc"], 16) == zlib.crc32(first[: first.rindex(b',"crc"')])


def test_an_event_is_in_the_file_as_soon_as_it_is_appended(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.append(STARTED)
        assert list(read_events(tmp_path)) == [STARTED]


@given(cut=st.integers(0, 10_000))
def test_a_journal_cut_anywhere_gives_its_whole_lines(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("run")
    whole = written(folder, EVENTS)
    kept = whole[: cut % (len(whole) + 1)]
    (folder / JOURNAL).write_bytes(kept)
    assert list(read_events(folder)) == EVENTS[: kept.count(b"\n")]


@given(where=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_a_changed_byte_is_an_error_that_names_the_line_or_a_torn_last_line(
    tmp_path_factory: pytest.TempPathFactory, where: int, flip: int
) -> None:
    folder = tmp_path_factory.mktemp("run")
    whole = bytearray(written(folder, EVENTS))
    where %= len(whole)
    line = whole[:where].count(b"\n") + 1
    whole[where] ^= flip
    (folder / JOURNAL).write_bytes(whole)
    if where == len(whole) - 1:
        assert list(read_events(folder)) == EVENTS[:-1]
    else:
        with pytest.raises(DamagedJournalError, match=f"line {line} is damaged"):
            list(read_events(folder))


def test_a_journal_is_never_overwritten(tmp_path: Path) -> None:
    written(tmp_path, EVENTS)
    with pytest.raises(FileExistsError):
        Journal(tmp_path)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is no run folder"):
        list(read_events(tmp_path))


def test_run_folders_are_numbered_within_their_day(tmp_path: Path) -> None:
    folders = [create_run_folder(tmp_path, procedure, DAY) for procedure in ("train", "sweep", "train")]
    assert [f.relative_to(tmp_path).as_posix() for f in folders] == [
        "2026-11-23/0001-train",
        "2026-11-23/0002-sweep",
        "2026-11-23/0003-train",
    ]


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file, not a folder")
    with pytest.raises(RefusedError, match="Nothing was started"):
        create_run_folder(tmp_path / "runs", "train", DAY)


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of a file is a POSIX thing")
def test_a_line_that_does_not_fit_on_the_disk_leaves_no_trace_and_none_follows_it(tmp_path: Path) -> None:
    import resource  # noqa: PLC0415  not on Windows

    size = len(written(tmp_path, EVENTS[:2]))
    (tmp_path / JOURNAL).unlink()
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Journal(tmp_path) as journal:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 30, before[1]))
        try:
            journal.append(EVENTS[0])
            journal.append(EVENTS[1])
            with pytest.raises(JournalError, match="cannot be written any more"):
                journal.append(EVENTS[2])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)
        with pytest.raises(JournalError):
            journal.append(EVENTS[2])
    assert list(read_events(tmp_path)) == EVENTS[:2]


def append_for_ever(journal: Journal) -> None:
    while True:
        journal.append(STARTED)


def test_last_words_find_room_on_a_disk_that_others_fill_at_once(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "1m") as disk, Journal(disk.folder) as journal:
        disk.fill()
        with pytest.raises(JournalError, match=r"No space left on device.*Make room"):
            append_for_ever(journal)
        with pytest.raises(JournalError):
            journal.append(STARTED)
        last_words = [WentSafe(0.0, (0.0,) * 3000), WentSafe(1.0, (0.0,) * 3000), RunEnded("failed", "full")]
        for words in last_words:
            disk.fill()
            journal.append_last_words(words)
        *before, one, two, three = read_events(disk.folder)
        assert all(event == STARTED for event in before)
        assert [one, two, three] == last_words


def test_another_format_is_refused(tmp_path: Path) -> None:
    body = written(tmp_path, [STARTED]).replace(b'"format":1', b'"format":2').rsplit(b',"crc"', 1)[0]
    (tmp_path / JOURNAL).write_bytes(b'%s,"crc":"%08x"}\n' % (body, zlib.crc32(body)))
    with pytest.raises(RefusedError, match="Use the software that wrote it"):
        list(read_events(tmp_path))
