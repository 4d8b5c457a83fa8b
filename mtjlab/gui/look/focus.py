"""A frame around the widget that has the keyboard, so that it can be found in every theme and on every ground."""

from collections.abc import Callable

from PyQt5 import sip
from PyQt5.QtCore import QObject, QRectF
from PyQt5.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PyQt5.QtWidgets import QApplication, QFocusFrame, QWidget


class FocusFrame(QFocusFrame):
    """A line in the colour of text with a line in the colour of the ground inside it: one of them is always visible."""

    def paintEvent(self, _event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        """Draw both lines."""
        painter, colours = QPainter(self), QApplication.palette()
        for role, inset in ((QPalette.ColorRole.Base, 1.5), (QPalette.ColorRole.Text, 0.5)):
            painter.setPen(QPen(colours.color(role), 1.0))
            painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))


class FocusMarker(QObject):
    """Marks the widget that gets the keyboard while ``is_by_key``; after a click its place is known."""

    def __init__(self, application: QApplication, is_by_key: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._is_by_key = is_by_key
        self._frame: FocusFrame | None = None
        application.focusChanged.connect(self._mark)

    @property
    def marked(self) -> QWidget | None:
        """The widget that is marked."""
        return None if self._frame is None or sip.isdeleted(self._frame) else self._frame.widget()

    def _mark(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._frame is not None and not sip.isdeleted(self._frame):  # it is deleted with the parent of its widget
            self._frame.setWidget(None)
            self._frame.deleteLater()
        self._frame = None
        if now is not None and self._is_by_key():
            self._frame = FocusFrame()
            self._frame.setWidget(now)


class FocusKeeper(QObject):
    """Keeps the keyboard from the next button when the one that has it is disabled or hidden, as after it was pressed.

    Qt would give it to the next widget, which one more press of the same key would act on.
    """

    def __init__(self, application: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        application.focusChanged.connect(self._keep)

    def _keep(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is None or now is None or sip.isdeleted(before) or before.window() is not now.window():
            return
        if not before.isEnabled() or not before.isVisibleTo(before.window()):
            around = before.parentWidget()
            while around is not None and not around.isVisibleTo(before.window()):
                around = around.parentWidget()
            if around is not None:
                around.setFocus()
