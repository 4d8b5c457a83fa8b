"""List of all runs under a folder, with actions on those that are selected."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PyQt5.QtCore import QModelIndex, QPoint, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QShowEvent
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mtjlab.errors import RefusedError
from mtjlab.gui.look.flow import FlowLayout
from mtjlab.gui.look.label import tooltip
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.tables import TableBehaviour
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.panels.browser.actions import ACTIONS, EXPORT, FIGURES, RunAction, context_menu, fill_export_menu
from mtjlab.gui.panels.browser.columns import ColumnChooser
from mtjlab.gui.panels.browser.details import Details
from mtjlab.gui.panels.browser.runs_model import RunsFilter, RunsModel
from mtjlab.gui.worker import Worker
from mtjlab.runs.listing import Lister
from mtjlab.runs.run_summary import RunSummary

REFRESH_MS = 3000
LINE_PADDING_PX = 8


class RunsBrowser(QWidget):
    """``action_requested`` gives the name of an action and the folders of the selected runs."""

    action_requested = pyqtSignal(str, list)
    listed = pyqtSignal()

    def __init__(self, root: Path, theme: Theme) -> None:
        super().__init__()
        self.root = root
        self.model = RunsModel(theme)
        self.shown = RunsFilter(self)
        self.shown.setSourceModel(self.model)
        self.search = QLineEdit()
        self.search.setPlaceholderText("search ids, benches, chips, requests, errors, notes")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.shown.search)
        self.table = _table(self.shown)
        self.columns = ColumnChooser(self.table)
        self.table.doubleClicked.connect(lambda _index: self.action_requested.emit("open", self._folders()))
        sure(self.table.selectionModel()).selectionChanged.connect(self._enable)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.buttons = {action.name: self._button(action) for action in ACTIONS}
        self.details = Details(theme)
        self.details.figure_requested.connect(lambda name: self._do(f"{FIGURES} {name}"))
        self._lay_out()
        self._lister, self._worker = Lister(), Worker(self)
        self._worker.done.connect(self._show)
        self.has_listed = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(REFRESH_MS)
        self._enable()
        self.refresh()

    @property
    def selected(self) -> list[RunSummary]:
        """Selected runs, from the top."""
        rows = sure(self.table.selectionModel()).selectedRows()
        return [self.model.runs[self.shown.mapToSource(row).row()] for row in sorted(rows, key=QModelIndex.row)]

    def refresh(self) -> None:
        """List the runs in the background, unless that is in progress or the panel is hidden."""
        if not self._worker.is_busy and (self.isVisible() or not self.model.runs):
            self._worker.start(lambda: self._lister.list(self.root))

    def apply_theme(self, theme: Theme) -> None:
        """Switch to the colours of ``theme``."""
        self.model.theme = theme
        self.details.apply_theme(theme)

    def end(self) -> None:
        """Stop listing, and save the notes."""
        with suppress(RefusedError):  # the run has been deleted
            self.details.save_notes()
        self._timer.stop()
        self._worker.close()

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802  Qt's name
        """Update the list when the panel is shown."""
        super().showEvent(event)
        self.refresh()

    def _show(self, runs: Sequence[RunSummary] | Exception) -> None:
        if isinstance(runs, Exception):
            raise runs
        self.model.show(runs)
        self._enable()
        self.has_listed = True
        self.listed.emit()

    def _folders(self) -> list[Path]:
        return [run.folder for run in self.selected]

    def _do(self, name: str) -> None:
        self.action_requested.emit(name, self._folders())

    def _button(self, action: RunAction) -> QPushButton:
        button = QPushButton(action.text)
        button.setToolTip(tooltip(action.help_text))
        if action.name == EXPORT:
            menu = QMenu(button)
            fill_export_menu(menu, self._do)
            button.setMenu(menu)
        else:
            button.clicked.connect(lambda: self._do(action.name))
        return button

    def _show_menu(self, at: QPoint) -> None:
        menu = context_menu(self, self.selected, self._do)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(sure(self.table.viewport()).mapToGlobal(at))

    def _enable(self) -> None:
        chosen = self.selected
        for action in ACTIONS:
            self.buttons[action.name].setEnabled(action.is_possible(chosen))
        self.details.show_run(chosen[0] if len(chosen) == 1 else None)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        box.addWidget(self.search)
        box.addWidget(self.table, stretch=1)
        box.addWidget(self.details)
        flow = FlowLayout(spacing=6)
        for button in self.buttons.values():
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            flow.addWidget(button)
        box.addLayout(flow)


def _table(shown: RunsFilter) -> QTableView:
    table = QTableView()
    table.setModel(shown)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSortingEnabled(True)
    table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    TableBehaviour(table, LINE_PADDING_PX)
    return table
