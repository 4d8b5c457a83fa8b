"""A new run of what is sound of a damaged one; the damaged one stays as it is."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from mtjlab.errors import RefusedError
from mtjlab.events import EventLost, RunEnded
from mtjlab.experiment import recover, result_of, story
from mtjlab.reading import read_events
from mtjlab.runs.listing import list_runs
from mtjlab.store import JOURNAL, Recovered, read_request
from tests.support.journals import TRAINING, UNFINISHED, alive, run_folder


def damaged(folder: Path, *lines: int) -> Path:
    content = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    for number in lines:
        content[number - 1] = content[number - 1].replace(b'"', b"'", 1)
    (folder / JOURNAL).write_bytes(b"".join(content))
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return damaged(run_folder(tmp_path / "2026-11-23" / "0004-train", TRAINING, {"plan": {"seed": 7}}), 3, 6)


def test_what_is_sound_is_a_run_of_its_own(run: Path, tmp_path: Path) -> None:
    new, told = recover(run, tmp_path)
    assert told == Recovered(saved=len(TRAINING) - 2, lost=2, damaged_lines=(3, 6))
    assert list(read_events(new)) == [EventLost(n + 1) if n in (2, 5) else e for n, e in enumerate(TRAINING)]
    asked = read_request(new)
    assert asked["plan"] == {"seed": 7}
    assert (asked["run"]["id"], asked["run"]["recovered_from"]) == (
        f"{new.parent.name}/{new.name}",
        "2026-11-23/0004-train",
    )


def test_the_damaged_one_stays_as_it_is(run: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    recover(run, tmp_path)
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before


def test_it_stands_as_it_stood_and_tells_its_losses(run: Path, tmp_path: Path) -> None:
    new, _ = recover(run, tmp_path / "new")
    told = result_of(new)
    assert (told["status"], told["steps"], told["presentations"]) == ("finished", 2, 1)
    assert [sentence for _, sentence in story(new).warnings] == [
        "an event is lost: line 3 of the journal was damaged",
        "an event is lost: line 6 of the journal was damaged",
    ]
    assert [one.status_report.status for one in list_runs(tmp_path / "new")] == ["finished"]


def test_without_its_last_word_it_has_crashed(tmp_path: Path) -> None:
    new, told = recover(damaged(run_folder(tmp_path / "run", TRAINING), len(TRAINING)), tmp_path / "new")
    assert told.lost == 1
    assert result_of(new)["status"] == "crashed"


@pytest.mark.parametrize("events", [TRAINING, UNFINISHED, [*UNFINISHED, RunEnded("failed", "")], []])
def test_where_nothing_is_damaged_there_is_nothing_to_recover(tmp_path: Path, events: list[Any]) -> None:
    with pytest.raises(RefusedError, match="the journal is intact, so there is nothing to recover"):
        recover(run_folder(tmp_path, events), tmp_path)


def test_a_torn_last_line_is_no_damage(tmp_path: Path) -> None:
    with (run_folder(tmp_path, UNFINISHED) / JOURNAL).open("ab") as file:
        file.write(b'{"n":13,"at":"2026')
    with pytest.raises(RefusedError, match=r"the journal is intact.*`mtjlab resume` continues the run"):
        recover(tmp_path, tmp_path)


def test_a_run_that_goes_on_is_left_alone(tmp_path: Path) -> None:
    run = damaged(run_folder(tmp_path, UNFINISHED, **alive()), 3)
    with pytest.raises(RefusedError, match=r"the run is in progress\. Stop it first"):
        recover(run, tmp_path)


def test_nothing_half_made_is_left_where_nothing_can_be_written(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("mtjlab.experiment.recovering.write_request", full)
    with pytest.raises(
        RefusedError, match=rf"no file can be written there \({os.strerror(errno.ENOSPC)}\)\. Make room"
    ):
        recover(run, tmp_path / "new")
    assert list((tmp_path / "new").glob("*/*")) == []


def test_what_is_no_run_cannot_be_recovered(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is no run folder"):
        recover(tmp_path, tmp_path)
