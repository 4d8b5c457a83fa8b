"""Dwell times in the window: asked by clicking, drawn while junctions are held, shown again as they were."""

from pathlib import Path

import pytest
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mtjlab.gui.look.theme import DARK, LIGHT, dress
from mtjlab.gui.run.record import Record
from mtjlab.gui.views.dwell_times import DwellTimes
from mtjlab.gui.window import MainWindow
from mtjlab.store import Follower
from tests.gui.windows import Opening, click, enter, fill, is_over, shown, status, wait
from tests.support.engines import PROJECT

TELEGRAPH = PROJECT / "configs" / "telegraph.toml"


@pytest.fixture
def window(open_window: Opening) -> MainWindow:
    """A window with the bench whose junctions hop, and the form for dwell times."""
    window = open_window()
    fill(window, steps=1)
    window.band.choose(TELEGRAPH)
    panel = window.measuring
    window.docks["Measure"].raise_()
    panel.kinds.setCurrentText("dwell times")
    return window


def view_of(window: MainWindow) -> DwellTimes:
    view = window.views["Dwell times"]
    assert isinstance(view, DwellTimes)
    return view


def test_they_are_asked_by_clicking_and_drawn(qtbot: QtBot, window: MainWindow) -> None:
    form = window.measuring.form
    for key, text in (("controls_ua", "100, 100, 100"), ("for_s", "20")):
        enter(qtbot, form, key, text)
    assert "20 seconds of holding" in window.measuring.estimate.text()
    click(qtbot, window.measuring.start)
    wait(qtbot, lambda: window.stage.folder and is_over(window))
    assert status(window) == "finished"
    view = view_of(window)
    wait(qtbot, lambda: not view.is_empty)
    for k in range(3):
        assert "AP" in view.told(k)
    assert {row["Junction"] for row in view.data()} == {"J1", "J2", "J3"}


def test_wrong_values_are_told_at_their_fields(qtbot: QtBot, window: MainWindow) -> None:
    form = window.measuring.form
    enter(qtbot, form, "for_s", "-1")
    assert "greater than 0" in form.editors["for_s"].complaint
    assert not window.measuring.start.isEnabled()


def test_half_a_run_is_drawn_in_both_themes(qtbot: QtBot, qapp: QApplication, window: MainWindow) -> None:
    enter(qtbot, window.measuring.form, "controls_ua", "100, 100, 100")
    enter(qtbot, window.measuring.form, "for_s", "20")
    click(qtbot, window.measuring.start)
    wait(qtbot, lambda: window.stage.folder and is_over(window))
    record, folder = Record(shown(window)), Path(shown(window))
    lines = Follower(folder).lines()
    record.take(lines[: len(lines) - 6])
    view = DwellTimes(DARK)
    qtbot.addWidget(view)
    view.show()
    view.show_moment(record.moment)
    assert not view.is_empty
    dark = view.copy()
    dress(qapp, LIGHT)
    view.dress(LIGHT)
    assert dark.pixelColor(4, 4).lightness() < 90
    assert view.copy().pixelColor(4, 4).lightness() > 200
