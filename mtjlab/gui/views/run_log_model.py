"""Log messages of a run as a table model."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt
from PyQt5.QtGui import QColor

from mtjlab.gui.look.label import tooltip
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import LogEntry
from mtjlab.gui.run.snapshot_builder import MAX_LOG_ENTRIES

TIME, SENTENCE = 0, 1
TROUBLE_ROLE = Qt.ItemDataRole.UserRole
NOWHERE = QModelIndex()


class RunLogModel(QAbstractTableModel):
    """Messages, newest last: continuations are appended, any other list replaces the present one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._entries: list[LogEntry] = []

    def show(self, entries: Sequence[LogEntry]) -> None:
        """Show ``entries``."""
        known = self._entries[-1] if self._entries else None
        new = list(takewhile(lambda one: known is None or one.n > known.n, reversed(entries)))[::-1]
        follows = known is None or (len(new) < len(entries) and entries[-1 - len(new)] is known)
        if not follows or len(self._entries) + len(new) > MAX_LOG_ENTRIES:
            self.beginResetModel()
            self._entries = list(entries)
            self.endResetModel()
        elif new:
            self.beginInsertRows(NOWHERE, len(self._entries), len(self._entries) + len(new) - 1)
            self._entries += new
            self.endInsertRows()

    def rowCount(self, parent: QModelIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """One row for each message."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: QModelIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """Time since the start, and message."""
        return 0 if parent.isValid() else 2

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, tooltip and colour of a cell."""
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.text if index.column() == SENTENCE else self._clock(entry)
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip(f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}  {entry.text}")
            case Qt.ItemDataRole.ForegroundRole if entry.is_trouble:
                return QColor(self.theme.trouble)
            case Qt.ItemDataRole.ForegroundRole if index.column() == TIME:
                return QColor(self.theme.faint)
            case _ if role == TROUBLE_ROLE:
                return entry.is_trouble
        return None

    def _clock(self, entry: LogEntry) -> str:
        since_s = int(entry.since_start_s)
        return f"{since_s // 3600:d}:{since_s // 60 % 60:02}:{since_s % 60:02}"


class RunLogFilter(QSortFilterProxyModel):
    """Messages that contain a text, and on request only problems."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setFilterKeyColumn(SENTENCE)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._only_trouble = False

    def show_only_trouble(self, only: bool) -> None:
        """Show only problems, or all messages."""
        self._only_trouble = only
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:  # noqa: N802  Qt's name
        """Whether a message is shown."""
        model = sure(self.sourceModel())
        if self._only_trouble and not model.data(model.index(row, SENTENCE, parent), TROUBLE_ROLE):
            return False
        return super().filterAcceptsRow(row, parent)
