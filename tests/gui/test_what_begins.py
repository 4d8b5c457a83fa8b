"""What was requested is seen to begin in the same moment, and no status that is shown is ever wrong."""

from pathlib import Path
from shutil import copytree

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mtjlab.events import RunEnded, ending
from mtjlab.gui.window import MainWindow
from mtjlab.store import run_id
from tests.gui.windows import Opening, click, fill, is_over, opened, places, select, shown, wait


@pytest.fixture
def runs(tmp_path: Path, trained: Path) -> Path:
    """A folder of runs with one that is finished."""
    copytree(trained, tmp_path / "runs" / trained.parent.name / trained.name)
    return tmp_path / "runs"


def headlines(window: MainWindow) -> list[tuple[str, str]]:
    """Name and status of the run, as often as one of them changes from now on."""
    bar, seen = window.run_bar, [(window.run_bar.run.text(), window.run_bar.status.text().strip())]

    def note(_: object = None) -> None:
        now = bar.run.text(), bar.status.text().strip()
        if now != seen[-1]:
            seen.append(now)

    for changed in (window.playback.shown, window.playback.over, window.engines.changed):
        changed.connect(note)
    return seen


def is_veiled(window: MainWindow, title: str) -> bool:
    veil = window.views[title]._veil
    return veil is not None and veil.isVisibleTo(window.views[title])


def test_a_finished_run_is_never_shown_as_anything_else(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = open_window(runs)
    seen = headlines(window)
    opened(qtbot, window)
    name = run_id(shown(window))
    assert seen[1:] == [(name, "finished")]
    assert window.run_bar.why.text().startswith("finished")
    click(qtbot, window.browser.buttons["open"])
    wait(qtbot, lambda: is_over(window))
    assert seen[1:] == [(name, "finished")], "also when it is opened once more"


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_a_run_that_is_started_is_named_at_once_the_old_one_is_veiled_and_nothing_moves(
    qtbot: QtBot, open_window: Opening, runs: Path, size: tuple[int, int]
) -> None:
    window = opened(qtbot, open_window(runs))
    window.resize(*size)
    window.docks["Training"].raise_()
    old, seen = shown(window), headlines(window)
    fill(window, steps=1)
    QApplication.processEvents()
    before = places(window)
    window.training.start.click()
    assert (window.run_bar.run.text(), window.run_bar.status.text()) == ("New run", " starting ")
    assert "training seven vowels: 1 step, seed 0" in window.run_bar.why.text()
    assert window.status_bar.activity.text.startswith("Starting training seven vowels")
    assert is_veiled(window, "Switching map")
    QApplication.processEvents()
    assert places(window) == before
    wait(qtbot, lambda: window.playback.folder not in (None, old))
    assert not is_veiled(window, "Switching map")
    QApplication.processEvents()
    assert places(window) == before
    wait(qtbot, lambda: is_over(window))
    QApplication.processEvents()
    assert places(window) == before
    name = run_id(shown(window))
    assert seen[1:] in ([("New run", "starting"), (name, "running"), (name, "finished")],
                        [("New run", "starting"), (name, "finished")])  # fmt: skip


def test_a_start_that_is_cancelled_shows_the_old_run_again(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = opened(qtbot, open_window(runs))
    fill(window, steps=1)
    window.docks["Training"].raise_()
    window.training.start.click()
    qtbot.mouseClick(window.status_bar.activity.cancel, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: not window.engines.running)
    wait(qtbot, lambda: "Cancelled: training seven vowels" in window.notices.text)
    assert window.run_bar.status.text() == " finished "
    assert not is_veiled(window, "Switching map")


def test_reading_a_run_is_work_in_progress_that_can_be_cancelled(
    qtbot: QtBot, open_window: Opening, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtjlab.gui.run.run_follower.BUDGET_S", 0.0)
    monkeypatch.setattr("mtjlab.gui.run.run_follower.MAX_LINES", 2)
    window = open_window(runs)
    select(qtbot, window)
    click(qtbot, window.browser.buttons["open"])
    window.status_bar.activity.look()
    assert window.status_bar.activity.text.startswith("Reading 2")
    qtbot.mouseClick(window.status_bar.activity.cancel, Qt.MouseButton.LeftButton)
    assert window.playback.folder is None
    assert window.run_bar.run.text() == "No run open"


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("Ctrl-C", "stopped by Ctrl-C in the terminal"),
        ("Ctrl-C, at once", "stopped by Ctrl-C in the terminal, at once"),
        ("SIGHUP", "stopped by the end of its terminal"),
        ("the operator in the window", "stopped by the operator in the window"),
        ("", "stopped"),
    ],
)
def test_who_stopped_a_run_is_said_in_words(reason: str, sentence: str) -> None:
    assert ending("stopped", reason) == RunEnded("stopped", reason).sentence == sentence
