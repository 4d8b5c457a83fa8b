"""A filter for all keys and clicks, so that the emergency stop works whatever else is open.

Qt sends no clicks and no shortcuts to a window behind a modal dialog. So no dialog is modal for Qt here: while a dialog
is open, this filter blocks all input to other windows except the emergency stop. Native file choosers would bypass it:
all dialogs and menus are Qt's own. Dragging text would block all keys: a drag starts a new selection instead.
"""

from PyQt5.QtCore import QEvent, QObject, QPoint, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QKeyEvent, QMouseEvent, QWindow
from PyQt5.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QMainWindow,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from mtjlab.gui.look.qt import application
from mtjlab.gui.look.screens import place_below

EMERGENCY_KEYS = "Ctrl+Shift+E", "F12"
"""As menus show them; F12 works with any modifier."""
_SHIFT = Qt.KeyboardModifiers(Qt.KeyboardModifier.ShiftModifier)
_CTRL_SHIFT = _SHIFT | Qt.KeyboardModifier.ControlModifier
_KEYS = frozenset({QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress})
_PRESSES = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick})
_INPUT = frozenset(
    {
        *_KEYS, *_PRESSES,
        QEvent.Type.Shortcut, QEvent.Type.KeyRelease, QEvent.Type.MouseButtonRelease, QEvent.Type.Wheel,
        QEvent.Type.ContextMenu, QEvent.Type.TouchBegin, QEvent.Type.TabletPress, QEvent.Type.DragEnter,
        QEvent.Type.Drop, QEvent.Type.Close,
    }
)  # fmt: skip
_WATCHED = _INPUT | {QEvent.Type.Show, QEvent.Type.Hide}


class InputFilter(QObject):
    """``stop_asked`` is emitted when one of EMERGENCY_KEYS, or ``button`` of ``window``, is pressed anywhere."""

    stop_asked = pyqtSignal()

    def __init__(self, window: QMainWindow, button: QAbstractButton) -> None:
        super().__init__(window)
        self._window, self._button = window, button
        self._dialogs: list[QWidget] = []
        self.is_by_key = False
        """Whether the latest input was a key, not a click."""
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeMenuBar)
        application().installEventFilter(self)

    def end(self) -> None:
        """Stop filtering."""
        application().removeEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802  Qt's name
        """Whether the event is consumed."""
        if event is None or watched is None or (kind := event.type()) not in _WATCHED:
            return False
        if kind in _KEYS or kind in _PRESSES:
            self.is_by_key = kind in _KEYS
        if kind == QEvent.Type.Show:
            self._adapt(watched, event)
            return False
        if kind == QEvent.Type.Hide:
            if watched in self._dialogs:  # this may be its last reference, which must outlive the event
                QTimer.singleShot(0, self._drop_closed)
            return False
        if isinstance(event, QKeyEvent) and kind in _KEYS and is_emergency(event):
            if kind == QEvent.Type.KeyPress and not event.isAutoRepeat():
                self.stop_asked.emit()
            event.accept()  # an accepted override is sent again as a key press
            return True
        if isinstance(event, QMouseEvent) and kind in _PRESSES and event.button() == Qt.MouseButton.LeftButton:
            if self._is_on_button(watched, event.globalPos()):
                self.stop_asked.emit()
                return True
            _drop_selection(watched, event)
        return self._is_blocked(watched, event)

    def _adapt(self, watched: QObject, event: QEvent) -> None:
        """Place a window about to be shown clear of the button, and make it non-modal for Qt."""
        if not isinstance(watched, QWidget) or not watched.isWindow() or event.spontaneous():
            return
        if watched.windowType() in (Qt.WindowType.Dialog, Qt.WindowType.Tool):
            place_below(watched, self._button)
        if watched.isModal() and (handle := watched.windowHandle()) is not None:
            handle.setModality(Qt.WindowModality.NonModal)
            self._dialogs.append(watched)

    def _drop_closed(self) -> None:
        """Drop dialogs that have been closed."""
        self._dialogs = self._open_dialogs

    @property
    def _open_dialogs(self) -> list[QWidget]:
        return [one for one in self._dialogs if _is_open(one)]

    def _is_on_button(self, watched: QObject, at: QPoint) -> bool:
        button = self._button
        if not button.isVisible() or not button.rect().contains(button.mapFromGlobal(at)):
            return False
        if QApplication.activePopupWidget() is not None:  # it receives all clicks, wherever they are
            return QApplication.topLevelAt(at) is button.window()
        return _window_of(watched) is button.window()

    def _is_blocked(self, watched: QObject, event: QEvent) -> bool:
        """Whether a dialog is open and the event is for another window."""
        if not (dialogs := self._open_dialogs) or (event.type() == QEvent.Type.Close and not event.spontaneous()):
            return False
        window, dialog = _window_of(watched), dialogs[-1]
        if window is None or _belongs_to(window, dialog):
            return False
        if event.type() in _PRESSES:
            QApplication.beep()
            dialog.raise_()
            dialog.activateWindow()
        event.setAccepted(event.type() != QEvent.Type.Close)
        return True


def is_emergency(event: QKeyEvent) -> bool:
    """Whether one of EMERGENCY_KEYS was pressed."""
    if event.key() == Qt.Key.Key_F12:
        return True
    return event.key() == Qt.Key.Key_E and event.modifiers() & _CTRL_SHIFT == _CTRL_SHIFT


def _drop_selection(watched: QObject, event: QMouseEvent) -> None:
    """Start a new selection when selected text is pressed, not a drag."""
    if event.modifiers() & _SHIFT:
        return
    if isinstance(watched, QLabel) and watched.hasSelectedText():
        watched.setSelection(0, 0)
    area = watched.parent()
    if isinstance(area, QTextEdit | QPlainTextEdit) and isinstance(area, QAbstractScrollArea):
        cursor = area.textCursor()
        if area.viewport() is watched and cursor.hasSelection():
            cursor.clearSelection()
            area.setTextCursor(cursor)


def _is_open(dialog: QWidget) -> bool:
    try:
        return dialog.isVisible()
    except RuntimeError:  # deleted by Qt
        return False


def _belongs_to(window: QWidget, dialog: QWidget) -> bool:
    """Whether ``window`` is ``dialog``, or was opened from it."""
    above: QWidget | None = window
    while above is not None and above is not dialog:
        above = above.parentWidget()
    return above is dialog


def _window_of(watched: QObject) -> QWidget | None:
    """The window that an event is for: that of a widget, of an action, or of a native window."""
    if isinstance(watched, QWindow):
        return next((one for one in QApplication.topLevelWidgets() if one.windowHandle() is watched), None)
    owner: QObject | None = watched
    while owner is not None and not isinstance(owner, QWidget):
        owner = owner.parent()
    return owner.window() if owner is not None else None
