"""Summaries of runs that are over: a list is the same with and without them, and none is believed against its run."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from mtjlab.events import RunEnded
from mtjlab.runs.listing import list_runs, run_summary
from mtjlab.runs.notes import write_notes
from mtjlab.runs.run_summary import RunSummary
from mtjlab.runs.summaries import SUMMARY
from mtjlab.store import GUARDIAN, JOURNAL, REQUEST
from tests.support.journals import TRAINING, UNFINISHED, Damage, damages, run_folder

ASKED: dict[str, Any] = {"plan": {"training": {"steps": 80}}}
STOPPED = [*UNFINISHED, RunEnded("stopped", "Ctrl-C")]


def fresh(folder: Path) -> RunSummary:
    """What a list shows of a run that has no summary."""
    (folder / SUMMARY).unlink(missing_ok=True)
    return run_summary(folder)


def in_place(path: Path, content: bytes) -> None:
    """Other content under the same times, as far as a person can set them."""
    status = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("events", [TRAINING, STOPPED])
def test_a_run_that_is_over_leaves_a_summary_and_its_list_is_read_from_it(
    tmp_path: Path, events: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = run_folder(tmp_path / "2026-11-23" / "0001-train", events, ASKED)
    write_notes(folder, "chip 3, left row")
    first = run_summary(folder)
    monkeypatch.setattr("mtjlab.runs.listing.timed_lines", pytest.fail)
    assert run_summary(folder) == first
    assert first.notes == "chip 3, left row"


@pytest.mark.parametrize("run", [{}, {"host": "bench-pc"}])
def test_a_run_that_did_not_say_how_it_ended_has_no_summary(tmp_path: Path, run: dict[str, Any]) -> None:
    run_summary(run_folder(tmp_path, UNFINISHED, **run))
    assert not (tmp_path / SUMMARY).exists()


def test_nor_has_one_that_may_have_left_outputs_on(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, [*UNFINISHED, RunEnded("failed", "J2 is open")], {"bench": {"kind": "instruments"}})
    assert run_summary(folder).status_report.may_be_on
    assert not (folder / SUMMARY).exists()


@pytest.mark.parametrize("name", [JOURNAL, REQUEST])
@given(damage=damages("cut", "byte", "line", "newline"))
@settings(max_examples=25)
def test_whatever_becomes_of_a_file_later_the_list_is_that_of_a_run_without_summary(
    tmp_path_factory: pytest.TempPathFactory, name: str, damage: Damage
) -> None:
    folder = run_folder(tmp_path_factory.mktemp("run"), TRAINING, ASKED)
    run_summary(folder)
    in_place(folder / name, damage.done_to((folder / name).read_bytes()))
    assert run_summary(folder) == fresh(folder)


def test_notes_and_what_a_guardian_says_are_seen_at_once(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, TRAINING, ASKED)
    assert run_summary(folder).notes == ""
    write_notes(folder, "again with new probes")
    assert run_summary(folder).notes == "again with new probes"
    (folder / GUARDIAN).write_text("acting: the engine gave no sign of life for 1 s\n")
    assert run_summary(folder) == fresh(folder)


def no_json(path: Path) -> None:
    path.write_bytes(b"\xff\x00 not json")


def of_another_version(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"version":2', b'"version":3'))


def with_a_key_less(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"status_report":', b'"stands":'))


def nested_deeply(path: Path) -> None:
    path.write_bytes(b"[" * 100_000)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("spoil", [no_json, of_another_version, with_a_key_less, nested_deeply, a_folder, a_pipe])
def test_a_summary_that_is_none_is_passed_over(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    folder = run_folder(tmp_path, TRAINING, ASKED)
    before = run_summary(folder)
    spoil(folder / SUMMARY)
    assert run_summary(folder) == before


def test_a_copy_of_a_run_and_a_run_that_was_moved_are_listed_by_their_own_names(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "2026-11-23" / "0001-train", TRAINING, ASKED)
    run_summary(folder)
    shutil.copytree(folder, tmp_path / "copies" / "0001-train")
    (tmp_path / "2026-11-23").rename(tmp_path / "kept")
    assert [run.run for run in list_runs(tmp_path)] == ["copies/0001-train", "kept/0001-train"]
    assert [run.folder for run in list_runs(tmp_path)] == [
        tmp_path / "copies" / "0001-train",
        tmp_path / "kept" / "0001-train",
    ]


def test_where_no_summary_can_be_written_the_list_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    folder = run_folder(tmp_path, TRAINING, ASKED)
    monkeypatch.setattr("mtjlab.runs.summaries.put", is_full)
    without = run_summary(folder)
    assert not (folder / SUMMARY).exists()
    monkeypatch.undo()
    assert run_summary(folder) == without
