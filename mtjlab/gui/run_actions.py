"""Actions on the runs that are selected in the list."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PyQt5.QtCore import QObject, Qt, pyqtSignal
from PyQt5.QtWidgets import QMenu, QWidget

from mtjlab.comparison import Comparison
from mtjlab.counted import counted
from mtjlab.figures.named import ALL
from mtjlab.gui.activity import Activity
from mtjlab.gui.desktop import open_on_desktop
from mtjlab.gui.engines.engines import EXPORT
from mtjlab.gui.launcher import Launcher
from mtjlab.gui.look.formatting import with_symbols
from mtjlab.gui.panels.browser.actions import FIGURES, TO_FOLDER, context_menu
from mtjlab.gui.panels.run_setup import RunSetup
from mtjlab.gui.panels.toolbox import Toolbox
from mtjlab.gui.run.playback import Playback
from mtjlab.gui.views.comparison import ComparisonView
from mtjlab.gui.worker import Worker
from mtjlab.runs.comparing import compared, critical_currents_by_date
from mtjlab.runs.listing import run_summary
from mtjlab.runs.opened import kind_of
from mtjlab.runs.requested import requested
from mtjlab.store import FIGURES as DRAWINGS
from mtjlab.store import read_request, run_id

TOOLS_OF_ACTIONS = {"redetect": "redetect", "baselines": "baselines", "recover": "recover", TO_FOLDER: EXPORT}


class RunActions(QObject):
    """Carries out the actions of the list by name; ``raise_dock`` brings the dock of a title to the front.

    ``taken`` says which settings of a run were taken over, ``figures_requested`` gives a run whose figures are wanted,
    and which of them.
    """

    taken = pyqtSignal(str)
    figures_requested = pyqtSignal(Path, tuple)

    def __init__(
        self,
        playback: Playback,
        launcher: Launcher,
        toolbox: Toolbox,
        setup: RunSetup,
        comparison: ComparisonView,
        runs: Path,
        raise_dock: Callable[[str], None],
    ) -> None:
        super().__init__(playback)
        self._playback, self._launcher, self._toolbox, self._setup = playback, launcher, toolbox, setup
        self._comparison, self._runs, self._raise_dock = comparison, runs, raise_dock
        self._comparing = ""
        self._worker = Worker(self)
        self._worker.done.connect(self._compare)

    def do(self, action: str, folders: Sequence[Path]) -> None:
        """Carry out ``action`` on the runs in ``folders``.

        Raises:
            RefusedError: a folder lacks what the action needs, or the desktop cannot show it.
        """
        folder = folders[0]
        match action:
            case "open":
                self._playback.open(folder)
            case "compare" | "critical currents":
                self._start_comparing(folders, is_by_date=action != "compare")
            case "settings":
                self._take_settings(folder)
            case "classify with it":
                self._setup.measuring.classify_with(folder)
                self._raise_dock("Measure")
            case "resume" | "rerun":
                self._launcher.start_again(action, folder)
            case str() if action.startswith(FIGURES):
                self.figures_requested.emit(folder, tuple(action.removeprefix(FIGURES).split()) or ALL)
            case _ if action in TOOLS_OF_ACTIONS:
                self._toolbox.open(TOOLS_OF_ACTIONS[action], folder)
            case str() if action.startswith(EXPORT):
                self._launcher.export(folder, action.removeprefix(EXPORT).strip())
            case "folder":
                open_on_desktop(folder)

    def open_figures(self, folder: Path, names: Sequence[str]) -> None:
        """Open the figures ``names`` of the run in ``folder``, which were requested one by one.

        Raises:
            RefusedError: the desktop cannot show them; the message says where they are.
        """
        for name in names:
            open_on_desktop(folder / DRAWINGS / f"{name}.png")

    def menu(self, parent: QWidget, folder: Path, others: Sequence[Path]) -> QMenu:
        """Menu of all actions on the run in ``folder``; it is compared with ``others``."""
        together = [folder, *(one for one in others if one != folder)]
        menu = context_menu(
            parent, [run_summary(folder)], lambda name: self.do(name, together if name == "compare" else [folder])
        )
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    @property
    def activities(self) -> tuple[Activity, ...]:
        """Reading of runs that are to be compared."""
        return (Activity(self._comparing, cancel=self._forget),) if self._comparing else ()

    def end(self) -> None:
        """Stop reading runs."""
        self._worker.close()

    def _take_settings(self, folder: Path) -> None:
        kind, request = kind_of(folder), read_request(folder)
        bench = self._setup.take_settings(kind, request)
        dock = ("Measure" if kind.form else "Training") if kind.uses_plan else ""
        if dock:
            self._raise_dock(dock)
        taken = f"Settings of {run_id(folder)} in {dock}: " if dock else f"Settings of {run_id(folder)}: "
        what = with_symbols(requested(request)) or kind.name
        self.taken.emit(f"{taken}{what}; seed {request['run'].get('seed', 0)}; {bench}")

    def _start_comparing(self, folders: Sequence[Path], is_by_date: bool) -> None:
        if is_by_date:
            self._comparing = "Reading the critical currents of all runs of this chip"
            self._worker.start(partial(critical_currents_by_date, self._runs, folders[0]))
        else:
            self._comparing = f"Reading {counted(len(folders), 'run')} to compare"
            self._worker.start(partial(compared, folders))

    def _forget(self) -> None:
        """Show no comparison, whatever is still being read."""
        self._comparing = ""

    def _compare(self, comparison: Comparison | Exception) -> None:
        was_wanted, self._comparing = bool(self._comparing), ""
        if isinstance(comparison, Exception):
            raise comparison
        if not was_wanted:
            return
        self._comparison.show_comparison(comparison)
        self._raise_dock(self._comparison.title)
