"""What tests of the window share: plans that are soon carried out, a hand that clicks, an operator who answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyqtgraph as pg
from PyQt5.QtCore import QPoint, QRect, Qt
from PyQt5.QtWidgets import QAbstractButton, QDockWidget, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from instruments.simulated.log_reading import flows, safe_since_s
from mtjlab.benches.simulators import LOG
from mtjlab.gui.dialogs import always
from mtjlab.gui.panels.form import SectionForm
from mtjlab.gui.panels.form.boxes import Boxes
from mtjlab.gui.views.dots_item import DotsItem
from mtjlab.gui.views.view import View
from mtjlab.gui.window import MainWindow
from mtjlab.run_status import status_report
from tests.support.trainings import TABLE

Opening = Callable[..., MainWindow]
SHORT_PLAN = """
[sweep]
input_step_ua = 10
repetitions = 1

[training]
steps = 2
"""
PATIENCE_MS = 60_000
PERSON = Path(__file__).with_name("person.py")
"""A window and a person in a process of their own."""


@dataclass
class Scripted:
    """Answers questions as a test says, and remembers what was asked; a question that nobody expected is a mistake."""

    answers: list[Any] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def choice(self, title: str, question: str, answers: Sequence[str], is_valid: Callable[[], bool] = always) -> str:
        answer = self._answer(question)
        assert answer in answers
        return str(answer)

    def number(self, title: str, question: str, unit: str) -> float | None:
        return self._answer(question)  # type: ignore[no-any-return]

    def text(self, title: str, question: str) -> str | None:
        return self._answer(title)  # type: ignore[no-any-return]

    def save_as(self, title: str, suggested: Path, kinds: str) -> Path | None:
        return self._answer(title)  # type: ignore[no-any-return]

    def folder(self, title: str, start: Path) -> Path | None:
        return self._answer(title)  # type: ignore[no-any-return]

    def file(self, title: str, start: Path, kinds: str) -> Path | None:
        return self._answer(title)  # type: ignore[no-any-return]

    def _answer(self, question: str) -> Any:
        self.asked.append(question)
        return self.answers.pop(0)


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    """Bring its dock to the front, wait until it can be pressed, press it."""
    widget: QWidget | None = button
    while widget is not None and not isinstance(widget, QDockWidget):
        widget = widget.parentWidget()
    if widget is not None:
        widget.raise_()
    wait(qtbot, lambda: button.isEnabled() and button.isVisible())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def enter(qtbot: QtBot, form: SectionForm, key: str, text: str) -> None:
    """As a person does: over what is there."""
    line = form.editors[key].widget
    if isinstance(line, Boxes):
        enter_in_boxes(qtbot, line, text)
        return
    assert isinstance(line, QLineEdit)
    line.selectAll()
    qtbot.keyClicks(line, text)


def enter_in_boxes(qtbot: QtBot, boxes: Boxes, text: str) -> None:
    """Currents of junctions, with commas between; those of inputs, with semicolons between. Other boxes are emptied."""
    rows = [row.split(",") for row in text.split(";")]
    for j, row in enumerate(boxes.boxes):
        for k, box in enumerate(row):
            box.clear()
            qtbot.keyClicks(box, rows[j][k].strip() if j < len(rows) and k < len(rows[j]) else "")


def wait(qtbot: QtBot, holds: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(holds()), timeout=PATIENCE_MS)


def fill(window: MainWindow, steps: int) -> None:
    """A plan that is soon measured: few tokens of three classes, with so many steps."""
    table = window.runs.with_name("few.csv")
    table.write_text(TABLE, encoding="utf-8")
    window.training.fill(
        {
            "data": {"table": str(table)},
            "sweep": {"input_step_ua": 25, "repetitions": 1},
            "training": {"steps": steps, "recognition_every_steps": 0},
        }
    )


def take_instruments(qtbot: QtBot, window: MainWindow, prompts: Scripted, bench: Path) -> None:
    """Choose the bench file, and have its instruments simulated."""
    prompts.answers.append(bench)
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    click(qtbot, window.band.simulate)
    assert window.band.is_simulated


def select(qtbot: QtBot, window: MainWindow, row: int = 0) -> None:
    """A run of the list, the newest in row 0."""
    window.docks["Runs"].raise_()
    wait(qtbot, lambda: window.browser.shown.rowCount() > row)
    window.browser.table.selectRow(row)


def opened(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """The first run of the list is opened as a person opens it."""
    select(qtbot, window)
    click(qtbot, window.browser.buttons["open"])
    wait(qtbot, lambda: is_over(window))
    return window


def rising_points(view: View, junction: int) -> int:
    """How many points of the rising curve of a junction are drawn."""
    *_, rising = view.findChildren(pg.PlotWidget)[junction].getPlotItem().listDataItems()
    return len(rising.getOriginalDataset()[0])


def heights_of_dots(view: View, junction: int) -> list[float]:
    """Where the dots of a junction are drawn."""
    items = view.findChildren(pg.PlotWidget)[junction].getPlotItem().items
    return [height for item in items if isinstance(item, DotsItem) for _, height in item.places]


def is_over(window: MainWindow) -> bool:
    """Whether all of the run that is shown is read and drawn."""
    is_drawn = not window.draw_queue.is_busy
    return is_drawn and bool((run := window.playback.follower) and run.is_over) and not window.engines.running


def shown(window: MainWindow) -> Path:
    """Folder of the run that is shown."""
    assert window.playback.folder is not None
    return window.playback.folder


def status(window: MainWindow) -> str:
    return status_report(shown(window)).status


def carries_nothing(run: Path) -> bool:
    """Whether no junction carries a current any more, every output off: by the log of the simulated instruments."""
    return safe_since_s(run / LOG) is not None and not any(list(flows(run / LOG))[-1].junctions_a)


def places(window: MainWindow) -> dict[str, QRect]:
    """Where everything is on the screen that one clicks, and the docks."""
    band, bar, training = window.band, window.run_bar, window.training
    parts: dict[str, QWidget] = {
        "stop": band.stop, "connect": band.connection, "check": band.check, "safe": band.safe, "stop run": bar.stop,
        "play": bar.play, "slider": bar.slider, "start": training.start, "queue": training.queue,
        "bell": window.status_bar.bell, "docks": window.docking,
    }  # fmt: skip
    return {name: place(part) for name, part in parts.items()}


def place(widget: QWidget) -> QRect:
    """Where a widget is on the screen."""
    return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())
