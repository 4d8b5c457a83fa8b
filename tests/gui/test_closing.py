"""Closing the window while a run goes on: the operator says what shall become of it."""

import pytest
from pytestqt.qtbot import QtBot
from windows import Opening, Scripted, click, fill, is_over, shown, status, wait

from mtjlab.gui.window import CANCEL, LEAVE, STOP, MainWindow
from mtjlab.run_status import standing
from mtjlab.runs import run_folders


@pytest.fixture
def window(qtbot: QtBot, open_window: Opening) -> MainWindow:
    """A window in which a training that would last long was started."""
    window = open_window()
    fill(window, steps=100_000)
    click(qtbot, window.training.start)
    return window


def test_it_is_not_closed_after_all(window: MainWindow, asking: Scripted) -> None:
    asking.answers = [CANCEL]
    window.close()
    assert "goes on" in asking.asked[-1]
    assert window.isVisible()
    assert window.engines.running


def test_the_run_is_left_running_and_the_next_window_picks_it_up(
    qtbot: QtBot, window: MainWindow, open_window: Opening, asking: Scripted
) -> None:
    wait(qtbot, lambda: window.stage.last_step >= 1)
    run = shown(window)
    asking.answers = [LEAVE]
    window.close()
    assert not window.isVisible()
    second = open_window()
    second.open_first(None)
    wait(qtbot, lambda: second.stage.last_step >= 2)
    assert shown(second) == run
    click(qtbot, second.run_bar.stop)
    wait(qtbot, lambda: is_over(second))
    assert status(second) == "stopped"


@pytest.mark.parametrize("has_folder", [True, False], ids=["while it runs", "before it has a folder"])
def test_the_run_is_stopped(qtbot: QtBot, window: MainWindow, asking: Scripted, has_folder: bool) -> None:
    (engine,) = window.engines.running
    wait(qtbot, lambda: (window.stage.folder is not None) == has_folder)
    asking.answers = [STOP]
    window.close()
    assert not window.isVisible()
    wait(qtbot, lambda: not engine.is_running)
    assert [standing(folder).status for folder in run_folders(window.runs)] == ["stopped"] * has_folder


def test_a_window_in_which_nothing_goes_on_closes_without_a_question(open_window: Opening, asking: Scripted) -> None:
    window = open_window()
    window.close()
    assert not window.isVisible()
    assert asking.asked == []
