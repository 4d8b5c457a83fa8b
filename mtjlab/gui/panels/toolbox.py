"""Opens the windows of tools, and runs their commands as processes of their own."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtWidgets import QWidget

from mtjlab.gui.activity import Activity
from mtjlab.gui.engines.engine import Engine
from mtjlab.gui.engines.tools import BY_COMMAND, Tool
from mtjlab.gui.panels.form import absolute_paths
from mtjlab.gui.panels.setup_form import SetupContext
from mtjlab.gui.panels.tool_dialog import ToolDialog
from mtjlab.store import run_id


class Toolbox(QObject):
    """``made_run`` gives the folder of a run that a tool has created, such as a recovered one."""

    made_run = pyqtSignal(Path)

    def __init__(self, context: SetupContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._window = context, parent
        self._engines: list[Engine] = []

    @property
    def activities(self) -> tuple[Activity, ...]:
        """What the tools are doing."""
        return tuple(Activity(engine.title, cancel=engine.cancel) for engine in self._engines if engine.is_running)

    def open(self, command: str, run: Path | None = None) -> ToolDialog:
        """Open the window of the tool with this ``command``, for ``run`` if it works on one."""
        tool = BY_COMMAND[command]
        dialog = ToolDialog(
            tool,
            self._about(tool, run),
            lambda content: self._arguments(tool, dialog, content, run),
            partial(self._start, tool.title),
            self._context.offers,
            self._window,
        )
        dialog.made_run.connect(self.made_run)
        dialog.show()
        return dialog

    def end(self) -> None:
        """Stop what would go on for ever without the window."""
        for dialog in self._window.findChildren(ToolDialog):
            dialog.close()

    def _about(self, tool: Tool, run: Path | None) -> str:
        match tool.needs:
            case "run":
                return f"Run {run_id(run)}" if run else ""
            case "bench":
                return f"Bench file {self._context.band.path.name}"
            case "runs":
                return f"Runs in {self._context.runs}"
            case _:
                return ""

    def _arguments(self, tool: Tool, dialog: ToolDialog, content: dict[str, Any], run: Path | None) -> list[str]:
        context = self._context
        return tool.arguments(absolute_paths(dialog.form, content), run, context.band.path, context.runs)

    def _start(self, title: str, arguments: Sequence[str]) -> Engine:
        engine = Engine(arguments, self._context.runs, title, parent=self)
        self._engines.append(engine)
        engine.ended.connect(lambda *_: self._forget(engine))
        return engine

    def _forget(self, engine: Engine) -> None:
        self._engines.remove(engine)
        engine.deleteLater()
