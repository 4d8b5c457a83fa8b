"""Plots of the window: axes with units, no context menu, values under the pointer."""

from collections.abc import Callable

import pyqtgraph as pg
from markupsafe import escape
from PyQt5.QtCore import QEvent, QObject, QPointF, Qt
from PyQt5.QtGui import QFont, QGuiApplication
from PyQt5.QtWidgets import QVBoxLayout, QWidget

from mtjlab.gui.look.label import Label
from mtjlab.gui.look.text_size import SMALL_PT, USUAL_PT, css_points, points, scale
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.views.axis import Axis

GRID = 0.12
LEFT_PX, LEFT_WITHOUT_LABEL_PX, RIGHT_PX = 66, 42, 14
BOTTOM_PX = 44
"""Height for tick labels and an axis label with a subscript."""
SYMBOLS = {"o": "o", "s": "s", "^": "t1", "D": "d", "v": "t", "<": "t3", ">": "t2"}
"""Symbols of pyqtgraph by the markers of a style."""
GLYPHS = {"o": "●", "s": "■", "^": "▲", "D": "◆", "v": "▼", "<": "◀", ">": "▶"}
"""The same as letters, for legends."""
Describe = Callable[[float, float], str]


def plot(x_label: str, y_label: str) -> pg.PlotWidget:
    """An empty plot; labels are HTML."""
    made = pg.PlotWidget(enableMenu=False, axisItems={side: Axis(side) for side in ("bottom", "left")})
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # no key does anything here
    item = made.getPlotItem()
    for side, label in (("bottom", x_label), ("left", y_label)):
        axis = item.getAxis(side)
        axis.enableAutoSIPrefix(False)
        if label:
            axis.setLabel(label)
    item.layout.setContentsMargins(0, 2, RIGHT_PX, 0)
    item.showGrid(x=True, y=True, alpha=GRID)
    return made


def apply_plot_theme(made: pg.PlotWidget, theme: Theme) -> None:
    """Apply the colours of ``theme`` to background and axes, and the size of the text."""
    made.setBackground(theme.base)
    small = QFont()
    small.setPointSizeF(points(SMALL_PT))
    for side in ("bottom", "left", "top", "right"):
        axis = made.getPlotItem().getAxis(side)
        axis.setPen(theme.faint)
        axis.setTextPen(theme.ink)
        axis.setTickFont(small)
        if axis.labelText:
            set_axis_label(made, side, axis.labelText, theme)
    bottom, left = (made.getPlotItem().getAxis(side) for side in ("bottom", "left"))
    if bottom.labelText:
        bottom.setHeight(round(scale() * BOTTOM_PX))
    left.setWidth(round(scale() * (LEFT_PX if left.labelText else LEFT_WITHOUT_LABEL_PX)))


def set_axis_label(made: pg.PlotWidget, side: str, text: str, theme: Theme) -> None:
    """Set the label of an axis, as HTML."""
    made.getPlotItem().getAxis(side).setLabel(text, color=theme.ink, **{"font-size": css_points(USUAL_PT)})


def pen(colour: str, width: float = 1.6, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> pg.mkPen:
    """Cosmetic pen; its width is multiplied by the pixel ratio of the screen."""
    return pg.mkPen(colour, width=width * dots_per_pixel(), style=style)


def dots_per_pixel() -> float:
    """Pixel ratio of the screen with the highest resolution."""
    application = QGuiApplication.instance()
    return application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0


def with_texts(heading: Label, content: QWidget, caption: Label | None = None) -> QWidget:
    """Widget with ``heading`` above ``content``, and ``caption`` below it."""
    whole = QWidget()
    box = QVBoxLayout(whole)
    box.setContentsMargins(6, 4, 4, 2)
    box.setSpacing(2)
    box.addWidget(heading)
    box.addWidget(content, stretch=1)
    if caption:
        box.addWidget(caption)
    return whole


class Crosshair(QObject):
    """Lines through the pointer, with a description of its position at the top of the plot."""

    def __init__(self, made: pg.PlotWidget, describe: Describe) -> None:
        super().__init__(made)
        self._plot = made
        self._describe = describe
        self._lines = [pg.InfiniteLine(angle=angle, movable=False) for angle in (90, 0)]
        self._text = pg.LabelItem(justify="right")
        self._text.setParentItem(made.getPlotItem().getViewBox())
        for line in self._lines:
            line.setVisible(False)
            line.setZValue(20)
            made.addItem(line, ignoreBounds=True)
        made.scene().sigMouseMoved.connect(self._move)
        made.viewport().installEventFilter(self)

    def apply_theme(self, theme: Theme) -> None:
        """Apply the colours of ``theme``."""
        self._colours = theme.ink, theme.base
        for line in self._lines:
            line.setPen(pen(theme.faint, 1, Qt.PenStyle.DotLine))

    @property
    def text(self) -> str:
        """Description of the position under the pointer; empty while the pointer is elsewhere."""
        return str(self._text.text) if self._lines[0].isVisible() else ""

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802  Qt's name
        """Hide the crosshair when the pointer leaves."""
        if event and event.type() == QEvent.Type.Leave:
            self._show(False)
        return super().eventFilter(watched, event)

    def _move(self, at: QPointF) -> None:
        box = self._plot.getPlotItem().getViewBox()
        inside = box.sceneBoundingRect().contains(at)
        self._show(inside)
        if inside:
            point = box.mapSceneToView(at)
            self._lines[0].setPos(point.x())
            self._lines[1].setPos(point.y())
            self._text.setText(
                escape(self._describe(point.x(), point.y())), color=self._colours[0], size=css_points(USUAL_PT)
            )
            self._text.setPos(box.width() - self._text.width() - 6, 2)

    def _show(self, shown: bool) -> None:
        for item in (*self._lines, self._text):
            item.setVisible(shown)
