"""All runs under a folder, a line each, whatever state they are in."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given, settings

from mtjlab.errors import RefusedError
from mtjlab.events import Event, Parent, RunEnded
from mtjlab.runs.listing import list_runs, run_folders, run_summary
from mtjlab.runs.run_summary import Rates
from mtjlab.store import JOURNAL, REQUEST
from tests.support.journals import (
    BEGIN,
    TRAINING,
    UNFINISHED,
    Damage,
    alive,
    damages,
    folded,
    run_folder,
    step_of_training,
)
from tests.support.samples import STARTED

ASKED: dict[str, Any] = {"plan": {"training": {"steps": 80}}}


def rates_in(events: Iterable[Event]) -> Rates | None:
    """Recognition as it was measured last."""
    measured = folded(events).recognition
    return Rates(measured[-1].train, measured[-1].test) if measured else None


def test_a_line_tells_what_a_run_is_and_how_far_it_came(tmp_path: Path) -> None:
    told = run_summary(run_folder(tmp_path / "2026-11-23" / "0001-train", TRAINING, ASKED))
    assert (told.run, told.status_report.status, told.procedure) == ("2026-11-23/0001-train", "finished", "train")
    assert (told.bench, told.simulated, told.data) == ("three", True, "surrogate")
    assert (told.step, told.steps, told.parent) == (2, 80, None)
    assert told.recognition == rates_in(TRAINING)
    assert told.began_at is not None
    assert abs(datetime.now(UTC) - told.began_at) < timedelta(hours=1)


def test_what_a_resumed_run_took_over_is_its_own(tmp_path: Path) -> None:
    parent = Parent("2026-11-22/0007-train", 14, 12, folded(TRAINING).progress)
    begun = [replace(STARTED, parent=parent)]
    told = run_summary(run_folder(tmp_path / "one", begun))
    assert (told.step, told.parent) == (2, "2026-11-22/0007-train")
    assert told.recognition == rates_in(TRAINING)
    more = run_summary(run_folder(tmp_path / "two", [*begun, *step_of_training(3)]))
    assert more.step == 3
    assert more.recognition == rates_in(step_of_training(3))


@pytest.mark.parametrize(
    ("events", "run", "status"),
    [
        (TRAINING, {}, "finished"),
        ([*UNFINISHED, RunEnded("stopped", "Ctrl-C")], {}, "stopped"),
        ([*UNFINISHED, RunEnded("failed", "J2 is open")], {}, "failed"),
        (UNFINISHED, {}, "crashed"),
        (UNFINISHED, alive(), "running"),
        (UNFINISHED, {"host": "bench-pc"}, "unknown"),
        ([], {}, "crashed"),
    ],
)
def test_every_status_is_listed(tmp_path: Path, events: list[Any], run: dict[str, Any], status: str) -> None:
    (told,) = list_runs(run_folder(tmp_path, events, **run))
    assert told.status_report.status == status
    assert told.as_json()["status"] == status


def test_runs_are_listed_oldest_first_wherever_they_lie(tmp_path: Path) -> None:
    for name in ("2026-11-24/0001-train", "2026-11-23/0002-check", "2026-11-23/0001-train", "moved"):
        run_folder(tmp_path / name, BEGIN)
    (tmp_path / "2026-11-23" / "notes.txt").touch()
    (tmp_path / "2026-11-23" / "empty").mkdir()
    names = [folder.relative_to(tmp_path).as_posix() for folder in run_folders(tmp_path)]
    assert names == ["2026-11-23/0001-train", "2026-11-23/0002-check", "2026-11-24/0001-train", "moved"]
    assert [told.folder for told in list_runs(tmp_path / "moved")] == [tmp_path / "moved"]


def test_where_there_are_none_the_list_is_empty_and_where_there_is_nothing_it_is_refused(tmp_path: Path) -> None:
    assert list_runs(tmp_path) == []
    with pytest.raises(RefusedError, match=r"there is no such folder\. Give the folder that holds the runs"):
        list_runs(tmp_path / "absent")


def of_another_format(folder: Path) -> None:
    """As a later version writes it."""
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    body = lines[0].replace(b'"format":1', b'"format":2').rsplit(b',"crc"', 1)[0]
    (folder / JOURNAL).write_bytes(b"".join([b'%s,"crc":"%08x"}\n' % (body, crc32(body)), *lines[1:]]))


def without_journal(folder: Path) -> None:
    (folder / JOURNAL).unlink()
    (folder / "heartbeat").touch()


def without_request(folder: Path) -> None:
    (folder / REQUEST).unlink()


def with_a_damaged_line(folder: Path) -> None:
    path = folder / JOURNAL
    path.write_bytes(path.read_bytes().replace(b'"step":1', b'"step":7', 1))


def with_a_damaged_request(folder: Path) -> None:
    path = folder / REQUEST
    path.write_bytes(path.read_bytes().replace(b"80", b"90", 1))


@pytest.mark.parametrize(
    ("spoil", "status", "why"),
    [
        (of_another_format, "unknown", "is written in format 2; this version reads format 1"),
        (without_journal, "unknown", "there is no events.jsonl in it"),
        (without_request, "damaged", "run.toml: cannot be read"),
        (with_a_damaged_line, "damaged", "line 6 is damaged"),
        (with_a_damaged_request, "damaged", "run.toml: is damaged: its checksum does not match"),
    ],
)
def test_a_run_that_is_not_as_it_should_be_is_told_and_hides_no_other(
    tmp_path: Path, spoil: Any, status: str, why: str
) -> None:
    run_folder(tmp_path / "a", UNFINISHED, ASKED)
    spoil(run_folder(tmp_path / "b", UNFINISHED, ASKED))
    run_folder(tmp_path / "c", TRAINING, ASKED)
    told = list_runs(tmp_path)
    assert [one.status_report.status for one in told] == ["crashed", status, "finished"]
    assert why in told[1].status_report.why


def test_a_finished_run_whose_request_is_damaged_is_finished_and_says_so(tmp_path: Path) -> None:
    with_a_damaged_request(run_folder(tmp_path, TRAINING, ASKED))
    told = run_summary(tmp_path)
    assert (told.status_report.status, told.step, told.steps) == ("finished", 2, None)
    assert "run.toml: is damaged" in told.status_report.why


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = run_folder(tmp_path_factory.mktemp("run"), TRAINING, ASKED)
    return {name: (folder / name).read_bytes() for name in (JOURNAL, REQUEST)}


@pytest.mark.parametrize("spoilt", [JOURNAL, REQUEST])
@given(damage=damages("cut", "byte", "line", "newline"))
@settings(max_examples=50)
def test_whatever_becomes_of_a_file_the_list_tells_what_was_written_or_that_it_is_damaged(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], spoilt: str, damage: Damage
) -> None:
    folder = tmp_path_factory.mktemp("run")
    for name, content in files.items():
        (folder / name).write_bytes(damage.done_to(content) if name == spoilt else content)
    (told,) = list_runs(folder)
    whole_lines = (folder / JOURNAL).read_bytes().count(b"\n")
    assert told.status_report.status in ("finished", "crashed", "damaged")
    if told.status_report.status != "damaged":
        state = folded(TRAINING[:whole_lines])
        assert told.step == state.step
        assert told.recognition == rates_in(TRAINING[:whole_lines])
        assert told.steps == 80 or "run.toml: is damaged" in told.status_report.why
