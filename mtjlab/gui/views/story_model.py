"""The sentences of a run as rows of a table."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt
from PyQt5.QtGui import QColor

from mtjlab.gui.look.label import tooltip
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.moment import Told
from mtjlab.gui.run.record import MOST_TOLD

TIME, SENTENCE = 0, 1
TROUBLE_ROLE = Qt.ItemDataRole.UserRole
NOWHERE = QModelIndex()


class StoryModel(QAbstractTableModel):
    """Sentences, newest last: those that follow what is there are appended, anything else takes its place."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._told: list[Told] = []

    def show(self, told: Sequence[Told]) -> None:
        """Take in ``told``."""
        known = self._told[-1] if self._told else None
        new = list(takewhile(lambda one: known is None or one.n > known.n, reversed(told)))[::-1]
        follows = known is None or (len(new) < len(told) and told[-1 - len(new)] is known)
        if not follows or len(self._told) + len(new) > MOST_TOLD:
            self.beginResetModel()
            self._told = list(told)
            self.endResetModel()
        elif new:
            self.beginInsertRows(NOWHERE, len(self._told), len(self._told) + len(new) - 1)
            self._told += new
            self.endInsertRows()

    def rowCount(self, parent: QModelIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """One for each sentence."""
        return 0 if parent.isValid() else len(self._told)

    def columnCount(self, parent: QModelIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """Time since the beginning, and the sentence."""
        return 0 if parent.isValid() else 2

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        told = self._told[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return told.text if index.column() == SENTENCE else self._clock(told)
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip(f"{told.at.astimezone():%Y-%m-%d %H:%M:%S}  {told.text}")
            case Qt.ItemDataRole.ForegroundRole if told.is_trouble:
                return QColor(self.theme.trouble)
            case Qt.ItemDataRole.ForegroundRole if index.column() == TIME:
                return QColor(self.theme.faint)
            case _ if role == TROUBLE_ROLE:
                return told.is_trouble
        return None

    def _clock(self, told: Told) -> str:
        since_s = int(told.since_start_s)
        return f"{since_s // 3600:d}:{since_s // 60 % 60:02}:{since_s % 60:02}"


class StoryFilter(QSortFilterProxyModel):
    """Only sentences that hold a text, and only troubles if that is wanted."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setFilterKeyColumn(SENTENCE)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._only_trouble = False

    def show_only_trouble(self, only: bool) -> None:
        """Leave out what good runs are made of."""
        self._only_trouble = only
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:  # noqa: N802  Qt's name
        """Whether a sentence is shown."""
        model = sure(self.sourceModel())
        if self._only_trouble and not model.data(model.index(row, SENTENCE, parent), TROUBLE_ROLE):
            return False
        return super().filterAcceptsRow(row, parent)
