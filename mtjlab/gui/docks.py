"""Docks for views and panels, with buttons to explain, copy and save the content."""

from pathlib import Path

from PyQt5.QtCore import QEvent, QPoint, QSize, Qt
from PyQt5.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PyQt5.QtWidgets import (
    QApplication,
    QDockWidget,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QWhatsThis,
    QWidget,
)

from mtjlab.gui.dialogs import Prompts
from mtjlab.gui.look.buttons import TitleButton
from mtjlab.gui.look.formatting import as_html
from mtjlab.gui.look.label import ElidedLabel, tooltip
from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.text_size import embolden
from mtjlab.gui.views.data import table_text
from mtjlab.gui.views.picture import Picture

NAME_PX, AROUND_PX = 50, 10
FLOAT, DOCK = "❐", "dock again"
ASIDE_PX = 24
FRAME_PX = 4
"""Of a dock that floats; half of it is outside."""
_RESIZING = frozenset({QEvent.Type.LayoutRequest, QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.Polish})
KINDS = "Pictures (*.png);;Drawings (*.svg);;Numbers (*.csv)"


class TitleBar(QWidget):
    """A title and buttons; in a narrow dock the buttons in ``optional`` are hidden, the last ones first."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.optional: list[QToolButton] = []
        self._permanent: list[QToolButton] = []
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(8, 1, 2, 1)
        self._box.setSpacing(0)
        self._least_size: QSize | None = None
        self.name = ElidedLabel(title, min_px=NAME_PX)
        embolden(self.name)
        self._box.addWidget(self.name, stretch=1)

    def add(self, button: QToolButton, is_optional: bool) -> None:
        """Add ``button`` at the right end."""
        self._box.addWidget(button)
        (self.optional if is_optional else self._permanent).append(button)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802  Qt's name
        """Do nothing: Qt would float the dock in its place, and nothing would say so."""
        if event is not None:
            event.accept()

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Size without the optional buttons; arranging a window calls this some 10 000 times."""
        if self._least_size is None:
            width = sum(button.sizeHint().width() for button in self._permanent)
            self._least_size = QSize(width + AROUND_PX + NAME_PX, self._box.sizeHint().height())
        return self._least_size

    def event(self, event: QEvent | None) -> bool:
        """Whatever changes the size of a button requests a new layout."""
        if event and event.type() in _RESIZING:
            self._least_size = None
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802  Qt's name
        """Show as many buttons as fit."""
        super().resizeEvent(event)
        free_px = self.width() - self.minimumSizeHint().width()
        for button in self.optional:
            free_px -= button.sizeHint().width()
            button.setVisible(free_px >= 0)


class Dock(QDockWidget):
    """A dock with a custom title bar, in its ``parent`` from the start: moving it there later takes Qt long."""

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setObjectName(title)
        self._bar = TitleBar(title)
        self.name = self._bar.name
        self.setTitleBarWidget(self._bar)
        self.setWidget(content)
        self.is_in_front = True
        """Whether no other dock covers it; Qt reports docks behind others as visible."""
        self.visibilityChanged.connect(self._note_place)

    def _note_place(self, is_in_front: bool) -> None:
        self.is_in_front = is_in_front

    def add_button(self, symbol: str, help_text: str, is_optional: bool = False) -> QToolButton:
        """Add a button to the title bar; an optional one is hidden while the dock is narrow."""
        button = TitleButton(symbol, self._bar)
        button.setToolTip(tooltip(help_text))
        self._bar.add(button, is_optional)
        return button

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        """Draw a frame while it floats: it has none of the desktop."""
        super().paintEvent(event)
        if self.isFloating():
            painter = QPainter(self)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), FRAME_PX))
            painter.drawRect(self.rect())

    def show_badge(self, badge: str) -> None:
        """Show a ``badge`` such as "3" beside the title, also in the tab and in the menu of views; none if empty."""
        title = f"{badge} {self.objectName()}".strip()  # short: all tabs of a stack must fit on a laptop
        self.setWindowTitle(title)
        self.name.setText(title)

    def add_window_buttons(self) -> None:
        """Add the buttons that float and hide the dock."""
        self.float = self.add_button(FLOAT, "Float as a separate window, or dock again")
        self.float.clicked.connect(self._float)
        self.topLevelChanged.connect(self._show_floating)
        self.add_button("✕", "Hide; the View menu shows it again").clicked.connect(self.hide)

    def _float(self) -> None:
        """Dock it again, or float it a little beside its place, so that it is seen to float."""
        at = self.mapToGlobal(QPoint(ASIDE_PX, ASIDE_PX))
        self.setFloating(not self.isFloating())
        if self.isFloating():
            self.move(at)
        else:
            self.raise_()

    def _show_floating(self, is_floating: bool) -> None:
        self.float.setText(DOCK if is_floating else FLOAT)


class PictureDock(Dock):
    """Dock of a picture."""

    def __init__(self, picture: Picture, prompts: Prompts, parent: QWidget | None = None) -> None:
        super().__init__(picture.title, _scrolled(picture), parent)
        self.picture = picture
        self._prompts = prompts
        self.name.setToolTip(as_html(picture.help))
        self.explain = self.add_button("?", "What is this?")
        self.copy = self.add_button("copy", "Copy as picture", is_optional=True)
        self.copy_data = self.add_button("data", "Copy the data for a spreadsheet", is_optional=True)
        self.save = self.add_button("save", "Save as picture (png, svg) or data (csv) ...", is_optional=True)
        self.explain.clicked.connect(self._explain)
        self.copy.clicked.connect(self._copy)
        self.copy_data.clicked.connect(self._copy_data)
        self.save.clicked.connect(self._save)
        self.add_window_buttons()
        self.visibilityChanged.connect(lambda is_in_view: picture.cover(not is_in_view))

    def _explain(self) -> None:
        QWhatsThis.showText(
            self.explain.mapToGlobal(self.explain.rect().bottomLeft()), as_html(self.picture.help), self
        )

    def _copy(self) -> None:
        sure(QApplication.clipboard()).setImage(self.picture.copy())

    def _copy_data(self) -> None:
        sure(QApplication.clipboard()).setText(table_text(self.picture.data(), "\t"))

    def _save(self) -> None:
        suggested = Path(f"{self.picture.title.lower().replace(' ', '-')}.png")
        path = self._prompts.save_as(f"Save {self.picture.title.lower()}", suggested, KINDS)
        if path is not None:
            self.picture.save(path)


def _scrolled(picture: Picture) -> QScrollArea:
    """``picture`` in an area that scrolls it where there is less room than it needs."""
    area = QScrollArea()
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setWidget(picture)
    return area


class PanelDock(Dock):
    """Dock of a panel."""

    def __init__(self, title: str, panel: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(title, panel, parent)
        self.add_window_buttons()
        self._panel = panel

    def take_keyboard(self) -> None:
        """Raise the dock, and give the keyboard to the first field of its panel."""
        self.show()
        self.raise_()
        for part in self._panel.findChildren(QWidget):
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible() and part.isEnabled():
                part.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return


def is_covered(widget: QWidget) -> bool:
    """Whether ``widget`` is in a dock that another covers."""
    place: QWidget | None = widget
    while place is not None and not isinstance(place, Dock):
        place = place.parentWidget()
    return place is not None and not place.is_in_front
