"""Messages: the last one in the status bar, unread ones behind a bell, new ones over the content; dangers stay."""

from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mtjlab.config import read_bench
from mtjlab.domain import BenchDescription
from mtjlab.events import Event
from mtjlab.gui.notices import Notices, Severity
from mtjlab.gui.panels import toasts
from mtjlab.gui.panels.danger_line import KEEP, OFF
from mtjlab.store import CONFIRMED, write_guardian_note
from tests.gui.windows import Opening, Scripted, click, place, places, wait
from tests.support.commands import ACROSS
from tests.support.journals import BEGIN, run_folder
from tests.support.samples import STARTED

REAL = BenchDescription("three", "instruments", simulated=False, junctions=3)
LONG = "The voltmeter of J2 did not answer. " + 40 * "Look at its cable, and at the address in the bench file. "


def test_the_last_message_and_the_number_of_unread_ones_are_always_seen(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    bar = window.status_bar
    assert bar.bell.text() == ""
    window.notices.notify("Figures saved in runs/0001-train", is_trouble=False)
    window.notices.notify(LONG)
    assert f"Warning: {LONG.strip()}" in bar.message.text()
    assert bar.message.elided.endswith("…")
    assert LONG.split(".", maxsplit=1)[0] in bar.message.toolTip()
    assert bar.bell.text() == "2"
    click(qtbot, bar.bell)
    wait(qtbot, bar.list.isVisible)
    first, second = bar.list.text.toPlainText().index("Warning"), bar.list.text.toPlainText().index("Note")
    assert first < second, "the newest comes first"
    assert LONG.strip() in bar.list.text.toPlainText()
    assert f"{window.notices.newest_first[0].at:%H:%M:%S}" in bar.list.text.toPlainText()
    assert bar.bell.text() == ""
    stops: list[int] = []
    window.input_filter.stop_asked.connect(lambda: stops.append(1))
    qtbot.keyClick(bar.list.text, Qt.Key.Key_F12)
    assert stops
    qtbot.keyClick(bar.list.text, Qt.Key.Key_Escape)
    assert not bar.list.isVisible()


def test_the_list_opens_by_a_key(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    qtbot.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert "No messages" in window.status_bar.list.text.toPlainText()
    window.status_bar.list.close()


def test_the_same_message_again_is_counted_once() -> None:
    notices = Notices()
    for _ in range(3):
        notices.notify("no answer")
    assert (notices.unread, len(notices.newest_first)) == (1, 1)
    notices.mark_read()
    notices.notify("no answer")
    assert (notices.unread, len(notices.newest_first)) == (1, 2)


def test_an_answer_to_a_click_is_read_as_it_appears(qtbot: QtBot, open_window: Opening) -> None:
    window = open_window()
    window.queue.hold("test")
    click(qtbot, window.training.queue)
    window.queue.put_in_order(())
    assert window.notices.text.startswith("Queued: training")
    assert window.toasts.texts == [window.notices.text]
    assert (window.notices.unread, window.status_bar.bell.text()) == (0, "")
    assert "Queued: training" in window.status_bar.message.text()


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1024, 700)])
def test_toasts_lie_over_the_content_and_leave_focus_clicks_and_stops_alone(
    qtbot: QtBot, open_window: Opening, size: tuple[int, int]
) -> None:
    window = open_window()
    window.resize(*size)
    field = window.training.form.editors["name"].widget
    field.setFocus()
    focused = QApplication.focusWidget()
    for text in ("first", LONG, "third", "fourth"):
        window.notices.notify(text)
    QApplication.processEvents()
    assert QApplication.focusWidget() is focused
    cards = window.toasts.shown
    assert len(cards) == toasts.MOST
    for card in cards:
        if card.isVisible():
            for other in (window.band, window.run_bar, window.status_bar):
                assert not place(card).intersects(place(other))
    below = window.childAt(window.mapFromGlobal(place(cards[-1]).center()))
    assert below is not None
    assert not cards[-1].isAncestorOf(below)
    assert below is not cards[-1]
    close = cards[-1].button
    assert window.childAt(window.mapFromGlobal(place(close).center())) is close
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert "fourth" not in window.toasts.texts
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert "third" not in window.toasts.texts


def test_toasts_vanish_by_themselves(qtbot: QtBot, open_window: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toasts, "SHOWN_MS", 1)
    monkeypatch.setattr(toasts, "SHOWN_MS_PER_LETTER", 0)
    window = open_window()
    window.notices.notify("no answer")
    wait(qtbot, lambda: not window.toasts.shown)
    assert window.status_bar.bell.text() == "1"


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_nothing_moves_whatever_arrives(qtbot: QtBot, open_window: Opening, size: tuple[int, int]) -> None:
    window = open_window()
    window.resize(*size)
    QApplication.processEvents()
    before = places(window)
    for number, text in enumerate(("ok", "/" + "a-folder/" * 60, LONG)):
        window.notices.notify(text, is_trouble=number == 0)
        window.notices.warn_of_danger(number, text)
        QApplication.processEvents()
        assert places(window) == before
    for number in range(3):
        window.notices.resolve(number)
    window.toasts.dismiss()
    QApplication.processEvents()
    assert places(window) == before


def test_a_run_that_may_have_left_real_outputs_on_is_a_danger_until_it_is_known_to_be_safe(
    qtbot: QtBot, open_window: Opening, tmp_path: Path
) -> None:
    asked = {"bench": read_bench(ACROSS).model_dump(mode="json")}
    events: list[Event] = [replace(STARTED, bench=REAL), *BEGIN[1:]]
    run = run_folder(tmp_path / "runs" / "2026-11-23" / "0001-train", events, asked)
    window = open_window()
    window.docks["Runs"].raise_()
    wait(qtbot, window.danger.isVisible)
    assert window.danger.text().startswith(" DANGER: 2026-11-23/0001-train: crashed")
    assert window.notices.latest is not None
    assert window.notices.latest.severity is Severity.DANGER
    window.toasts.dismiss()
    click(qtbot, window.status_bar.bell)
    window.status_bar.list.close()
    assert window.danger.isVisible(), "it was read, and is not resolved"
    write_guardian_note(run, f"{CONFIRMED}all sources at zero")
    wait(qtbot, lambda: not window.danger.isVisible())


def test_a_danger_is_removed_by_the_operator_who_has_checked_the_instruments(
    qtbot: QtBot, open_window: Opening, prompts: Scripted
) -> None:
    window = open_window()
    window.notices.warn_of_danger("bench", "NOT SAFE: J2 is silent")
    prompts.answers = [KEEP]
    qtbot.mouseClick(window.danger, Qt.MouseButton.LeftButton)
    assert window.danger.isVisible()
    prompts.answers = [OFF]
    qtbot.mouseClick(window.danger, Qt.MouseButton.LeftButton)
    assert prompts.asked == 2 * ["NOT SAFE: J2 is silent"]
    assert not window.danger.isVisible()
