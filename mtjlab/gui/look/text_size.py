"""Sizes of text, all relative to the font of the application, which the operator can make larger or smaller."""

from typing import TypeVar

from PyQt5.QtCore import QObject
from PyQt5.QtGui import QFont
from PyQt5.QtWidgets import QApplication, QWidget

from mtjlab.gui.look.qt import application

USUAL_PT = 9.0
SMALL_PT = 8.5
"""Of ticks, tables of numbers and captions, at the usual size."""
LARGE_PT = 12.75
"""Of what is read from a distance: the run, its status, the emergency stop."""
LEAST_PT, MOST_PT = 7.0, 18.0
DESKTOP = "mtjlabDesktopPt"
"""Property of the application: the size of its font before it was changed here."""
Sized = TypeVar("Sized", bound=QWidget)


def scale() -> float:
    """Size of the text relative to the usual size."""
    return QApplication.font().pointSizeF() / USUAL_PT


def points(usual_pt: float) -> float:
    """Size (pt) of a text that has ``usual_pt`` at the usual size."""
    return usual_pt * scale()


def css_points(usual_pt: float) -> str:
    """The same for HTML."""
    return f"{points(usual_pt):.1f}pt"


def embolden(widget: Sized) -> Sized:
    """Use bold letters of the size of the application; returns ``widget``."""
    font = QFont()
    font.setBold(True)
    widget.setFont(font)
    return widget


def keep_points(widget: Sized, usual_pt: float, is_bold: bool = False) -> Sized:
    """Use letters of ``usual_pt`` at the usual size, larger and smaller with all others; returns ``widget``."""
    _Size(widget, usual_pt, is_bold)
    return widget


class _Size(QObject):
    """Sets the font of a widget whenever that of the application changes."""

    def __init__(self, widget: QWidget, usual_pt: float, is_bold: bool) -> None:
        super().__init__(widget)
        self._widget, self._usual_pt, self._is_bold = widget, usual_pt, is_bold
        application().fontChanged.connect(self._set)
        self._set()

    def _set(self) -> None:
        font = QFont()
        font.setPointSizeF(points(self._usual_pt))
        if self._is_bold:
            font.setBold(True)
        self._widget.setFont(font)


class TextSize:
    """Size of the text of the application, in steps of one point from that of the desktop."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        if application.property(DESKTOP) is None:
            application.setProperty(DESKTOP, application.font().pointSizeF())
        self._desktop_pt = float(application.property(DESKTOP))

    @property
    def steps(self) -> int:
        """Steps from the size of the desktop."""
        return round(self._application.font().pointSizeF() - self._desktop_pt)

    def set(self, steps: int) -> None:
        """Use ``steps``, as far as text remains readable and the window fits its screen."""
        wanted_pt = max(LEAST_PT, min(self._desktop_pt + steps, max(MOST_PT, self._desktop_pt)))
        font = self._application.font()
        font.setPointSizeF(wanted_pt)
        self._application.setFont(font)
