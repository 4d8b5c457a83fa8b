"""The journal of a run: every event whole or not at all, also on a disk that is full and in a folder that is gone."""

import errno
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtjlab.events import Event, RunEnded, WentSafe
from mtjlab.reading import read_events
from mtjlab.store import JOURNAL, Journal, JournalError
from mtjlab.store.folder import RESERVE
from tests.support.journals import TRAINING, written
from tests.support.samples import STARTED
from tests.support.small_disk import small_disk

SAFE, ENDED = WentSafe(9.0, (0.0,)), RunEnded("failed", "the disk is full")
TOLD = r"events\.jsonl: can no longer be written \(No space left on device\)\. All events in it are valid\. Make room"


class SmallDisk:
    """The file of a journal on a disk that has ``free`` bytes left beside the reserve; it takes what fits."""

    def __init__(self, file: Any, reserve: Path, free: int) -> None:
        self._file, self._reserve = file, reserve
        self._end = file.tell() + free + reserve.stat().st_size

    def write(self, data: bytes) -> int:
        kept = self._reserve.stat().st_size if self._reserve.exists() else 0
        room = self._end - kept - self._file.tell()
        if room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken: int = self._file.write(data[:room])
        return taken

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class SpiedFile:
    """Notes what is written."""

    def __init__(self, file: Any, wrote: list[bytes]) -> None:
        self._file, self._wrote = file, wrote

    def write(self, data: bytes) -> int:
        self._wrote.append(data)
        taken: int = self._file.write(data)
        return taken

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class FailingFile(SpiedFile):
    """Takes nothing."""

    def __init__(self, file: Any, number: int) -> None:
        super().__init__(file, [])
        self._number = number

    def write(self, data: bytes) -> int:
        raise OSError(self._number, os.strerror(self._number))


def on_a_small_disk(journal: Journal, folder: Path, free: int) -> None:
    journal._file = SmallDisk(journal._file, folder / RESERVE, free)  # type: ignore[assignment]


def filled(journal: Journal) -> tuple[list[Event], str]:
    """Append until the disk is full: everything up to the event that did not fit, and what is said then."""
    events: list[Event] = []
    for event in cycle(TRAINING):
        events.append(event)
        try:
            journal.append(event)
        except JournalError as error:
            return events, str(error)
    raise AssertionError


def test_a_journal_is_never_overwritten(tmp_path: Path) -> None:
    written(tmp_path, TRAINING)
    with pytest.raises(FileExistsError):
        Journal(tmp_path)


def test_room_for_last_words_is_kept_while_a_run_goes_on_and_no_longer(tmp_path: Path) -> None:
    with Journal(tmp_path):
        assert (tmp_path / RESERVE).stat().st_size > 10_000
    assert [path.name for path in tmp_path.iterdir()] == [JOURNAL]


def test_a_disk_that_has_no_room_for_last_words_is_found_before_a_run_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("mtjlab.store.journal.put", full)
    with pytest.raises(OSError, match="No space left"):
        Journal(tmp_path)


@given(free=st.integers(0, 5000))
@settings(max_examples=40)
def test_on_a_full_disk_the_event_that_did_not_fit_is_kept_and_last_words_after_it_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, free: int
) -> None:
    folder = tmp_path_factory.mktemp("run")
    with Journal(folder) as journal:
        on_a_small_disk(journal, folder, free)
        kept, told = filled(journal)
        assert re.search(TOLD, told)
        with pytest.raises(JournalError, match=TOLD):
            journal.append(STARTED)
        for word in (SAFE, ENDED):
            journal.append_final(word)
    assert list(read_events(folder)) == [*kept, SAFE, ENDED]


def test_last_words_find_room_on_a_real_disk_that_others_fill_again_and_again(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "1m") as disk, Journal(disk.folder) as journal:
        disk.fill()
        kept, told = filled(journal)
        assert re.search(TOLD, told)
        words = [WentSafe(0.0, (0.0,) * 3000), WentSafe(1.0, (0.0,) * 3000), ENDED]
        for word in words:
            disk.fill()
            journal.append_final(word)
        assert list(read_events(disk.folder)) == [*kept, *words]


def test_a_disk_that_is_full_only_when_the_last_words_are_said_takes_them_all(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.append(STARTED)
        on_a_small_disk(journal, tmp_path, free=0)
        for word in (SAFE, ENDED):
            journal.append_final(word)
    assert list(read_events(tmp_path)) == [STARTED, SAFE, ENDED]


def test_where_even_the_reserve_is_too_small_a_line_leaves_no_trace(tmp_path: Path) -> None:
    """Somebody removed it, to make room for something else."""
    with Journal(tmp_path) as journal:
        journal.append(STARTED)
        (tmp_path / RESERVE).write_bytes(b"")
        on_a_small_disk(journal, tmp_path, free=30)
        for append in (journal.append, journal.append_final):
            with pytest.raises(JournalError, match=TOLD):
                append(SAFE)
    assert list(read_events(tmp_path)) == [STARTED]


def test_a_reserve_that_cannot_be_given_free_hides_nothing(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.append(STARTED)
        (tmp_path / RESERVE).unlink()
        (tmp_path / RESERVE).mkdir()
        on_a_small_disk(journal, tmp_path, free=0)
        with pytest.raises(JournalError, match=TOLD):
            journal.append(SAFE)


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of a file is a POSIX thing")
def test_a_line_that_does_not_fit_on_the_disk_leaves_no_trace_and_none_follows_it(tmp_path: Path) -> None:
    import resource  # noqa: PLC0415  not on Windows

    size = len(written(tmp_path, TRAINING[:2]))
    (tmp_path / JOURNAL).unlink()
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Journal(tmp_path) as journal:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 30, before[1]))
        try:
            for event in TRAINING[:2]:
                journal.append(event)
            with pytest.raises(JournalError, match="can no longer be written"):
                journal.append(TRAINING[2])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)
        with pytest.raises(JournalError):
            journal.append(TRAINING[2])
        journal.append_final(SAFE)
    assert list(read_events(tmp_path)) == [*TRAINING[:2], SAFE]


