"""Runs that were started elsewhere, and what becomes of runs whose folder, or whose window, is suddenly gone."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from mtjlab.store import EMERGENCY
from tests.gui.windows import PERSON, Opening, carries_nothing, click, fill, is_over, select, shown, status, wait
from tests.support.engines import UNDRAWN
from tests.support.trainings import TABLE

PLAN = """
[data]
table = "{table}"

[sweep]
input_step_ua = 25
repetitions = 1

[training]
steps = {steps}
recognition_every_steps = 0
"""


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Where runs are made; beside it is a table of a few tokens."""
    (tmp_path / "few.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path / "runs"


def plan_of(folder: Path, steps: int) -> Path:
    path = folder / "plan.toml"
    path.write_text(PLAN.format(table=folder / "few.csv", steps=steps), encoding="utf-8")
    return path


@pytest.fixture
def elsewhere(runs: Path) -> Iterator[None]:
    """Somebody else starts a training; it ends when it is stopped."""
    command = ["train", "--plan", str(plan_of(runs.parent, 1_000_000)), "--runs", str(runs), "--quiet"]
    process = subprocess.Popen([sys.executable, str(UNDRAWN), *command])
    yield
    process.kill()
    process.wait()


def test_a_run_that_was_started_elsewhere_is_listed_followed_and_stopped_in_an_emergency(
    qtbot: QtBot, open_window: Opening, elsewhere: None
) -> None:
    window = open_window()
    select(qtbot, window)
    click(qtbot, window.browser.buttons["open"])
    wait(qtbot, lambda: "running" in window.run_bar.status.text())
    wait(qtbot, lambda: window.playback.last_step >= 2 and not window.views["Control currents"].is_empty)
    qtbot.keyClick(window, Qt.Key.Key_F12)
    wait(qtbot, lambda: is_over(window))
    assert (shown(window) / EMERGENCY).exists()
    assert "stopped" in window.run_bar.status.text()
    wait(qtbot, lambda: "all sources at zero, outputs off" in window.notices.text)


def test_a_run_whose_folder_is_deleted_goes_safe_and_the_window_goes_on(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    fill(window, steps=100_000)
    click(qtbot, window.training.start)
    wait(qtbot, lambda: window.playback.last_step >= 1)
    rmtree(shown(window), ignore_errors=True)  # its sign of life may come back in between
    wait(qtbot, lambda: "no run folder" in window.run_bar.why.toolTip())
    assert not window.run_bar.stop.isVisible()
    wait(qtbot, lambda: "somebody removed, moved or replaced the run folder" in window.notices.text)
    assert "All sources are safe" in window.notices.text
    wait(qtbot, window.training.start.isEnabled)


@pytest.fixture
def person(runs: Path, instruments: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Somebody opens a window, chooses simulated instruments, starts a training; the process is the window's."""
    command = [sys.executable, str(PERSON), str(runs), str(plan_of(tmp_path, 120)), str(instruments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def test_a_window_that_is_killed_hurts_no_run_and_the_next_one_picks_it_up(
    qtbot: QtBot, person: subprocess.Popen[str], runs: Path, open_window: Opening
) -> None:
    assert person.stdout is not None
    assert person.stdout.readline() == "training\n"
    person.kill()
    person.wait()
    window = open_window()
    window.open_first(None)
    wait(qtbot, lambda: "running" in window.run_bar.status.text())
    wait(qtbot, lambda: is_over(window))
    assert (status(window), window.playback.last_step) == ("finished", 120)
    assert carries_nothing(shown(window))
