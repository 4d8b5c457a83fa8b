"""The first day of a rack in the window: three questions, no by default, then a run; nothing starts without a yes."""

from pathlib import Path

import pytest
from PyQt5.QtWidgets import QAction, QCheckBox
from pytestqt.qtbot import QtBot

from mtjlab.gui.panels.measure import DONE, NOT_DONE
from mtjlab.gui.window import MainWindow
from tests.gui.windows import Opening, Scripted, enter, is_over, shown, status, take_instruments, wait


@pytest.fixture
def window(
    qtbot: QtBot, open_window: Opening, prompts: Scripted, instruments: Path, monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    """A window with simulated instruments, and a new bench file named in the form."""
    monkeypatch.chdir(instruments.parent)
    window = open_window()
    take_instruments(qtbot, window, prompts, instruments)
    window.measuring.kinds.setCurrentText("first day")
    enter(qtbot, window.measuring.form, "out", str(instruments.parent / "commissioned.toml"))
    return window


def first_day(window: MainWindow) -> QAction:
    return next(one for one in window.findChildren(QAction) if one.text().startswith("First &day"))


def test_three_questions_then_the_instruments_are_tried_and_a_bench_file_is_there(
    qtbot: QtBot, window: MainWindow, prompts: Scripted, instruments: Path
) -> None:
    assert not window.measuring.start.isEnabled()
    prompts.asked.clear()
    prompts.answers += [DONE] * 3
    first_day(window).trigger()
    assert [question[:11] for question in prompts.asked] == ["Step 1 of 3", "Step 2 of 3", "Step 3 of 3"]
    wait(qtbot, lambda: window.playback.folder and is_over(window))
    assert status(window) == "finished"
    folder = shown(window)
    assert {"traffic.jsonl", "commissioning.txt", "bench.toml"} <= {path.name for path in folder.iterdir()}
    assert (instruments.parent / "commissioned.toml").read_bytes() == (folder / "bench.toml").read_bytes()


def test_a_no_starts_nothing(window: MainWindow, prompts: Scripted) -> None:
    prompts.answers += [DONE, NOT_DONE]
    first_day(window).trigger()
    assert not window.engines.running
    ticked = window.measuring.form.editors["confirm_opened"].widget
    assert isinstance(ticked, QCheckBox)
    assert not ticked.isChecked()
