"""A window as somebody opens it for the first time, and runs for it to show."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mtjlab import experiment
from mtjlab.gui.theme import DARK, dress
from mtjlab.gui.window import MainWindow

SHORT_PLAN = """
[sweep]
input_step_ua = 10
repetitions = 1

[training]
steps = 2
"""
PATIENCE_MS = 60_000


@dataclass
class Scripted:
    """Answers questions as a test says, and remembers what was asked; a question that nobody expected is a mistake."""

    answers: list[Any] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def choice(self, title: str, question: str, answers: Sequence[str]) -> str:
        answer = self._answer(question)
        assert answer in answers
        return str(answer)

    def number(self, title: str, question: str, suggested: float) -> float | None:
        return self._answer(question)  # type: ignore[no-any-return]

    def save_as(self, title: str, suggested: Path, kinds: str) -> Path | None:
        return self._answer(title)  # type: ignore[no-any-return]

    def folder(self, title: str, start: Path) -> Path | None:
        return self._answer(title)  # type: ignore[no-any-return]

    def file(self, title: str, start: Path, kinds: str) -> Path | None:
        return self._answer(title)  # type: ignore[no-any-return]

    def _answer(self, question: str) -> Any:
        self.asked.append(question)
        return self.answers.pop(0)


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is remembered from the user's own windows, and vowels are the surrogate; engines see the same."""
    monkeypatch.setenv("MTJLAB_VOWELS", "")
    for variable in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a short training that is over."""
    folder = tmp_path_factory.mktemp("trained")
    plan = folder / "plan.toml"
    plan.write_text(SHORT_PLAN, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTJLAB_VOWELS", "")
        patch.setattr("mtjlab.vowels.files.user_folder", lambda: folder / "user")
        prepared = experiment.prepare_training(experiment.TrainingRequest(plan=plan))
        return experiment.run_training(prepared, folder / "runs").folder


@pytest.fixture
def asking() -> Scripted:
    return Scripted()


@pytest.fixture
def open_window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, asking: Scripted
) -> Iterator[Callable[..., MainWindow]]:
    """Opens a window on the runs in a folder; with the same settings every time, as for one user."""
    opened: list[MainWindow] = []

    def opening(runs: Path = tmp_path / "runs") -> MainWindow:
        dress(qapp, DARK)
        window = MainWindow(runs, QSettings(str(tmp_path / "window.ini"), QSettings.IniFormat), asking)
        opened.append(window)
        window.resize(1400, 900)
        window.show()
        return window

    yield opening
    for window in opened:
        for engine in window.engines.running:
            engine.kill()
        asking.answers = []
        window.close()
