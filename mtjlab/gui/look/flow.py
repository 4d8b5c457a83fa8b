"""Layout that wraps widgets into as many lines as the width requires."""

from PyQt5.QtCore import QRect, QSize, Qt
from PyQt5.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget


class FlowLayout(QLayout):
    """Lines of widgets. The rest of a line goes to expanding widgets, which need only their minimum width.

    A hidden widget that keeps its place does so in a line with others; a line of hidden widgets takes no room.
    """

    def __init__(self, parent: QWidget | None = None, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem | None) -> None:  # noqa: N802  Qt's name
        """Append an item."""
        if item:
            self._items.append(item)

    def count(self) -> int:
        """Number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  Qt's name
        """Return an item; None beyond the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  Qt's name
        """Remove and return an item."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientations:  # noqa: N802  Qt's name
        """Use all the width available."""
        return Qt.Orientations(Qt.Orientation.Horizontal)

    def hasHeightForWidth(self) -> bool:  # noqa: N802  Qt's name
        """The height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802  Qt's name
        """Height of all lines at a width."""
        margins = self._margins()
        return self._height(self._lines(width - margins.width())) + margins.height()

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Size of all items in one line."""
        items = self._visible_items()
        return QSize(self._width(items), _height(items)) + self._margins()

    def minimumSize(self) -> QSize:  # noqa: N802  Qt's name
        """Size of the widest item, alone in its line."""
        items = self._visible_items()
        return QSize(
            max(map(_min_width, items), default=0), max((item.minimumSize().height() for item in items), default=0)
        )

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802  Qt's name
        """Place all items, with the lines centred vertically."""
        super().setGeometry(rect)
        inside = rect.marginsRemoved(self.contentsMargins())
        lines = self._lines(inside.width())
        top = inside.top() + max(0, (inside.height() - self._height(lines)) // 2)
        for line in lines:
            self._put(line, QRect(inside.left(), top, inside.width(), _height(line)))
            top += _height(line) + self.spacing()

    def _put(self, line: list[QLayoutItem], room: QRect) -> None:
        expanding = [item for item in line if _expands(item)]
        spare = max(0, room.width() - self._width(line))
        left = room.left()
        for item in line:
            width = min(_min_width(item), room.width()) + (spare // len(expanding) if _expands(item) else 0)
            height = min(item.sizeHint().height(), room.height())
            item.setGeometry(QRect(left, room.top() + (room.height() - height) // 2, width, height))
            left += width + self.spacing()

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        free = 0
        for item in self._visible_items():
            needed = _min_width(item)
            if lines and self.spacing() + needed <= free:
                lines[-1].append(item)
                free -= self.spacing() + needed
            else:
                lines.append([item])
                free = width - needed
        return [line for line in lines if not all(map(_is_hidden, line))]

    def _visible_items(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _margins(self) -> QSize:
        margins = self.contentsMargins()
        return QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _height(self, lines: list[list[QLayoutItem]]) -> int:
        return sum(map(_height, lines)) + self.spacing() * max(0, len(lines) - 1)

    def _width(self, items: list[QLayoutItem]) -> int:
        return sum(map(_min_width, items)) + self.spacing() * max(0, len(items) - 1)


def _is_hidden(item: QLayoutItem) -> bool:
    widget = item.widget()
    return widget is not None and widget.isHidden()


def _expands(item: QLayoutItem) -> bool:
    widget = item.widget()
    return widget is not None and widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Expanding


def _min_width(item: QLayoutItem) -> int:
    return (item.minimumSize() if _expands(item) else item.sizeHint()).width()


def _height(line: list[QLayoutItem]) -> int:
    return max((item.sizeHint().height() for item in line), default=0)
