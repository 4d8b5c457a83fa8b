"""What happened and nobody may miss, said in the notices: how runs ended, sources that may be on, what was written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PyQt5.QtCore import QObject

from mtjlab.counted import counted
from mtjlab.events import WiringChecked
from mtjlab.gui.engines.aftermath import Aftermath, has_just_ended
from mtjlab.gui.engines.emergency import Reached
from mtjlab.gui.engines.engines import Engines
from mtjlab.gui.look.words import with_symbols
from mtjlab.gui.panels.browser import RunsBrowser
from mtjlab.gui.run.playback import Playback
from mtjlab.store import run_id


class Say(Protocol):
    """Shows a text until it is put away."""

    def __call__(self, text: str, is_trouble: bool = True) -> None:
        """Show ``text``."""


class Announcer(QObject):
    """Listens to the run that is shown, to ``engines`` and to the list of runs; each thing is said once."""

    def __init__(self, say: Say, playback: Playback, engines: Engines, browser: RunsBrowser) -> None:
        super().__init__(playback)
        self._say, self._playback, self._browser = say, playback, browser
        self.aftermath = Aftermath(self)
        self._known_on: set[Path] = set()
        playback.failed.connect(say)
        playback.over.connect(self._tell_of_wiring)
        playback.over.connect(self._look_after_lost_run)
        self.aftermath.told.connect(say)
        engines.refused.connect(say)
        engines.drawn.connect(lambda folder: say(f"Figures are in {folder}", is_trouble=False))
        engines.exported.connect(self._tell_of_export)
        engines.taken_down.connect(say)
        engines.stopped.connect(self._tell_of_emergency)
        browser.listed.connect(self._tell_of_sources)

    def _tell_of_export(self, files: Sequence[Path]) -> None:
        count = counted(len(files), "file")
        self._say(f"{count} exported into {files[0].parent}" if files else "Nothing to export", is_trouble=False)

    def _tell_of_wiring(self) -> None:
        """Of a check that ended just now; an old one that is opened says it in its view."""
        follower = self._playback.follower
        if follower is None or not has_just_ended(follower.folder):
            return
        if (checked := follower.builder.state.last(WiringChecked)) is not None:
            text = f"{run_id(follower.folder)}: {with_symbols(checked.sentence)}"
            self._say(text, is_trouble=bool(checked.mistakes))

    def _look_after_lost_run(self) -> None:
        folder, status_report = self._playback.folder, self._playback.status_report
        if folder is not None and status_report is not None and status_report.status in ("crashed", "failed"):
            self.aftermath.watch_if_just_ended(folder)

    def _tell_of_sources(self) -> None:
        """Of runs that may have left real outputs on, once each, when no guardian can be about to act any more."""
        on = [run for run in self._browser.model.runs if run.status_report.may_be_on and not run.simulated]
        for run in sorted(on, key=lambda run: run.order):
            if run.folder not in self._known_on and not has_just_ended(run.folder):
                self._known_on.add(run.folder)
                self._say(f"{run.run}: {run.status_report.sentence}")

    def _tell_of_emergency(self, reached: Reached | Exception) -> None:
        if isinstance(reached, Exception):
            raise reached
        for folder in reached.told:
            self.aftermath.watch(folder)
        self._say(f"EMERGENCY STOP: {reached.words}", is_trouble=reached != Reached())
