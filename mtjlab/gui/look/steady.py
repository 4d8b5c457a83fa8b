"""Widgets that keep their place and their width whatever they show, so that nothing beside them moves."""

from typing import TypeVar

from PyQt5.QtCore import QEvent, QObject, QSize, Qt
from PyQt5.QtWidgets import QAbstractButton, QLabel, QScrollArea, QSizePolicy, QWidget

ESTIMATE_LINES = 5
"""Of what is said about a run before its start."""
AROUND_PX = 2
"""What a label needs beside its lines."""
_CHANGES_WIDTH = frozenset({QEvent.Type.Polish, QEvent.Type.FontChange, QEvent.Type.StyleChange})
Worded = TypeVar("Worded", bound=QLabel | QAbstractButton)


def keep_place(widget: QWidget) -> None:
    """Reserve the place of ``widget`` while it is hidden."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


def ignore_text(label: QLabel) -> None:
    """Let the layout share its room by stretch alone, whatever ``label`` shows."""
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)


def keep_width(widget: Worded, *texts: str) -> Worded:
    """Make ``widget`` as wide as the widest of ``texts`` needs, in whatever font; returns it."""
    _Width(widget, texts)
    return widget


class Room(QScrollArea):
    """Room for so many ``lines`` of a ``label``, the same for every text: nothing beside it moves."""

    def __init__(self, label: QLabel, lines: int) -> None:
        super().__init__()
        self._lines = lines
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(label)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Some lines of text, whatever the text."""
        return QSize(super().sizeHint().width(), self._lines * self.fontMetrics().lineSpacing() + AROUND_PX)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Nothing on a small screen."""
        return QSize(0, 0)


class _Width(QObject):
    """Measures the texts of a widget again when its font or its style has changed."""

    def __init__(self, widget: QLabel | QAbstractButton, texts: tuple[str, ...]) -> None:
        super().__init__(widget)
        self._widget, self._texts = widget, texts
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802  Qt's name
        """Never consumes an event."""
        if event is not None and event.type() in _CHANGES_WIDTH:
            shown = self._widget.text()
            self._widget.setMinimumWidth(0)  # it counts in the hint of a label
            self._widget.setText("")  # the hint for the text that is shown is kept, and that of the font before
            self._widget.setFixedWidth(max(map(self._width_of, self._texts)))
            self._widget.setText(shown)
        return super().eventFilter(watched, event)

    def _width_of(self, text: str) -> int:
        self._widget.setText(text)
        return self._widget.sizeHint().width()
