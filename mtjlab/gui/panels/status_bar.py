"""The bar along the bottom: the last message, the work in progress, and a bell with the number of unread messages."""

from collections.abc import Callable, Sequence

from markupsafe import Markup
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QTextBrowser, QToolButton, QVBoxLayout, QWidget

from mtjlab.gui.activity import Activity
from mtjlab.gui.look.label import ElidedLabel, Label, tooltip
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.signs import SIZE_PX, bell
from mtjlab.gui.look.steady import ignore_text, keep_width
from mtjlab.gui.look.text_size import embolden
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.notices import MOST, Notice, Notices
from mtjlab.gui.panels.activity import ActivityLine
from mtjlab.gui.panels.severity import colour_of, line_of, sign_of

LIST_PX = 560, 360
MESSAGE_PX, ACTIVITY_PX = 120, 120
"""Smallest widths of their texts."""
NO_MESSAGES = "No messages yet."
BELL_HELP = "Messages, the newest first (Ctrl+J)"


class StatusBar(QWidget):
    """Always there and always of one height: nothing that arrives moves anything."""

    def __init__(self, notices: Notices, activities: Callable[[], Sequence[Activity]], theme: Theme) -> None:
        super().__init__()
        self._notices, self._theme = notices, theme
        self.sign = Label()
        self.sign.setFixedWidth(SIZE_PX)
        self.message = ElidedLabel(min_px=MESSAGE_PX)
        ignore_text(self.message)
        self.activity = ActivityLine(activities)
        self.activity.label.setMinimumWidth(ACTIVITY_PX)
        self.bell = keep_width(QToolButton(), str(MOST))
        embolden(self.bell)
        self.bell.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.bell.setAutoRaise(True)
        self.bell.setToolTip(tooltip(BELL_HELP))
        self.bell.setAccessibleName("Messages")
        self.list = NoticeList(self)
        self.bell.clicked.connect(self.open_list)
        box = QHBoxLayout(self)
        box.setContentsMargins(10, 1, 6, 1)
        box.addWidget(self.sign)
        box.addWidget(self.message, stretch=3)
        box.addWidget(self.activity, stretch=2)
        box.addWidget(self.bell)
        notices.changed.connect(self._update)
        self._update()

    def apply_theme(self, theme: Theme) -> None:
        """Switch to the colours of ``theme``."""
        self._theme = theme
        self._update()

    def open_list(self) -> None:
        """Show all messages above the bell; they are read then."""
        self.list.show_above(self.bell, self._notices.newest_first, self._theme)
        self._notices.mark_read()

    def _update(self) -> None:
        unread, latest = self._notices.unread, self._notices.latest
        self.bell.setIcon(bell(self._theme.trouble if unread else self._theme.faint))
        self.bell.setText(str(unread) if unread else "")
        self.bell.setAccessibleDescription(f"{unread} unread")
        if latest is not None:
            self.sign.setPixmap(sign_of(latest.severity, self._theme))
            self.message.setText(line_of(latest))
            self.message.setToolTip(tooltip(latest.text))


class NoticeList(QFrame):
    """The messages with their times, in a popup that any click beside it closes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.text = QTextBrowser()
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setOpenLinks(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.text)

    def show_above(self, button: QWidget, notices: Sequence[Notice], theme: Theme) -> None:
        """Show ``notices`` above ``button``, inside its window."""
        self.text.setHtml(_html(notices, theme))
        window = sure(button.window())
        above = button.mapTo(window, QPoint(button.width(), 0))
        width, height = min(LIST_PX[0], above.x()), min(LIST_PX[1], above.y())
        self.resize(width, height)
        self.move(window.mapToGlobal(above - QPoint(width, height)))
        self.show()
        self.text.setFocus()


def _html(notices: Sequence[Notice], theme: Theme) -> Markup:
    if not notices:
        return Markup("<p>{}</p>").format(NO_MESSAGES)
    row = Markup(
        "<tr><td style='color:{}'>{}</td><td style='color:{}'><b>{}</b></td>"
        "<td style='white-space:pre-wrap'>{}</td></tr>"
    )
    rows = [
        row.format(theme.faint, f"{one.at:%H:%M:%S}", colour_of(one.severity, theme), one.severity, one.text)
        for one in notices
    ]
    return Markup("<table cellpadding='4'>{}</table>").format(Markup("").join(rows))
