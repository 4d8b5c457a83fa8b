"""What could not be started stays in sight, whole, until something else is tried."""

import sys

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mtjlab.gui.dialogs import Page
from mtjlab.gui.engines.questions import SHORTED
from mtjlab.gui.window import MainWindow
from tests.gui.windows import Opening, Scripted, click, fill, is_over, shown, wait
from tests.support.commands import ACROSS

REFUSING = """
import sys
print("mtjlab: There is no driver for GPIB. " + 20 * "Install it. " + "{file} needs it.", file=sys.stderr)
sys.exit(2)
"""


@pytest.fixture
def window(open_window: Opening) -> MainWindow:
    return open_window()


def pages(window: MainWindow) -> list[Page]:
    return [page for page in window.findChildren(Page) if page.isVisible()]


def test_why_a_bench_was_not_connected_is_read_and_copied_where_the_bench_is_shown(
    qtbot: QtBot, window: MainWindow, prompts: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.band.choose(ACROSS)
    program = REFUSING.replace("{file}", str(ACROSS))
    monkeypatch.setattr("mtjlab.gui.engines.engine.PROGRAM", (sys.executable, "-c", program))
    monkeypatch.setattr("mtjlab.gui.engines.questions.gaussmeter_reading", lambda _bench: 6.0)
    prompts.answers = [SHORTED]
    click(qtbot, window.band.connection)
    why = "There is no driver for GPIB. Install it."
    wait(qtbot, lambda: window.band.summary.text().startswith(f"Not connected: {why}"))
    assert window.band.summary.text().endswith(f"{ACROSS.name} needs it.")
    assert window.notices.text.startswith(f"Not connected: {why}")
    for toast in list(window.toasts.shown):
        window.toasts._remove(toast)
    assert window.band.summary.text().count("Install it.") == 20
    qtbot.mouseClick(window.band.summary, Qt.MouseButton.LeftButton)
    (page,) = pages(window)
    assert page.windowTitle() == "Not connected"
    page.text.selectAll()
    page.text.copy()
    copied = QApplication.clipboard()
    assert copied is not None
    assert copied.text().count("Install it.") == 20
    page.close()

    window.band.simulate.click()
    assert "Not connected" not in window.band.summary.text()
    qtbot.mouseClick(window.band.summary, Qt.MouseButton.LeftButton)
    assert pages(window) == []


def test_what_was_not_started_is_named_until_something_else_starts(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(window, steps=1)
    with monkeypatch.context() as patch:
        patch.setattr("mtjlab.gui.engines.engine.PROGRAM", (sys.executable, "-c", REFUSING.replace("{file}", "x")))
        click(qtbot, window.band.check)
        wait(qtbot, lambda: "Not started: wiring check on simulated: There is no" in window.band.summary.text())
    click(qtbot, window.band.check)
    assert "Not started" not in window.band.summary.text()
    wait(qtbot, lambda: is_over(window))
    reason = window.run_bar.why.text()
    qtbot.mouseClick(window.run_bar.why, Qt.MouseButton.LeftButton)
    (page,) = pages(window)
    assert page.text.toPlainText() == reason


def test_a_wiring_check_that_is_over_is_brought_to_the_front(qtbot: QtBot, window: MainWindow) -> None:
    """Also after another check."""
    fill(window, steps=1)
    for _ in range(2):
        window.docks["Control currents"].raise_()
        wait(qtbot, lambda: not window.docks["Wiring"].is_in_front)
        before = window.playback.folder
        click(qtbot, window.band.check)
        wait(qtbot, lambda: window.playback.folder != before and is_over(window))  # noqa: B023
        wait(qtbot, lambda: window.docks["Wiring"].is_in_front)
        assert shown(window).name.endswith("-check")
