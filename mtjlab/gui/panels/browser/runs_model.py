"""Table model of the list of runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt
from PyQt5.QtGui import QColor

from mtjlab.gui.look.formatting import per_cent
from mtjlab.gui.look.label import tooltip
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.theme import Theme
from mtjlab.runs.run_summary import RunSummary

NOWHERE = QModelIndex()
SORT_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its text for a run, and its sort key."""

    name: str
    text: Callable[[RunSummary], str]
    sort_key: Callable[[RunSummary], str | float]


def _rate(run: RunSummary, subset: str) -> float:
    return float(getattr(run.recognition, subset)) if run.recognition else -1.0


def _shown_rate(run: RunSummary, subset: str) -> str:
    return per_cent(_rate(run, subset)) if run.recognition else ""


COLUMNS = (
    Column("run", lambda run: run.run, lambda run: run.run),
    Column("status", lambda run: run.status_report.status, lambda run: run.status_report.status),
    Column("step", attrgetter("steps_text"), lambda run: run.step),
    Column("train", lambda run: _shown_rate(run, "train"), lambda run: _rate(run, "train")),
    Column("test", lambda run: _shown_rate(run, "test"), lambda run: _rate(run, "test")),
    Column(
        "began",
        attrgetter("time_text"),
        lambda run: run.began_at.timestamp() if run.began_at else 0.0,
    ),
    Column("bench", attrgetter("bench_text"), lambda run: run.bench),
)
STATUS = 1
COLUMN_HELP = {
    "run": "Id: day, number of the run on that day, procedure",
    "status": "Status, by its final event, its process and its heartbeat",
    "step": "Completed and requested training steps",
    "train": "Latest recognition rate of the training subset",
    "test": "Latest recognition rate of the test subset",
    "began": "Start time, on the day in the id",
    "bench": "Bench; SIM: simulated",
}


class RunsModel(QAbstractTableModel):
    """A row for each run."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.runs: list[RunSummary] = []

    def show(self, runs: Sequence[RunSummary]) -> None:
        """Update to ``runs``; the selection is kept where only some of them have changed."""
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
        """Name and help text of a column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        name = COLUMNS[section].name
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return name
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip(COLUMN_HELP[name])
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Content of a cell."""
        run, column = self.runs[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(run)
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip(run.status_report.why or run.run)
            case Qt.ItemDataRole.ForegroundRole if index.column() == STATUS:
                return QColor(self.theme.of_status(run.status_report.status))
            case _ if role == SORT_ROLE:
                return column.sort_key(run)
        return None


class RunsFilter(QSortFilterProxyModel):
    """Sorts by any column, and filters runs by a text."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setSortRole(SORT_ROLE)
        self._text = ""

    def search(self, text: str) -> None:
        """Show only runs whose id, status, bench, data, error or notes contain all words of ``text``."""
        self._text = text
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, _parent: QModelIndex) -> bool:  # noqa: N802  Qt's name
        """Whether a run is shown."""
        model = sure(self.sourceModel())
        assert isinstance(model, RunsModel)
        return model.runs[row].matches(self._text)
