"""The main window: connects the bench band, docks, engines and the run that is shown."""

from datetime import datetime
from functools import partial
from pathlib import Path

from PyQt5.QtCore import QPoint, QSettings
from PyQt5.QtGui import QCloseEvent, QShowEvent
from PyQt5.QtWidgets import (
    QAction,
    QApplication,
    QMainWindow,
    QVBoxLayout,
    QWhatsThis,
    QWidget,
)

from mtjlab.gui.activity import Activity
from mtjlab.gui.announcer import Announcer
from mtjlab.gui.closing import Closing
from mtjlab.gui.commands import CHECK, MANUAL, Commands
from mtjlab.gui.dialogs import Dialogs, Prompts, about_qt, whole_text
from mtjlab.gui.display import Display
from mtjlab.gui.docking import Docking, DockingArea
from mtjlab.gui.docks import Dock, PanelDock, PictureDock, is_covered
from mtjlab.gui.draw_queue import DrawQueue
from mtjlab.gui.engines.drawings import Drawings
from mtjlab.gui.engines.engine import Engine
from mtjlab.gui.engines.engines import Engines
from mtjlab.gui.engines.questions import CANCEL, STOP, ask_before_closing, open_work
from mtjlab.gui.engines.queue import Queue
from mtjlab.gui.engines.tools import TOOLS, Tool
from mtjlab.gui.help import about, guide, keys
from mtjlab.gui.input_filter import EMERGENCY_KEYS, InputFilter
from mtjlab.gui.launcher import Launcher
from mtjlab.gui.look.focus import FocusKeeper, FocusMarker
from mtjlab.gui.look.qt import application, sure
from mtjlab.gui.look.screens import fit
from mtjlab.gui.look.text_size import TextSize
from mtjlab.gui.look.theme import THEMES, Theme, apply_theme
from mtjlab.gui.menus import SEPARATOR, Choice, Entry, Group, Submenu, add_menus
from mtjlab.gui.notices import Notices
from mtjlab.gui.panels.activity import activity_of
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.browser import RunsBrowser
from mtjlab.gui.panels.danger_line import DangerLine
from mtjlab.gui.panels.kind_dialog import KindDialog
from mtjlab.gui.panels.manual import ManualPanel
from mtjlab.gui.panels.measure import MeasurePanel
from mtjlab.gui.panels.offered import Offered
from mtjlab.gui.panels.queue import QueuePanel
from mtjlab.gui.panels.run_bar import RunBar
from mtjlab.gui.panels.run_setup import RunSetup
from mtjlab.gui.panels.setup_form import SetupContext
from mtjlab.gui.panels.status_bar import StatusBar
from mtjlab.gui.panels.toasts import Toasts
from mtjlab.gui.panels.toolbox import Toolbox
from mtjlab.gui.panels.training import TrainingPanel
from mtjlab.gui.recent_runs import RecentRuns
from mtjlab.gui.run.playback import Playback
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.run_actions import RunActions
from mtjlab.gui.session import Session
from mtjlab.gui.views.bench_table import BenchTable
from mtjlab.gui.views.chain import Chain
from mtjlab.gui.views.comparison import ComparisonView
from mtjlab.gui.views.confusion import ConfusionMatrix
from mtjlab.gui.views.critical_inputs import CriticalInputs
from mtjlab.gui.views.curves import ResistanceCurves
from mtjlab.gui.views.dwell_times import DwellTimes
from mtjlab.gui.views.energy import EnergyView
from mtjlab.gui.views.field_loops import FieldLoops
from mtjlab.gui.views.field_slopes import FieldSlopes
from mtjlab.gui.views.mean_dwells import MeanDwells
from mtjlab.gui.views.pulses import Pulses
from mtjlab.gui.views.run_log import RunLog
from mtjlab.gui.views.switching_map import SwitchingMap
from mtjlab.gui.views.training_history import ControlCurrentHistory, RecognitionHistory
from mtjlab.gui.views.view import View
from mtjlab.gui.views.voltages import Voltages
from mtjlab.gui.views.wiring import Wiring
from mtjlab.procedures.kinds import KINDS
from mtjlab.requests import ManualRequest
from mtjlab.runs.watching import ask_to_stop
from mtjlab.store import add_request, run_id
from mtjlab.supplied_configs import CONFIGS

