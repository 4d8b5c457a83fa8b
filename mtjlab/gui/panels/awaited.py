"""A line that says what is waited for, and for how long by now: a window without a word looks dead."""

from collections.abc import Callable
from time import monotonic

from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QSizePolicy

from mtjlab.gui.look.label import Label

LOOK_MS = 250


class AwaitedLine(Label):
    """Shows what ``awaited`` tells, looked at again and again; hidden while that is nothing."""

    def __init__(self, awaited: Callable[[], str]) -> None:
        super().__init__()
        self._awaited, self._what, self._since_s = awaited, "", 0.0
        self.setProperty("role", "awaited")
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_MS)
        self.hide()

    def look(self) -> None:
        """Say what is waited for now."""
        what = self._awaited()
        if what != self._what:
            self._what, self._since_s = what, monotonic()
        self.setVisible(bool(what))
        if what:
            self.setText(f"{what} ... {monotonic() - self._since_s:.0f} s")

    def end(self) -> None:
        """Look no more."""
        self._timer.stop()
