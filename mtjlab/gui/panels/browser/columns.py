"""Columns of the list of runs: which are visible, and their widths."""

import json
from functools import partial

from PyQt5.QtCore import QObject, QPoint, Qt
from PyQt5.QtGui import QFontMetrics
from PyQt5.QtWidgets import QMenu, QTableView

from mtjlab.gui.look.qt import application, sure
from mtjlab.gui.panels.browser.runs_model import COLUMNS

PADDING_PX = 12
ALL = "all columns"
NARROWEST_PX = 24


class ColumnChooser(QObject):
    """Shows all columns of ``table``, or those that the operator chose in the menu of its header; they are scrolled."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._chosen: set[str] | None = None
        header = sure(table.horizontalHeader())
        header.setStretchLastSection(True)
        for index in range(len(COLUMNS)):
            header.resizeSection(index, self._first_px(index))
        self._line_px = table.fontMetrics().height()
        application().fontChanged.connect(self._grow)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_menu)

    @property
    def state(self) -> str:
        """What ``restore`` takes: chosen columns and widths."""
        header = sure(self._table.horizontalHeader())
        last = max(header.visualIndex(index) for index in range(len(COLUMNS)) if not self._table.isColumnHidden(index))
        widths = {
            column.name: header.sectionSize(index)
            for index, column in enumerate(COLUMNS)
            if not self._table.isColumnHidden(index) and header.visualIndex(index) != last  # that one is stretched
        }
        return json.dumps({"chosen": sorted(self._chosen) if self._chosen else None, "widths": widths})

    def restore(self, state: str) -> None:
        """Restore chosen columns and widths; a text that is not from ``state`` changes nothing."""
        try:
            saved = json.loads(state)
            chosen, widths = saved["chosen"], dict(saved["widths"])
        except (ValueError, LookupError, TypeError):
            return
        for index, column in enumerate(COLUMNS):
            if isinstance(width := widths.get(column.name), int) and width >= NARROWEST_PX:
                sure(self._table.horizontalHeader()).resizeSection(index, width)
        names = {column.name for column in COLUMNS}
        self._chosen = (set(chosen) & names or None) if isinstance(chosen, list) else None
        self._update()

    def menu(self) -> QMenu:
        """A menu of all columns; those that are visible are checked."""
        menu = QMenu(self._table)
        for index, column in enumerate(COLUMNS):
            entry = sure(menu.addAction(column.name))
            entry.setCheckable(True)
            entry.setChecked(not self._table.isColumnHidden(index))
            entry.setEnabled(index > 0)  # a row without its run is of no use
            entry.triggered.connect(partial(self._choose, column.name))
        menu.addSeparator()
        sure(menu.addAction(ALL)).triggered.connect(self._choose_all)
        return menu

    def _grow(self) -> None:
        """Keep the widths relative to the size of the text."""
        before_px, self._line_px = self._line_px, QFontMetrics(application().font()).height()
        header = sure(self._table.horizontalHeader())
        for index in (index for index in range(len(COLUMNS)) if not header.isSectionHidden(index)):
            header.resizeSection(index, round(header.sectionSize(index) * self._line_px / before_px))

    def _show_menu(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(sure(self._table.horizontalHeader()).mapToGlobal(at))

    def _choose(self, name: str, is_visible: bool) -> None:
        shown = {column.name for index, column in enumerate(COLUMNS) if not self._table.isColumnHidden(index)}
        self._chosen = shown | {name} if is_visible else shown - {name}
        self._update()

    def _choose_all(self) -> None:
        self._chosen = None
        self._update()

    def _update(self) -> None:
        for index, column in enumerate(COLUMNS):
            self._table.setColumnHidden(index, self._chosen is not None and column.name not in self._chosen)

    def _first_px(self, index: int) -> int:
        """Width of a column before it is changed."""
        column, metrics = COLUMNS[index], self._table.fontMetrics()
        return max(map(metrics.horizontalAdvance, (column.widest, f"{column.name}  "))) + PADDING_PX
