"""The window as a person uses it: clicking, watching, stopping, looking back."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, rmtree

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from mtjlab.gui.dialogs import Page
from mtjlab.gui.look.theme import LIGHT
from mtjlab.gui.window import MainWindow
from tests.gui.windows import Opening, Scripted, click, fill, is_over, opened, wait


@pytest.fixture
def runs(trained: Path, tmp_path: Path) -> Path:
    """A folder with one run in it, of our own."""
    copytree(trained, tmp_path / "runs" / trained.parent.name / trained.name)
    return tmp_path / "runs"


def test_what_an_engine_refuses_is_said_in_its_words(
    qtbot: QtBot, open_window: Opening, prompts: Scripted, runs: Path
) -> None:
    window = open_window(runs)
    wait(qtbot, lambda: window.browser.model.rowCount() == 1)
    window.launcher.start_again("resume", window.browser.model.runs[0].folder)
    wait(qtbot, lambda: window.notices.text != "")
    assert "the run is finished, so there is nothing to resume" in window.notices.text
    assert window.toasts.texts == [window.notices.text]
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.toasts.texts == []
    assert window.notices.text in window.status_bar.message.text()


def test_several_runs_are_compared_in_common_plots(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    (run,) = runs.glob("*/*")
    copytree(run, run.with_name("0002-train"))
    window = opened(qtbot, open_window(runs))
    window.browser.table.selectAll()
    assert not window.browser.buttons["open"].isEnabled()
    click(qtbot, window.browser.buttons["compare"])
    wait(qtbot, lambda: window.comparison.comparison is not None)
    assert window.comparison.isVisible()
    assert len(window.comparison.plots) == 4  # recognition by steps and time, thresholds in both directions


def test_a_run_that_is_deleted_is_told_and_the_window_goes_on(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = opened(qtbot, open_window(runs))
    assert window.playback.folder is not None
    rmtree(window.playback.folder)
    window.run_bar.slider.setValue(0)
    assert "no run folder" in window.notices.text
    wait(qtbot, lambda: window.browser.model.rowCount() == 0)


def in_front(window: MainWindow) -> dict[str, bool]:
    """Of each dock, whether it is in front of those that share its place."""
    return {name: not dock.visibleRegion().isEmpty() for name, dock in window.docks.items()}


def window_run(runs: Path) -> Path:
    return next(runs.glob("*/*"))


def test_theme_arrangement_form_and_run_are_there_the_next_time(qtbot: QtBot, open_window: Opening, runs: Path) -> None:
    window = opened(qtbot, open_window(runs))
    window.apply_theme(LIGHT)
    window.docks["Confusion"].hide()
    window.docks["Log"].raise_()
    fill(window, steps=7)
    wait(qtbot, lambda: in_front(window)["Log"])
    before = in_front(window)
    window.close()
    second = open_window(runs)
    second.open_first(None)
    assert second.theme is LIGHT
    assert in_front(second) == before
    assert second.docks["Confusion"].isHidden()
    assert not any(dock.isFloating() for dock in second.docks.values())
    assert second.training.form.editors["training.steps"].value == 7
    wait(qtbot, lambda: is_over(second))
    assert second.playback.folder == window_run(runs)


@pytest.fixture
def looking(qtbot: QtBot, common_window: MainWindow, trained: Path) -> Iterator[MainWindow]:
    """One window with one run, for all tests that only look at it."""
    window = common_window
    if window.playback.folder is None:
        copytree(trained, window.runs / trained.parent.name / trained.name)
        window.browser.refresh()
        opened(qtbot, window)
    window.activateWindow()
    window.docks["Runs"].raise_()
    plan = window.training.form.content
    yield window
    window.training.fill(plan)
    window.browser.search.clear()


def test_a_run_is_replayed_by_its_slider_and_its_button(qtbot: QtBot, looking: MainWindow) -> None:
    window = looking
    assert window.run_bar.step.text() == "training step 2 of 2"
    window.run_bar.slider.setValue(0)
    assert window.playback.place == 0
    assert window.run_bar.step.text() == "training step 0 of 2"
    qtbot.mouseClick(window.run_bar.play, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: window.playback.place is None)
    assert window.run_bar.step.text() == "training step 2 of 2"
    wait(qtbot, lambda: not window.run_bar.play.isChecked())


def test_settings_of_an_old_run_fill_the_form(qtbot: QtBot, looking: MainWindow) -> None:
    window = looking
    assert window.training.form.editors["training.steps"].value == 80
    click(qtbot, window.browser.buttons["settings"])
    assert window.training.form.editors["training.steps"].value == 2
    assert window.training.form.editors["sweep.input_step_ua"].value == 10


def test_runs_are_searched(qtbot: QtBot, looking: MainWindow) -> None:
    qtbot.keyClicks(looking.browser.search, "finished three")
    assert looking.browser.shown.rowCount() == 1
    qtbot.keyClicks(looking.browser.search, " crashed")
    assert looking.browser.shown.rowCount() == 0


def test_a_picture_is_saved_and_copied(qtbot: QtBot, looking: MainWindow, tmp_path: Path) -> None:
    assert isinstance(looking.prompts, Scripted)
    looking.prompts.answers = [tmp_path / "map.png"]
    dock = looking.docks["Switching map"]
    qtbot.mouseClick(dock.save, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert (tmp_path / "map.png").stat().st_size > 10_000
    qtbot.mouseClick(dock.copy, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]


def test_every_dock_has_a_place_however_often_they_are_arranged(qtbot: QtBot, looking: MainWindow) -> None:
    window = looking
    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    area_of = window.docking.dockWidgetArea
    assert [name for name, dock in window.docks.items() if area_of(dock) == Qt.DockWidgetArea.NoDockWidgetArea] == []


def test_help_and_keys_are_there(qtbot: QtBot, looking: MainWindow) -> None:
    window = looking
    qtbot.keyClick(window, Qt.Key.Key_F1)
    (guide,) = (page for page in window.findChildren(Page) if page.isVisible())
    assert "EMERGENCY STOP" in guide.text.toPlainText()
    guide.close()
