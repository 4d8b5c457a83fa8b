"""The main window: puts band, docks, engines and the run that is shown together; it decides nothing."""

from functools import partial
from pathlib import Path

from PyQt5.QtCore import QSettings, Qt, QTimer
from PyQt5.QtGui import QCloseEvent, QShowEvent
from PyQt5.QtWidgets import (
    QAction,
    QApplication,
    QMainWindow,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWhatsThis,
    QWidget,
)

from mtjlab.gui.announcer import Announcer
from mtjlab.gui.commands import Commands
from mtjlab.gui.dialogs import Dialogs, Prompts, about_qt
from mtjlab.gui.docks import Dock, PanelDock, PictureDock
from mtjlab.gui.draw_queue import DrawQueue
from mtjlab.gui.engines.engines import Engines
from mtjlab.gui.engines.questions import CANCEL, STOP, ask_what_becomes, what_is_left
from mtjlab.gui.engines.queue import Queue
from mtjlab.gui.help import guide, keys
from mtjlab.gui.input_filter import EMERGENCY_KEYS, InputFilter
from mtjlab.gui.launcher import Launcher
from mtjlab.gui.layout import REFERENCES, arrange, bring_forward, show_results
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.screens import fit
from mtjlab.gui.look.theme import THEMES, Theme, dress
from mtjlab.gui.menus import LINE, Choice, Entry, add_menus
from mtjlab.gui.notices import Notices
from mtjlab.gui.panels.activity import ActivityLine, activity_of
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.browser import RunsBrowser
from mtjlab.gui.panels.manual import ManualPanel
from mtjlab.gui.panels.measure import MeasurePanel
from mtjlab.gui.panels.queue import QueuePanel
from mtjlab.gui.panels.run_bar import RunBar
from mtjlab.gui.panels.run_setup import RunSetup
from mtjlab.gui.panels.training import TrainingPanel
from mtjlab.gui.run.playback import Playback
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.run_actions import RunActions
from mtjlab.gui.session import Session
from mtjlab.gui.views.bench_table import BenchTable
from mtjlab.gui.views.chain import Chain
from mtjlab.gui.views.comparison import Comparison
from mtjlab.gui.views.confusion import ConfusionMatrix
from mtjlab.gui.views.critical_inputs import CriticalInputs
from mtjlab.gui.views.curves import ResistanceCurves
from mtjlab.gui.views.dwell_times import DwellTimes
from mtjlab.gui.views.mean_dwells import MeanDwells
from mtjlab.gui.views.run_log import RunLog
from mtjlab.gui.views.switching_map import SwitchingMap
from mtjlab.gui.views.training_history import ControlCurrentHistory, RecognitionHistory
from mtjlab.gui.views.view import View
from mtjlab.gui.views.voltages import Voltages
from mtjlab.gui.views.wiring import Wiring
from mtjlab.procedures.kinds import KINDS
from mtjlab.ready import CONFIGS
from mtjlab.requests import ManualRequest
from mtjlab.runs.watching import ask_to_stop
from mtjlab.store import add_request

VIEWS: tuple[type[View], ...] = (
    Chain, SwitchingMap, ResistanceCurves, Voltages, RunLog, BenchTable, RecognitionHistory, ControlCurrentHistory,
    ConfusionMatrix, CriticalInputs, DwellTimes, MeanDwells, Wiring,
)  # fmt: skip
PREPARE_MS = 50
SIZE = 1500, 900


