"""Docks: each holds a picture or a panel, with buttons to explain it, copy it and save it."""

from pathlib import Path

from PyQt5.QtWidgets import (
    QApplication,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QWhatsThis,
    QWidget,
)

from mtjlab.gui.asking import Asking
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.words import as_html
from mtjlab.gui.views.data import written
from mtjlab.gui.views.picture import Picture
from mtjlab.gui.views.view import View

KINDS = "Pictures (*.png);;Drawings (*.svg);;Numbers (*.csv)"


class Dock(QDockWidget):
    """A dock with a title bar of our own."""

    def __init__(self, title: str, content: QWidget) -> None:
        super().__init__(title)
        self.setObjectName(title)
        self.setWidget(content)
        self._bar = QWidget()
        self._box = QHBoxLayout(self._bar)
        self._box.setContentsMargins(8, 1, 2, 1)
        self._box.setSpacing(0)
        self.name = QLabel(f"<b>{title}</b>")
        self._box.addWidget(self.name, stretch=1)
        self.setTitleBarWidget(self._bar)

    def add_button(self, sign: str, told: str) -> QToolButton:
        """A button in the title bar."""
        button = QToolButton()
        button.setText(sign)
        button.setToolTip(told)
        button.setAutoRaise(True)
        button.setProperty("role", "title")
        self._box.addWidget(button)
        return button

    def add_window_buttons(self) -> None:
        """Let it float, and put it away."""
        self.add_button("❐", "Make this a window of its own, or dock it again").clicked.connect(self._float)
        self.add_button("✕", "Put this away; the View menu brings it back").clicked.connect(self.hide)

    def _float(self) -> None:
        self.setFloating(not self.isFloating())


class PictureDock(Dock):
    """Holds a picture."""

    def __init__(self, picture: Picture, asking: Asking) -> None:
        super().__init__(picture.title, picture)
        self.picture = picture
        self._asking = asking
        self.name.setToolTip(as_html(picture.help))
        self.explain = self.add_button("?", "What is this?")
        self.copy = self.add_button("copy", "Copy the picture")
        self.copy_data = self.add_button("data", "Copy what it shows in numbers, for a spreadsheet")
        self.save = self.add_button("save", "Save the picture (png, svg), or what it shows in numbers (csv) ...")
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
        path = self._asking.save_as(f"Save {self.picture.title.lower()}", suggested, KINDS)
        if path is not None:
            self.picture.save(path)


class PanelDock(Dock):
    """Holds a panel."""

    def __init__(self, title: str, panel: QWidget) -> None:
        super().__init__(title, panel)
        self.add_window_buttons()