def removed(folder: Path) -> None:
    shutil.rmtree(folder)


def moved(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def replaced(folder: Path) -> None:
    moved(folder)
    folder.mkdir()
    (folder / JOURNAL).write_bytes(b"of another run\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody move or remove what is open")
@pytest.mark.parametrize("what", [removed, moved, replaced])
def test_a_run_whose_folder_is_gone_can_record_nothing_more(tmp_path: Path, what: Callable[[Path], None]) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    with Journal(folder) as journal:
        journal.append(STARTED)
        what(folder)
        for append in (journal.append, journal.append, journal.append_final):
            with pytest.raises(JournalError, match=r"is no longer there: somebody removed, moved or replaced the run"):
                append(SAFE)
    if what is not removed:
        assert list(read_events(tmp_path / "elsewhere")) == [STARTED]
    if what is replaced:
        assert (folder / JOURNAL).read_bytes() == b"of another run\n"


def test_milestones_are_synced_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr("mtjlab.store.journal.os.fsync", lambda _: synced.append((tmp_path / JOURNAL).stat().st_size))
    ends = []
    with Journal(tmp_path) as journal:
        for event in TRAINING:
            journal.append(event)
            if event.milestone:
                ends.append((tmp_path / JOURNAL).stat().st_size)
    assert synced == ends
    assert len(ends) == 9


def failing(number: int, times: float = float("inf")) -> Callable[[int], None]:
    """An ``fsync`` that fails, ``times`` often."""
    left = iter(range(10**6))

    def fsync(_: int) -> None:
        if next(left) < times:
            raise OSError(number, os.strerror(number))

    return fsync


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (
            errno.EIO,
            r"Input/output error\)\. .*Its disk or the way there fails: copy what it holds, and take another",
        ),
        (errno.EDQUOT, r"Disk quota exceeded\)\. .*Make room, then continue"),
        (errno.ESTALE, r"Stale file handle\)\. .*Its drive is gone: connect it again, then"),
    ],
)
def test_what_is_written_but_cannot_be_synced_ends_a_run_in_words_and_stays_and_so_do_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: str
) -> None:
    with Journal(tmp_path) as journal:
        journal.append(STARTED)
        monkeypatch.setattr("mtjlab.store.journal.os.fsync", failing(number))
        with pytest.raises(JournalError, match=rf"events\.jsonl: cannot be synced to disk \({told}"):
            journal.append(SAFE)
        for word in (SAFE, ENDED):
            journal.append_final(word)
        assert journal.unsynced is not None
    assert list(read_events(tmp_path)) == [STARTED, SAFE, SAFE, ENDED]


def test_room_that_a_drive_finds_missing_only_when_it_syncs_is_given_free_and_the_line_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an error only bytes that are written again are synced again."""
    with Journal(tmp_path) as journal:
        monkeypatch.setattr("mtjlab.store.journal.os.fsync", failing(errno.EDQUOT, times=1))
        wrote: list[bytes] = []
        journal._file = SpiedFile(journal._file, wrote)  # type: ignore[assignment]
        before = (tmp_path / RESERVE).stat().st_size
        journal.append_final(SAFE)
        assert wrote[0] == wrote[1]
        assert (tmp_path / RESERVE).stat().st_size < before
        assert journal.unsynced is None
    assert list(read_events(tmp_path)) == [SAFE]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EROFS, r"Read-only file system\)\. .*Its disk can only be read: choose another place, then continue"),
        (errno.EIO, r"Input/output error\)\. .*Its disk or the way there fails"),
        (errno.EFBIG, r"File too large\)\. .*Choose another place, then continue"),
    ],
)
def test_what_cannot_be_written_is_told_with_what_failed_and_what_helps(tmp_path: Path, number: int, told: str) -> None:
    with Journal(tmp_path) as journal:
        journal.append(STARTED)
        journal._file = FailingFile(journal._file, number)  # type: ignore[assignment]
        with pytest.raises(JournalError, match=rf"events\.jsonl: can no longer be written \({told}"):
            journal.append(SAFE)
    assert list(read_events(tmp_path)) == [STARTED]


def test_a_drive_that_is_gone_is_not_a_folder_that_somebody_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stale(*_: Any, **__: Any) -> None:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    with Journal(tmp_path) as journal:
        monkeypatch.setattr(Path, "stat", stale)
        with pytest.raises(JournalError, match=r"Stale file handle.*connect it again"):
            journal.append(SAFE)
        monkeypatch.undo()
