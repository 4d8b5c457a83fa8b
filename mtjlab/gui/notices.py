"""What the operator has to know, in a line that stays until it is put away; never a dialog that holds things up."""

from textwrap import shorten

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from mtjlab.gui.look.label import Label, tooltip
from mtjlab.gui.look.theme import Theme

MOST = 20
LETTERS = 500
"""What is shown of a notice: a longer one would bury what the window is for."""


class Notices(QWidget):
    """Shows the latest notice, and how many more there are."""

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
        self.dismiss.setToolTip("Put this away (Esc)")
        self.dismiss.setShortcut("Esc")
        self.dismiss.clicked.connect(self._put_away)
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 6, 8, 6)
        box.addWidget(self.label, stretch=1)
        box.addWidget(self.dismiss)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown; empty if nothing is."""
        return self._waiting[-1][0] if self._waiting else ""

    def say(self, text: str, is_trouble: bool = True) -> None:
        """Show ``text``."""
        if text != self.text:
            self._waiting = [*self._waiting, (text, is_trouble)][-MOST:]
        self._show()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of ``theme``."""
        self._theme = theme
        self._show()

    def _put_away(self) -> None:
        self._waiting = self._waiting[:-1]
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._waiting))
        if not self._waiting:
            return
        text, is_trouble = self._waiting[-1]
        more = f"   (and {len(self._waiting) - 1} more)" if len(self._waiting) > 1 else ""
        self.label.setText(shorten(text, LETTERS, placeholder=" … The log has all of it.") + more)
        self.label.setToolTip(tooltip(text))
        colour = self._theme.bad if is_trouble else self._theme.accent
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"Notices {{ background: {self._theme.background(colour, 0.25)}; }}")
