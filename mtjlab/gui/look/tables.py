"""Tables of text. In every table of the window Ctrl+C copies the selected rows for a spreadsheet."""

from collections.abc import Sequence

from PyQt5.QtCore import QEvent, QModelIndex, QObject, Qt
from PyQt5.QtGui import QKeyEvent, QKeySequence
from PyQt5.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QTableWidget, QTableWidgetItem

from mtjlab.gui.look.label import tooltip
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.text_size import SMALL_PT, keep_points

PADDING_PX, LINE_PADDING_PX = 8, 4
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class TextTable(QTableWidget):
    """Rows of text, one line each. ``columns`` are names and explanations, shown as headers and tooltips.

    Columns fit their text, up to ``max_px`` if given; while rows only change, columns grow and never shrink. Columns
    in ``numbers`` are aligned right; a table that has them is in small type.
    """

    def __init__(self, columns: Sequence[tuple[str, str]], numbers: Sequence[int] = (), max_px: int = 0) -> None:
        super().__init__(0, len(columns))
        self._alignments = [RIGHT if column in numbers else LEFT for column in range(len(columns))]
        self._max_px = max_px
        self._rows: list[tuple[str, ...]] = []
        if numbers:
            keep_points(self, SMALL_PT)
        for column, (name, meaning) in enumerate(columns):
            head = QTableWidgetItem(name)
            head.setToolTip(tooltip(meaning))
            head.setTextAlignment(self._alignments[column])
            self.setHorizontalHeaderItem(column, head)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        across = sure(self.horizontalHeader())
        across.setHighlightSections(False)
        across.setStretchLastSection(not numbers)
        TableBehaviour(self, LINE_PADDING_PX // 2 if numbers else LINE_PADDING_PX)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802  Qt's name
        """Adapt the columns to another font."""
        super().changeEvent(event)
        if event and event.type() == QEvent.Type.FontChange:
            self._fit(is_new=True)

    def fill(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Show ``rows`` instead of the previous ones; rows with the same first cells are updated."""
        if list(rows) == self._rows:
            return
        is_new = [row[0] for row in rows] != [row[0] for row in self._rows]
        self._rows = list(rows)
        self.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                self._show(row, column, text)
        self._fit(is_new)

    def _show(self, row: int, column: int, text: str) -> None:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(self._alignments[column])
            self.setItem(row, column, item)
        if item.text() != text:
            item.setText(text)
            item.setToolTip(tooltip(text))

    def _fit(self, is_new: bool) -> None:
        before = [0 if is_new else self.columnWidth(column) for column in range(self.columnCount())]
        self.resizeColumnsToContents()
        for column, width in enumerate(before):
            now = self.columnWidth(column)
            self.setColumnWidth(column, max(width, min(now + PADDING_PX, self._max_px) if self._max_px else now))


class TableBehaviour(QObject):
    """What all tables share: lines as high as the font, Tab leaves the table, and Ctrl+C copies the selected rows.

    Qt's own tables copy only one cell.
    """

    def __init__(self, table: QTableView, padding_px: int) -> None:
        super().__init__(table)
        self._table, self._padding_px = table, padding_px
        table.setTabKeyNavigation(False)
        down = sure(table.verticalHeader())
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._fit_lines()
        table.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802  Qt's name
        """Copy whole rows, with cells separated by tabs; follow the font."""
        if event and event.type() == QEvent.Type.FontChange:
            self._fit_lines()
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Copy):
            sure(QApplication.clipboard()).setText(selected_text(self._table))
            return True
        return super().eventFilter(watched, event)

    def _fit_lines(self) -> None:
        height = self._table.fontMetrics().height() + self._padding_px
        sure(self._table.verticalHeader()).setDefaultSectionSize(height)


def selected_text(table: QTableView) -> str:
    """Text of the selected rows from the top, in the visible columns."""
    rows = sorted(sure(table.selectionModel()).selectedRows(), key=QModelIndex.row)
    columns = [column for column in range(sure(table.model()).columnCount()) if not table.isColumnHidden(column)]
    return "\n".join("\t".join(str(row.sibling(row.row(), column).data() or "") for column in columns) for row in rows)
