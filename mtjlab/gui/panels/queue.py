"""Panel of the queue of runs; rows are dragged to change the order."""

from datetime import datetime, timedelta

from PyQt5.QtCore import Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mtjlab.counted import counted
from mtjlab.gui.engines.queue import Queue, Waiting
from mtjlab.gui.look.flow import FlowLayout
from mtjlab.gui.look.formatting import duration
from mtjlab.gui.look.label import Label, tooltip
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.text_size import embolden

ITEM_ROLE = Qt.ItemDataRole.UserRole
HELD_BY_OPERATOR = "by operator"
LOOK_MS = 20_000
"""The time when all will be done is shown in minutes."""


class OrderedList(QListWidget):
    """A list whose rows are dragged. Qt's own dragging would block all keys, the emergency stop included.

    ``moved`` is emitted when a row has moved.
    """

    moved = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._dragged: QListWidgetItem | None = None

    def move_row(self, row: int, to: int) -> None:
        """Move ``row`` to the place of ``to`` and select it."""
        self.insertItem(to, self.takeItem(row))
        self.setCurrentRow(to)
        self.moved.emit()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802  Qt's name
        """Select a row and start to drag it."""
        super().mousePressEvent(event)
        is_plain = event is not None and event.button() == Qt.MouseButton.LeftButton and not int(event.modifiers())
        self._dragged = self.itemAt(event.pos()) if event and is_plain else None

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802  Qt's name
        """Move the dragged row."""
        if event is None or self._dragged is None:
            super().mouseMoveEvent(event)
            return
        row, to = self.row(self._dragged), self.indexAt(event.pos()).row()
        if row >= 0 and to not in (-1, row):
            self.move_row(row, to)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802  Qt's name
        """End dragging."""
        super().mouseReleaseEvent(event)
        self._dragged = None

    def clear(self) -> None:
        """Remove all rows."""
        self._dragged = None
        super().clear()


class QueuePanel(QWidget):
    """The run of the queue that is running, those that wait, and the buttons that change the queue."""

    def __init__(self, queue: Queue) -> None:
        super().__init__()
        self._queue = queue
        self.summary, self.running = Label(), Label()
        for label in (self.summary, self.running):
            label.setWordWrap(True)
        embolden(self.running)
        self.list = OrderedList()
        self.list.setToolTip("Drag to change the order")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.up, self.down = QPushButton("up"), QPushButton("down")
        self.remove = QPushButton("remove")
        self.hold = QPushButton("hold")
        self._lay_out()
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.remove.clicked.connect(self._remove)
        self.hold.clicked.connect(self._hold)
        self.list.moved.connect(self._reorder)
        queue.changed.connect(self._show)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._summarize)
        self._timer.start(LOOK_MS)
        self._show()

    def _show(self) -> None:
        waiting = self._queue.waiting
        if [self._at(row).arguments for row in range(self.list.count())] != [one.arguments for one in waiting]:
            self.list.clear()
            self.list.addItems([_entry(one) for one in waiting])
        for row, one in enumerate(waiting):  # in place: one of them may be dragged just now
            item = sure(self.list.item(row))
            item.setText(_entry(one))
            item.setToolTip(tooltip(f"Held: {one.held}." if one.held else _entry(one)))
            item.setData(ITEM_ROLE, one)
        running = self._queue.running
        self.running.setText(f"running: {running.text}" if running else "")
        self.running.setToolTip(tooltip(_entry(running) if running else ""))
        self.running.setVisible(running is not None)
        self._summarize()
        self.hold.setText("Resume queue" if self._queue.held else "hold")
        self.hold.setToolTip(
            "Start the next run when the bench is free" if self._queue.held else "Start no further runs"
        )

    def _summarize(self) -> None:
        """How many wait, why they are held, and when all will be done."""
        waiting, held = self._queue.waiting, self._queue.held
        parts = [f"{counted(len(waiting), 'run')} waiting" if waiting else "queue empty"]
        if held:
            parts.append(f"queue held: {held}" if waiting else f"held: {held}")
        elif self._queue.awaits_disconnection:
            parts.append("the next starts when the bench is disconnected")
        if self._queue.is_going_on:
            left_s, is_known = self._queue.left_s
            at = datetime.now() + timedelta(seconds=left_s)
            day = "" if at.date() == datetime.now().date() else f"{at:%a} "
            parts.append(f"done {'about' if is_known else 'not before'} {day}{at:%H:%M}" if left_s else "")
        self.summary.setText("; ".join(filter(None, parts)))

    def _at(self, row: int) -> Waiting:
        waiting = sure(self.list.item(row)).data(ITEM_ROLE)
        assert isinstance(waiting, Waiting)
        return waiting

    def _reorder(self) -> None:
        self._queue.put_in_order([self._at(row) for row in range(self.list.count())])

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        if row >= 0 and 0 <= row + by < self.list.count():
            self.list.move_row(row, row + by)

    def _remove(self) -> None:
        for item in self.list.selectedItems():
            self.list.takeItem(self.list.row(item))
        self._reorder()

    def _hold(self) -> None:
        if self._queue.held:
            self._queue.release()
        else:
            self._queue.hold(HELD_BY_OPERATOR)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        for label in (self.summary, self.running):
            box.addWidget(label)
        box.addWidget(self.list, stretch=1)
        line = FlowLayout()
        for button in (self.up, self.down, self.remove, self.hold):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            line.addWidget(button)
        box.addLayout(line)


def _entry(one: Waiting) -> str:
    """What a row says: the title of a run, how long it takes, and what is asked in it."""
    lasts = "" if one.duration_s is None else f" (about {duration(one.duration_s)})"
    first = f"{'held: ' if one.held else ''}{one.text}{lasts}"
    return "\n".join(filter(None, (first, one.details)))
