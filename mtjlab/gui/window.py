"""The main window: puts band, docks, engines and the run that is shown together; it decides nothing."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PyQt5.QtCore import QSettings, Qt, QTimer
from PyQt5.QtGui import QCloseEvent, QShowEvent
from PyQt5.QtWidgets import QApplication, QMainWindow, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from mtjlab.counted import counted
from mtjlab.gui.asking import Asking, Dialogs
from mtjlab.gui.docks import Dock, PanelDock, PictureDock
from mtjlab.gui.engines.aftermath import Aftermath, has_just_ended
from mtjlab.gui.engines.emergency import Reached
from mtjlab.gui.engines.engines import Engines
from mtjlab.gui.engines.queue import Queue
from mtjlab.gui.gate import Gate
from mtjlab.gui.layout import arrange, bring_forward
from mtjlab.gui.leaving import CANCEL, STOP, ask_what_becomes, what_is_left
from mtjlab.gui.look.screens import fit
from mtjlab.gui.look.theme import DARK, THEMES, Theme, dress
from mtjlab.gui.look.words import with_symbols
from mtjlab.gui.menus import add_menus
from mtjlab.gui.notices import Notices
from mtjlab.gui.orders import Orders
from mtjlab.gui.panels.awaited import AwaitedLine
from mtjlab.gui.panels.band import BenchBand
from mtjlab.gui.panels.browser import RunsBrowser
from mtjlab.gui.panels.by_hand import ByHandPanel
from mtjlab.gui.panels.measure import MeasurePanel
from mtjlab.gui.panels.queue import QueuePanel
from mtjlab.gui.panels.run_bar import RunBar
from mtjlab.gui.panels.training import TrainingPanel
from mtjlab.gui.run.awaited import awaited
from mtjlab.gui.run.moment import Moment
from mtjlab.gui.run.stage import Stage
from mtjlab.gui.run_actions import RunActions
from mtjlab.gui.session import last_run, restore_session, save_session
from mtjlab.gui.turns import Turns
from mtjlab.gui.views.bench_table import BenchTable
from mtjlab.gui.views.chain import Chain
from mtjlab.gui.views.comparison import Comparison
from mtjlab.gui.views.confusion import ConfusionMatrix
from mtjlab.gui.views.courses import ControlCourse, RecognitionCourse
from mtjlab.gui.views.critical_inputs import CriticalInputs
from mtjlab.gui.views.curves import ResistanceCurves
from mtjlab.gui.views.dwell_times import DwellTimes
from mtjlab.gui.views.story import Story
from mtjlab.gui.views.switching_map import SwitchingMap
from mtjlab.gui.views.view import View
from mtjlab.gui.views.voltages import Voltages
from mtjlab.gui.views.wiring import Wiring
from mtjlab.procedures.kinds import KINDS
from mtjlab.ready import CONFIGS
from mtjlab.requests import Wish
from mtjlab.runs.watching import ask_to_stop
from mtjlab.store import ask, run_id

VIEWS: tuple[type[View], ...] = (
    Chain, SwitchingMap, ResistanceCurves, Voltages, Story, BenchTable, RecognitionCourse, ControlCourse,
    ConfusionMatrix, CriticalInputs, DwellTimes, Wiring,
)  # fmt: skip
PREPARE_MS = 50
SIZE = 1500, 900


class MainWindow(QMainWindow):
    """All of the window. Engines are processes of their own: nothing that happens here stops one by accident."""

    def __init__(self, runs: Path, settings: QSettings, asking: Asking | None = None) -> None:
        super().__init__()
        self.setWindowTitle("mtjlab")
        self.resize(*SIZE)
        self.runs = runs
        self.theme = THEMES.get(str(settings.value("theme", DARK.name)), DARK)
        self.asking: Asking = asking or Dialogs(self)
        self._settings = settings
        self._procedure = ""
        self._told_on: set[Path] = set()
        self._has_been_shown = False
        self.turns = Turns(self)
        self.stage, self.engines = Stage(self, lambda: self.turns.is_busy), Engines(runs, self)
        self.queue, self.aftermath = Queue(self.engines, self), Aftermath(self)
        self.band, self.notices = BenchBand(), Notices(self.theme)
        self.awaited = AwaitedLine(self._what_is_awaited)
        self.run_bar, self.training = RunBar(self.stage, self.theme), TrainingPanel(self.band)
        self.measuring, self.by_hand = MeasurePanel(self.band, lambda: self.training.plan, runs), ByHandPanel()
        self.orders = Orders(runs, self.band, self.training, self.measuring, self.asking)
        self.browser, self.comparison = RunsBrowser(runs, self.theme), Comparison(self.theme)
        self.views = {view.title: view(self.theme) for view in VIEWS}  # type: ignore[call-arg]
        self.docks = self._docks()
        self._actions = RunActions(self)
        self.gate = Gate(self, self.band.stop)
        self.docking = self._lay_out()
        self._connect()
        fit(self)
        self.docking.resize(self.size())
        self.arrange()
        restore_session(self, settings)
        fit(self)
        add_menus(self)
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

    def start_training(self) -> None:
        """Start what is in the form on the bench of the band."""
        self._start(self.orders.training)

    def queue_training(self) -> None:
        """Have what is in the form started when its turn comes."""
        if (order := self.orders.training()) is not None:
            plan = self.training.form.content
            steps, seed = plan.get("training", {}).get("steps"), plan.get("seed")
            self.queue.add(
                f"{plan.get('name')}: {counted(steps, 'step')}, seed {seed}, on {self.band.path.stem}", order
            )

    def start_measuring(self) -> None:
        """Start the measurement that is in the form on the bench of the band."""
        self._start(self.orders.measuring)

    def queue_measuring(self) -> None:
        """Have the measurement that is in the form started when its turn comes."""
        if (order := self.orders.measuring()) is not None:
            self.queue.add(f"{self.measuring.kinds.currentText()} on {self.band.path.stem}", order)

    def start_check(self) -> None:
        """Look for wiring mistakes on the bench of the band."""
        self._start(self.orders.check)

    def switch_off(self) -> None:
        """Take the bench of the band to zero, whoever left it on."""
        if self.band.is_real:
            self._start(self.orders.safe)

    def connect_or_disconnect(self) -> None:
        """Hold the bench of the band, to turn it by hand; or let go of the one that is held."""
        if self.engines.holding or self.engines.held:
            self.engines.release()
        else:
            self._start(self.orders.live)

    def ask_bench(self, wish: Wish) -> None:
        """Ask the bench that is held for other currents."""
        if (folder := self.engines.held) is not None:
            ask(folder, wish)

    def start_again(self, command: str, folder: Path) -> None:
        """Resume or repeat the run in ``folder``, now or when the bench is free."""
        if (order := self._answered(partial(self.orders.again, command, folder))) is not None:
            self.queue.start_or_add(f"{command} {run_id(folder)}", order)

    def stop_shown(self, now: bool) -> None:
        """Ask the run that is shown to stop."""
        folder = self.stage.folder
        if folder is None:
            return
        doubt = ask_to_stop(folder, now, by="the Stop button of the window")
        self.run_bar.say_asked()
        if doubt:
            self.notices.say(doubt)

    def stop_everything(self) -> None:
        """Emergency stop."""
        self.engines.stop_everything(self.stage.folder)
        self.queue.hold("there was an emergency stop")

    def move_step(self, by: int) -> None:
        """Show a step, or an event, before or after the one that is shown."""
        now = self.stage.last_place if self.stage.place is None else self.stage.place
        self.stage.show_place(max(0, now + by))

    def ask_for_run(self) -> None:
        """Have a folder chosen, and show its run."""
        if (folder := self.asking.folder("Folder of a run", self.runs)) is not None:
            self.stage.open(folder)

    def ask_for_bench(self) -> None:
        """Have a bench file chosen."""
        if (path := self.asking.file("Bench file", CONFIGS, "Bench files (*.toml)")) is not None:
            self.band.choose(path)

    def open_first(self, run: Path | None) -> None:
        """Show ``run``; or else what is going on, or what was shown the last time."""
        if run is not None:
            self.stage.open(run)
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
        answer = ask_what_becomes(self.asking, partial(what_is_left, self.engines, self.queue))
        if answer == CANCEL:
            if event:
                event.ignore()
            return
        if answer == STOP:
            self.engines.stop_own()
        save_session(self, self._settings)
        self.stage.close()
        self.turns.clear()
        for part in (self.awaited, self.browser, self._actions, self.engines, self.gate):
            part.end()
        super().closeEvent(event)

    def _start(self, order: Callable[[], list[str] | None]) -> None:
        if self.engines.running or (command := self._answered(order)) is None:
            return
        if self.engines.running:
            self.notices.say("Not started: another run was started meanwhile.")
        else:
            self.engines.start(command)

    def _answered(self, order: Callable[[], list[str] | None]) -> list[str] | None:
        """The command of an order, unless there was an emergency stop while questions about it were answered."""
        stops, command = self.engines.emergency_stops, order()
        if command is not None and self.engines.emergency_stops != stops:
            self.notices.say("Not started: there was an emergency stop meanwhile.")
            return None
        return command

    def _show_new(self, folder: Path) -> None:
        self.stage.open(folder)
        for name in ("Chain", "By hand") if self.engines.held == folder else ():
            self.docks[name].raise_()
        self.browser.refresh()

    def _on_first_list(self) -> None:
        self.browser.listed.disconnect(self._on_first_list)
        self._open_what_goes_on()

    def _open_what_goes_on(self) -> None:
        if self.stage.folder is None:
            going_on = [run for run in self.browser.model.runs if run.standing.status == "running"]
            last = max(going_on, key=lambda run: run.order).folder if going_on else last_run(self._settings)
            if (folder := last) is not None:
                self.stage.open(folder)

    def _connect(self) -> None:
        self.stage.shown.connect(self._draw)
        self.stage.shown.connect(self._show_by_hand)
        self.stage.shown.connect(self._adopt)
        self.stage.shown.connect(self._bring_forward)
        self.stage.failed.connect(self.notices.say)
        self.stage.over.connect(self._tell_of_wiring)
        self.stage.over.connect(self._look_after_lost_run)
        self.aftermath.told.connect(self.notices.say)
        self.aftermath.told.connect(lambda *_: self.run_bar.look_again())
        self.stage.over.connect(self.browser.refresh)
        self.stage.over.connect(self._enable)
        self.engines.found.connect(self._show_new)
        self.engines.refused.connect(self.notices.say)
        self.engines.drawn.connect(lambda folder: self.notices.say(f"Figures are in {folder}", is_trouble=False))
        self.engines.exported.connect(self._tell_of_export)
        self.engines.taken_down.connect(self.notices.say)
        self.engines.taken_down.connect(lambda *_: self.browser.refresh())
        self.browser.listed.connect(self._tell_of_sources)
        self.engines.stopped.connect(self._tell_of_emergency)
        self.engines.changed.connect(self._enable)
        self.engines.changed.connect(self.awaited.look)
        self.training.start_asked.connect(self.start_training)
        self.training.queue_asked.connect(self.queue_training)
        self.training.form.changed.connect(self.measuring.look_again)
        self.measuring.start_asked.connect(self.start_measuring)
        self.measuring.queue_asked.connect(self.queue_measuring)
        self.band.changed.connect(self._show_bench)
        self.by_hand.asked.connect(self.ask_bench)
        self.band.connect_asked.connect(self.connect_or_disconnect)
        self.band.check_asked.connect(self.start_check)
        self.band.safe_asked.connect(self.switch_off)
        for emergency in (self.band.emergency, self.gate.stop_asked):
            emergency.connect(self.stop_everything)
        self.band.other_asked.connect(self.ask_for_bench)
        self.run_bar.stop_asked.connect(self.stop_shown)
        self.browser.asked.connect(self._actions.do)

    def _what_is_awaited(self) -> str:
        """Of an engine that has nothing to show yet, or of the run that is shown."""
        following = self.stage.following
        goes_on = following is not None and following.standing.status == "running"
        return self.engines.awaited or (awaited(following.moment) if following and goes_on else "")

    def _enable(self) -> None:
        is_free = not self.engines.running
        self.training.set_free(is_free)
        self.measuring.set_free(is_free)
        self.band.show_connection(bool(self.engines.holding or self.engines.held), is_free)

    def _show_bench(self) -> None:
        view = self.views["Bench"]
        assert isinstance(view, BenchTable)
        view.choose(self.band.config)

    def _draw(self, moment: Moment | None) -> None:
        """While a run is followed, views that are seen draw one after another: nothing waits for all of them."""
        for view in self.views.values():
            if view.is_seen and self.stage.place is None:
                self.turns.add(view, partial(view.show_moment, moment))
            else:
                view.show_moment(moment)

    def _show_by_hand(self, moment: Moment | None) -> None:
        """Currents are turned of the bench that is held, as it stands now: of no other run, and of no past."""
        is_now = moment is not None and moment.state.ended is None and self.stage.place is None
        self.by_hand.show_moment(moment if moment and is_now and self.engines.holds(moment.about.folder) else None)

    def _prepare(self) -> None:
        for view in self.views.values():
            self.turns.add(view.title, partial(view.prepare, self.band.config.junctions))

    def _adopt(self, moment: Moment | None) -> None:
        """Of what is shown a bench turned by hand is let go of from here, too; a training is one to classify with."""
        started = moment.state.started if moment else None
        kind = KINDS.get(started.procedure) if started else None
        if moment is None or kind is None:
            return
        if kind.learns:
            self.measuring.offer_network(moment.about.folder)
        if kind.is_held and moment.about.folder != self.engines.adopted:
            self.engines.adopted = moment.about.folder
            self._enable()

    def _bring_forward(self, moment: Moment | None) -> None:
        """A run of another procedure than the one before has other things to show."""
        started = moment.state.started if moment else None
        if started and started.procedure != self._procedure:
            self._procedure = started.procedure
            bring_forward(self.docks, started.procedure)

    def _tell_of_export(self, files: Sequence[Path]) -> None:
        count = counted(len(files), "file")
        self.notices.say(f"{count} exported into {files[0].parent}" if files else "Nothing to export", is_trouble=False)

    def _tell_of_wiring(self) -> None:
        """Of a check that ended just now; an old one that is opened says it in its view."""
        following = self.stage.following
        if following is None or not has_just_ended(following.folder):
            return
        if (checked := following.record.state.checked) is not None:
            told = f"{run_id(following.folder)}: {with_symbols(checked.sentence)}"
            self.notices.say(told, is_trouble=bool(checked.mistakes))

    def _tell_of_sources(self) -> None:
        """Of runs that may have left real outputs on, once each, when no guardian can be about to act any more."""
        on = [run for run in self.browser.model.runs if run.standing.may_be_on and not run.simulated]
        for run in sorted(on, key=lambda run: run.order):
            if run.folder not in self._told_on and not has_just_ended(run.folder):
                self._told_on.add(run.folder)
                self.notices.say(f"{run.run}: {run.standing.sentence}")

    def _look_after_lost_run(self) -> None:
        standing = self.stage.standing
        if self.stage.folder is not None and standing is not None and standing.status in ("crashed", "failed"):
            self.aftermath.watch_if_just_ended(self.stage.folder)

    def _tell_of_emergency(self, reached: Reached | Exception) -> None:
        if isinstance(reached, Exception):
            raise reached
        for folder in reached.told:
            self.aftermath.watch(folder)
        self.notices.say(f"EMERGENCY STOP: {reached.words}", is_trouble=reached != Reached())

    def _docks(self) -> dict[str, Dock]:
        pictures = [PictureDock(picture, self.asking) for picture in (*self.views.values(), self.comparison)]
        parts = {
            "Training": self.training,
            "Measure": self.measuring,
            "By hand": self.by_hand,
            "Runs": self.browser,
            "Queue": QueuePanel(self.queue),
        }
        panels = [PanelDock(title, part) for title, part in parts.items()]
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
        for part in (self.band, self.notices, self.run_bar, self.awaited):
            box.addWidget(part)
        box.addWidget(area, stretch=1)
        self.setCentralWidget(whole)
        return docking
