"""A panel of a comparison as a plot of the window."""

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QRectF, Qt

from mtjlab.comparison import Curve, Panel
from mtjlab.gui.look.formatting import number, with_subscripts
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.views.names_item import NamesItem
from mtjlab.gui.views.plots import SYMBOLS, Crosshair, apply_plot_theme, pen, plot
from mtjlab.gui.views.regions_item import NamedBox, RegionsItem
from mtjlab.palette import ClassStyle

MAX_MARKED = 30
"""Largest number of points of a curve that are marked by symbols."""
SYMBOL_PX = 7
LINES = {"solid": Qt.PenStyle.SolidLine, "dotted": Qt.PenStyle.DotLine, "marks": Qt.PenStyle.NoPen}
TICK_ROOM = 0.5


def panel_plot(panel: Panel, styles: list[ClassStyle], theme: Theme) -> pg.PlotWidget:
    """Plot of ``panel`` without its title; a curve has the colour and the symbol of what it is ``of``."""
    made = plot(with_subscripts(panel.x_label), with_subscripts(panel.y_label))
    if panel.x_is_date:
        made.setAxisItems({"bottom": pg.DateAxisItem()})
        made.getPlotItem().getAxis("bottom").setLabel(panel.x_label)
    if panel.ticks:
        made.getPlotItem().getAxis("bottom").setTicks([list(enumerate(panel.ticks))])
        made.setXRange(-TICK_ROOM, len(panel.ticks) - TICK_ROOM, padding=0)
    apply_plot_theme(made, theme)
    _add_patches(made, panel, theme)
    for curve in panel.curves:
        _add_curve(made, curve, styles[curve.of], theme)
    crosshair = Crosshair(made, lambda x, y: _describe(panel, x, y))
    crosshair.apply_theme(theme)
    return made


def _add_curve(made: pg.PlotWidget, curve: Curve, style: ClassStyle, theme: Theme) -> None:
    colour = theme.readable(style.colour)
    has_marks = len(curve.x) <= MAX_MARKED and not _is_boundary(curve)
    if curve.half:
        bars = pg.ErrorBarItem(
            x=np.array(curve.x), y=np.array(curve.y), height=2 * np.array(curve.half), beam=0.0, pen=pen(colour, 1.2)
        )
        made.addItem(bars)
    line = pen(colour, 1.2 if curve.style == "dotted" else 2.0, LINES[curve.style])
    made.plot(
        list(curve.x),
        list(curve.y),
        pen=None if curve.style == "marks" else line,
        symbol=SYMBOLS[style.marker] if has_marks else None,
        symbolSize=SYMBOL_PX,
        symbolBrush=colour if curve.style != "dotted" else theme.base,
        symbolPen=pen(colour, 1.2),
    )


def _is_boundary(curve: Curve) -> bool:
    """Whether it is a line across a plane, along one of its axes."""
    return len(curve.x) == 2 and (curve.x[0] == curve.x[1] or curve.y[0] == curve.y[1]) and not curve.half


def _add_patches(made: pg.PlotWidget, panel: Panel, theme: Theme) -> None:
    if not panel.patches:
        return
    fill = theme.background(theme.trouble, 0.35)
    boxes = [
        NamedBox(
            QRectF(
                one.across.low_ua, one.up.low_ua, one.across.high_ua - one.across.low_ua, one.up.high_ua - one.up.low_ua
            ),
            fill,
            one.label,
            "",
            is_hatched=True,
        )
        for one in panel.patches
    ]
    regions, names = RegionsItem(), NamesItem()
    regions.set_colours(theme.edge, theme.ink)
    names.set_look(theme.ink)
    names.set_boxes(boxes, regions.set_boxes(boxes))
    made.addItem(regions)
    made.addItem(names)


def _describe(panel: Panel, x: float, y: float) -> str:
    here = next((one.label for one in panel.patches if x in one.across and y in one.up), "")
    if panel.ticks:
        place = round(x)
        at = panel.ticks[place] if 0 <= place < len(panel.ticks) else ""
    else:
        at = "" if panel.x_is_date else number(x, 4)
    return "   ".join(filter(None, [at, number(y, 4), here]))
