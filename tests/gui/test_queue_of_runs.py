"""A queue of real runs, put in order by buttons; one that is refused holds those behind it."""

from pytestqt.qtbot import QtBot

from mtjlab.gui.panels.queue import QueuePanel
from mtjlab.runs.listing import list_runs
from tests.gui.windows import Opening, click, enter, fill, wait


def test_runs_wait_for_their_turn_and_behind_one_that_is_refused(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    panel = window.docks["Queue"].widget()
    assert isinstance(panel, QueuePanel)
    fill(window, steps=100_000)
    click(qtbot, window.training.start)
    for steps in (1, 2):
        fill(window, steps)
        click(qtbot, window.training.queue)
    enter(qtbot, window.measuring.form, "controls_ua", "-900, -500, -500")
    click(qtbot, window.measuring.queue)
    panel.list.setCurrentRow(2)
    click(qtbot, panel.up)
    assert window.docks["Queue"].windowTitle() == "(3) Queue"
    texts = [waiting.text for waiting in window.queue.waiting]
    assert ["1 step," in texts[0], "curves" in texts[1], "2 steps," in texts[2]] == [True] * 3

    wait(qtbot, lambda: window.playback.last_step >= 1)
    click(qtbot, window.run_bar.stop)
    wait(qtbot, lambda: "curves on simulated, the run before, was refused" in panel.summary.text())
    assert "J1 would carry -900 uA" in window.notices.text
    assert panel.list.count() == 1
    assert not window.engines.running
    click(qtbot, panel.hold)
    wait(qtbot, lambda: panel.summary.text() == "queue empty" and not window.engines.running)
    done = [(run.procedure, run.status_report.status, run.steps) for run in list_runs(window.runs)]
    assert done == [("train", "stopped", 100_000), ("train", "finished", 1), ("train", "finished", 2)]
