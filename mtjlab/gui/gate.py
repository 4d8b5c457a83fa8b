"""What every key and every click passes first, so that the emergency stop acts whatever else is open.

Qt gives a window that is covered by a modal dialog no clicks at all, and its shortcuts no keys. So no dialog is modal
for Qt here: while one asks, this gate keeps input away from everything else, but for the emergency stop. File choosers
of the system would pass it by: all dialogs and menus are Qt's own. Text that is dragged would swallow all keys: it is
selected anew instead.
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

from mtjlab.gui.look.screens import place_below

EMERGENCY_KEYS = "Ctrl+Shift+E", "F12"
"""As menus show them; F12 together with any other key counts as well."""
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


class Gate(QObject):
    """``stop_asked`` says that one of EMERGENCY_KEYS, or ``button`` of ``window``, was pressed, wherever."""

    stop_asked = pyqtSignal()

    def __init__(self, window: QMainWindow, button: QAbstractButton) -> None:
        super().__init__(window)
        self._window, self._button = window, button
        self._asking: list[QWidget] = []
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeMenuBar)
        _application().installEventFilter(self)

    def end(self) -> None:
        """Let everything pass from now on."""
        _application().removeEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802  Qt's name
        """Whether the event ends here."""
        if event is None or watched is None or (kind := event.type()) not in _WATCHED:
            return False
        if kind == QEvent.Type.Show:
            self._receive(watched, event)
            return False
        if kind == QEvent.Type.Hide:
            if watched in self._asking:  # our word of it may be the last: it must not end amid an event
                QTimer.singleShot(0, self._forget)
            return False
        if isinstance(event, QKeyEvent) and kind in _KEYS and is_emergency(event):
            if kind == QEvent.Type.KeyPress and not event.isAutoRepeat():
                self.stop_asked.emit()
            event.accept()  # an override that is accepted comes again, as a key that was pressed
            return True
        if isinstance(event, QMouseEvent) and kind in _PRESSES and event.button() == Qt.MouseButton.LeftButton:
            if self._is_on_button(watched, event.globalPos()):
                self.stop_asked.emit()
                return True
            _drop_selection(watched, event)
        return self._keeps_away(watched, event)

    def _receive(self, watched: QObject, event: QEvent) -> None:
        """A window that is about to be shown: it leaves the button free, and is not modal for Qt."""
        if not isinstance(watched, QWidget) or not watched.isWindow() or event.spontaneous():
            return
        if watched.windowType() in (Qt.WindowType.Dialog, Qt.WindowType.Tool):
            place_below(watched, self._button)
        if watched.isModal() and (handle := watched.windowHandle()) is not None:
            handle.setModality(Qt.WindowModality.NonModal)
            self._asking.append(watched)

    def _forget(self) -> None:
        """Those dialogs that have been answered."""
        self._asking = self._open

    @property
    def _open(self) -> list[QWidget]:
        return [one for one in self._asking if _is_open(one)]

    def _is_on_button(self, watched: QObject, at: QPoint) -> bool:
        button = self._button
        if not button.isVisible() or not button.rect().contains(button.mapFromGlobal(at)):
            return False
        if QApplication.activePopupWidget() is not None:  # it takes all clicks, wherever they are
            return QApplication.topLevelAt(at) is button.window()
        return _window_of(watched) is button.window()

    def _keeps_away(self, watched: QObject, event: QEvent) -> bool:
        """Whether a dialog asks, and the event is for something else."""
        if not (asking := self._open) or (event.type() == QEvent.Type.Close and not event.spontaneous()):
            return False
        window, dialog = _window_of(watched), asking[-1]
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
    """A press on selected text begins a new selection, not a drag."""
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
    """The window that an event is for: of a widget, of an action, or of a window as the system has it."""
    if isinstance(watched, QWindow):
        return next((one for one in QApplication.topLevelWidgets() if one.windowHandle() is watched), None)
    owner: QObject | None = watched
    while owner is not None and not isinstance(owner, QWidget):
        owner = owner.parent()
    return owner.window() if owner is not None else None


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
