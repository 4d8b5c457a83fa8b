"""What the window remembers from one time to the next."""

import json
import os
from pathlib import Path

from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QMainWindow

from mtjlab.errors import RefusedError
from mtjlab.gui.look.theme import DARK, THEMES, Theme
from mtjlab.gui.panels.entered import Entered
from mtjlab.procedures.kinds import KINDS

LAYOUT = 2
"""Version of the arrangement of docks; an older one is not restored."""


class Session:
    """How a ``window`` with its ``docking`` area was left, and what was entered in it, in ``settings``."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @property
    def theme(self) -> Theme:
        """Its colours."""
        return THEMES.get(str(self._settings.value("theme", DARK.name)), DARK)

    @property
    def run(self) -> Path | None:
        """The run that was shown, if it is still there."""
        name = str(self._settings.value("run", ""))
        return Path(name) if name and os.path.isdir(name) else None

    def save(self, window: QMainWindow, docking: QMainWindow, entered: Entered, theme: Theme, run: Path | None) -> None:
        """Where everything lies, what is chosen and entered, and which run is shown."""
        measuring = entered.measuring
        for key, value in {
            "geometry": window.saveGeometry(),
            "docks": docking.saveState(LAYOUT),
            "theme": theme.name,
            "bench": str(entered.band.path),
            "simulate": entered.band.simulate.isChecked(),
            "plan": json.dumps(entered.training.form.content),
            "measurement": json.dumps([measuring.kind.name, measuring.form.content]),
            "run": str(run or ""),
        }.items():
            self._settings.setValue(key, value)

    def restore(self, window: QMainWindow, docking: QMainWindow, entered: Entered) -> str:
        """What there is of it; in words what could not be. Docks have to be there already: Qt looks for no others."""
        if (geometry := self._settings.value("geometry")) is not None:
            window.restoreGeometry(geometry)
        complaint = self._restore_entered(entered)
        entered.band.simulate.setChecked(self._settings.value("simulate", False, bool))
        if (state := self._settings.value("docks")) is not None:
            docking.restoreState(state, LAYOUT)
        return complaint

    def _restore_entered(self, entered: Entered) -> str:
        try:
            if os.path.isfile(bench := Path(str(self._settings.value("bench", "")))):
                entered.band.choose(bench)
            entered.training.fill(json.loads(str(self._settings.value("plan", "{}"))))
            if (measurement := self._settings.value("measurement")) is not None:
                name, content = json.loads(str(measurement))
                entered.measuring.fill(KINDS[name], content)
        except (RefusedError, ValueError, LookupError) as error:
            return str(error)
        return ""
