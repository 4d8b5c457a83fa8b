"""The window as a person uses it: clicking, watching, stopping, looking back."""

import tomllib
from pathlib import Path
from shutil import copytree, rmtree

import psutil
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from windows import PATIENCE_MS, SHORT_PLAN, Opening, Scripted

from mtjlab.gui.help import Pages
from mtjlab.gui.theme import LIGHT
from mtjlab.gui.window import MainWindow
from mtjlab.run_status import standing
from mtjlab.store import EMERGENCY, read_request


def click(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def fill(window: MainWindow, steps: int) -> None:
    """A plan that is soon measured, with so many steps."""
    plan = tomllib.loads(SHORT_PLAN)
    window.training.fill({**plan, "training": {"steps": steps, "recognition_every_steps": 0}})


def wait(qtbot: QtBot, holds: object) -> None:
    qtbot.waitUntil(holds, timeout=PATIENCE_MS)  # type: ignore[arg-type]


def is_over(window: MainWindow) -> bool:
    return window.stage.following is not None and window.stage.following.is_over and not window.engines.running


def status(window: MainWindow) -> str:
    assert window.stage.folder is not None
    return standing(window.stage.folder).status


@pytest.fixture
def runs(trained: Path, tmp_path: Path) -> Path:
    """A folder with one run in it, of our own."""
    copytree(trained, tmp_path / "runs" / trained.parent.name / trained.name)
    return tmp_path / "runs"


def opened(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """The first run of the list is opened as a person opens it."""
    wait(qtbot, lambda: window.browser.model.rowCount() > 0)
    window.docks["Runs"].raise_()
    window.browser.table.selectRow(0)
    click(qtbot, window.browser.buttons["open"])
    wait(qtbot, lambda: is_over(window))
    return window


def test_from_the_first_start_over_a_stop_to_a_trained_network(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    fill(window, steps=100_000)
    click(qtbot, window.training.start)
    assert not window.training.start.isEnabled()
    wait(qtbot, lambda: window.stage.last_step >= 2)
    assert "running" in window.run_bar.status.text()
    wait(qtbot, lambda: not window.views["Switching map"].is_empty)
    click(qtbot, window.run_bar.stop)
    assert window.run_bar.stop.text() == "Stop now"
    wait(qtbot, lambda: is_over(window))
    assert status(window) == "stopped"
    first, reached = window.stage.folder, window.stage.last_step

    window.docks["Runs"].raise_()
    wait(qtbot, lambda: [run.standing.status for run in window.browser.model.runs] == ["stopped"])
    window.browser.table.selectRow(0)
    click(qtbot, window.browser.buttons["resume"])
    wait(qtbot, lambda: window.stage.folder != first and window.stage.last_step > reached)
    qtbot.keyClick(window, Qt.Key.Key_F12)
    wait(qtbot, lambda: is_over(window))
    assert status(window) == "stopped"
    assert window.stage.folder is not None
    assert (window.stage.folder / EMERGENCY).exists()
    assert "told 1 run to go safe" in window.notices.text


def test_an_engine_that_is_killed_is_shown_as_crashed_and_the_window_goes_on(
    qtbot: QtBot, open_window: Opening
) -> None:
    window = open_window()
    fill(window, steps=100_000)
    click(qtbot, window.training.start)
    wait(qtbot, lambda: window.stage.last_step >= 1)
    assert window.stage.folder is not None
    psutil.Process(read_request(window.stage.folder)["run"]["pid"]).kill()
    wait(qtbot, lambda: is_over(window))
    assert "crashed" in window.run_bar.status.text()
    wait(qtbot, window.training.start.isEnabled)


def test_a_run_goes_on_when_its_window_is_closed_and_the_next_window_picks_it_up(
    qtbot: QtBot, open_window: Opening, asking: Scripted
) -> None:
    window = open_window()
    fill(window, steps=100_000)
    click(qtbot, window.training.start)
    wait(qtbot, lambda: window.stage.last_step >= 1)
    folder = window.stage.folder
    asking.answers = ["Do not close", "Leave it running"]
    window.close()
    assert window.isVisible()
    window.close()
    assert not window.isVisible()

    second = open_window()
    second.open_first(None)
    wait(qtbot, lambda: second.stage.last_step >= 2)
    assert second.stage.folder == folder
    second.stop_everything()
    wait(qtbot, lambda: is_over(second))
    assert status(second) == "stopped"


def test_what_an_engine_refuses_is_said_in_its_words(
    qtbot: QtBot, open_window: Opening, asking: Scripted, runs: Path
) -> None:
    window = open_window(runs)
    wait(qtbot, lambda: window.browser.model.rowCount() == 1)
    window.start_again("resume", window.browser.model.runs[0].folder)
    wait(qtbot, lambda: window.notices.text != "")
    assert "the run is finished, so there is nothing to go on with" in window.notices.text
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    wait(qtbot, lambda: not window.notices.isVisible())


def test_a_run_is_replayed_by_its_slider_and_its_button(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = opened(qtbot, open_window(runs))
    assert window.run_bar.step.text() == "step 2 of 2"
    window.run_bar.slider.setValue(0)
    assert window.stage.place == 0
    assert window.run_bar.step.text() == "step 0 of 2"
    qtbot.mouseClick(window.run_bar.play, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: window.stage.place is None)
    assert window.run_bar.step.text() == "step 2 of 2"
    wait(qtbot, lambda: not window.run_bar.play.isChecked())


def test_settings_of_an_old_run_fill_the_form(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = opened(qtbot, open_window(runs))
    assert window.training.form.editors["training.steps"].value == 80
    click(qtbot, window.browser.buttons["settings"])
    assert window.training.form.editors["training.steps"].value == 2
    assert window.training.form.editors["sweep.input_step_ua"].value == 10


def test_several_runs_are_compared_in_one_plot(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    (run,) = runs.glob("*/*")
    copytree(run, run.with_name("0002-train"))
    window = opened(qtbot, open_window(runs))
    window.browser.table.selectAll()
    assert not window.browser.buttons["open"].isEnabled()
    click(qtbot, window.browser.buttons["compare"])
    wait(qtbot, lambda: len(window.comparison.folders) == 2)
    assert window.comparison.isVisible()


def test_runs_are_searched(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = opened(qtbot, open_window(runs))
    qtbot.keyClicks(window.browser.search, "finished three")
    assert window.browser.shown.rowCount() == 1
    qtbot.keyClicks(window.browser.search, " crashed")
    assert window.browser.shown.rowCount() == 0


def test_a_run_that_is_deleted_is_told_and_the_window_goes_on(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = opened(qtbot, open_window(runs))
    assert window.stage.folder is not None
    rmtree(window.stage.folder)
    window.run_bar.slider.setValue(0)
    assert "no run folder" in window.notices.text
    wait(qtbot, lambda: window.browser.model.rowCount() == 0)


def test_a_picture_is_saved_and_copied(
    qtbot: QtBot, open_window: Opening, asking: Scripted, runs: Path, tmp_path: Path
) -> None:
    window = opened(qtbot, open_window(runs))
    asking.answers = [tmp_path / "map.png"]
    dock = window.docks["Switching map"]
    qtbot.mouseClick(dock.save, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert (tmp_path / "map.png").stat().st_size > 10_000
    qtbot.mouseClick(dock.copy, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]


def test_theme_arrangement_form_and_run_are_there_the_next_time(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = opened(qtbot, open_window(runs))
    window.dress(LIGHT)
    window.docks["Confusion"].hide()
    fill(window, steps=7)
    window.close()
    second = open_window(runs)
    second.open_first(None)
    assert second.theme is LIGHT
    assert not second.docks["Confusion"].isVisible()
    assert second.training.form.editors["training.steps"].value == 7
    wait(qtbot, lambda: is_over(second))
    assert second.stage.folder == window_run(runs)


def window_run(runs: Path) -> Path:
    return next(runs.glob("*/*"))


def test_help_and_keys_are_there(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    (guide,) = (page for page in window.findChildren(Pages) if page.isVisible())
    assert "EMERGENCY STOP" in guide.text.toPlainText()
