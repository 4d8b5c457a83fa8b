"""Docks: each holds a picture or a panel, with buttons to explain it, copy it and save it."""

from pathlib import Path

from PyQt5.QtCore import QEvent, QSize
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import (
    QApplication,
    QDockWidget,
    QHBoxLayout,
    QToolButton,
    QWhatsThis,
    QWidget,
)

from mtjlab.gui.dialogs import Prompts
from mtjlab.gui.look.label import ElidedLabel, tooltip
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.words import as_html
from mtjlab.gui.views.data import written
from mtjlab.gui.views.picture import Picture
from mtjlab.gui.views.view import View

NAME_PX, AROUND_PX = 50, 10
_RESIZING = frozenset({QEvent.Type.LayoutRequest, QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.Polish})
KINDS = "Pictures (*.png);;Drawings (*.svg);;Numbers (*.csv)"


class TitleBar(QWidget):
    """A name and buttons; where there is too little room, the later ones of ``spare`` are hidden first."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.spare: list[QToolButton] = []
        self._kept: list[QToolButton] = []
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(8, 1, 2, 1)
        self._box.setSpacing(0)
        self._least: QSize | None = None
        self.name = ElidedLabel(title, least_px=NAME_PX)
        self.name.setProperty("role", "name")
        self._box.addWidget(self.name, stretch=1)

    def add(self, button: QToolButton, is_spare: bool) -> None:
        """Add ``button`` at the right end."""
        self._box.addWidget(button)
        (self.spare if is_spare else self._kept).append(button)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """What is needed without what can be spared; a window that is arranged asks some 10 000 times."""
        if self._least is None:
            width = sum(button.sizeHint().width() for button in self._kept)
            self._least = QSize(width + AROUND_PX + NAME_PX, self._box.sizeHint().height())
        return self._least

    def event(self, event: QEvent | None) -> bool:
        """Whatever changes the size of a button asks for another layout."""
        if event and event.type() in _RESIZING:
            self._least = None
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802  Qt's name
        """Show as many buttons as fit."""
        super().resizeEvent(event)
        room_px = self.width() - self.minimumSizeHint().width()
        for button in self.spare:
            room_px -= button.sizeHint().width()
            button.setVisible(room_px >= 0)


class Dock(QDockWidget):
    """A dock with a title bar of our own, in its ``parent`` from the start: Qt takes long to move it there later."""

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setObjectName(title)
        self._bar = TitleBar(title)
        self.name = self._bar.name
        self.setTitleBarWidget(self._bar)
        self.setWidget(content)

    def add_button(self, sign: str, told: str, is_spare: bool = False) -> QToolButton:
        """A button in the title bar; one that can be spared is hidden while the dock is narrow."""
        button = QToolButton(self._bar)
        button.setText(sign)
        button.setToolTip(tooltip(told))
        button.setAutoRaise(True)
        button.setProperty("role", "title")
        self._bar.add(button, is_spare)
        return button

    def add_window_buttons(self) -> None:
        """Let it float, and put it away."""
        self.add_button("❐", "Make this a window of its own, or dock it again").clicked.connect(self._float)
        self.add_button("✕", "Put this away; the View menu brings it back").clicked.connect(self.hide)

    def _float(self) -> None:
        self.setFloating(not self.isFloating())


class PictureDock(Dock):
    """Holds a picture."""

    def __init__(self, picture: Picture, prompts: Prompts, parent: QWidget | None = None) -> None:
        super().__init__(picture.title, picture, parent)
        self.picture = picture
        self._prompts = prompts
        self.name.setToolTip(as_html(picture.help))
        self.explain = self.add_button("?", "What is this?")
        self.copy = self.add_button("copy", "Copy the picture", is_spare=True)
        self.copy_data = self.add_button("data", "Copy what it shows in numbers, for a spreadsheet", is_spare=True)
        self.save = self.add_button(
            "save", "Save the picture (png, svg), or what it shows in numbers (csv) ...", is_spare=True
        )
        self.explain.clicked.connect(self._explain)
        self.copy.clicked.connect(self._copy)
        self.copy_data.clicked.connect(self._copy_data)
        self.save.clicked.connect(self._save)
        self.add_window_buttons()
        if isinstance(picture, View):
            self.visibilityChanged.connect(lambda is_seen: picture.cover(not is_seen))

    def _explain(self) -> None:
        QWhatsThis.showText(
            self.explain.mapToGlobal(self.explain.rect().bottomLeft()), as_html(self.picture.help), self
        )

    def _copy(self) -> None:
        sure(QApplication.clipboard()).setImage(self.picture.copy())

    def _copy_data(self) -> None:
        sure(QApplication.clipboard()).setText(written(self.picture.data(), "\t"))

    def _save(self) -> None:
        suggested = Path(f"{self.picture.title.lower().replace(' ', '-')}.png")
        path = self._prompts.save_as(f"Save {self.picture.title.lower()}", suggested, KINDS)
        if path is not None:
            self.picture.save(path)


class PanelDock(Dock):
    """Holds a panel."""

    def __init__(self, title: str, panel: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(title, panel, parent)
        self.add_window_buttons()
