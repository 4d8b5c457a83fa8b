"""Runs are found by folder, id, number or ending of the id; the last one is the one that began last."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mtjlab.errors import RefusedError
from mtjlab.runs.finding import find_run, in_order, run_folders
from mtjlab.runs.listing import Lister, list_runs
from mtjlab.store import JOURNAL, STOP, run_id
from mtjlab.store.lines import format_line
from tests.support.commands import Result
from tests.support.journals import BEGIN, TRAINING, alive, run_folder

Command = Callable[..., Result]
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
needs_links = pytest.mark.skipif(os.name == "nt", reason="links are for administrators on Windows")


def began(folder: Path, at: datetime) -> Path:
    """A run that began at a time."""
    run_folder(folder, [])
    (folder / JOURNAL).write_bytes(b"".join(format_line(n, event, at) for n, event in enumerate(TRAINING)))
    return folder


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Three runs whose names are not in the order in which they began."""
    root = tmp_path / "runs"
    began(root / "2026-11-24" / "0001-sweep", NOON)
    began(root / "2026-11-23" / "0012-train", NOON + timedelta(hours=2))
    began(root / "best-so-far", NOON - timedelta(days=30))
    return root


def test_the_last_run_is_the_one_that_began_last_whatever_it_is_called(runs: Path) -> None:
    assert find_run(Path("last"), runs).name == "0012-train"
    assert [folder.name for folder in in_order(run_folders(runs))] == ["best-so-far", "0001-sweep", "0012-train"]


def test_of_two_that_began_at_the_same_time_the_last_is_that_with_the_larger_number(tmp_path: Path) -> None:
    for name in ("10000-train", "0999-train", "9999-train"):
        began(tmp_path / "2026-11-23" / name, NOON)
    assert find_run(Path("last"), tmp_path).name == "10000-train"


def test_a_copy_with_a_late_name_does_not_keep_the_last_run_from_being_stopped(mtjlab: Command, runs: Path) -> None:
    running = run_folder(runs / "2026-11-25" / "0001-train", BEGIN, **alive())
    began(runs / "zz-copy", NOON)
    assert mtjlab("stop", "last").code == 0
    assert (running / STOP).exists()


def test_a_list_is_sorted_by_when_runs_began(mtjlab: Command, runs: Path) -> None:
    listed = mtjlab("runs", "--json").json["runs"]
    assert [Path(run["run"]).name for run in listed] == ["best-so-far", "0001-sweep", "0012-train"]


@pytest.mark.parametrize("name", ["12", "0012", "0012-train", "23/0012-train", "2026-11-23/0012-train", "12-train"])
def test_a_run_is_named_by_its_number_or_the_ending_of_its_id(runs: Path, name: str) -> None:
    assert find_run(Path(name), runs) == runs / "2026-11-23" / "0012-train"


def test_a_name_that_fits_several_runs_is_refused_with_their_ids(mtjlab: Command, runs: Path) -> None:
    began(runs / "2026-11-25" / "0012-train", NOON)
    result = mtjlab("show", "12")
    assert (result.code, result.out) == (2, "")
    assert "12: 2 runs in runs match: 2026-11-23/0012-train, 2026-11-25/0012-train." in result.sentence


def test_where_nothing_is_found_the_folder_that_was_searched_is_named(mtjlab: Command, runs: Path) -> None:
    for command in ("show", "stop", "follow"):
        assert f"no run of that name is in {runs}. Give" in mtjlab(command, "4711").sentence


@needs_links
class TestLinks:
    def test_a_link_to_a_run_or_a_day_lists_nothing_twice(self, runs: Path) -> None:
        before = run_folders(runs)
        (runs / "latest").symlink_to(Path("2026-11-23") / "0012-train")
        (runs / "today").symlink_to("2026-11-24")
        (runs / "circle").symlink_to(".")
        assert run_folders(runs) == before
        assert len(list_runs(runs)) == len(Lister().list(runs)) == 3
        assert find_run(Path("latest"), runs) == runs / "latest"

    def test_a_run_that_is_only_linked_is_found_by_its_id(self, runs: Path, tmp_path: Path) -> None:
        far = began(tmp_path / "archive" / "2025-01-02" / "0042-map", NOON)
        (runs / "the-good-one").symlink_to(far)
        (runs / "the-same").symlink_to(far)
        assert run_id(runs / "the-good-one") == "2025-01-02/0042-map"
        for name in ("2025-01-02/0042-map", "42", "the-good-one"):
            assert find_run(Path(name), runs) == runs / "the-good-one"
        assert len(run_folders(runs)) == 4

    def test_the_rerun_of_a_linked_run_lies_beside_it(self, mtjlab: Command, runs: Path, tmp_path: Path) -> None:
        done = mtjlab("check", "--runs", tmp_path / "archive", "--json", "--quiet").json["run"]
        (runs / "linked").symlink_to(done)
        again = mtjlab("rerun", run_id(Path(done)), "--json", "--quiet").json["run"]
        assert Path(again).parent == Path(done).parent

    def test_runs_in_a_folder_that_is_itself_linked_are_found(self, runs: Path, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(runs)
        assert [folder.name for folder in run_folders(tmp_path / "link")] == [f.name for f in run_folders(runs)]


def test_what_no_file_can_be_called_is_the_name_of_no_run(runs: Path) -> None:
    for name in ("a\0b", "x" * 5000, "-1", "²", "9" * 5000):
        with pytest.raises(RefusedError, match="is no run folder"):
            find_run(Path(name), runs)
