"""Log messages of a run, with a filter."""

from PyQt5.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mtjlab.gui.look.buttons import CheckBox
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.tables import TableBehaviour
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views import data
from mtjlab.gui.views.run_log_model import SENTENCE, TIME, RunLogFilter, RunLogModel
from mtjlab.gui.views.view import View

LINE_PADDING_PX = 6


class RunLog(View):
    """Messages as in ``log.txt``, with problems highlighted."""

    title = "Log"
    tabulate = staticmethod(data.log)
    help = "Log messages of the run, with the time since its start. Type to filter them by a text."

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Log messages of a run are shown here.")
        self.model = RunLogModel(theme)
        self.shown = RunLogFilter(self)
        self.shown.setSourceModel(self.model)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("filter")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.shown.setFilterFixedString)
        self.only_trouble = CheckBox("problems only")
        self.only_trouble.toggled.connect(self.shown.show_only_trouble)
        self._table, self._is_at_end = _table(self.shown), True
        bar = sure(self._table.verticalScrollBar())
        bar.rangeChanged.connect(self._follow)
        bar.valueChanged.connect(self._note_position)
        content = QWidget()
        box = QVBoxLayout(content)
        box.setContentsMargins(6, 6, 6, 4)
        top = QHBoxLayout()
        top.addWidget(self.filter, stretch=1)
        top.addWidget(self.only_trouble)
        box.addLayout(top)
        box.addWidget(self._table)
        self.set_content(content)

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        self.model.theme = self.theme

    def draw(self, snapshot: Snapshot) -> bool:
        """Append new messages; scroll to the end if the end was visible."""
        at_end = self._is_at_end
        self.model.show(snapshot.log)
        self._is_at_end = at_end
        self._follow()
        return bool(snapshot.log)

    def _follow(self) -> None:
        """Scroll to the end if it was visible, also when rows are laid out later."""
        if self._is_at_end:
            self._table.scrollToBottom()

    def _note_position(self, value: int) -> None:
        self._is_at_end = value == sure(self._table.verticalScrollBar()).maximum()


def _table(shown: RunLogFilter) -> QTableView:
    table = QTableView()
    table.setModel(shown)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    across = sure(table.horizontalHeader())
    across.hide()
    across.setSectionResizeMode(TIME, QHeaderView.ResizeMode.Fixed)
    across.resizeSection(TIME, table.fontMetrics().horizontalAdvance("00:00:00 ") + 8)
    TableBehaviour(table, LINE_PADDING_PX)
    across.setSectionResizeMode(SENTENCE, QHeaderView.ResizeMode.Stretch)
    return table
