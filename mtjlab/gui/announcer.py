"""Messages on events that the operator must not miss: outcomes of runs, sources that may be on, files written."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from mtjlab.counted import counted
from mtjlab.errors import RefusedError
from mtjlab.events import WiringChecked
from mtjlab.gui.engines.drawings import Drawings
from mtjlab.gui.engines.emergency import StopReport
from mtjlab.gui.engines.engines import Engines
from mtjlab.gui.engines.outcome import Outcome, OutcomeMonitor, has_just_ended
from mtjlab.gui.look.formatting import with_symbols
from mtjlab.gui.notices import Notices
from mtjlab.gui.panels.browser import RunsBrowser
from mtjlab.gui.run.playback import Playback
from mtjlab.run_status import status_report
from mtjlab.store import read_request, run_id

LOOK_MS = 1000
"""Interval of checks whether dangers are resolved."""


class Announcer(QObject):
    """Watches the run that is shown, the ``engines`` and the list of runs; reports each event once.

    What may have left currents on is a danger until its run is known to be safe. ``wiring_checked`` is emitted when a
    wiring check has just ended.
    """

    wiring_checked = pyqtSignal()

    def __init__(
        self, notices: Notices, playback: Playback, engines: Engines, drawings: Drawings, browser: RunsBrowser
    ) -> None:
        super().__init__(playback)
        self._notices, self._playback, self._browser = notices, playback, browser
        notify = notices.notify
        self.outcomes = OutcomeMonitor(self)
        self._known_on: set[Path] = set()
        self._looking = QTimer(self)
        self._looking.timeout.connect(self._resolve)
        self._looking.start(LOOK_MS)
        playback.failed.connect(notify)
        playback.over.connect(self._report_wiring)
        playback.over.connect(self._watch_lost_run)
        self.outcomes.known.connect(self._report_outcome)
        engines.refused.connect(notify)
        drawings.drawn.connect(lambda folder, _: notify(f"Figures saved in {folder}", is_trouble=False))
        drawings.failed.connect(notify)
        engines.exported.connect(self._report_export)
        engines.cancelled.connect(lambda title: notices.confirm(f"Cancelled: {title}"))
        engines.switched_off.connect(self._report_switched_off)
        engines.stopped.connect(self._report_emergency)
        browser.listed.connect(self._report_sources)

    def _report_export(self, files: Sequence[Path]) -> None:
        count = counted(len(files), "file")
        text = f"{count} exported to {files[0].parent}" if files else "Nothing to export"
        self._notices.notify(text, is_trouble=False)

    def _report_wiring(self) -> None:
        """Report the result of a wiring check that has just ended; the view shows that of an older one."""
        follower = self._playback.follower
        if follower is None or not has_just_ended(follower.folder):
            return
        if (checked := follower.builder.state.last(WiringChecked)) is not None:
            text = f"{run_id(follower.folder)}: {with_symbols(checked.sentence)}"
            self._notices.notify(text, is_trouble=bool(checked.mistakes))
            self.wiring_checked.emit()

    def _watch_lost_run(self) -> None:
        folder, report = self._playback.folder, self._playback.status_report
        if folder is not None and report is not None and report.status in ("crashed", "failed"):
            self.outcomes.watch_if_just_ended(folder)

    def _report_outcome(self, outcome: Outcome, folder: Path) -> None:
        if outcome.may_be_on and not _is_simulated(folder):
            self._warn(folder, outcome.text)
        else:
            self._notices.notify(outcome.text, outcome.may_be_on or outcome.has_failed)

    def _report_switched_off(self, text: str, is_trouble: bool, title: str) -> None:
        """Sources that could not be switched off are a danger until another attempt succeeds."""
        if is_trouble:
            self._notices.warn_of_danger(title, text)
        else:
            self._notices.resolve(title)
            self._notices.notify(text, is_trouble=False)
            self._resolve()

    def _report_sources(self) -> None:
        """Report each run once that may have left real outputs on, after the time in which its guardian may act."""
        on = [run for run in self._browser.model.runs if run.status_report.may_be_on and not run.simulated]
        for run in sorted(on, key=lambda run: run.order):
            if run.folder not in self._known_on and not has_just_ended(run.folder):
                self._warn(run.folder, f"{run.run}: {run.status_report.sentence}")

    def _report_emergency(self, report: StopReport | Exception) -> None:
        if isinstance(report, Exception):
            raise report
        for folder in report.sent:
            self.outcomes.watch(folder)
        self._notices.notify(report.text, is_trouble=report != StopReport())
        for folder in report.not_sent:
            self._warn(folder, StopReport(not_sent=(folder,)).text)

    def _warn(self, folder: Path, text: str) -> None:
        self._known_on.add(folder)
        self._notices.warn_of_danger(folder, text)

    def _resolve(self) -> None:
        """End the dangers of runs that are known to be safe by now."""
        for folder in self._notices.dangers:
            with suppress(RefusedError):  # not known
                if isinstance(folder, Path) and (report := status_report(folder)).is_over and not report.may_be_on:
                    self._notices.resolve(folder)


def _is_simulated(folder: Path) -> bool:
    """Whether no chip carries the currents of a run; False if that is not known."""
    with suppress(RefusedError):
        run, bench = (read_request(folder).get(key, {}) for key in ("run", "bench"))
        return bool(run.get("simulate")) or bench.get("kind") == "simulated"
    return False
