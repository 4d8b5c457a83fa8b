"""Columns of the list of runs: which are visible, and their widths."""

import json
from functools import partial

from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtWidgets import QMenu, QTableView

from mtjlab.gui.look.qt import sure
from mtjlab.gui.panels.browser.runs_model import COLUMNS

PADDING_PX = 12
FITTING = "as many as fit"
NARROWEST_PX = 24


class ColumnChooser:
    """Shows as many columns of ``table`` as fit, or those that the operator chose in the menu of its header."""

    def __init__(self, table: QTableView) -> None:
        self._table = table
        self._chosen: set[str] | None = None
        self._room_px = 0
        header = sure(table.horizontalHeader())
        for index in range(len(COLUMNS)):
            header.resizeSection(index, self._first_px(index))
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

    def fit(self, room_px: int) -> None:
        """Use a room of this width."""
        self._room_px = room_px
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
        sure(menu.addAction(FITTING)).triggered.connect(self._choose_fitting)
        return menu

    def _show_menu(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(sure(self._table.horizontalHeader()).mapToGlobal(at))

    def _choose(self, name: str, is_visible: bool) -> None:
        shown = {column.name for index, column in enumerate(COLUMNS) if not self._table.isColumnHidden(index)}
        self._chosen = shown | {name} if is_visible else shown - {name}
        self._update()

    def _choose_fitting(self) -> None:
        self._chosen = None
        self._update()

    def _update(self) -> None:
        visible = self._fitting() if self._chosen is None else self._chosen
        for index, column in enumerate(COLUMNS):
            self._table.setColumnHidden(index, column.name not in visible)

    def _fitting(self) -> set[str]:
        """The columns of the highest priority that fit together."""
        fitting, free_px = set[str](), self._room_px
        for index in sorted(range(len(COLUMNS)), key=lambda index: COLUMNS[index].priority):
            free_px -= self._first_px(index)
            if free_px < 0 and fitting:
                break
            fitting.add(COLUMNS[index].name)
        return fitting

    def _first_px(self, index: int) -> int:
        """Width of a column before it is changed."""
        column, metrics = COLUMNS[index], self._table.fontMetrics()
        return max(map(metrics.horizontalAdvance, (column.widest, f"{column.name}  "))) + PADDING_PX
