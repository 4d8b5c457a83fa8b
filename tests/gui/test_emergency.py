"""The emergency stop, and engines that die: whatever they do, no junction carries a current in the end."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from mtjlab.gui.window import MainWindow
from mtjlab.store import ACTING, EMERGENCY, read_guardian_notes, read_request
from tests.gui.windows import (
    SHORT_PLAN,
    Opening,
    Scripted,
    carries_nothing,
    click,
    fill,
    is_over,
    select,
    shown,
    status,
    take_instruments,
    wait,
)
from tests.support.engines import engine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals to one process are a POSIX thing")

SAFE = "all sources at zero, outputs off"


def process_of(run: Path) -> psutil.Process:
    return psutil.Process(read_request(run)["run"]["pid"])


@pytest.fixture
def training(qtbot: QtBot, open_window: Opening, prompts: Scripted, instruments: Path) -> MainWindow:
    """A window whose training on simulated instruments has begun to present tokens."""
    window = open_window()
    take_instruments(qtbot, window, prompts, instruments)
    fill(window, steps=100_000)
    click(qtbot, window.training.start)
    wait(qtbot, lambda: window.playback.last_step >= 1)
    return window


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A training on simulated instruments that somebody started in a terminal."""
    with engine(tmp_path, plan=SHORT_PLAN, speed=1000) as running:
        running.wait_for_training()
        yield running.run


def test_an_emergency_stop_works_on_an_engine_that_hangs(qtbot: QtBot, training: MainWindow) -> None:
    run = shown(training)
    process_of(run).suspend()
    click(qtbot, training.band.stop)
    wait(qtbot, lambda: carries_nothing(run))
    wait(qtbot, lambda: is_over(training))
    assert (run / EMERGENCY).exists()
    assert read_guardian_notes(run)[0].startswith(ACTING)  # on it, or on a silence of a second if that came first
    assert "crashed" in training.run_bar.status.text()
    wait(qtbot, lambda: SAFE in training.notices.text)
    assert run.name in training.notices.text


def test_an_emergency_stop_reaches_a_run_that_was_started_elsewhere_and_hangs(
    qtbot: QtBot, open_window: Opening, elsewhere: Path, tmp_path: Path
) -> None:
    window = open_window()
    process_of(elsewhere).send_signal(signal.SIGSTOP)
    qtbot.keyClick(window, Qt.Key.Key_F12)
    wait(qtbot, lambda: carries_nothing(elsewhere))
    wait(qtbot, lambda: SAFE in window.notices.text)
    assert window.playback.folder is None


def test_an_engine_that_is_killed_is_shown_as_crashed_and_a_button_goes_on_with_it(
    qtbot: QtBot, training: MainWindow
) -> None:
    run, reached = shown(training), training.playback.last_step
    process_of(run).kill()
    wait(qtbot, lambda: carries_nothing(run))
    wait(qtbot, lambda: is_over(training))
    assert "crashed" in training.run_bar.status.text()
    wait(qtbot, lambda: SAFE in training.notices.text)
    assert "the engine ended without having taken the bench to zero" in training.notices.text

    select(qtbot, training)
    wait(qtbot, training.browser.buttons["resume"].isEnabled)
    click(qtbot, training.browser.buttons["resume"])
    wait(qtbot, lambda: training.playback.folder not in (None, run) and training.playback.last_step > reached)
    second = shown(training)
    qtbot.keyClick(training, Qt.Key.Key_F12)
    wait(qtbot, lambda: is_over(training))
    assert status(training) == "stopped"
    assert carries_nothing(second)
    wait(qtbot, lambda: "stopped by an EMERGENCY STOP in the window" in training.notices.text)
    assert SAFE in training.notices.text
