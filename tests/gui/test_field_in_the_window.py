"""A run against the field in the window: requested by clicking, drawn while measured; refused where nothing sets it."""

import pytest
from pytestqt.qtbot import QtBot

from mtjlab.gui.views.field_loops import FieldLoops
from mtjlab.gui.views.field_slopes import FieldSlopes
from mtjlab.gui.window import MainWindow
from mtjlab.supplied_configs import CONFIGS
from tests.gui.windows import Opening, click, enter, fill, is_over, status, wait

MAGNET, WITHOUT = CONFIGS / "magnet.toml", CONFIGS / "simulated.toml"


@pytest.fixture
def window(open_window: Opening) -> MainWindow:
    """A window with a bench in a magnet and the form of a run against the field."""
    window = open_window()
    fill(window, steps=1)
    window.band.choose(MAGNET)
    window.docks["Measure"].raise_()
    window.measuring.kinds.setCurrentText("field")
    return window


def test_loops_and_slopes_are_requested_by_clicking_and_drawn(qtbot: QtBot, window: MainWindow) -> None:
    form = window.measuring.form
    entered = {"from_mt": "-16", "field_step_mt": "2", "loops": "2", "fields_mt": "4, 8"}
    for key, text in (*entered.items(), ("staircase.input_step_ua", "25"), ("staircase.repetitions", "1")):
        enter(qtbot, form, key, text)
    assert "224 readings" in window.measuring.estimate.text()
    click(qtbot, window.measuring.start)
    wait(qtbot, lambda: window.playback.folder and is_over(window))
    assert status(window) == "finished"
    loops, slopes = window.views["Loops"], window.views["Field"]
    assert isinstance(loops, FieldLoops)
    assert isinstance(slopes, FieldSlopes)
    wait(qtbot, lambda: loops.is_in_view and slopes.is_in_view)
    wait(qtbot, lambda: not loops.is_empty and not slopes.is_empty)
    assert [row["Junction"] for row in loops.data()] == ["J1", "J2", "J3"]
    assert [len(dots.places) for dots in slopes.dots] == [4, 4, 4]


def test_what_does_not_apply_is_hidden_and_a_bench_without_a_magnet_is_refused(
    qtbot: QtBot, window: MainWindow
) -> None:
    form, panel = window.measuring.form, window.measuring
    assert panel.start.isEnabled()
    form.editors["measure"].value = "sweeps"
    wait(qtbot, lambda: not form.editors["field_step_mt"].widget.isVisible())
    assert form.editors["fields_mt"].widget.isVisible()
    window.band.choose(WITHOUT)
    wait(qtbot, lambda: not panel.start.isEnabled())
