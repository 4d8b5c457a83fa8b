"""What tests of the window share: a plan that is soon carried out, and an operator who answers as a test says."""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mtjlab.gui.window import MainWindow

Opening = Callable[..., MainWindow]
SHORT_PLAN = """
[sweep]
input_step_ua = 10
repetitions = 1

[training]
steps = 2
"""
PATIENCE_MS = 60_000


def click(qtbot: QtBot, button: QPushButton) -> None:
    """A click on a button, as soon as it can be pressed."""
    wait(qtbot, button.isEnabled)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def wait(qtbot: QtBot, holds: Callable[[], object]) -> None:
    """Until it holds."""
    qtbot.waitUntil(holds, timeout=PATIENCE_MS)


def fill(window: MainWindow, steps: int) -> None:
    """A plan that is soon measured, with so many steps."""
    plan = tomllib.loads(SHORT_PLAN)
    window.training.fill({**plan, "training": {"steps": steps, "recognition_every_steps": 0}})


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
