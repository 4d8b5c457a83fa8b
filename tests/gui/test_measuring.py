"""Measurements by clicking: what cannot be is told at its field, what can be is measured, shown, and shown again."""

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot
from windows import Opening, click, enter, fill, wait

from mtjlab.gui.views.curves import ResistanceCurves
from mtjlab.gui.window import MainWindow

POINTS = 37
"""Of a leg from 0 to 900 uA in steps of 25 uA."""


@pytest.fixture
def window(open_window: Opening) -> MainWindow:
    """A window in which references are measured in a blink."""
    window = open_window()
    fill(window, steps=1)
    return window


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (
            "resistance curves",
            {
                "controls_ua": ("-500, -500, -500; -460, -380, -560", "valid number"),
                "staircase.repetitions": ("0", "greater than or equal to 1"),
            },
        ),
        (
            "shift",
            {
                "by_ua": ("0, 30", "differ from each other and from 0"),
                "staircase.dwell_s": ("-1", "greater than or equal to 0"),
            },
        ),
        (
            "switching map",
            {
                "controls_ua": ("-500, -500, -500", "for input A, and after a semicolon"),
                "cell_ua": ("-25", "greater than 0"),
                "most_probes": ("1.5", "valid integer"),
            },
        ),
    ],
)
def test_wrong_values_are_told_at_their_fields_and_nothing_starts(
    qtbot: QtBot, window: MainWindow, kind: str, wrong: dict[str, tuple[str, str]]
) -> None:
    panel = window.measuring
    window.docks["Measure"].raise_()
    panel.kinds.setCurrentText(kind)
    for key, (text, complaint) in wrong.items():
        before = panel.form.content
        enter(qtbot, panel.form, key, text)
        editor = panel.form.editors[key]
        assert complaint in editor.complaint
        wait(qtbot, editor.widget.isVisible)
        for button in (panel.start, panel.queue):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
        panel.form.content = before
    assert not window.engines.running
    assert window.queue.waiting == ()
    assert panel.start.isEnabled()


def test_neither_a_training_nor_a_measurement_starts_while_the_plan_cannot_be(qtbot: QtBot, window: MainWindow) -> None:
    enter(qtbot, window.training.form, "detector.samples", "1")
    assert "1 value in the form cannot be" in window.training.estimate.text()
    assert not window.training.start.isEnabled()
    for key in (Qt.Key.Key_R, Qt.Key.Key_M):
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    assert not window.engines.running
    assert not window.measuring.start.isEnabled()
    assert "The plan in the Training form cannot be" in window.measuring.estimate.text()
    enter(qtbot, window.training.form, "detector.samples", "2")
    assert window.measuring.start.isEnabled()


def test_what_leaves_the_limits_of_the_bench_is_refused_in_the_words_of_the_engine(
    qtbot: QtBot, window: MainWindow
) -> None:
    enter(qtbot, window.measuring.form, "controls_ua", "-500, -500, -100")
    click(qtbot, window.measuring.start)
    wait(qtbot, lambda: window.notices.text)
    assert "J3 would carry 800 uA, outside its limits -750..750 uA" in window.notices.text
    assert window.stage.folder is None
    wait(qtbot, window.measuring.start.isEnabled)


def view(window: MainWindow, title: str) -> object:
    """A picture, in front of the others."""
    window.docks[title].raise_()
    return window.views[title]


def curves_of(window: MainWindow) -> list[int]:
    curves = view(window, "Resistance curves")
    assert isinstance(curves, ResistanceCurves)
    return [len(curves.points(k)[0]) for k in range(3)]
