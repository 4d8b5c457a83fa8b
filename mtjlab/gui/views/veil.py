"""A veil over a widget that shows what is over."""

from PyQt5.QtCore import QEvent, QObject, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent
from PyQt5.QtWidgets import QWidget

from mtjlab.gui.look.qt import sure

DENSITY = 0.7


class Veil(QWidget):
    """Covers all of its parent in one colour that lets the content shine through; clicks pass."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = QColor()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        parent.installEventFilter(self)

    def cover(self, is_covering: bool, colour: str) -> None:
        """Cover the parent with ``colour``, or no longer."""
        self._colour = QColor(colour)
        self._colour.setAlphaF(DENSITY)
        self.setGeometry(sure(self.parentWidget()).rect())
        self.setVisible(is_covering)
        self.raise_()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802  Qt's name
        """Stay as large as the parent."""
        if event is not None and event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        """Paint the veil."""
        QPainter(self).fillRect(self.rect(), self._colour)
