"""From the first start to a trained network, clicking alone: in process, and on simulated instruments over TCP."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mtjlab.gui.window import MainWindow
from tests.gui.windows import (
    Opening,
    Scripted,
    click,
    enter,
    is_over,
    select,
    shown,
    status,
    take_instruments,
    wait,
)
from tests.support.trainings import TABLE

STEPS = {"in process": 400, "over TCP": 40}
"""What takes long enough to be stopped in the middle."""


@pytest.fixture(params=STEPS)
def steps(request: pytest.FixtureRequest) -> int:
    return STEPS[request.param]


@pytest.fixture
def window(
    qtbot: QtBot, open_window: Opening, prompts: Scripted, instruments: Path, tmp_path: Path, steps: int
) -> MainWindow:
    """On one of the benches, with a plan of a few tokens of three classes."""
    window = open_window()
    if steps == STEPS["over TCP"]:
        take_instruments(qtbot, window, prompts, instruments)
    (tmp_path / "few.csv").write_text(TABLE, encoding="utf-8")
    for key, text in {
        "training.steps": str(steps),
        "training.recognition_every_steps": str(steps // 2),
        "sweep.input_step_ua": "25",
        "sweep.repetitions": "1",
        "data.table": str(tmp_path / "few.csv"),
    }.items():
        enter(qtbot, window.training.form, key, text)
    return window


def test_from_the_first_start_over_a_stop_to_a_trained_network(qtbot: QtBot, window: MainWindow, steps: int) -> None:
    click(qtbot, window.training.start)
    assert not window.training.start.isEnabled()
    wait(qtbot, lambda: window.playback.last_step >= 2)
    wait(qtbot, lambda: "running" in window.run_bar.status.text())
    click(qtbot, window.run_bar.stop)
    assert window.run_bar.stop.text() == "Stop now"
    wait(qtbot, lambda: is_over(window))
    first, reached = shown(window), window.playback.last_step
    assert (status(window), reached < steps) == ("stopped", True)

    select(qtbot, window)
    wait(qtbot, window.browser.buttons["resume"].isEnabled)
    click(qtbot, window.browser.buttons["resume"])
    wait(qtbot, lambda: window.playback.folder not in (None, first) and is_over(window))
    assert status(window) == "finished"
    assert window.run_bar.step.text() == f"training step {steps} of {steps}"
    assert window.playback.follower is not None
    assert [measured.step for measured in window.playback.follower.builder.learnt.recognition] == [0, steps // 2, steps]
    assert "100.0 %" in window.views["Recognition"]._heading.text()  # type: ignore[attr-defined]
