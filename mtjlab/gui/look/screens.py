"""Place windows on screens of any size: fully visible, and clear of the emergency stop."""

from PyQt5.QtCore import QPoint, QRect, Qt
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import QWidget

from mtjlab.gui.look.qt import sure

FRAME_PX = 12
TITLE_PX = 36
"""Assumed frame around and title bar above a window, until the window manager reports them."""


def available(window: QWidget) -> QRect:
    """Area of the screen of ``window`` available to windows; empty where there is no screen."""
    screen = window.screen() or QGuiApplication.primaryScreen()
    return screen.availableGeometry() if screen else QRect()


def fit(window: QWidget) -> None:
    """Shrink and move ``window`` so that it lies on its screen with its frame."""
    room = available(window)
    if room.isEmpty() or window.isMaximized() or window.isFullScreen():
        return
    inner, outer = window.geometry(), window.frameGeometry()
    if outer == inner:  # frame not reported yet
        outer.adjust(-FRAME_PX, -TITLE_PX, FRAME_PX, FRAME_PX)
    around = outer.size() - inner.size()
    if not room.contains(outer):
        outer.setSize(outer.size().boundedTo(room.size()))
        outer.moveLeft(max(room.left(), min(outer.left(), room.right() + 1 - outer.width())))
        outer.moveTop(max(room.top(), min(outer.top(), room.bottom() + 1 - outer.height())))
        window.resize(outer.size() - around)
        window.move(outer.topLeft())


def place_below(window: QWidget, widget: QWidget) -> None:
    """Place ``window``, which is about to be shown, so that it does not cover ``widget``; shrink it if necessary."""
    if not widget.isVisible():
        return
    covered, room = QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size()), available(widget)
    wanted = window.geometry()
    if not window.testAttribute(Qt.WidgetAttribute.WA_Moved):
        wanted.moveCenter(sure(widget.window()).geometry().center())
    if wanted.adjusted(-FRAME_PX, -TITLE_PX, FRAME_PX, FRAME_PX).intersects(covered):
        room = room.adjusted(FRAME_PX, 0, -FRAME_PX, -FRAME_PX)
        room.setTop(covered.bottom() + TITLE_PX)
        wanted.setSize(wanted.size().boundedTo(room.size()))
        wanted.moveTop(room.top())
        wanted.moveLeft(max(room.left(), min(wanted.left(), room.right() + 1 - wanted.width())))
    window.setGeometry(wanted)
