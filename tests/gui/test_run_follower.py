"""Following a run folder: all appended lines are drawn, at a limited rate."""

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
    """A run of this process, so that it is running."""
    write_request(tmp_path, {"run": {**provenance(), "procedure": "train"}})
    with Journal(tmp_path) as opened:
        opened.append(STARTED)
        yield opened


def log_event(at_s: float) -> Event:
    return LookedAgain(at_s, 1, "")


def test_lines_are_read_until_the_run_has_ended(qtbot: QtBot, journal: Journal, tmp_path: Path) -> None:
    follower = RunFollower(tmp_path)
    with qtbot.waitSignal(follower.changed):
        pass
    assert follower.snapshot.lines == 1
    for n in range(500):
        journal.append(log_event(n))
    with qtbot.waitSignal(follower.over):
        journal.append(ENDED)
    assert follower.snapshot.lines == 502
    assert follower.is_over
    assert follower.status_report.status == "finished"


def test_many_events_are_drawn_a_few_times(qtbot: QtBot, journal: Journal, tmp_path: Path) -> None:
    for n in range(3000):
        journal.append(log_event(n))
    journal.append(ENDED)
    follower, drawn = RunFollower(tmp_path), []
    follower.changed.connect(lambda: drawn.append(follower.snapshot.lines))
    with qtbot.waitSignal(follower.over):
        pass
    assert drawn[-1] == 3002
    assert len(drawn) < 100


def test_a_resumed_run_is_drawn_after_all_events_taken_over_are_read(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its progress starts where the first run ended."""
    monkeypatch.setattr("mtjlab.gui.run.run_follower.EXPECTED_DRAWING_S", 0.0)
    write_request(tmp_path, {"run": {**provenance(), "procedure": "train"}})
    with Journal(tmp_path) as journal:
        journal.append(replace(STARTED, parent=Parent("2026-11-22/0001-train", 9, 9, Progress(), handed_over=3)))
        for n in range(2):
            journal.append(TakenOver(log_event(n)))
        follower, drawn = RunFollower(tmp_path), []
        follower.changed.connect(lambda: drawn.append(follower.snapshot.lines))
        qtbot.waitUntil(lambda: follower.snapshot.lines == 3)
        journal.append(TakenOver(log_event(2)))
        qtbot.waitUntil(lambda: bool(drawn))
    assert drawn[0] == 4


def test_a_run_without_new_events_is_still_followed(qtbot: QtBot, journal: Journal, tmp_path: Path) -> None:
    follower = RunFollower(tmp_path)
    with qtbot.assertNotEmitted(follower.over, wait=300):
        pass
    assert not follower.is_over


def test_a_process_that_has_died_is_a_crash(qtbot: QtBot, journal: Journal, tmp_path: Path) -> None:
    write_request(tmp_path, {"run": {**provenance(), "procedure": "train", "process_created_s": 1.0}})
    follower = RunFollower(tmp_path)
    with qtbot.waitSignal(follower.over):
        pass
    assert follower.status_report.status == "crashed"


def test_a_folder_deleted_while_followed_is_reported(qtbot: QtBot, journal: Journal, tmp_path: Path) -> None:
    follower = RunFollower(tmp_path)
    with qtbot.waitSignal(follower.changed):
        pass
    with qtbot.waitSignal(follower.lost) as lost:
        rmtree(tmp_path)
    assert "no run folder" in lost.args[0]


def test_a_damaged_line_is_reported_and_lines_before_it_are_shown(
    qtbot: QtBot, journal: Journal, tmp_path: Path
) -> None:
    journal.append(log_event(1))
    path = tmp_path / JOURNAL
    path.write_bytes(path.read_bytes().replace(b'"t_s":1', b'"t_s":2'))
    follower = RunFollower(tmp_path)
    with qtbot.waitSignal(follower.lost) as lost:
        pass
    assert "line 2 is damaged" in lost.args[0]
