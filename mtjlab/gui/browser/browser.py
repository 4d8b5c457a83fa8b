"""All runs under a folder, and what can be done with those that are selected."""

from collections.abc import Sequence
from pathlib import Path

from PyQt5.QtCore import QModelIndex, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QShowEvent
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mtjlab.gui.browser.lister import Lister
from mtjlab.gui.browser.runs_model import RunsFilter, RunsModel
from mtjlab.gui.qt import sure
from mtjlab.gui.tables import RowCopier
from mtjlab.gui.theme import Theme
from mtjlab.gui.worker import Worker
from mtjlab.runs import Listed

REFRESH_MS = 3000
RESUMABLE = ("stopped", "failed", "crashed")
GONE_ON_WITH = ("train", "sweep", "shift", "map", "classify")
"""Procedures of which a run that was interrupted is resumed; a check is repeated."""


class RunsBrowser(QWidget):
    """``asked`` names an action and the folders that it is asked for."""

    asked = pyqtSignal(str, list)
    listed = pyqtSignal()

    ACTIONS = (
        ("open", "Show it in the views: live while it goes on, with a slider for its steps afterwards"),
        ("compare", "Draw the recognition of all selected runs in one plot"),
        ("settings", "Fill the form with the plan of this run"),
        ("resume", "Go on with it from its last complete step, as a new run"),
        ("rerun", "Repeat it with all that it was asked, as a new run"),
        ("figures", "Draw its figures into its folder"),
        ("folder", "Open its folder"),
    )

    def __init__(self, root: Path, theme: Theme) -> None:
        super().__init__()
        self.root = root
        self.model = RunsModel(theme)
        self.shown = RunsFilter(self)
        self.shown.setSourceModel(self.model)
        self.search = QLineEdit()
        self.search.setPlaceholderText("search")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.shown.search)
        self.table = _table(self.shown)
        self.table.doubleClicked.connect(lambda _index: self.asked.emit("open", self._folders()))
        sure(self.table.selectionModel()).selectionChanged.connect(self._enable)
        self.buttons = {name: self._button(name, told) for name, told in self.ACTIONS}
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
    def selected(self) -> list[Listed]:
        """Runs that are selected, from the top."""
        rows = sure(self.table.selectionModel()).selectedRows()
        return [self.model.runs[self.shown.mapToSource(row).row()] for row in sorted(rows, key=QModelIndex.row)]

    def refresh(self) -> None:
        """Look what runs there are, unless that is being done, or nobody sees it."""
        if not self._worker.is_busy and (self.isVisible() or not self.model.runs):
            self._worker.start(lambda: self._lister.list(self.root))

    def dress(self, theme: Theme) -> None:
        """Take on the colours of ``theme``."""
        self.model.theme = theme

    def end(self) -> None:
        """Nothing is listed any more."""
        self._timer.stop()
        self._worker.close()

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802  Qt's name
        """Whoever sees it sees how things are now."""
        super().showEvent(event)
        self.refresh()

    def _show(self, runs: Sequence[Listed] | Exception) -> None:
        if isinstance(runs, Exception):
            raise runs
        self.model.show(runs)
        self._enable()
        self.has_listed = True
        self.listed.emit()

    def _folders(self) -> list[Path]:
        return [run.folder for run in self.selected]

    def _button(self, name: str, told: str) -> QPushButton:
        button = QPushButton(name)
        button.setToolTip(told)
        button.clicked.connect(lambda: self.asked.emit(name, self._folders()))
        return button

    def _enable(self) -> None:
        chosen = self.selected
        for name, button in self.buttons.items():
            button.setEnabled(bool(chosen) if name == "compare" else len(chosen) == 1)
        if len(chosen) == 1:
            (run,) = chosen
            is_training = run.procedure == "train"
            self.buttons["resume"].setEnabled(run.procedure in GONE_ON_WITH and run.standing.status in RESUMABLE)
            self.buttons["settings"].setEnabled(is_training)
            self.buttons["rerun"].setEnabled(run.standing.is_over)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        box.addWidget(self.search)
        box.addWidget(self.table, stretch=1)
        names = list(self.buttons)
        for row in (names[:4], names[4:]):
            line = QHBoxLayout()
            for name in row:
                line.addWidget(self.buttons[name])
            box.addLayout(line)


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
    across, down = sure(table.horizontalHeader()), sure(table.verticalHeader())
    down.hide()
    down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    down.setDefaultSectionSize(table.fontMetrics().height() + 8)
    for column, text in enumerate(("2026-11-23/0001-train", "finished", "100/100", "100.0 %", "100.0 %", "00:00")):
        across.resizeSection(column, table.fontMetrics().horizontalAdvance(text) + 14)
    across.setStretchLastSection(True)
    RowCopier(table)
    return table
