"""A window as somebody opens it for the first time, and runs for it to show."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt5.QtCore import QEvent, QSettings
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mtjlab import experiment
from mtjlab.gui.look.theme import DARK, dress
from mtjlab.gui.window import MainWindow
from tests.gui.windows import SHORT_PLAN, Opening, Scripted
from tests.support.asking import TrainingRequest, prepare_training
from tests.support.engines import BENCH, PROJECT, UNDRAWN


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qapp: QApplication) -> Iterator[None]:
    """Nothing is remembered from the user's own windows, and vowels are the surrogate; engines see the same.

    No widget outlives its test: all that there are would be dressed again in the next.
    """
    dress(qapp, DARK)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setattr("mtjlab.gui.engines.engine.PROGRAM", (sys.executable, str(UNDRAWN)))
    monkeypatch.setenv("MTJLAB_VOWELS", "")
    for variable in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a short training that is over."""
    folder = tmp_path_factory.mktemp("trained")
    plan = folder / "plan.toml"
    plan.write_text(SHORT_PLAN, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTJLAB_VOWELS", "")
        patch.setattr("mtjlab.vowels.files.user_folder", lambda: folder / "user")
        return experiment.execute(prepare_training(TrainingRequest(plan=plan)), folder / "runs").folder


@pytest.fixture
def instruments(tmp_path: Path) -> Path:
    """A bench file of instruments that are, where they are simulated, as quick as their messages."""
    path = tmp_path / "six-instruments.toml"
    path.write_text(f"{BENCH.read_text(encoding='utf-8')}\n[simulation]\nspeed = 1000\n", encoding="utf-8")
    return path


@pytest.fixture
def asking() -> Scripted:
    return Scripted()


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path, asking: Scripted) -> Iterator[Opening]:
    """Opens a window on the runs in a folder; with the same settings every time, as for one user."""
    opened: list[MainWindow] = []

    def opening(runs: Path = tmp_path / "runs") -> MainWindow:
        window = MainWindow(runs, QSettings(str(tmp_path / "window.ini"), QSettings.IniFormat), asking)
        opened.append(window)
        window.resize(1400, 900)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    yield opening
    for window in opened:
        for engine in window.engines._engines:
            engine._process.kill()
            engine._process.wait()
        window.close()
        window.deleteLater()
