"""Dwell times in the window: requested by clicking, drawn while measured, replayed."""

from itertools import product
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.text_size import USUAL_PT
from mtjlab.gui.look.theme import DARK, LIGHT, apply_theme
from mtjlab.gui.run.snapshot_builder import SnapshotBuilder
from mtjlab.gui.views.dwell_times import DwellTimes
from mtjlab.gui.views.mean_dwells import MeanDwells
from mtjlab.gui.window import MainWindow
from mtjlab.procedures.dwell.tables import DWELLS
from mtjlab.store import Follower
from tests.gui.windows import Opening, click, enter, fill, is_over, shown, status, wait
from tests.support.engines import PROJECT

TELEGRAPH = PROJECT / "configs" / "telegraph.toml"


@pytest.fixture
def window(open_window: Opening) -> MainWindow:
    """A window with the telegraph-noise bench and the form for dwell times."""
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


def test_dwell_times_are_requested_by_clicking_and_drawn(qtbot: QtBot, window: MainWindow) -> None:
    form = window.measuring.form
    for key, text in (("controls_ua", "100,100,100"), ("inputs_ua", "-5,0,5"), ("for_s", "8")):
        enter(qtbot, form, key, text)
    assert "24 seconds of holding" in window.measuring.estimate.text()
    click(qtbot, window.measuring.start)
    wait(qtbot, lambda: window.playback.folder and is_over(window))
    assert status(window) == "finished"
    wait(qtbot, lambda: window.views["Mean dwells"].is_in_view)  # where references were seen before
    view = view_of(window)
    wait(qtbot, lambda: not view.is_empty)
    assert {(row["Junction"], row["State"]) for row in view.data()} == set(product(("J1", "J2", "J3"), ("AP", "P")))
    assert_listed(qtbot, window)


def assert_listed(qtbot: QtBot, window: MainWindow) -> None:
    """The table of all means and intervals fits a small screen, in text of the usual size, and can be copied."""
    window.change_text(round(USUAL_PT - QApplication.font().pointSizeF()))
    window.resize(1366, 768)
    wait(qtbot, lambda: window.docking.width() > 1300)
    window.display.arrange()
    view = window.views["Mean dwells"]
    assert isinstance(view, MeanDwells)
    window.docks["Mean dwells"].raise_()
    table = view.table
    heads = [sure(table.horizontalHeaderItem(column)).text() for column in range(table.columnCount())]
    assert heads[1:] == [
        "input\n/ µA", "current\n/ µA", "dwells", "mean\n/ s", "95 %\ninterval", "expected\n/ s", "95 %\ninterval",
    ]  # fmt: skip
    wait(qtbot, lambda: table.rowCount() == 3 * 3 * 2)
    wait(qtbot, lambda: not sure(table.horizontalScrollBar()).isVisible())
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualItemRect(table.item(0, 0)).center())
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = [line.split("\t") for line in sure(QApplication.clipboard()).text().splitlines()]
    first_of_each_input = [row[:3] for row in copied[::6]]
    assert first_of_each_input == [["J1 AP", "-5", "95"], ["J1 AP", "0", "100"], ["J1 AP", "5", "105"]]
    assert [name for name in view.data()[0] if name not in ("Run", "Simulated")] == [one.title() for one in DWELLS]
    means = [row["Mean (s)"] for row in view.data()]
    assert [row[4] for row in copied] == ["" if mean is None else f"{mean:.3g}" for mean in means]
    intervals = [(row["Mean low (s)"], row["Mean high (s)"]) for row in view.data()]
    assert all(f"{end:.3g}" in row[5] for row, ends in zip(copied, intervals, strict=True) for end in ends if end)


def test_wrong_values_are_reported_at_their_fields(qtbot: QtBot, window: MainWindow) -> None:
    form = window.measuring.form
    enter(qtbot, form, "for_s", "-1")
    assert "greater than 0" in form.editors["for_s"].complaint
    assert not window.measuring.start.isEnabled()


def test_half_a_run_is_drawn_in_both_themes(qtbot: QtBot, qapp: QApplication, window: MainWindow) -> None:
    enter(qtbot, window.measuring.form, "controls_ua", "100, 100, 100")
    enter(qtbot, window.measuring.form, "for_s", "20")
    click(qtbot, window.measuring.start)
    wait(qtbot, lambda: window.playback.folder and is_over(window))
    builder, folder = SnapshotBuilder(shown(window)), Path(shown(window))
    lines = Follower(folder).lines()
    builder.take(lines[: len(lines) - 6])
    view = DwellTimes(DARK)
    qtbot.addWidget(view)
    view.show()
    view.show_snapshot(builder.snapshot)
    assert not view.is_empty
    dark = view.copy()
    apply_theme(qapp, LIGHT)
    view.apply_theme(LIGHT)
    assert dark.pixelColor(4, 4).lightness() < 90
    assert view.copy().pixelColor(4, 4).lightness() > 200
