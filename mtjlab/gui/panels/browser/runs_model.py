"""Table model of the list of runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt
from PyQt5.QtGui import QColor

from mtjlab.gui.look.formatting import duration, per_cent, with_symbols
from mtjlab.gui.look.label import tooltip
from mtjlab.gui.look.theme import Theme
from mtjlab.runs.run_summary import RunSummary

NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its text for a run, and its sort key."""

    name: str
    text: Callable[[RunSummary], str]
    sort_key: Callable[[RunSummary], str | float]
    widest: str
    """Text for which its first width has room."""
    help: str


def _rate(run: RunSummary, subset: str) -> float:
    return float(getattr(run.recognition, subset)) if run.recognition else -1.0


def _shown_rate(run: RunSummary, subset: str) -> str:
    return per_cent(_rate(run, subset)) if run.recognition else ""


def _duration(run: RunSummary) -> str:
    return duration(run.duration_s) if run.duration_s is not None else ""


def _began_s(run: RunSummary) -> float:
    return run.began_at.timestamp() if run.began_at else 0.0


COLUMNS = (
    Column(
        "run",
        lambda run: run.run,
        lambda run: run.run,
        "2026-11-23/0001-classify",
        "Id: day, number of the run on that day, procedure",
    ),
    Column(
        "status",
        lambda run: run.status_report.status,
        lambda run: run.status_report.status,
        "finished",
        "Status, by its final event, its process and its heartbeat",
    ),
    Column(
        "test",
        lambda run: _shown_rate(run, "test"),
        lambda run: _rate(run, "test"),
        "100.0 %",
        "Latest recognition rate of the test subset",
    ),
    Column(
        "duration",
        _duration,
        lambda run: run.duration_s if run.duration_s is not None else -1.0,
        "00 h 00 min",
        "From the first to the last event",
    ),
    Column(
        "step",
        attrgetter("steps_text"),
        lambda run: run.step,
        "100/100",
        "Completed and requested training steps",
    ),
    Column(
        "train",
        lambda run: _shown_rate(run, "train"),
        lambda run: _rate(run, "train"),
        "100.0 %",
        "Latest recognition rate of the training subset",
    ),
    Column(
        "requested",
        lambda run: with_symbols(run.requested),
        lambda run: run.requested,
        "controls -500, -500, -500 uA",
        "What was requested",
    ),
    Column(
        "date",
        lambda run: f"{run.began_at:%Y-%m-%d %H:%M}" if run.began_at else "",
        _began_s,
        "2026-11-23 00:00",
        "Day and time of the start",
    ),
    Column(
        "bench",
        attrgetter("bench_text"),
        lambda run: run.bench,
        "SIM three junctions",
        "Bench; SIM: simulated",
    ),
    Column(
        "chip",
        attrgetter("chip"),
        attrgetter("chip"),
        "simulated chip",
        "Chip on the bench",
    ),
    Column(
        "seed",
        lambda run: "" if run.seed is None else str(run.seed),
        lambda run: -1 if run.seed is None else run.seed,
        "00000",
        "Seed of random draws",
    ),
)
"""What is wanted most comes first; a narrow panel scrolls to the others."""
STATUS = 1


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
        column = COLUMNS[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.name
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip(f"{column.help}. The right mouse button chooses columns.")
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Content of a cell."""
        run, column = self.runs[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(run)
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip(run.status_report.why or column.text(run) or run.run)
            case Qt.ItemDataRole.ForegroundRole if index.column() == STATUS:
                return QColor(self.theme.of_status(run.status_report.status))
        return None


class RunsFilter(QSortFilterProxyModel):
    """Sorts by any column, and filters runs by a text."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._text = ""

    def search(self, text: str) -> None:
        """Show only runs whose id, status, bench, chip, data, request, error or notes contain all words of ``text``."""
        self._text = text
        self.invalidateFilter()

    def lessThan(self, left: QModelIndex, right: QModelIndex) -> bool:  # noqa: N802  Qt's name
        """Order of two runs in the sorted column; Qt would ask for each key as a value of its own, for seconds."""
        runs, key = self._runs, COLUMNS[left.column()].sort_key
        return bool(key(runs[left.row()]) < key(runs[right.row()]))  # type: ignore[operator]

    def filterAcceptsRow(self, row: int, _parent: QModelIndex) -> bool:  # noqa: N802  Qt's name
        """Whether a run is shown."""
        return not self._text or self._runs[row].matches(self._text)

    @property
    def _runs(self) -> list[RunSummary]:
        model = self.sourceModel()
        assert isinstance(model, RunsModel)
        return model.runs
