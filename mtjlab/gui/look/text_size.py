"""Sizes of text, all relative to the font of the application, which the operator can make larger or smaller."""

from PyQt5.QtWidgets import QApplication

USUAL_PT = 9.0
SMALL_PT = 8.5
"""Of ticks, tables of numbers and captions, at the usual size."""
LEAST_PT, MOST_PT = 7.0, 18.0
DESKTOP = "mtjlabDesktopPt"
"""Property of the application: the size of its font before it was changed here."""


def scale() -> float:
    """Size of the text relative to the usual size."""
    return QApplication.font().pointSizeF() / USUAL_PT


def points(usual_pt: float) -> float:
    """Size (pt) of a text that has ``usual_pt`` at the usual size."""
    return usual_pt * scale()


def css_points(usual_pt: float) -> str:
    """The same for a style sheet."""
    return f"{points(usual_pt):.1f}pt"


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
