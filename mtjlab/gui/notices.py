"""Notices for the operator, in a line that stays until it is dismissed; never a dialog that blocks the window."""

from textwrap import shorten

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from mtjlab.gui.look.label import Label, tooltip
from mtjlab.gui.look.theme import Theme

MOST = 20
LETTERS = 500
"""Maximum length shown of a notice."""


class Notices(QWidget):
    """Shows the latest notice and the number of earlier ones."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._waiting: list[tuple[str, bool]] = []
        self.label = Label()
        self.label.setWordWrap(True)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.dismiss = QToolButton()
        self.dismiss.setText("✕")
        self.dismiss.setToolTip("Dismiss (Esc)")
        self.dismiss.setShortcut("Esc")
        self.dismiss.clicked.connect(self._dismiss_latest)
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 6, 8, 6)
        box.addWidget(self.label, stretch=1)
        box.addWidget(self.dismiss)
        self.hide()

    @property
    def text(self) -> str:
        """The notice that is shown; empty if there is none."""
        return self._waiting[-1][0] if self._waiting else ""

    def notify(self, text: str, is_trouble: bool = True) -> None:
        """Show ``text`` until it is dismissed."""
        if text != self.text:
            self._waiting = [*self._waiting, (text, is_trouble)][-MOST:]
        self._show()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of ``theme``."""
        self._theme = theme
        self._show()

    def _dismiss_latest(self) -> None:
        self._waiting = self._waiting[:-1]
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._waiting))
        if not self._waiting:
            return
        text, is_trouble = self._waiting[-1]
        more = f"   (and {len(self._waiting) - 1} more)" if len(self._waiting) > 1 else ""
        self.label.setText(shorten(text, LETTERS, placeholder=" … See the log for the full text.") + more)
        self.label.setToolTip(tooltip(text))
        colour = self._theme.bad if is_trouble else self._theme.accent
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"Notices {{ background: {self._theme.background(colour, 0.25)}; }}")
