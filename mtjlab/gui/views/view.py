"""What all views have in common: they draw a moment when they can be seen, and say when there is nothing to draw."""

from typing import ClassVar

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QImage, QShowEvent
from PyQt5.QtWidgets import QLabel, QStackedLayout, QWidget

from mtjlab.gui.moment import Moment
from mtjlab.gui.theme import Theme

SAVED_SCALE = 2
"""Pictures are saved with so many times the dots of the screen."""


class View(QWidget):
    """A picture of a moment. Behind other views it draws nothing, and catches up when it is shown."""

    title: ClassVar[str] = ""
    help: ClassVar[str] = ""

    def __init__(self, theme: Theme, empty: str) -> None:
        super().__init__()
        self.theme = theme
        self._moment: Moment | None = None
        self._is_late = False
        self._empty = QLabel(empty)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setProperty("role", "faint")
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self._empty)
        self.setWhatsThis(self.help)

    def show_moment(self, moment: Moment | None) -> None:
        """Draw ``moment``, now or when this can be seen; None for no run at all."""
        self._moment = moment
        self._is_late = not self.isVisible()
        if not self._is_late:
            self._draw_moment()

    def dress(self, theme: Theme) -> None:
        """Take on the colours of ``theme``, and draw anew."""
        self.theme = theme
        self.restyle()
        self._draw_moment()

    def picture(self) -> QImage:
        """The view as a picture, sharper than on the screen."""
        image = QImage(self.size() * SAVED_SCALE, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(SAVED_SCALE)
        image.fill(0)
        self.render(image)
        return image

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self._pages.currentWidget() is self._empty

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802  Qt's name
        """What came while this was hidden is drawn now."""
        super().showEvent(event)
        if self._is_late:
            self._is_late = False
            self._draw_moment()

    def draw(self, moment: Moment) -> bool:
        """Draw; False if there is nothing in ``moment`` that this shows."""
        raise NotImplementedError

    def restyle(self) -> None:
        """Colours that ``draw`` does not set anyway."""

    def put(self, content: QWidget) -> None:
        """Take ``content`` as what is shown when there is something to draw."""
        self._pages.addWidget(content)

    def _draw_moment(self) -> None:
        has_content = self._moment is not None and self.draw(self._moment)
        self._pages.setCurrentIndex(1 if has_content else 0)
