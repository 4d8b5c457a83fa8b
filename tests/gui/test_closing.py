"""Closing the window while a run goes on: the operator says what shall become of it."""

import pytest
from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from mtjlab.gui import closing
from mtjlab.gui.closing import NOT_BEGUN, STOPPING
from mtjlab.gui.dialogs import Dialogs
from mtjlab.gui.engines.outcome import Outcome
from mtjlab.gui.engines.questions import CANCEL, CLOSE, LEAVE, STOP, OpenWork, ask_before_closing
from mtjlab.gui.look.qt import sure
from mtjlab.gui.window import MainWindow
from mtjlab.run_status import status_report
from mtjlab.runs.finding import run_folders
from tests.gui.windows import Opening, Scripted, click, fill, is_over, shown, status, wait


@pytest.fixture
def window(qtbot: QtBot, open_window: Opening) -> MainWindow:
    """A window in which a training that would last long was started."""
    window = open_window()
    fill(window, steps=100_000)
    click(qtbot, window.training.start)
    return window


def test_it_is_not_closed_after_all(window: MainWindow, prompts: Scripted) -> None:
    prompts.answers = [CANCEL]
    window.close()
    assert "is active" in prompts.asked[-1]
    assert window.isVisible()
    assert window.engines.running


def test_the_run_is_left_running_and_the_next_window_picks_it_up(
    qtbot: QtBot, window: MainWindow, open_window: Opening, prompts: Scripted
) -> None:
    wait(qtbot, lambda: window.playback.last_step >= 1)
    run = shown(window)
    prompts.answers = [LEAVE]
    window.close()
    assert not window.isVisible()
    second = open_window()
    second.open_first(None)
    wait(qtbot, lambda: second.playback.last_step >= 2)
    assert shown(second) == run
    click(qtbot, second.run_bar.stop)
    wait(qtbot, lambda: is_over(second))
    assert status(second) == "stopped"


@pytest.mark.parametrize("has_folder", [True, False], ids=["while it runs", "before it has a folder"])
def test_the_run_is_stopped_and_currents_are_seen_at_zero_before_the_window_goes(
    qtbot: QtBot, window: MainWindow, prompts: Scripted, has_folder: bool
) -> None:
    (engine,) = window.engines.running
    wait(qtbot, lambda: (window.playback.folder is not None) == has_folder)
    prompts.answers = [STOP]
    window.close()
    cover = window._closing.cover
    assert cover.text() == STOPPING
    assert cover.isVisible()
    assert cover.rect() == sure(cover.parentWidget()).rect()
    wait(qtbot, lambda: cover.text() != STOPPING)
    assert window.isVisible()
    assert ("all sources at zero" if has_folder else NOT_BEGUN) in cover.text()
    wait(qtbot, lambda: not window.isVisible())
    assert not engine.is_running
    assert [status_report(folder).status for folder in run_folders(window.runs)] == ["stopped"] * has_folder


def test_the_queue_starts_nothing_while_the_window_closes(qtbot: QtBot, window: MainWindow, prompts: Scripted) -> None:
    wait(qtbot, lambda: window.playback.folder is not None)
    click(qtbot, window.training.queue)
    assert len(window.queue.waiting) == 1
    prompts.answers = [STOP]
    window.close()
    wait(qtbot, lambda: not window.isVisible())
    assert len(window.queue.waiting) == 1
    assert len(run_folders(window.runs)) == 1


def test_a_second_close_waits_for_nothing(qtbot: QtBot, window: MainWindow, prompts: Scripted) -> None:
    wait(qtbot, lambda: window.playback.folder is not None)
    prompts.answers = [STOP]
    window.close()
    assert window.isVisible()
    window.close()
    assert not window.isVisible()
    assert len(prompts.asked) == 1


def test_the_emergency_stop_acts_while_the_window_closes(qtbot: QtBot, window: MainWindow, prompts: Scripted) -> None:
    wait(qtbot, lambda: window.playback.folder is not None)
    prompts.answers = [STOP]
    window.close()
    click(qtbot, window.band.stop)
    assert window.engines.emergency_stops == 1
    wait(qtbot, lambda: not window.isVisible())