VIEWS: tuple[type[View], ...] = (
    Chain, SwitchingMap, ResistanceCurves, Voltages, RunLog, BenchTable, RecognitionHistory, ControlCurrentHistory,
    ConfusionMatrix, CriticalInputs, DwellTimes, MeanDwells, Pulses, FieldLoops, FieldSlopes, EnergyView,
    Wiring,
)  # fmt: skip
PRESETS = "presets"
"""Folder of the presets of all forms, beside the settings."""
SIZE = 1500, 900
CLOSING = "the window was to be closed"
"""Why the queue is held then."""


class MainWindow(QMainWindow):
    """The main window. Engines are separate processes, so nothing that happens here can stop one by accident."""

    def __init__(self, runs: Path, settings: QSettings, prompts: Prompts | None = None) -> None:
        super().__init__()
        self.setWindowTitle("mtjlab")
        self.resize(*SIZE)
        self.runs = runs
        self.prompts: Prompts = prompts or Dialogs(self)
        self._session = Session(settings)
        self.theme, self.text_size = self._session.theme, TextSize(application())
        self.text_size.set(self._session.text_steps)
        self._has_been_shown = False
        self.draw_queue = DrawQueue(self)
        self.playback, self.engines = Playback(self, lambda: self.draw_queue.is_busy), Engines(runs, self)
        self.queue, self.drawings = Queue(self.engines, self), Drawings(self)
        self.band, self.notices = BenchBand(), Notices(self)
        self.status_bar = StatusBar(self.notices, self._current_activities, self.theme)
        self.danger = DangerLine(self.notices, lambda: self.prompts)
        self.run_bar = RunBar(self.playback, self.theme, self.danger)
        presets = Path(settings.fileName()).parent / PRESETS
        offered = Offered(runs, lambda: self.browser.model.runs, self.band, self.prompts)
        self._context = context = SetupContext(self.band, runs, presets, offered, self.prompts)
        self.training, self.toolbox = TrainingPanel(context), Toolbox(context, self)
        self.measuring = MeasurePanel(context, lambda: self.training.plan)
        self.manual = ManualPanel()
        self._setup = RunSetup(self.band, self.training, self.measuring)
        self.commands = Commands(runs, self._setup, self.prompts)
        self.launcher = Launcher(self.commands, self.engines, self.queue, self.prompts, self.notices)
        self.browser, self.comparison = RunsBrowser(runs, self.theme), ComparisonView(self.theme)
        self.views = {view.title: view(self.theme) for view in VIEWS}  # type: ignore[call-arg]
        self.docking = self._lay_out()
        self.docks = self._docks()
        fit(self)
        self.docking.resize(self.size())
        self.display = Display(self.docking, self.docks, self.views, (self.comparison,), self.playback, self.draw_queue)
        self._actions = RunActions(
            self.playback,
            self.launcher,
            self.toolbox,
            self._setup,
            self.comparison,
            runs,
            self.display.raise_dock,
        )
        self.input_filter = InputFilter(self, self.band.stop)  # after the thousands of events of an arrangement
        self.focus_marker = FocusMarker(
            application(), lambda: self.input_filter.is_by_key, FocusKeeper(application(), self)
        )
        self._recent = RecentRuns(self._session.recent, self.playback)
        self.browser.columns.restore(self._session.columns)
        self._connect()
        self._announcer = self._make_announcer()
        if problem := self._session.restore(self, self.docking, self._setup):
            self.notices.notify(problem)
        fit(self)
        self._add_menus()
        self._show_bench()
        self.display.prepare_soon(self.band.config.junctions)

    def apply_theme(self, theme: Theme) -> None:
        """Switch to the colours of ``theme``."""
        self.theme = theme
        apply_theme(application(), theme)
        for part in (self.toasts, self.browser, self.run_bar, self.status_bar, self.display):
            part.apply_theme(theme)

    def change_text(self, by: int) -> None:
        """Make text larger or smaller by steps of one point; 0 restores the size of the desktop."""
        self.display.change_text(lambda: self.text_size.set(self.text_size.steps + by if by else 0))
        self.apply_theme(self.theme)

    def request_currents(self, request: ManualRequest) -> None:
        """Request other currents from the connected bench."""
        if (folder := self.engines.held) is not None:
            add_request(folder, request)

    def stop_shown(self, now: bool) -> None:
        """Request the run that is shown to stop; while another one is starting, cancel that. It holds the queue."""
        if starting := self.engines.starting:
            self.queue.hold_behind(starting, f"you cancelled {starting}")
            self.engines.cancel_starting()
            return
        folder = self.playback.folder
        if folder is None:
            return
        if self.engines.has_started(folder):
            self.queue.hold_behind(name := f"run {run_id(folder)}", f"you stopped {name}")
        warning = ask_to_stop(folder, now, by="the operator in the window")
        self.run_bar.show_stop_requested()
        if warning:
            self.notices.notify(warning)

    def stop_everything(self) -> None:
        """Send an emergency stop to all runs."""
        self.engines.stop_everything(self.playback.folder)
        self.queue.hold_waiting(f"emergency stop at {datetime.now():%H:%M}")

    def choose_run(self) -> None:
        """Let the operator choose a run folder, and show its run."""
        if (folder := self.prompts.folder("Folder of a run", self.runs)) is not None:
            self.playback.open(folder)

    def choose_bench(self) -> None:
        """Let the operator choose a bench file."""
        if (path := self.prompts.file("Bench file", CONFIGS, "Bench files (*.toml)")) is not None:
            self.band.choose(path)

    def open_tool(self, tool: Tool) -> None:
        """Open the window of ``tool``; on the run that is shown, or one that the operator chooses, if it needs one."""
        run = None
        if tool.needs == "run":
            run = self.playback.folder or self.prompts.folder("Folder of a run", self.runs)
            if run is None:
                return
        self.toolbox.open(tool.command, run)

    def open_options(self, name: str, title: str) -> KindDialog:
        """Open the form for a run of the kind ``name``, such as manual control, with options."""
        dialog = KindDialog(KINDS[name], title, self._context, self)
        dialog.start_asked.connect(partial(self.launcher.start_with, name))
        dialog.show()
        return dialog

    def start_request_file(self) -> None:
        """Let the operator choose a request file, and start its run."""
        if (path := self.prompts.file("Request file", self.runs, "Request files (*.toml)")) is not None:
            self.launcher.start_request_file(path)

    def open_first(self, run: Path | None) -> None:
        """Show ``run``; without one, the active run, or the run shown in the last session."""
        if run is not None:
            self.playback.open(run)
        elif self.browser.has_listed:
            self._open_active_run()
        else:
            self.browser.listed.connect(self._on_first_list)

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802  Qt's name
        """From now on fit the window to its screen, also when that changes."""
        super().showEvent(event)
        if not self._has_been_shown and (handle := self.windowHandle()) is not None:
            self._has_been_shown = True
            handle.screenChanged.connect(lambda _: fit(self))
            for screen in QApplication.screens():
                screen.availableGeometryChanged.connect(lambda _: fit(self))

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: N802  Qt's name
        """Give the keyboard to the next field, or the one before, that no dock covers."""
        start = self.focusWidget()
        while super().focusNextPrevChild(is_next):
            now = self.focusWidget()
            if now is None or now is start or not is_covered(now):
                return True
        return False

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802  Qt's name
        """Ask what to do with runs started here; wait for those that are to be stopped; then save the session."""
        if not self._closing.is_for(self._active_engines) and not self._may_close():
            if event:
                event.ignore()
            return
        self._session.save_look(self.theme, self.text_size.steps)
        self._session.save(self, self.docking, self._setup, self.playback.folder)
        self._session.save_runs(self._recent.folders, self.browser.columns.state)
        self.playback.close()
        self.draw_queue.clear()
        parts = self.status_bar.activity, self.browser, self._actions, self.toolbox, self.engines, self.drawings
        for part in (*parts, self._closing):
            part.end()
        for view in self.views.values():
            view.end()
        self.input_filter.end()
        super().closeEvent(event)

    @property
    def _active_engines(self) -> list[Engine]:
        return list(dict.fromkeys([*self.engines.running, *filter(None, [self.engines.holding])]))

    def _may_close(self) -> bool:
        """Whether the window may close at once: not if the operator keeps it, or runs are stopped first."""
        answer = ask_before_closing(self.prompts, partial(open_work, self.engines, self.queue))
        active = self._active_engines
        if answer != STOP or not active:
            return answer != CANCEL
        self.queue.hold(CLOSING)
        self.engines.stop_own()
        self._closing.begin(active)
        return False

    def _show_new(self, folder: Path) -> None:
        self.display.expect_new_run()
        self.playback.open(folder)
        for name in ("Chain", "Manual") if self.engines.held == folder else ():
            self.docks[name].raise_()
        self.browser.refresh()

    def _show_run_menu(self, at: QPoint) -> None:
        """Show the actions on the run that is displayed: resume, repeat, compare with the selected runs, and others."""
        if (folder := self.playback.folder) is not None:
            self._actions.menu(self, folder, [run.folder for run in self.browser.selected]).popup(at)

    def _on_first_list(self) -> None:
        self.browser.listed.disconnect(self._on_first_list)
        self._open_active_run()

    def _open_active_run(self) -> None:
        if self.playback.folder is None:
            active = [run for run in self.browser.model.runs if run.status_report.status == "running"]
            last = max(active, key=lambda run: run.order).folder if active else self._session.run
            if (folder := last) is not None:
                self.playback.open(folder)

    def _connect(self) -> None:
        self.playback.shown.connect(self._show_manual)
        self.playback.shown.connect(self._adopt)
        self.playback.over.connect(self.browser.refresh)
        self.playback.over.connect(self._enable)
        self.playback.over.connect(self.queue.look_again)
        self.playback.shown.connect(lambda _: self.status_bar.activity.look())
        self.engines.found.connect(self._show_new)
        self.toolbox.made_run.connect(self._show_new)
        self.engines.switched_off.connect(lambda *_: self.browser.refresh())
        self.engines.changed.connect(self._enable)
        self.engines.changed.connect(self.status_bar.activity.look)
        self.engines.left.connect(self.drawings.follow)
        self.drawings.changed.connect(self.status_bar.activity.look)
        self.engines.changed.connect(self._show_starting)
        self.engines.not_started.connect(self.band.show_failure)
        self.band.failure_opened.connect(partial(whole_text, self))
        self.run_bar.reason_opened.connect(partial(whole_text, self))
        self.notices.posted.connect(self.toasts.show)
        self.training.start_asked.connect(self.launcher.start_training)
        self.training.queue_asked.connect(self.launcher.queue_training)
        self.training.form.changed.connect(self.measuring.refresh)
        self.measuring.start_asked.connect(self.launcher.start_measuring)
        self.measuring.queue_asked.connect(self.launcher.queue_measuring)
        self.band.changed.connect(self._show_bench)
        self.manual.requested.connect(self.request_currents)
        self.manual.curves_asked.connect(self.launcher.measure_curves)
        curves = self.views["Resistance curves"]
        assert isinstance(curves, ResistanceCurves)
        self.manual.clear_asked.connect(curves.clear_by_hand)
        self.band.connect_asked.connect(self.launcher.connect_or_disconnect)
        self.band.check_asked.connect(self.launcher.start_check)
        self.band.safe_asked.connect(self.launcher.switch_off)
        for emergency in (self.band.emergency, self.input_filter.stop_asked):
            emergency.connect(self.stop_everything)
        self.band.other_asked.connect(self.choose_bench)
        self.run_bar.stop_asked.connect(self.stop_shown)
        self.browser.action_requested.connect(self._actions.do)
        self.run_bar.menu_asked.connect(self._show_run_menu)
        self._actions.figures_requested.connect(self.drawings.draw)
        self.drawings.drawn.connect(self._actions.open_figures)
        for told in (self._actions.taken, self.display.rearranged):
            told.connect(self.notices.confirm)
        queue = self.docks["Queue"]
        self.queue.changed.connect(lambda: queue.show_badge(self.queue.badge))

    def _make_announcer(self) -> Announcer:
        announcer = Announcer(self.notices, self.playback, self.engines, self.drawings, self.browser)
        announcer.wiring_checked.connect(partial(self.display.raise_dock, Wiring.title))
        announcer.outcomes.known.connect(lambda *_: self.run_bar.look_again())
        return announcer

    def _current_activities(self) -> tuple[Activity, ...]:
        """What engines do that have nothing to show yet, what is being read, and what the run shown waits for."""
        follower = self.playback.follower
        is_active = follower is not None and follower.status_report.status == "running"
        waits_for = activity_of(follower.snapshot) if follower and is_active else ""
        shown = (*self.playback.activities, *([Activity(waits_for)] if waits_for else []))
        engines = (*self.engines.activities, *self.toolbox.activities)
        return (*engines, *shown, *self._actions.activities, *self.drawings.activities)

    def _show_starting(self) -> None:
        """Until a run that was requested shows itself, what is shown is the past."""
        if self.engines.starting:
            self.band.clear_failure()
        self.run_bar.show_starting(self.engines.starting)
        self.display.set_past(bool(self.engines.starting))

    def _enable(self) -> None:
        is_free = not self.engines.is_busy
        self.training.set_free(is_free)
        self.measuring.set_free(is_free)
        self.band.show_connection(self.engines.is_connected, is_free)

    def _show_bench(self) -> None:
        view = self.views["Bench"]
        assert isinstance(view, BenchTable)
        view.choose(self.band.config)

    def _show_manual(self, snapshot: Snapshot | None) -> None:
        """Manual control is for the connected bench at present: not for another run, and not for a replay."""
        is_now = snapshot is not None and snapshot.state.ended is None and self.playback.place is None
        self.manual.show_snapshot(
            snapshot if snapshot and is_now and self.engines.holds(snapshot.info.folder) else None
        )

    def _adopt(self, snapshot: Snapshot | None) -> None:
        """Take control of a bench that another window has connected; offer a training for classification."""
        started = snapshot.state.started if snapshot else None
        kind = KINDS.get(started.procedure) if started else None
        if snapshot is None or kind is None:
            return
        if kind.needs_data_set:
            self.measuring.offer_network(snapshot.info.folder)
        if kind.gives_way and snapshot.info.folder != self.engines.adopted:
            self.engines.adopted = snapshot.info.folder
            self._enable()

    def _docks(self) -> dict[str, Dock]:
        parts = {
            "Training": self.training,
            "Measure": self.measuring,
            "Manual": self.manual,
            "Runs": self.browser,
            "Queue": QueuePanel(self.queue),
        }
        # The Tab key visits docks in the order in which they are made: those that start runs come first.
        panels = [PanelDock(title, part, self.docking) for title, part in parts.items()]
        pictures = [PictureDock(each, self.prompts, self.docking) for each in (*self.views.values(), self.comparison)]
        return {dock.windowTitle(): dock for dock in (*pictures, *panels)}

    def _lay_out(self) -> Docking:
        docking = Docking()
        area = DockingArea(docking)
        central = QWidget()
        box = QVBoxLayout(central)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for part in (self.band, self.run_bar):
            box.addWidget(part)
        box.addWidget(area, stretch=1)
        box.addWidget(self.status_bar)
        self.setCentralWidget(central)
        self.toasts = Toasts(area, self.theme)
        self._closing = Closing(area, self.close)
        return docking

    def _entries_of_panels(self) -> list[Entry]:
        panels = [dock for dock in self.docks.values() if isinstance(dock, PanelDock)]
        return [
            Entry(f"Go to {dock.windowTitle()}", dock.take_keyboard, (f"Ctrl+{number}",))
            for number, dock in enumerate(panels, start=1)
        ]

    def begin_first_day(self) -> None:
        """Ask step by step what has to be done first, then try the instruments of the selected bench."""
        if self.measuring.fill_confirmed(self.prompts):
            self.docks["Measure"].raise_()
            self.launcher.start_measuring()

    def _add_menus(self) -> None:
        launcher, playback = self.launcher, self.playback
        themes = [Entry(f"&{name.capitalize()}", partial(self.apply_theme, theme)) for name, theme in THEMES.items()]
        file = (
            Entry("&Open a run ...", self.choose_run, ("Ctrl+O",)),
            Submenu("Open a &recent run", self._recent.fill),
            Entry("Choose a &bench file ...", self.choose_bench, ("Ctrl+B",)),
            Entry("Start from a &request file ...", self.start_request_file),
            SEPARATOR,
            Entry("&Quit", self.close, ("Ctrl+Q",)),
        )
        run = (
            Entry("&Start training", launcher.start_training, ("Ctrl+R",)),
            Entry("Start &measurement", launcher.start_measuring, ("Ctrl+M",)),
            Entry("Co&nnect or disconnect", launcher.connect_or_disconnect, ("Ctrl+N",)),
            Entry("Connect &with ...", partial(self.open_options, MANUAL, "Connect with")),
            Entry("&Check wiring", launcher.start_check, ("Ctrl+K",)),
            Entry("Check wirin&g with ...", partial(self.open_options, CHECK, "Check wiring with")),
            Entry("First &day of this bench ...", self.begin_first_day),
            Entry("Switch all sources &off", launcher.switch_off),
            Entry("Con&firm that outputs in danger are off ...", self.danger.confirm),
            Entry("S&top the displayed run", partial(self.stop_shown, False), ("Ctrl+.",)),
            SEPARATOR,
            Entry("&Play or pause replay", self.run_bar.play.toggle, ("Ctrl+P",)),
            Entry("Replay: one step &back", partial(playback.move, -1), ("Ctrl+Left",)),
            Entry("Replay: one step &forward", partial(playback.move, 1), ("Ctrl+Right",)),
            SEPARATOR,
            Entry("&EMERGENCY STOP of all runs", self.stop_everything, EMERGENCY_KEYS),
        )
        view = (
            Group("&Theme", (Choice(tuple(themes), f"&{self.theme.name.capitalize()}"),)),
            Group(
                "Te&xt size",
                (
                    Entry("Lar&ger text", partial(self.change_text, 1), ("Ctrl++", "Ctrl+=")),
                    Entry("S&maller text", partial(self.change_text, -1), ("Ctrl+-",)),
                    Entry("&Usual text size", partial(self.change_text, 0)),
                ),
            ),
            SEPARATOR,
            *self._entries_of_panels(),
            Entry("&Messages", self.status_bar.open_list, ("Ctrl+J",)),
            SEPARATOR,
            Group("&Show or hide", tuple(sure(dock.toggleViewAction()) for dock in self.docks.values())),
            Entry("Restore default l&ayout", self.display.arrange, ("Ctrl+0",)),
        )
        help_ = (
            Entry("&Guide", lambda: guide(self).show(), ("F1",)),
            Entry("&Keys", lambda: keys(self.findChildren(QAction), self).show(), ("Ctrl+H",)),
            Entry("What is &this?", QWhatsThis.enterWhatsThisMode, ("Shift+F1",)),
            SEPARATOR,
            Entry("About &mtjlab", lambda: about(self).show()),
            Entry("About &Qt", about_qt),
        )
        tools = [Entry(f"{tool.title} ...", partial(self.open_tool, tool)) for tool in TOOLS]
        menus = {"&File": file, "&Run": run, "&Tools": tools, "&View": view, "&Help": help_}
        add_menus(sure(self.menuBar()), menus)
