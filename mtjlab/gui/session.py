"""State of the window that is saved between sessions."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QMainWindow

from mtjlab.errors import RefusedError
from mtjlab.gui.look.theme import DARK, THEMES, Theme
from mtjlab.gui.panels.run_setup import RunSetup
from mtjlab.procedures.kinds import KINDS

LAYOUT = 2
"""Version of the layout of docks; an older one is not restored."""


class Session:
    """Saves in ``settings`` the layout of the ``window`` and its ``docking`` area, and the content of its forms."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @property
    def theme(self) -> Theme:
        """The saved theme."""
        return THEMES.get(str(self._settings.value("theme", DARK.name)), DARK)

    @property
    def text_steps(self) -> int:
        """How much larger the text is than that of the desktop, in points."""
        return int(self._settings.value("text", 0, int))

    @property
    def run(self) -> Path | None:
        """The run that was shown, if its folder still exists."""
        name = str(self._settings.value("run", ""))
        return Path(name) if name and os.path.isdir(name) else None

    @property
    def columns(self) -> str:
        """State of the columns of the list of runs."""
        return str(self._settings.value("columns", ""))

    @property
    def recent(self) -> list[Path]:
        """Runs that were opened, the latest first, as far as their folders still exist."""
        try:
            names = json.loads(str(self._settings.value("recent", "[]")))
        except ValueError:
            return []
        return [Path(name) for name in names if os.path.isdir(name)]

    def save_runs(self, recent: Sequence[Path], columns: str) -> None:
        """Save the runs opened lately, and the columns of the list of runs."""
        self._settings.setValue("recent", json.dumps([str(folder.resolve()) for folder in recent]))
        self._settings.setValue("columns", columns)

    def save_look(self, theme: Theme, text_steps: int) -> None:
        """Save theme and text size."""
        self._settings.setValue("theme", theme.name)
        self._settings.setValue("text", text_steps)

    def save(self, window: QMainWindow, docking: QMainWindow, setup: RunSetup, run: Path | None) -> None:
        """Save layout, selections, content of the forms, and the run that is shown."""
        measuring = setup.measuring
        for key, value in {
            "geometry": window.saveGeometry(),
            "docks": docking.saveState(LAYOUT),
            "bench": str(setup.band.path),
            "simulate": setup.band.simulate.isChecked(),
            "plan": json.dumps(setup.training.form.content),
            "measurement": json.dumps([measuring.kind.name, measuring.form.content]),
            "run": str(run or ""),
        }.items():
            self._settings.setValue(key, value)

    def restore(self, window: QMainWindow, docking: QMainWindow, setup: RunSetup) -> str:
        """Restore what was saved; returns a message for what could not be. All docks must exist before."""
        if (geometry := self._settings.value("geometry")) is not None:
            window.restoreGeometry(geometry)
        complaint = self._restore_forms(setup)
        setup.band.simulate.setChecked(self._settings.value("simulate", False, bool))
        if (state := self._settings.value("docks")) is not None:
            docking.restoreState(state, LAYOUT)
        return complaint

    def _restore_forms(self, setup: RunSetup) -> str:
        try:
            if os.path.isfile(bench := Path(str(self._settings.value("bench", "")))):
                setup.band.choose(bench)
            setup.training.fill(json.loads(str(self._settings.value("plan", "{}"))))
            if (measurement := self._settings.value("measurement")) is not None:
                name, content = json.loads(str(measurement))
                setup.measuring.fill(KINDS[name], content)
        except (RefusedError, ValueError, LookupError, TypeError) as error:
            return str(error)
        return ""
