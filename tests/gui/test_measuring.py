"""Measurements by clicking: what cannot be is told at its field, what can be is measured, shown, and shown again."""

from pathlib import Path
from shutil import copytree

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from mtjlab.gui.panels.form.boxes import Boxes
from mtjlab.gui.views.confusion import ConfusionMatrix
from mtjlab.gui.views.switching_map import SwitchingMap
from mtjlab.gui.views.wiring import Wiring
from mtjlab.gui.window import MainWindow
from mtjlab.store import read_request
from tests.gui.windows import (
    Opening,
    Scripted,
    click,
    enter,
    fill,
    heights_of_dots,
    is_over,
    opened,
    rising_points,
    select,
    shown,
    status,
    wait,
)
from tests.support.made_runs import MADE

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
                "controls_ua": ("-500, much, -500", "valid number"),
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
                "controls_ua": ("-500, -490", "J3 of input A is empty"),
                "width_ua": ("-25", "greater than 0"),
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


def test_a_classification_needs_a_network_that_is_there(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.measuring
    panel.kinds.setCurrentText("classification")
    assert not panel.start.isEnabled()
    enter(qtbot, panel.form, "times", "0")
    enter(qtbot, panel.form, "network", "nowhere")
    assert "greater than or equal to 1" in panel.form.editors["times"].complaint
    enter(qtbot, panel.form, "times", "1")
    assert "nowhere: is no run folder" in panel.form.editors["network"].complaint
    assert not panel.start.isEnabled()


def test_neither_a_training_nor_a_measurement_starts_while_the_plan_cannot_be(qtbot: QtBot, window: MainWindow) -> None:
    enter(qtbot, window.training.form, "detector.samples", "1")
    assert "1 invalid value in the form" in window.training.estimate.text()
    assert not window.training.start.isEnabled()
    for key in (Qt.Key.Key_R, Qt.Key.Key_M):
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    assert not window.engines.running
    assert not window.measuring.start.isEnabled()
    assert "The plan in Training is not valid" in window.measuring.estimate.text()
    enter(qtbot, window.training.form, "detector.samples", "2")
    assert window.measuring.start.isEnabled()


LIMIT = "(limits.junction_current_max_ua = 750 of simulated.toml)"


def test_what_leaves_the_limits_of_the_bench_is_told_at_its_fields_while_it_is_typed(
    qtbot: QtBot, window: MainWindow
) -> None:
    panel = window.measuring
    enter(qtbot, panel.form, "controls_ua", "-500, -500, -100")
    for key in ("controls_ua", "staircase.input_stop_ua"):
        assert f"J3 would carry 800 µA, outside its limits -750..750 µA {LIMIT}" in panel.form.editors[key].complaint
    boxes = panel.form.editors["controls_ua"].widget
    assert isinstance(boxes, Boxes)
    assert [box.is_wrong for box in boxes.fields] == [False, False, True]
    assert not panel.start.isEnabled()
    enter(qtbot, panel.form, "staircase.input_stop_ua", "800")
    assert panel.form.complaints == {}
    assert panel.start.isEnabled()


def test_a_training_that_leaves_the_limits_is_told_at_its_field_too(qtbot: QtBot, window: MainWindow) -> None:
    enter(qtbot, window.training.form, "training.start_control_ua", "5000")
    complaint = window.training.form.editors["training.start_control_ua"].complaint
    assert f"J1 would carry 5000 µA, outside its limits -750..750 µA {LIMIT}" in complaint
    assert not window.training.start.isEnabled()


def test_other_limits_are_those_of_the_bench_that_is_selected(
    qtbot: QtBot, window: MainWindow, prompts: Scripted, tmp_path: Path
) -> None:
    bench = tmp_path / "tight.toml"
    bench.write_text("[limits]\njunction_current_min_ua = -400\n", encoding="utf-8")
    assert window.measuring.start.isEnabled()
    prompts.answers.append(bench)
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    limit = "limits.junction_current_min_ua = -400 of tight.toml"
    assert limit in window.training.form.editors["training.start_control_ua"].complaint
    assert limit in window.measuring.estimate.text()  # of the references, at the control currents of the plan
    assert not window.measuring.start.isEnabled()


STAIRCASE = {"staircase.input_step_ua": "25", "staircase.repetitions": "2"}
CRITICAL_UA = (724, 434, 696)
"""Critical inputs of the default chip, which nobody is told."""


def curves(window: MainWindow) -> list[int]:
    return [rising_points(window.views["Resistance curves"], k) for k in range(3)]


def critical(window: MainWindow) -> list[list[float]]:
    return [heights_of_dots(window.views["Critical inputs"], k) for k in range(3)]


def boundaries(window: MainWindow) -> list[float]:
    view = window.views["Switching map"]
    assert isinstance(view, SwitchingMap)
    return sorted({region.bounds[0].low_ua for region in view.regions})[1:]


def measured(qtbot: QtBot, window: MainWindow, kind: str, **entered: str) -> None:
    """Chosen, entered, started, finished."""
    window.measuring.kinds.setCurrentText(kind)
    for key, text in entered.items():
        enter(qtbot, window.measuring.form, key, text)
    click(qtbot, window.measuring.start)
    wait(qtbot, lambda: is_over(window))
    assert status(window) == "finished"


def test_resistance_curves_are_measured_and_shown_again(qtbot: QtBot, window: MainWindow, open_window: Opening) -> None:
    measured(qtbot, window, "resistance curves", **STAIRCASE)
    assert all(len(of_junction) == 2 for of_junction in critical(window))
    for of_junction, input_ua in zip(critical(window), CRITICAL_UA, strict=True):
        assert of_junction == pytest.approx([input_ua] * 2, abs=30)
    assert curves(window) == [POINTS - 1] * 3
    again = opened(qtbot, open_window())
    assert (critical(again), curves(again)) == (critical(window), curves(window))


def test_a_measurement_that_was_stopped_is_gone_on_with(qtbot: QtBot, open_window: Opening, tmp_path: Path) -> None:
    stopped = MADE["stopped-sweep"](tmp_path)
    window = open_window(tmp_path)
    select(qtbot, window)
    click(qtbot, window.browser.buttons["resume"])
    wait(qtbot, lambda: is_over(window) and shown(window) != stopped)
    assert status(window) == "finished"
    assert [len(of_junction) for of_junction in critical(window)] == [3] * 3


def test_a_shift_is_measured_and_shown(qtbot: QtBot, window: MainWindow) -> None:
    measured(qtbot, window, "shift", by_ua="-30, 30", **{**STAIRCASE, "staircase.repetitions": "1"})
    own = critical(window)
    assert [len(of_junction) for of_junction in own] == [7] * 3
    assert [max(of_junction) - min(of_junction) for of_junction in own] == pytest.approx([60] * 3, abs=30)


def test_a_map_is_measured_by_probes_and_shown_again(qtbot: QtBot, window: MainWindow, open_window: Opening) -> None:
    measured(qtbot, window, "switching map", width_ua="40")
    assert boundaries(window) == pytest.approx(sorted(CRITICAL_UA), abs=30)
    again = opened(qtbot, open_window())
    assert boundaries(again) == boundaries(window)


def test_wiring_is_checked_and_told(qtbot: QtBot, window: MainWindow) -> None:
    click(qtbot, window.band.check)
    wait(qtbot, lambda: is_over(window))
    assert status(window) == "finished"
    view = window.views["Wiring"]
    assert isinstance(view, Wiring)
    assert "wiring correct" in view.text.toPlainText()
    assert window.notices.text.endswith("wiring checked with 10 µA: right")


def test_tokens_are_classified_by_a_trained_network(
    qtbot: QtBot, open_window: Opening, trained: Path, tmp_path: Path
) -> None:
    copytree(trained, tmp_path / "runs" / trained.parent.name / trained.name)
    window = opened(qtbot, open_window())
    measured(qtbot, window, "classification", times="1")
    view = window.views["Confusion"]
    assert isinstance(view, ConfusionMatrix)
    classified = read_request(shown(window))["classify"]["tokens"]
    assert window.playback.follower is not None
    rows = view.tabulate(window.playback.follower.snapshot)
    assert len(classified) == sum(int(str(row["Count"])) for row in rows) == 49


def test_a_measurement_says_which_plan_it_follows_and_how_inputs_are_applied(qtbot: QtBot, window: MainWindow) -> None:
    measuring, line = window.measuring, window.measuring.from_plan
    measuring.kinds.setCurrentText("switching map")
    assert line.text() == "Inputs held for 50 ms, as in the plan (Training)"
    window.training.form.editors["presentation.mode"].value = "pulse"
    assert line.text() == "Pulses of 1 ms, as in the plan (Training)"
    enter(qtbot, window.training.form, "presentation.width_s", "2e-5")
    assert line.text() == "Pulses of 20 µs, as in the plan (Training)"
    enter(qtbot, measuring.form, "pulse_width_s", "0.1")
    assert line.text() == "Pulses of 100 ms; detector as in the plan (Training)"
    measuring.kinds.setCurrentText("resistance curves")
    assert line.text() == "Detector as in the plan (Training)"


def test_whole_paths_are_seen_under_the_pointer(window: MainWindow, tmp_path: Path) -> None:
    """Fields are narrower than paths."""
    folder, form = tmp_path / "a folder with a long name", window.training.form
    folder.mkdir()
    field = form.editors["data.table"]
    field.value = str(folder)
    assert str(folder) in field.widget.toolTip()
    field.value = None
    assert str(folder) not in field.widget.toolTip()
    assert str(window.band.path) in window.band.benches.toolTip()
    assert window.training.plans.currentData() in window.training.plans.toolTip()