class MainWindow(QMainWindow):
    """All of the window. Engines are processes of their own: nothing that happens here stops one by accident."""

    def __init__(self, runs: Path, settings: QSettings, prompts: Prompts | None = None) -> None:
        super().__init__()
        self.setWindowTitle("mtjlab")
        self.resize(*SIZE)
        self.runs = runs
        self.prompts: Prompts = prompts or Dialogs(self)
        self._session = Session(settings)
        self.theme = self._session.theme
        self._procedure, self._has_references = "", False
        self._has_been_shown = False
        self.draw_queue = DrawQueue(self)
        self.playback, self.engines = Playback(self, lambda: self.draw_queue.is_busy), Engines(runs, self)
        self.queue = Queue(self.engines, self)
        self.band, self.notices = BenchBand(), Notices(self.theme)
        self.activity = ActivityLine(self._current_activity)
        self.run_bar, self.training = RunBar(self.playback, self.theme), TrainingPanel(self.band)
        self.measuring, self.manual = MeasurePanel(self.band, lambda: self.training.plan, runs), ManualPanel()
        self._setup = RunSetup(self.band, self.training, self.measuring)
        self.commands = Commands(runs, self._setup, self.prompts)
        self.launcher = Launcher(self.commands, self.engines, self.queue, self.notices.notify)
        self.browser, self.comparison = RunsBrowser(runs, self.theme), Comparison(self.theme)
        self.views = {view.title: view(self.theme) for view in VIEWS}  # type: ignore[call-arg]
        self.docking = self._lay_out()
        self.docks = self._docks()
        fit(self)
        self.docking.resize(self.size())
        self.arrange()
        self._actions = RunActions(self.playback, self.launcher, self._setup, self.comparison, self._bring)
        self.input_filter = InputFilter(self, self.band.stop)  # after the thousands of events of an arrangement
        self._connect()
        self._announcer = Announcer(self.notices.notify, self.playback, self.engines, self.browser)
        self._announcer.outcomes.known.connect(lambda *_: self.run_bar.look_again())
        if complaint := self._session.restore(self, self.docking, self._setup):
            self.notices.notify(complaint)
        fit(self)
        self._add_menus()
        self._show_bench()
        preparing = QTimer(self)
        preparing.setSingleShot(True)
        preparing.timeout.connect(self._prepare)
        preparing.start(PREPARE_MS)

    def arrange(self) -> None:
        """Put every dock where it was at first."""
        arrange(self.docking, self.docks)

    def dress(self, theme: Theme) -> None:
        """Take on the colours of ``theme``."""
        self.theme = theme
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        dress(application, theme)
        for part in (*self.views.values(), self.comparison, self.browser, self.notices, self.run_bar):
            part.dress(theme)

    def ask_bench(self, wish: ManualRequest) -> None:
        """Ask the bench that is held for other currents."""
        if (folder := self.engines.held) is not None:
            add_request(folder, wish)

    def stop_shown(self, now: bool) -> None:
        """Ask the run that is shown to stop."""
        folder = self.playback.folder
        if folder is None:
            return
        doubt = ask_to_stop(folder, now, by="the Stop button of the window")
        self.run_bar.say_asked()
        if doubt:
            self.notices.notify(doubt)

    def stop_everything(self) -> None:
        """Emergency stop."""
        self.engines.stop_everything(self.playback.folder)
        self.queue.hold("there was an emergency stop")

    def ask_for_run(self) -> None:
        """Have a folder chosen, and show its run."""
        if (folder := self.prompts.folder("Folder of a run", self.runs)) is not None:
            self.playback.open(folder)

    def ask_for_bench(self) -> None:
        """Have a bench file chosen."""
        if (path := self.prompts.file("Bench file", CONFIGS, "Bench files (*.toml)")) is not None:
            self.band.choose(path)

    def open_first(self, run: Path | None) -> None:
        """Show ``run``; or else what is going on, or what was shown the last time."""
        if run is not None:
            self.playback.open(run)
        elif self.browser.has_listed:
            self._open_what_goes_on()
        else:
            self.browser.listed.connect(self._on_first_list)

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802  Qt's name
        """From now on it follows its screen: another one, or one that has become smaller."""
        super().showEvent(event)
        if not self._has_been_shown and (handle := self.windowHandle()) is not None:
            self._has_been_shown = True
            handle.screenChanged.connect(lambda _: fit(self))
            for screen in QApplication.screens():
                screen.availableGeometryChanged.connect(lambda _: fit(self))

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802  Qt's name
        """Ask what shall become of runs that were started here; then remember how everything was."""
        answer = ask_what_becomes(self.prompts, partial(what_is_left, self.engines, self.queue))
        if answer == CANCEL:
            if event:
                event.ignore()
            return
        if answer == STOP:
            self.engines.stop_own()
        self._session.save(self, self.docking, self._setup, self.theme, self.playback.folder)
        self.playback.close()
        self.draw_queue.clear()
        for part in (self.activity, self.browser, self._actions, self.engines, self.input_filter):
            part.end()
        super().closeEvent(event)

    def _bring(self, title: str) -> None:
        """Show the dock of this title in front of those that share its place."""
        self.docks[title].show()
        self.docks[title].raise_()

    def _show_new(self, folder: Path) -> None:
        self.playback.open(folder)
        for name in ("Chain", "Manual") if self.engines.held == folder else ():
            self.docks[name].raise_()
        self.browser.refresh()

    def _on_first_list(self) -> None:
        self.browser.listed.disconnect(self._on_first_list)
        self._open_what_goes_on()

    def _open_what_goes_on(self) -> None:
        if self.playback.folder is None:
            going_on = [run for run in self.browser.model.runs if run.status_report.status == "running"]
            last = max(going_on, key=lambda run: run.order).folder if going_on else self._session.run
            if (folder := last) is not None:
                self.playback.open(folder)

    def _connect(self) -> None:
        self.playback.shown.connect(self._draw)
        self.playback.shown.connect(self._show_by_hand)
        self.playback.shown.connect(self._adopt)
        self.playback.shown.connect(self._bring_forward)
        self.playback.over.connect(self.browser.refresh)
        self.playback.over.connect(self._enable)
        self.engines.found.connect(self._show_new)
        self.engines.switched_off.connect(lambda *_: self.browser.refresh())
        self.engines.changed.connect(self._enable)
        self.engines.changed.connect(self.activity.look)
        self.training.start_asked.connect(self.launcher.start_training)
        self.training.queue_asked.connect(self.launcher.queue_training)
        self.training.form.changed.connect(self.measuring.look_again)
        self.measuring.start_asked.connect(self.launcher.start_measuring)
        self.measuring.queue_asked.connect(self.launcher.queue_measuring)
        self.band.changed.connect(self._show_bench)
        self.manual.asked.connect(self.ask_bench)
        self.band.connect_asked.connect(self.launcher.connect_or_disconnect)
        self.band.check_asked.connect(self.launcher.start_check)
        self.band.safe_asked.connect(self.launcher.switch_off)
        for emergency in (self.band.emergency, self.input_filter.stop_asked):
            emergency.connect(self.stop_everything)
        self.band.other_asked.connect(self.ask_for_bench)
        self.run_bar.stop_asked.connect(self.stop_shown)
        self.browser.asked.connect(self._actions.do)

    def _current_activity(self) -> str:
        """Of an engine that has nothing to show yet, or of the run that is shown."""
        follower = self.playback.follower
        goes_on = follower is not None and follower.status_report.status == "running"
        return self.engines.activity or (activity_of(follower.snapshot) if follower and goes_on else "")

    def _enable(self) -> None:
        is_free = not self.engines.running
        self.training.set_free(is_free)
        self.measuring.set_free(is_free)
        self.band.show_connection(bool(self.engines.holding or self.engines.held), is_free)

    def _show_bench(self) -> None:
        view = self.views["Bench"]
        assert isinstance(view, BenchTable)
        view.choose(self.band.config)

    def _draw(self, snapshot: Snapshot | None) -> None:
        """While a run is followed, views that are seen draw one after another: nothing waits for all of them."""
        for view in self.views.values():
            if view.is_seen and self.playback.place is None:
                self.draw_queue.add(view, partial(view.show_snapshot, snapshot))
            else:
                view.show_snapshot(snapshot)

    def _show_by_hand(self, snapshot: Snapshot | None) -> None:
        """Manual control is for the connected bench at present: not for another run, and not for a replay."""
        is_now = snapshot is not None and snapshot.state.ended is None and self.playback.place is None
        self.manual.show_snapshot(
            snapshot if snapshot and is_now and self.engines.holds(snapshot.info.folder) else None
        )

    def _prepare(self) -> None:
        """Make the plots that are visible; those of a covered dock are made when it is first brought to the front."""
        for view in self.views.values():
            if view.is_seen:
                self.draw_queue.add(view.title, partial(view.prepare, self.band.config.junctions))

    def _adopt(self, snapshot: Snapshot | None) -> None:
        """Of what is shown a bench turned by hand is let go of from here, too; a training is one to classify with."""
        started = snapshot.state.started if snapshot else None
        kind = KINDS.get(started.procedure) if started else None
        if snapshot is None or kind is None:
            return
        if kind.learns:
            self.measuring.offer_network(snapshot.info.folder)
        if kind.is_held and snapshot.info.folder != self.engines.adopted:
            self.engines.adopted = snapshot.info.folder
            self._enable()

    def _bring_forward(self, snapshot: Snapshot | None) -> None:
        """A run of another procedure than the one before has other things to show; more once references are known."""
        if snapshot is None or (started := snapshot.state.started) is None:
            return
        has_references = snapshot.state.measured is not None
        if started.procedure != self._procedure:
            bring_forward(self.docks, started.procedure, has_references)
        elif has_references and not self._has_references and self.views[REFERENCES].is_seen:
            show_results(self.docking, self.docks, started.procedure)
        self._procedure, self._has_references = started.procedure, has_references

    def _docks(self) -> dict[str, Dock]:
        pictures = [PictureDock(each, self.prompts, self.docking) for each in (*self.views.values(), self.comparison)]
        parts = {
            "Training": self.training,
            "Measure": self.measuring,
            "Manual": self.manual,
            "Runs": self.browser,
            "Queue": QueuePanel(self.queue),
        }
        panels = [PanelDock(title, part, self.docking) for title, part in parts.items()]
        return {dock.windowTitle(): dock for dock in (*pictures, *panels)}

    def _lay_out(self) -> QMainWindow:
        docking = QMainWindow()
        docking.setWindowFlags(Qt.WindowType.Widget)
        docking.setDockNestingEnabled(True)
        docking.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        area = QScrollArea()  # docks that need more room than there is push nothing off the screen
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(docking)
        whole = QWidget()
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for part in (self.band, self.notices, self.run_bar, self.activity):
            box.addWidget(part)
        box.addWidget(area, stretch=1)
        self.setCentralWidget(whole)
        return docking

    def _add_menus(self) -> None:
        launcher, playback = self.launcher, self.playback
        themes = [Entry(f"&{name.capitalize()}", partial(self.dress, theme)) for name, theme in THEMES.items()]
        file = (
            Entry("&Open a run ...", self.ask_for_run, ("Ctrl+O",)),
            Entry("Choose a &bench file ...", self.ask_for_bench, ("Ctrl+B",)),
            LINE,
            Entry("&Quit", self.close, ("Ctrl+Q",)),
        )
        run = (
            Entry("&Start training", launcher.start_training, ("Ctrl+R",)),
            Entry("Start &measuring", launcher.start_measuring, ("Ctrl+M",)),
            Entry("Co&nnect, or disconnect", launcher.connect_or_disconnect, ("Ctrl+N",)),
            Entry("&Check wiring", launcher.start_check, ("Ctrl+K",)),
            Entry("Switch all sources &off", launcher.switch_off),
            Entry("S&top the run that is shown", partial(self.stop_shown, False), ("Ctrl+.",)),
            LINE,
            Entry("&Play its steps, or pause", self.run_bar.play.toggle, ("Ctrl+P",)),
            Entry("Step &back", partial(playback.move, -1), ("Ctrl+Left",)),
            Entry("Step &forward", partial(playback.move, 1), ("Ctrl+Right",)),
            LINE,
            Entry("&EMERGENCY STOP of all runs", self.stop_everything, EMERGENCY_KEYS),
        )
        view = (
            Choice(tuple(themes), f"&{self.theme.name.capitalize()}"),
            LINE,
            Entry("&Arrange as at first", self.arrange, ("Ctrl+0",)),
            LINE,
            *(sure(dock.toggleViewAction()) for dock in self.docks.values()),
        )
        help_ = (
            Entry("&Guide", lambda: guide(self).show(), ("F1",)),
            Entry("&Keys", lambda: keys(self.findChildren(QAction), self).show(), ("Ctrl+H",)),
            Entry("What is &this?", QWhatsThis.enterWhatsThisMode, ("Shift+F1",)),
            LINE,
            Entry("About &Qt", about_qt),
        )
        add_menus(sure(self.menuBar()), {"&File": file, "&Run": run, "&View": view, "&Help": help_})
