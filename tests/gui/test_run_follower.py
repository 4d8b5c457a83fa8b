"""RunFollower a folder: everything that is appended is drawn, in the end and not too often."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

import pytest
from pytestqt.qtbot import QtBot

from mtjlab.events import Event, LookedAgain, Parent, Progress, RunEnded, TakenOver
from mtjlab.gui.run.run_follower import RunFollower
from mtjlab.provenance import provenance
from mtjlab.store import JOURNAL, Journal, write_request
from tests.support.samples import STARTED

ENDED = RunEnded("finished", "")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """A run of this very process, so that it goes on."""
    write_request(tmp_path, {"run": {**provenance(), "procedure": "train"}})
    with Journal(tmp_path) as opened:
        opened.append(STARTED)
        yield opened


def said(at_s: float) -> Event:
    return LookedAgain(at_s, 1, "")


def test_what_is_appended_is_read_until_the_run_says_that_it_is_over(
    qtbot: QtBot, journal: Journal, tmp_path: Path
) -> None:
    follower = RunFollower(tmp_path)
    with qtbot.waitSignal(follower.changed):
        pass
    assert follower.snapshot.lines == 1
    for n in range(500):
        journal.append(said(n))
    with qtbot.waitSignal(follower.over):
        journal.append(ENDED)
    assert follower.snapshot.lines == 502
    assert follower.is_over
    assert follower.status_report.status == "finished"


def test_many_events_are_drawn_a_few_times(qtbot: QtBot, journal: Journal, tmp_path: Path) -> None:
    for n in range(3000):
        journal.append(said(n))
    journal.append(ENDED)
    follower, drawn = RunFollower(tmp_path), []
    follower.changed.connect(lambda: drawn.append(follower.snapshot.lines))
    with qtbot.waitSignal(follower.over):
        pass
    assert drawn[-1] == 3002
    assert len(drawn) < 100


def test_a_run_that_resumes_another_is_drawn_once_all_is_there_that_it_takes_over(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its bar begins where the other ended: it does not count up."""
    monkeypatch.setattr("mtjlab.gui.run.run_follower.SUPPOSED_S", 0.0)
    write_request(tmp_path, {"run": {**provenance(), "procedure": "train"}})
    with Journal(tmp_path) as journal:
        journal.append(replace(STARTED, parent=Parent("2026-11-22/0001-train", 9, 9, Progress(), handed_over=3)))
        for n in range(2):
            journal.append(TakenOver(said(n)))
        follower, drawn = RunFollower(tmp_path), []
        follower.changed.connect(lambda: drawn.append(follower.snapshot.lines))
        qtbot.waitUntil(lambda: follower.snapshot.lines == 3)
        journal.append(TakenOver(said(2)))
        qtbot.waitUntil(lambda: bool(drawn))
    assert drawn[0] == 4


def test_a_run_that_says_nothing_goes_on(qtbot: QtBot, journal: Journal, tmp_path: Path) -> None:
    follower = RunFollower(tmp_path)
    with qtbot.assertNotEmitted(follower.over, wait=300):
        pass
    assert not follower.is_over


def test_a_process_that_is_gone_is_a_crash(qtbot: QtBot, journal: Journal, tmp_path: Path) -> None:
    write_request(tmp_path, {"run": {**provenance(), "procedure": "train", "process_created_s": 1.0}})
    follower = RunFollower(tmp_path)
    with qtbot.waitSignal(follower.over):
        pass
    assert follower.status_report.status == "crashed"


def test_a_folder_that_is_deleted_while_it_is_followed_is_told(qtbot: QtBot, journal: Journal, tmp_path: Path) -> None:
    follower = RunFollower(tmp_path)
    with qtbot.waitSignal(follower.changed):
        pass
    with qtbot.waitSignal(follower.lost) as lost:
        rmtree(tmp_path)
    assert "no run folder" in lost.args[0]


def test_a_damaged_line_is_told_and_what_is_before_it_is_shown(qtbot: QtBot, journal: Journal, tmp_path: Path) -> None:
    journal.append(said(1))
    path = tmp_path / JOURNAL
    path.write_bytes(path.read_bytes().replace(b'"t_s":1', b'"t_s":2'))
    follower = RunFollower(tmp_path)
    with qtbot.waitSignal(follower.lost) as lost:
        pass
    assert "line 2 is damaged" in lost.args[0]
