"""Runs as rows of a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt
from PyQt5.QtGui import QColor

from mtjlab.gui.look.label import tooltip
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.look.words import per_cent
from mtjlab.runs.run_summary import RunSummary

NOWHERE = QModelIndex()
SORT_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is called, what it shows of a run, and what it is sorted by."""

    name: str
    shows: Callable[[RunSummary], str]
    sorts: Callable[[RunSummary], str | float]


def _rate(run: RunSummary, subset: str) -> float:
    return float(getattr(run.recognition, subset)) if run.recognition else -1.0


def _shown_rate(run: RunSummary, subset: str) -> str:
    return per_cent(_rate(run, subset)) if run.recognition else ""


def _steps(run: RunSummary) -> str:
    return f"{run.step}/{run.steps}" if run.steps is not None and run.data else ""


COLUMNS = (
    Column("run", lambda run: run.run, lambda run: run.run),
    Column("status", lambda run: run.status_report.status, lambda run: run.status_report.status),
    Column("step", _steps, lambda run: run.step),
    Column("train", lambda run: _shown_rate(run, "train"), lambda run: _rate(run, "train")),
    Column("test", lambda run: _shown_rate(run, "test"), lambda run: _rate(run, "test")),
    Column(
        "began",
        lambda run: f"{run.began_at:%H:%M}" if run.began_at else "",
        lambda run: run.began_at.timestamp() if run.began_at else 0.0,
    ),
    Column("bench", lambda run: f"SIM {run.bench}" if run.simulated else run.bench, lambda run: run.bench),
)
STATUS = 1
TOLD = {
    "run": "Its id: the day, its number on that day, its procedure",
    "status": "How it stands, by its last word, its process and its signs of life",
    "step": "Training steps that are complete, of those that were asked for",
    "train": "Recognition rate of the training subset, measured last",
    "test": "Recognition rate of the test subset, measured last",
    "began": "When it began, on the day in its id",
    "bench": "Its bench; SIM: nothing of it was real",
}


class RunsModel(QAbstractTableModel):
    """A row for each run."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.runs: list[RunSummary] = []

    def show(self, runs: Sequence[RunSummary]) -> None:
        """Take in ``runs``; where only some of them changed, whoever selected a row keeps it."""
        folders = [run.folder for run in self.runs]
        if [run.folder for run in runs[: len(folders)]] != folders:
            self.beginResetModel()
            self.runs = list(runs)
            self.endResetModel()
            return
        if len(runs) > len(folders):
            self.beginInsertRows(NOWHERE, len(folders), len(runs) - 1)
            self.runs += runs[len(folders) :]
            self.endInsertRows()
        for row, run in enumerate(runs):
            if run != self.runs[row]:
                self.runs[row] = run
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    def rowCount(self, parent: QModelIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """One for each run."""
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: QModelIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """One for each of COLUMNS."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        """Names of the columns, and what they tell."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        name = COLUMNS[section].name
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return name
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip(TOLD[name])
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        run, column = self.runs[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.shows(run)
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip(run.status_report.why or run.run)
            case Qt.ItemDataRole.ForegroundRole if index.column() == STATUS:
                return QColor(self.theme.of_status(run.status_report.status))
            case _ if role == SORT_ROLE:
                return column.sorts(run)
        return None


class RunsFilter(QSortFilterProxyModel):
    """Sorted by any column; only runs that hold a text somewhere."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setSortRole(SORT_ROLE)
        self._text = ""

    def search(self, text: str) -> None:
        """Show only runs whose id, status, bench, data, trouble or notes hold all words of ``text``."""
        self._text = text
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, _parent: QModelIndex) -> bool:  # noqa: N802  Qt's name
        """Whether a run is shown."""
        model = sure(self.sourceModel())
        assert isinstance(model, RunsModel)
        return model.runs[row].holds(self._text)
