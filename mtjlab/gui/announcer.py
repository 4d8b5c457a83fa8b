"""Notices of events that the operator must not miss: outcomes of runs, sources that may be on, files written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PyQt5.QtCore import QObject

from mtjlab.counted import counted
from mtjlab.events import WiringChecked
from mtjlab.gui.engines.drawings import Drawings
from mtjlab.gui.engines.emergency import StopReport
from mtjlab.gui.engines.engines import Engines
from mtjlab.gui.engines.outcome import OutcomeMonitor, has_just_ended
from mtjlab.gui.look.formatting import with_symbols
from mtjlab.gui.panels.browser import RunsBrowser
from mtjlab.gui.run.playback import Playback
from mtjlab.store import run_id


class Notify(Protocol):
    """Shows a text until it is dismissed."""

    def __call__(self, text: str, is_trouble: bool = True) -> None:
        """Show ``text``."""


class Announcer(QObject):
    """Watches the run that is shown, the ``engines`` and the list of runs; reports each event once."""

    def __init__(
        self, notify: Notify, playback: Playback, engines: Engines, drawings: Drawings, browser: RunsBrowser
    ) -> None:
        super().__init__(playback)
        self._notify, self._playback, self._browser = notify, playback, browser
        self.outcomes = OutcomeMonitor(self)
        self._known_on: set[Path] = set()
        playback.failed.connect(notify)
        playback.over.connect(self._report_wiring)
        playback.over.connect(self._watch_lost_run)
        self.outcomes.known.connect(notify)
        engines.refused.connect(notify)
        drawings.drawn.connect(lambda folder: notify(f"Figures saved in {folder}", is_trouble=False))
        drawings.failed.connect(notify)
        engines.exported.connect(self._report_export)
        engines.switched_off.connect(notify)
        engines.stopped.connect(self._report_emergency)
        browser.listed.connect(self._report_sources)

    def _report_export(self, files: Sequence[Path]) -> None:
        count = counted(len(files), "file")
        self._notify(f"{count} exported to {files[0].parent}" if files else "Nothing to export", is_trouble=False)

    def _report_wiring(self) -> None:
        """Report the result of a wiring check that has just ended; the view shows that of an older one."""
        follower = self._playback.follower
        if follower is None or not has_just_ended(follower.folder):
            return
        if (checked := follower.builder.state.last(WiringChecked)) is not None:
            text = f"{run_id(follower.folder)}: {with_symbols(checked.sentence)}"
            self._notify(text, is_trouble=bool(checked.mistakes))

    def _watch_lost_run(self) -> None:
        folder, status_report = self._playback.folder, self._playback.status_report
        if folder is not None and status_report is not None and status_report.status in ("crashed", "failed"):
            self.outcomes.watch_if_just_ended(folder)

    def _report_sources(self) -> None:
        """Report each run once that may have left real outputs on, after the time in which its guardian may act."""
        on = [run for run in self._browser.model.runs if run.status_report.may_be_on and not run.simulated]
        for run in sorted(on, key=lambda run: run.order):
            if run.folder not in self._known_on and not has_just_ended(run.folder):
                self._known_on.add(run.folder)
                self._notify(f"{run.run}: {run.status_report.sentence}")

    def _report_emergency(self, report: StopReport | Exception) -> None:
        if isinstance(report, Exception):
            raise report
        for folder in report.sent:
            self.outcomes.watch(folder)
        self._notify(report.text, is_trouble=report != StopReport())
