"""The story of a run in sentences, with a filter."""

from PyQt5.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.tables import RowCopier
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views import data
from mtjlab.gui.views.run_log_model import SENTENCE, TIME, RunLogFilter, RunLogModel
from mtjlab.gui.views.view import View


class RunLog(View):
    """What happened, as ``log.txt`` tells it; troubles stand out."""

    title = "Log"
    tabulate = staticmethod(data.log)
    help = "Sentences of the run, with the time since its beginning. Type to see only those that hold a text."

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "What happens in a run is told here.")
        self.model = RunLogModel(theme)
        self.shown = RunLogFilter(self)
        self.shown.setSourceModel(self.model)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("filter")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.shown.setFilterFixedString)
        self.only_trouble = QCheckBox("only troubles")
        self.only_trouble.toggled.connect(self.shown.show_only_trouble)
        self._table, self._is_at_end = _table(self.shown), True
        bar = sure(self._table.verticalScrollBar())
        bar.rangeChanged.connect(self._follow)
        bar.valueChanged.connect(self._look)
        content = QWidget()
        box = QVBoxLayout(content)
        box.setContentsMargins(6, 6, 6, 4)
        top = QHBoxLayout()
        top.addWidget(self.filter, stretch=1)
        top.addWidget(self.only_trouble)
        box.addLayout(top)
        box.addWidget(self._table)
        self.put(content)

    def restyle(self) -> None:
        """Colours of the theme."""
        self.model.theme = self.theme

    def draw(self, snapshot: Snapshot) -> bool:
        """Add what is new; stay at the end if that is where one looks."""
        at_end = self._is_at_end
        self.model.show(snapshot.log)
        self._is_at_end = at_end
        self._follow()
        return bool(snapshot.log)

    def _follow(self) -> None:
        """Whoever looks at the end stays there, also when rows get their places later."""
        if self._is_at_end:
            self._table.scrollToBottom()

    def _look(self, value: int) -> None:
        self._is_at_end = value == sure(self._table.verticalScrollBar()).maximum()


def _table(shown: RunLogFilter) -> QTableView:
    table = QTableView()
    table.setModel(shown)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    across, down = sure(table.horizontalHeader()), sure(table.verticalHeader())
    across.hide()
    down.hide()
    down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    down.setDefaultSectionSize(table.fontMetrics().height() + 6)
    across.setSectionResizeMode(TIME, QHeaderView.ResizeMode.Fixed)
    across.resizeSection(TIME, table.fontMetrics().horizontalAdvance("00:00:00 ") + 8)
    RowCopier(table)
    across.setSectionResizeMode(SENTENCE, QHeaderView.ResizeMode.Stretch)
    return table
