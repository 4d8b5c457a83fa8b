"""The queue of runs: drag to change the order."""

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mtjlab.gui.engines.queue import Queue, Waiting
from mtjlab.gui.look.qt import sure

ITEM_ROLE = Qt.ItemDataRole.UserRole
HELD_BY_HAND = "you hold it"


class QueuePanel(QWidget):
    """What waits, and the buttons for it."""

    def __init__(self, queue: Queue) -> None:
        super().__init__()
        self._queue = queue
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.list = QListWidget()
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setToolTip("Drag to change the order")
        self.up, self.down = QPushButton("up"), QPushButton("down")
        self.remove = QPushButton("remove")
        self.hold = QPushButton("hold")
        self._lay_out()
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.remove.clicked.connect(self._remove)
        self.hold.clicked.connect(self._hold)
        sure(self.list.model()).rowsMoved.connect(self._reorder)
        queue.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        waiting = self._queue.waiting
        if [self._at(row) for row in range(self.list.count())] != list(waiting):
            self.list.clear()
            for one in waiting:
                item = QListWidgetItem(one.text)
                item.setData(ITEM_ROLE, one)
                self.list.addItem(item)
        count = f"{len(waiting)} run{'s' if len(waiting) > 1 else ''} waiting" if waiting else "nothing waits"
        self.told.setText(f"{count}; held: {self._queue.held}" if self._queue.held else count)
        self.hold.setText("go on" if self._queue.held else "hold")
        self.hold.setToolTip("Start the next run when the bench is free" if self._queue.held else "Start nothing more")

    def _at(self, row: int) -> Waiting:
        waiting = sure(self.list.item(row)).data(ITEM_ROLE)
        assert isinstance(waiting, Waiting)
        return waiting

    def _reorder(self) -> None:
        self._queue.put_in_order([self._at(row) for row in range(self.list.count())])

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        if row >= 0 and 0 <= row + by < self.list.count():
            self.list.insertItem(row + by, self.list.takeItem(row))
            self.list.setCurrentRow(row + by)
            self._reorder()

    def _remove(self) -> None:
        for item in self.list.selectedItems():
            self.list.takeItem(self.list.row(item))
        self._reorder()

    def _hold(self) -> None:
        if self._queue.held:
            self._queue.let_go()
        else:
            self._queue.hold(HELD_BY_HAND)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.addWidget(self.told)
        box.addWidget(self.list, stretch=1)
        line = QHBoxLayout()
        for button in (self.up, self.down, self.remove, self.hold):
            line.addWidget(button)
        box.addLayout(line)
