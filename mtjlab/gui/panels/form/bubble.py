"""An error message over a form, below the field that it is about: it moves nothing, and clicks pass through it."""

from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtGui import QPalette
from PyQt5.QtWidgets import QFrame, QWidget

from mtjlab.gui.look.label import WRONG, Label

PADDING_PX = 4


class Bubble(Label):
    """A message in ``parent``, whose layout does not know it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__()
        self.setParent(parent)
        self.setWordWrap(True)
        self.setFrameShape(QFrame.Shape.Box)
        self.setMargin(PADDING_PX)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setForegroundRole(WRONG)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, field: QWidget, text: str) -> None:
        """Show ``text`` below ``field``, or above it where there is no room below; nothing for an empty text."""
        self.setText(text)
        self.setVisible(bool(text))
        around = self.parentWidget()
        if not text or around is None:
            return
        width = around.width()
        height = self.heightForWidth(width)
        top = field.mapTo(around, QPoint(0, field.height())).y()
        if top + height > around.height():
            top -= field.height() + height
        self.setGeometry(0, max(0, top), width, height)
        self.raise_()
