"""Replay of a run without steps, event by event in the same views: forward, back, and played."""

from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from mtjlab import experiment
from mtjlab.config import SweepSettings
from mtjlab.gui.window import MainWindow
from mtjlab.procedures.sweep.plan import SweepPlan
from tests.gui.windows import Opening, rising_points, wait
from tests.support.asking import MeasuringRequest, prepare_measuring

STAIRCASE = SweepSettings(input_step_ua=20, repetitions=2)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a finished sweep."""
    runs = tmp_path_factory.mktemp("swept")
    request = MeasuringRequest(experiment.DEFAULT_BENCH, experiment.DEFAULT_PLAN)
    asked = SweepPlan(controls_ua=(-500.0, -500.0, -500.0), staircase=STAIRCASE)
    return experiment.execute(prepare_measuring(request, asked), runs).folder


@pytest.fixture
def window(qtbot: QtBot, open_window: Opening, swept: Path) -> MainWindow:
    window = open_window(swept.parents[1])
    window.playback.open(swept)
    wait(qtbot, lambda: window.playback.follower is not None and window.playback.follower.is_over)
    return window


def points(window: MainWindow) -> int:
    view = window.views["Resistance curves"]
    return 0 if view.is_empty else rising_points(view, 0)


def test_the_slider_covers_all_events_of_a_sweep(qtbot: QtBot, window: MainWindow) -> None:
    last = window.playback.last_place
    assert window.run_bar.slider.maximum() == last > 100
    assert window.run_bar.step.text() == f"event {last} of {last}"
    window.run_bar.slider.setValue(20)
    wait(qtbot, lambda: window.run_bar.step.text() == f"event 20 of {last}")
    few = points(window)
    window.run_bar.slider.setValue(40)
    wait(qtbot, lambda: window.run_bar.step.text() == f"event 40 of {last}")
    assert points(window) > few > 0


def test_going_back_shows_less_and_the_start_shows_nothing(qtbot: QtBot, window: MainWindow) -> None:
    window.run_bar.slider.setValue(40)
    wait(qtbot, lambda: window.run_bar.step.text().startswith("event 40 "))
    window.run_bar.slider.setValue(0)
    wait(qtbot, lambda: window.run_bar.step.text().startswith("event 0 "))
    assert points(window) == 0


def test_playing_ends_with_the_run_followed_live(qtbot: QtBot, window: MainWindow) -> None:
    window.run_bar.slider.setValue(window.playback.last_place - 8)
    qtbot.mouseClick(window.run_bar.play, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: window.playback.place is None)
    wait(qtbot, lambda: not window.run_bar.play.isChecked())
    assert window.playback.follower is not None
    rising = window.playback.follower.builder.snapshot.sweep.repetitions[-1].leg(0, rising=True)[0]
    wait(qtbot, lambda: points(window) == len(rising) - 1)  # views draw one after another


def test_arrow_keys_go_from_event_to_event(qtbot: QtBot, window: MainWindow) -> None:
    window.run_bar.slider.setValue(30)
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: window.run_bar.step.text().startswith("event 31 "))
