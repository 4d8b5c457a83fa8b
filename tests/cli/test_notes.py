"""Notes on runs: written, found, told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mtjlab.errors import RefusedError
from mtjlab.runs.listing import run_summary
from mtjlab.runs.notes import NOTES, notes_of, write_notes
from tests.support.commands import Result
from tests.support.journals import TRAINING, run_folder


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "runs" / "2026-11-23" / "0001-train"
    run_folder(folder, TRAINING)
    return folder


def test_notes_are_read_as_they_were_written_and_no_notes_leave_no_file(run: Path) -> None:
    assert notes_of(run) == ""
    write_notes(run, "field drifted,\nchip 3 replaced µA\n\n")
    assert notes_of(run) == run_summary(run).notes == "field drifted,\nchip 3 replaced µA"
    write_notes(run, "  \n")
    assert not (run / NOTES).exists()


def test_notes_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"absent.*notes cannot be written"):
        write_notes(tmp_path / "absent", "lost")


def test_a_run_is_found_by_its_notes_and_shown_with_them(mtjlab: Callable[..., Result], run: Path) -> None:
    write_notes(run, "Chip 3, after the [cooling]")
    assert [one["notes"] for one in mtjlab("runs", "--search", "cooling chip", "--json").json["runs"]] == [
        "Chip 3, after the [cooling]"
    ]
    assert mtjlab("runs", "--search", "cooling heating", "--json").json["runs"] == []
    assert "Chip 3, after the [cooling]" in mtjlab("show", "last").out
    assert mtjlab("show", "last", "--json").json["notes"] == "Chip 3, after the [cooling]"
