"""What all tables of the window can do: Ctrl+C copies the rows that are selected, for a spreadsheet."""

from PyQt5.QtCore import QEvent, QModelIndex, QObject
from PyQt5.QtGui import QKeyEvent, QKeySequence
from PyQt5.QtWidgets import QApplication, QTableView

from mtjlab.gui.look.qt import sure


class RowCopier(QObject):
    """Qt's own tables copy no more than one cell."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        table.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802  Qt's name
        """Copy whole rows, cells with tabs between."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Copy):
            sure(QApplication.clipboard()).setText(selected_text(self._table))
            return True
        return super().eventFilter(watched, event)


def selected_text(table: QTableView) -> str:
    """The rows that are selected, from the top, with the columns that are seen."""
    rows = sorted(sure(table.selectionModel()).selectedRows(), key=QModelIndex.row)
    columns = [column for column in range(sure(table.model()).columnCount()) if not table.isColumnHidden(column)]
    return "\n".join("\t".join(str(row.sibling(row.row(), column).data() or "") for column in columns) for row in rows)
