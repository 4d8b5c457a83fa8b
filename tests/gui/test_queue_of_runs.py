"""A queue of real runs, put in order by buttons; one that is stopped or refused holds those behind it."""

import re
from shutil import copyfile

from pytestqt.qtbot import QtBot

from mtjlab.gui.panels.queue import QueuePanel
from mtjlab.runs.listing import list_runs
from mtjlab.store import run_id
from tests.gui.windows import Opening, click, fill, is_over, shown, status, wait


def test_runs_wait_for_their_turn_and_behind_one_that_is_stopped_or_refused(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    panel = window.docks["Queue"].widget()
    assert isinstance(panel, QueuePanel)
    fill(window, steps=100_000)
    click(qtbot, window.training.start)
    for steps in (1, 2):
        fill(window, steps)
        click(qtbot, window.training.queue)
    gone = copyfile(window.runs.with_name("few.csv"), window.runs.with_name("gone.csv"))
    window.training.fill({"name": "gone", "data": {"table": str(gone)}})
    click(qtbot, window.training.queue)
    gone.unlink()
    panel.list.setCurrentRow(2)
    click(qtbot, panel.up)
    assert window.docks["Queue"].windowTitle() == "3 Queue"
    texts = [waiting.text for waiting in window.queue.waiting]
    details = [waiting.details for waiting in window.queue.waiting]
    assert all("input step 25 µA" in one for one in (details[0], details[2]))
    assert all(str(window.runs.with_name("few.csv")) in one for one in (details[0], details[2]))
    assert re.search(r"done about (\w+ )?\d\d:\d\d", panel.summary.text())
    assert ["1 step," in texts[0], "gone: " in texts[1], "2 steps," in texts[2]] == [True] * 3

    wait(qtbot, lambda: window.playback.last_step >= 1)
    stopped = run_id(shown(window))
    click(qtbot, window.run_bar.stop)
    assert panel.summary.text() == f"3 runs waiting; queue held: you stopped run {stopped}"
    assert window.docks["Queue"].windowTitle() == "3! Queue"
    wait(qtbot, lambda: is_over(window))
    assert status(window) == "stopped"
    assert panel.list.count() == 3
    assert panel.hold.text() == "Resume queue"
    click(qtbot, panel.hold)
    wait(qtbot, lambda: f"{texts[1]} was refused" in panel.summary.text())
    assert f"{gone}: cannot be read" in window.notices.text
    assert panel.list.count() == 1
    assert not window.engines.running
    click(qtbot, panel.hold)
    wait(qtbot, lambda: panel.summary.text() == "queue empty" and not window.engines.running)
    done = [(run.procedure, run.status_report.status, run.steps) for run in list_runs(window.runs)]
    assert done == [("train", "stopped", 100_000), ("train", "finished", 1), ("train", "finished", 2)]
