"""Window of a tool: its options as a form, its output, and buttons to start and stop it."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtGui import QFontDatabase
from PyQt5.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from mtjlab.config.keys import keys_of
from mtjlab.gui.activity import Activity
from mtjlab.gui.dialogs import FormWindow
from mtjlab.gui.engines.engine import Engine
from mtjlab.gui.engines.tools import Tool
from mtjlab.gui.look.label import FAINT, Label
from mtjlab.gui.panels.activity import ActivityLine
from mtjlab.gui.panels.form import SectionForm
from mtjlab.gui.panels.form.offers import Offers

SIZE = 640, 520
STOPPED, STOPPED_TEXT = "The window stopped it", "Stopped."


class ToolDialog(FormWindow):
    """Runs ``tool``: ``start`` starts a command as a process, ``arguments`` makes it from the content of the form.

    Closing the window stops only what would go on for ever. ``made_run`` gives the run that the tool has created.
    """

    made_run = pyqtSignal(Path)

    def __init__(
        self,
        tool: Tool,
        about: str,
        arguments: Callable[[dict[str, Any]], list[str]],
        start: Callable[[Sequence[str]], Engine],
        offers: Offers,
        parent: QWidget,
    ) -> None:
        """``about``: the run or bench that the tool works on, for the operator."""
        super().__init__(tool.title, SIZE, parent)
        self.tool = tool
        self._arguments, self._start_engine = arguments, start
        self._engine: Engine | None = None
        help_text, on = Label(tool.help), Label(about)
        for label in (help_text, on):
            label.setWordWrap(True)
        help_text.setForegroundRole(FAINT)
        self.form = SectionForm(tool.model, (), offers=offers)
        self.form.setVisible(bool(keys_of(tool.model)))
        self.output = QPlainTextEdit()
        self.output.setReadOnly(True)
        self.output.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.output.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.output.setPlaceholderText("The output appears here.")
        self.start, self.stop, self.dismiss = QPushButton("Start"), QPushButton(), QPushButton("Close")
        self.stop.setText("Stop" if tool.goes_on else "Cancel")
        self.activity = ActivityLine(lambda: [Activity(tool.title)] if self._engine is not None else [])
        self._is_stopped = False
        box = QVBoxLayout(self)
        for part in (help_text, on, self.form):
            box.addWidget(part)
        box.addWidget(self.output, stretch=1)
        line = QHBoxLayout()
        line.addWidget(self.activity, stretch=1)
        for button in (self.start, self.stop, self.dismiss):
            button.setAutoDefault(False)
            line.addWidget(button)
        box.addLayout(line)
        self.form.changed.connect(self._enable)
        self.start.clicked.connect(self._start)
        self.stop.clicked.connect(self._stop)
        self.dismiss.clicked.connect(self._dismiss)
        self._enable()

    def done(self, result: int) -> None:
        """Stop what would go on for ever; anything else ends by itself, and is reported by the window."""
        if self._engine is not None:
            self._engine.output.disconnect(self._show)
            self._engine.ended.disconnect(self._on_ended)
            if self.tool.goes_on:
                self._engine.stop(STOPPED)
        self.activity.end()
        super().done(result)

    def _start(self) -> None:
        self.output.clear()
        self._is_stopped = False
        self._engine = self._start_engine(self._arguments(self.form.content))
        self._engine.output.connect(self._show)
        self._engine.ended.connect(self._on_ended)
        self._enable()

    def _dismiss(self) -> None:
        self.close()

    def _stop(self) -> None:
        if self._engine is not None:
            self._is_stopped = True
            self._engine.stop(STOPPED)

    def _show(self, text: str) -> None:
        self.output.setPlainText(text)

    def _on_ended(self, code: int, output: str) -> None:
        self._engine = None
        result = _result(output)
        ended = f"Ended with exit code {code}." if code and not output else ""
        text = _without_json(output) if result else output
        self._show("\n".join(filter(None, (text, STOPPED_TEXT if self._is_stopped else ended))) or "Done.")
        self._enable()
        if self.tool.makes_run and code == 0 and "run" in result:
            self.made_run.emit(Path(result["run"]))

    def _enable(self) -> None:
        is_running = self._engine is not None
        self.start.setEnabled(not is_running and not self.form.complaints)
        self.stop.setEnabled(is_running)
        self.activity.look()


def _result(output: str) -> dict[str, Any]:
    """The JSON object in the last line of an output; empty if there is none."""
    with suppress(ValueError, IndexError):
        result = json.loads(output.splitlines()[-1])
        return result if isinstance(result, dict) else {}
    return {}


def _without_json(output: str) -> str:
    """Text of an output that ends with a JSON object: the lines before, or the keys of the object."""
    before = "\n".join(output.splitlines()[:-1])
    return before or "\n".join(f"{key.replace('_', ' ')}: {value}" for key, value in _result(output).items())
