"""What the window remembers from one time to the next."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QSettings

from mtjlab.errors import RefusedError
from mtjlab.procedures.kinds import KINDS

if TYPE_CHECKING:
    from mtjlab.gui.window import MainWindow

LAYOUT = 2
"""Version of the arrangement of docks; an older one is not restored."""


def save_session(window: "MainWindow", settings: QSettings) -> None:
    """Where everything lies, what is chosen and entered, and which run is shown."""
    settings.setValue("geometry", window.saveGeometry())
    settings.setValue("docks", window.docking.saveState(LAYOUT))
    settings.setValue("theme", window.theme.name)
    settings.setValue("bench", str(window.band.path))
    settings.setValue("simulate", window.band.simulate.isChecked())
    settings.setValue("plan", json.dumps(window.training.form.content))
    settings.setValue("measurement", json.dumps([window.measuring.kind.name, window.measuring.form.content]))
    settings.setValue("run", str(window.stage.folder or ""))


def restore_session(window: "MainWindow", settings: QSettings) -> None:
    """What there is of it. Docks have to be in the window already: Qt does not look for others."""
    if settings.value("geometry") is not None:
        window.restoreGeometry(settings.value("geometry"))
    try:
        if os.path.isfile(bench := Path(str(settings.value("bench", "")))):
            window.band.choose(bench)
        window.training.fill(json.loads(str(settings.value("plan", "{}"))))
        if (measurement := settings.value("measurement")) is not None:
            name, content = json.loads(str(measurement))
            window.measuring.fill(KINDS[name], content)
    except (RefusedError, ValueError, LookupError) as error:
        window.notices.say(str(error))
    window.band.simulate.setChecked(settings.value("simulate", False, bool))
    if (state := settings.value("docks")) is not None:
        window.docking.restoreState(state, LAYOUT)


def last_run(settings: QSettings) -> Path | None:
    """The run that was shown, if it is still there."""
    name = str(settings.value("run", ""))
    return Path(name) if name and os.path.isdir(name) else None
