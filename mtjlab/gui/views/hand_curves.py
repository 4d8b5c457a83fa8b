"""Points of resistance curves that were set by hand: a colour and a symbol for each set of control currents."""

from collections.abc import Sequence

import pyqtgraph as pg
from markupsafe import Markup

from mtjlab.domain import PerJunction
from mtjlab.gui.look.formatting import number
from mtjlab.gui.look.label import SPACE, coloured
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.hand_points import HandSeries
from mtjlab.gui.views.plots import GLYPHS, SYMBOLS, pen
from mtjlab.palette import series_style

SYMBOL_PX = 8
MAX_NAMED = 6
"""Largest number of series in the legend: the latest."""


class HandCurves:
    """The items of one junction ``k`` in its ``plot``."""

    def __init__(self, plot: pg.PlotWidget, k: int) -> None:
        self._plot, self._k = plot, k
        self._items: dict[int, pg.ScatterPlotItem] = {}
        self._drawn: dict[int, tuple[int, int]] = {}

    def restyle(self) -> None:
        """Draw everything again at the next call of ``draw``."""
        self._drawn.clear()

    def draw(self, series: Sequence[HandSeries], theme: Theme) -> None:
        """Draw ``series``, and nothing else; what has not changed is left as it is."""
        for gone in self._items.keys() - {one.style for one in series}:
            self._plot.removeItem(self._items.pop(gone))
            self._drawn.pop(gone, None)
        for one in series:
            now = len(one.points), one.points[-1].number
            if self._drawn.get(one.style) != now:
                self._drawn[one.style] = now
                self._draw(one, theme)

    def places(self) -> list[list[tuple[float, float]]]:
        """Inputs (uA) and resistances (kohm) drawn, by series."""
        return [[(point.x(), point.y()) for point in map(_place, item.points())] for item in self._items.values()]

    def _draw(self, series: HandSeries, theme: Theme) -> None:
        if (item := self._items.get(series.style)) is None:
            item = self._items[series.style] = pg.ScatterPlotItem(pxMode=True, size=SYMBOL_PX)
            self._plot.addItem(item)
        style = series_style(series.style)
        colour = theme.readable(style.colour)
        known = [point for point in series.points if point.resistances_kohm[self._k] == point.resistances_kohm[self._k]]
        item.setData(
            x=[point.input_ua for point in known],
            y=[point.resistances_kohm[self._k] for point in known],
            symbol=SYMBOLS[style.marker],
            pen=pen(colour, 1.4),
            brush=[pg.mkBrush(colour if point.is_rising else theme.base) for point in known],
        )


def hand_legend(series: Sequence[HandSeries], theme: Theme) -> Markup:
    """Legend of ``series``: symbol and control currents of each, the latest first."""
    if not series:
        return Markup("by hand")
    latest = [*reversed(series)][:MAX_NAMED]
    names = [_name(one, theme) for one in latest]
    more = [f"and {len(series) - MAX_NAMED} earlier"] if len(series) > MAX_NAMED else []
    return Markup("by hand, I<sub>C</sub> / µA: &nbsp; {} &nbsp; filled: input rising, open: falling").format(
        SPACE.join([*names, *more])
    )


def controls_text(controls_ua: PerJunction) -> str:
    """Control currents in short: one number where all are alike."""
    return ", ".join(map(number, dict.fromkeys(controls_ua) if len(set(controls_ua)) == 1 else controls_ua))


def _name(series: HandSeries, theme: Theme) -> Markup:
    style = series_style(series.style)
    name = Markup("{}&nbsp;{}").format(
        GLYPHS[style.marker], controls_text(series.controls_ua).replace(" ", "\N{NO-BREAK SPACE}")
    )
    return coloured(name, theme.readable(style.colour))


def _place(spot: pg.SpotItem) -> pg.Point:
    return spot.pos()
