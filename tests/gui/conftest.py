"""A window as somebody opens it for the first time, and runs for it to show."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PyQt5.QtCore import QEvent, QSettings
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from mtjlab import experiment
from mtjlab.gui.look.theme import DARK, apply_theme
from mtjlab.gui.window import MainWindow
from tests.gui.windows import PATIENCE_MS, SHORT_PLAN, Opening, Scripted
from tests.support.asking import TrainingRequest, prepare_training
from tests.support.engines import BENCH, PROJECT, UNDRAWN


@contextmanager
def own_folders(folder: Path, qapp: QApplication) -> Iterator[None]:
    """Nothing is remembered from the user's own windows, and vowels are the surrogate; engines see the same.

    No widget outlives it, but those of a window that the tests of a module share: all that there are would be styled
    again by the next.
    """
    is_inside_a_window = bool(qapp.topLevelWidgets())
    apply_theme(qapp, DARK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]))
        patch.setattr("mtjlab.gui.engines.engine.PROGRAM", (sys.executable, str(UNDRAWN)))
        patch.setenv("MTJLAB_VOWELS", "")
        for variable in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(variable, str(folder / variable.lower()))
        yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if not is_inside_a_window:
        for widget in qapp.topLevelWidgets():  # context menus of plots, which nobody owns
            widget.deleteLater()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, qapp: QApplication) -> Iterator[None]:
    with own_folders(tmp_path, qapp):
        yield


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
def prompts() -> Scripted:
    return Scripted()


@contextmanager
def windows(qapp: QApplication, folder: Path, prompts: Scripted) -> Iterator[Opening]:
    """Opens windows on the runs in a folder; with the same settings every time, as for one user."""
    opened: list[MainWindow] = []

    def opening(runs: Path = folder / "runs") -> MainWindow:
        window = MainWindow(runs, QSettings(str(folder / "window.ini"), QSettings.IniFormat), prompts)
        opened.append(window)
        window.resize(1400, 900)
        window.show()
        window.activateWindow()
        assert QTest.qWaitForWindowActive(window, PATIENCE_MS)
        return window

    yield opening
    for window in opened:
        for engine in window.engines._engines:
            engine._process.kill()
            engine._process.wait()
        window.close()
        window.deleteLater()


@pytest.fixture
def open_window(qapp: QApplication, tmp_path: Path, prompts: Scripted) -> Iterator[Opening]:
    with windows(qapp, tmp_path, prompts) as opening:
        yield opening


@pytest.fixture(scope="module")
def common_window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """One window for all tests of a module; each leaves it as it found it."""
    folder = tmp_path_factory.mktemp("common")
    with own_folders(folder, qapp), windows(qapp, folder, Scripted()) as opening:
        yield opening()
