"""Labels and tooltips of the window: text is shown literally, never as HTML, unless it is ``Markup``.

``Markup("<b>{}</b>").format(name)`` escapes what is inserted.
"""

from markupsafe import Markup, escape
from PyQt5.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PyQt5.QtWidgets import QLabel, QSizePolicy

from mtjlab.gui.look.text_size import embolden
from mtjlab.plain_text import visible

FAINT, WRONG = QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.BrightText
"""Colours of labels, for ``setForegroundRole``: they follow the palette, so that no label is styled again."""
FRAME_PX, ROUND_PX, MARGIN_PX = 2.0, 4.0, 2
"""Of a chip."""
SPACE = Markup(" &nbsp; ")
"""Separator of the parts of a heading."""


def bold(text: str) -> Markup:
    """``text`` in bold letters."""
    return Markup("<b>{}</b>").format(text)


def coloured(text: str, colour: str) -> Markup:
    """``text`` in ``colour``."""
    return Markup("<span style='color:{}'>{}</span>").format(colour, text)


def dot(name: str, colour: str) -> Markup:
    """An entry of a legend."""
    return coloured(Markup("●&nbsp;{}").format(name), colour)


class Label(QLabel):
    """Shows text literally, and ``Markup`` as HTML; nothing is opened or downloaded."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setText(text)

    def setText(self, text: str | None) -> None:  # noqa: N802  Qt's name
        """Show ``text``."""
        is_markup = isinstance(text, Markup)
        self.setTextFormat(Qt.TextFormat.RichText if is_markup else Qt.TextFormat.PlainText)
        super().setText(visible(text or ""))


class Chip(Label):
    """A short text in bold letters on a coloured ground with round corners, with a frame or without."""

    def __init__(self) -> None:
        super().__init__()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMargin(MARGIN_PX)
        self._ground = self._frame = QColor()
        embolden(self)

    def show_in(self, ground: str, frame: str = "", letters: str = "") -> None:
        """Set the colours; letters are those of the theme where none are given."""
        self._ground, self._frame = QColor(ground), QColor(frame)
        palette = QPalette()
        if letters:
            palette.setColor(self.foregroundRole(), QColor(letters))
        self.setPalette(palette)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        """Draw the ground, then the text."""
        painter, inset = QPainter(self), FRAME_PX / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._frame, FRAME_PX) if self._frame.isValid() else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(self._ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), ROUND_PX, ROUND_PX)
        painter.end()
        super().paintEvent(event)


class ElidedLabel(Label):
    """Plain text that is shortened with dots where space is short; its minimum width is ``min_px``.

    ``elide`` says at which end; in the middle for a text whose end says what to do. It may have several lines.
    """

    def __init__(self, text: str = "", min_px: int = 0, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__(text)
        self._elide = elide
        self.setMinimumWidth(min_px)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Allow any width."""
        return QSize(0, super().minimumSizeHint().height())

    @property
    def elided(self) -> str:
        """The part of the text that fits."""
        metrics, lines = self.fontMetrics(), self.text().split("\n")
        return "\n".join(metrics.elidedText(line, self._elide, self.width()) for line in lines)

    def paintEvent(self, _event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        """Draw as much of the text as fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.elided)


class OpenedLabel(ElidedLabel):
    """An elided line with more to read: ``opened`` is emitted when it is clicked while it ``has_more``."""

    opened = pyqtSignal()

    def __init__(self, text: str = "", min_px: int = 0, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__(text, min_px, elide)
        self._has_more = False

    @property
    def has_more(self) -> bool:
        """Whether a click opens something; the pointer shows it."""
        return self._has_more

    @has_more.setter
    def has_more(self, has_more: bool) -> None:
        self._has_more = has_more
        self.setCursor(Qt.CursorShape.PointingHandCursor if has_more else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802  Qt's name
        """Open it."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton and self._has_more:
            self.opened.emit()
        else:
            super().mousePressEvent(event)


def tooltip(text: str) -> str:
    """``text`` escaped for a tooltip, which Qt would otherwise parse as HTML, and wrapped into lines."""
    return f"<p>{visible(str(escape(text)))}</p>" if text else ""
