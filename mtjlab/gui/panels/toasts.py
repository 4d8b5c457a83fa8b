"""New messages over the content, for some seconds. They take no focus, no room, and no clicks but on their ✕."""

from textwrap import shorten

from markupsafe import Markup
from PyQt5.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QHBoxLayout, QShortcut, QToolButton, QWidget

from mtjlab.gui.look.label import Label
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.notices import Notice
from mtjlab.gui.panels.severity import colour_of, sign_of

MOST = 3
WIDTH_PX, GAP_PX, CLOSE_PX = 400, 8, 20
LETTERS = 300
"""Longest text that is shown; the list behind the bell has all of it."""
SHOWN_MS, SHOWN_MS_PER_LETTER = 4000, 40
"""How long a message stays: long enough to be read."""


class Toast(QWidget):
    """A message in a ``window``. Clicks pass through it; its button, which is no part of it, dismisses it."""

    over = pyqtSignal(QWidget)

    def __init__(self, window: QWidget, notice: Notice, theme: Theme) -> None:
        super().__init__(window)
        self.notice = notice
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        colour = colour_of(notice.severity, theme)
        self.setStyleSheet(
            f"QWidget#toast {{ background: {theme.button}; border: 1px solid {colour};"
            f" border-left: 5px solid {colour}; border-radius: 4px; }}"
        )
        sign, text = Label(), Label()
        sign.setPixmap(sign_of(notice.severity, theme))
        shown = shorten(notice.text, LETTERS, placeholder=" … (all of it: the bell below)")
        text.setText(Markup("<b>{}</b>&nbsp; {}").format(notice.severity, shown))
        text.setWordWrap(True)
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 8, CLOSE_PX + 8, 8)
        box.addWidget(sign, alignment=Qt.AlignmentFlag.AlignTop)
        box.addWidget(text, stretch=1)
        self.button = QToolButton(window)
        self.button.setText("✕")
        self.button.setToolTip("Dismiss (Esc)")
        self.button.setAutoRaise(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self._end)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._end)
        self._timer.start(SHOWN_MS + SHOWN_MS_PER_LETTER * len(shown))

    def place(self, corner: QPoint, room: QRect) -> QRect:
        """Put its lower right corner at ``corner``; hide it if it would leave ``room``. Returns its place."""
        height = self.heightForWidth(WIDTH_PX)
        self.setGeometry(corner.x() - WIDTH_PX, corner.y() - height, WIDTH_PX, height)
        self.button.setGeometry(corner.x() - CLOSE_PX - 4, self.y() + 4, CLOSE_PX, CLOSE_PX)
        for part in (self, self.button):
            part.setVisible(room.contains(self.geometry()))
            part.raise_()
        return self.geometry()

    def remove(self) -> None:
        """Remove it with its button."""
        self._timer.stop()
        for part in (self, self.button):
            part.hide()
            part.deleteLater()

    def _end(self) -> None:
        self.over.emit(self)


class Toasts(QObject):
    """Shows messages at the lower right of ``area``, the newest at the bottom, as many as there is room for."""

    def __init__(self, area: QWidget, theme: Theme) -> None:
        super().__init__(area)
        self._area, self._theme = area, theme
        self.shown: list[Toast] = []
        """The newest last."""
        self._escape = QShortcut(QKeySequence("Esc"), area.window())
        self._escape.activated.connect(self.dismiss)
        self._escape.setEnabled(False)
        area.installEventFilter(self)

    @property
    def texts(self) -> list[str]:
        """The messages that are shown, the newest last."""
        return [toast.notice.text for toast in self.shown]

    def apply_theme(self, theme: Theme) -> None:
        """Switch to the colours of ``theme``: from the next message on."""
        self._theme = theme

    def show(self, notice: Notice) -> None:
        """Show ``notice`` for some seconds."""
        toast = Toast(sure(self._area.window()), notice, self._theme)
        toast.over.connect(self._remove)
        self.shown.append(toast)
        while len(self.shown) > MOST:
            self.shown.pop(0).remove()
        self._place()

    def dismiss(self) -> None:
        """Remove the newest message."""
        if self.shown:
            self._remove(self.shown[-1])

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802  Qt's name
        """Stay in the corner of the area."""
        if event is not None and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _remove(self, toast: Toast) -> None:
        if toast in self.shown:
            self.shown.remove(toast)
            toast.remove()
            self._place()

    def _place(self) -> None:
        """Stack them from the bottom."""
        self._escape.setEnabled(bool(self.shown))
        room = QRect(self._area.mapTo(self._area.window(), QPoint(0, 0)), self._area.size())
        corner = room.bottomRight() - QPoint(GAP_PX, GAP_PX)
        for toast in reversed(self.shown):
            corner.setY(toast.place(corner, room).top() - GAP_PX)