def test_a_window_does_not_close_over_sources_that_may_be_on(
    qtbot: QtBot, window: MainWindow, prompts: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "outcome", lambda *_: Outcome("1: sources may be on", may_be_on=True))
    wait(qtbot, lambda: window.playback.folder is not None)
    prompts.answers = [STOP]
    window.close()
    cover = window._closing.cover
    wait(qtbot, lambda: "sources may be on" in cover.text())
    assert not window._closing.is_active
    qtbot.mouseClick(cover, Qt.MouseButton.LeftButton)
    assert not cover.isVisible()
    assert window.isVisible()


def test_a_window_in_which_nothing_goes_on_closes_without_a_question(open_window: Opening, prompts: Scripted) -> None:
    window = open_window()
    window.close()
    assert not window.isVisible()
    assert prompts.asked == []


def test_runs_that_only_wait_are_not_offered_to_be_stopped(
    qtbot: QtBot, open_window: Opening, prompts: Scripted
) -> None:
    window = open_window()
    fill(window, steps=1)
    window.queue.hold("by operator")
    click(qtbot, window.training.queue)
    offered: list[tuple[str, ...]] = []
    choice = prompts.choice
    prompts.choice = lambda title, text, answers, *more: (  # type: ignore[method-assign]
        offered.append(tuple(answers)) or choice(title, text, answers, *more)
    )
    prompts.answers = [CANCEL]
    window.close()
    assert window.isVisible()
    prompts.answers = [CLOSE]
    window.close()
    assert not window.isVisible()
    assert offered == [(CLOSE, CANCEL)] * 2
    assert prompts.asked[-1] == "1 run in the queue will not be started."
    window.queue.put_in_order(())


def test_a_question_about_a_run_that_has_ended_closes_by_itself(qtbot: QtBot, window: MainWindow) -> None:
    """An emergency stop above the question ends the run; nobody is asked about it any more, and the window stays."""
    window.prompts = Dialogs(window)
    wait(qtbot, lambda: window.playback.last_step >= 1)
    asked: list[str] = []

    def press_f12() -> None:
        box = QApplication.activeModalWidget() or next(iter(window.findChildren(QMessageBox)), None)
        if not isinstance(box, QMessageBox) or not box.isVisible():
            QTimer.singleShot(20, press_f12)
            return
        asked.append(box.text())
        qtbot.keyClick(box, Qt.Key.Key_F12)

    QTimer.singleShot(0, press_f12)
    window.close()  # comes back when the question is closed: nobody answers it
    assert len(asked) == 1
    assert "is active" in asked[0]
    assert window.isVisible()
    assert not window.engines.running
    assert status(window) == "stopped"


def test_a_question_is_asked_anew_when_something_else_is_left(prompts: Scripted) -> None:
    left = (OpenWork(text, is_active=True) for text in ("a run", "a queue", "a queue", "a queue"))
    prompts.answers = [STOP, LEAVE]  # the first comes too late: it was for something that has changed
    assert ask_before_closing(prompts, lambda: next(left)) == LEAVE
    assert prompts.asked == ["a run", "a queue"]


def test_an_answer_that_comes_too_late_closes_nothing(prompts: Scripted) -> None:
    left = (OpenWork(text, is_active=True) for text in ("a run", "", ""))
    prompts.answers = [STOP]
    assert ask_before_closing(prompts, lambda: next(left)) == CANCEL


def test_nothing_starts_by_an_answer_after_an_emergency_stop(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    fill(window, steps=1)
    order = window.commands.training()
    assert order is not None

    def answer_after_a_stop() -> list[str]:
        window.stop_everything()
        return order

    window.launcher._start(answer_after_a_stop, lambda: "order")
    assert not window.engines.running
    assert "Not started: there was an emergency stop" in " ".join(one.text for one in window.notices.newest_first)
