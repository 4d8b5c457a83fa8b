"""Base class of the widgets in the docks: theme, text where there is nothing to draw, copying and saving."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pyqtgraph as pg
from PyQt5.QtCore import QRect, Qt
from PyQt5.QtGui import QColor, QImage, QPainter, QShowEvent
from PyQt5.QtSvg import QSvgGenerator
from PyQt5.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from mtjlab.gui.look.formatting import as_html
from mtjlab.gui.look.label import FAINT, Label
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.views.data import Row, table_text
from mtjlab.gui.views.veil import Veil
from mtjlab.whole_files import put

PADDING_PX = 6
LEAST_EM = 16, 9
"""Smallest size of a picture, in heights of a line of text: a dock that is smaller scrolls it."""
COPY_SCALE = 2
"""Resolution of a copy, relative to the screen."""


@contextmanager
def _without_pixels(widget: QWidget) -> Iterator[None]:
    """Have backgrounds and symbols of plots drawn as vectors, not from cached pixmaps."""
    views = widget.findChildren(pg.GraphicsView)
    exportable = [item for view in views for item in view.scene().items() if hasattr(item, "setExportMode")]
    try:
        for view in views:
            view.setCacheMode(pg.GraphicsView.CacheModeFlag.CacheNone)
        for item in exportable:
            item.setExportMode(True, {"resolutionScale": 1.0})
        yield
    finally:
        for item in exportable:
            item.setExportMode(False)
        for view in views:
            view.setCacheMode(pg.GraphicsView.CacheModeFlag.CacheBackground)


class _Pages(QStackedLayout):
    """Pages as high as there is room, whatever their width: plots have no height of their own."""

    def hasHeightForWidth(self) -> bool:  # noqa: N802  Qt's name
        """False: else a scroll area would make long captions higher than itself."""
        return False


class Picture(QWidget):
    """A picture in one of the docks of the window."""

    title: ClassVar[str] = ""
    help: ClassVar[str] = ""

    def __init__(self, theme: Theme, empty: str) -> None:
        super().__init__()
        self.theme = theme
        self._empty = Label(empty)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setForegroundRole(FAINT)
        self._pages = _Pages(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self._empty)
        self.setWhatsThis(as_html(self.help))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._keep_least_size()
        self._veil: Veil | None = None
        self._is_covered = self._is_unstyled = self._is_late = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self._pages.currentWidget() is self._empty

    @property
    def origin(self) -> str:
        """Source of the data, printed below every copy."""
        return ""

    def copy(self) -> QImage:
        """Image of the picture at a higher resolution, with the source of its data."""
        whole = self._whole()
        image = QImage(whole.size() * COPY_SCALE, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(COPY_SCALE)
        painter = QPainter(image)
        self._draw_copy(painter, whole)
        painter.end()
        return image

    def _whole(self) -> QRect:
        return self.rect().adjusted(0, 0, 0, self.fontMetrics().height() + PADDING_PX if self.origin else 0)

    def _draw_copy(self, painter: QPainter, whole: QRect) -> None:
        painter.fillRect(whole, QColor(self.theme.window))
        self.render(painter)
        painter.setPen(QColor(self.theme.faint))
        origin = f"{self.title}, {self.origin}" if self.origin else ""
        painter.drawText(
            whole.adjusted(PADDING_PX, 0, -PADDING_PX, -PADDING_PX // 2), int(Qt.AlignmentFlag.AlignBottom), origin
        )

    def data(self) -> list[Row]:
        """Numbers shown, as a table; empty where there are none."""
        return []

    def save(self, path: Path) -> None:
        """Write the picture, or its numbers, in the format given by the suffix of the file.

        Raises:
            OSError: the file cannot be written.
        """
        match path.suffix.lower():
            case ".csv":
                put(path, table_text(self.data(), ",").encode())
                return
            case ".svg":
                is_written = self._draw_svg(path)
            case _:
                is_written = self.copy().save(str(path))
        if not is_written:
            raise OSError(f"{path}: the picture cannot be written. Choose another folder, or a name that ends in .png.")

    def _draw_svg(self, path: Path) -> bool:
        drawing, whole = QSvgGenerator(), self._whole()
        drawing.setFileName(str(path))
        drawing.setSize(whole.size())
        drawing.setViewBox(whole)
        drawing.setTitle(self.title)
        painter = QPainter()
        if not painter.begin(drawing):
            return False
        with _without_pixels(self):
            self._draw_copy(painter, whole)
        return painter.end()

    @property
    def is_in_view(self) -> bool:
        """Whether the picture is visible and not covered by another dock."""
        return self.isVisible() and not self._is_covered

    def cover(self, is_covered: bool) -> None:
        """Set whether another dock covers the picture, which Qt reports as visible and would resize."""
        self._is_covered = is_covered
        if (page := self._pages.currentWidget()) is not None:
            page.setVisible(not is_covered)
        self._catch_up()

    def _keep_least_size(self) -> None:
        em_px = self.fontMetrics().height()
        self.setMinimumSize(*(em * em_px for em in LEAST_EM))

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802  Qt's name
        """Draw what was skipped while the picture was hidden."""
        super().showEvent(event)
        self._catch_up()

    def apply_theme(self, theme: Theme) -> None:
        """Apply the colours of ``theme`` and the size of the text, and redraw: now, or as soon as it is visible."""
        self.theme = theme
        self._is_unstyled = self._is_late = True
        self._catch_up()

    def _catch_up(self) -> None:
        if not self.is_in_view:
            return
        if self._is_unstyled:
            self._is_unstyled = False
            self._keep_least_size()
            self.restyle()
        if self._is_late:
            self._is_late = False
            self.redraw()

    def restyle(self) -> None:
        """Apply the colours of the theme that drawing does not set."""

    def redraw(self) -> None:
        """Redraw."""

    def end(self) -> None:
        """End what goes on behind it; the window closes."""

    def set_past(self, is_past: bool) -> None:
        """Veil the picture while it shows what is over, until something new is drawn."""
        if is_past and self._veil is None:
            self._veil = Veil(self)
        if self._veil is not None:
            self._veil.cover(is_past, self.theme.window)

    def set_content(self, content: QWidget) -> None:
        """Set the widget shown when there is something to draw."""
        self._pages.addWidget(content)

    def replace_content(self, content: QWidget) -> None:
        """Show ``content`` instead of the widget before, which is deleted."""
        while self._pages.count() > 1:
            old = self._pages.widget(1)
            self._pages.removeWidget(old)
            if old is not None:
                old.deleteLater()
        self.set_content(content)
        self.show_content(True)

    def show_content(self, has_content: bool) -> None:
        """Show the content, or the text that there is nothing to draw."""
        self._pages.setCurrentIndex(1 if has_content else 0)
