"""Critical inputs of each junction against the magnetic field, with the lines through them."""

from collections.abc import Iterable
from pathlib import Path

import pyqtgraph as pg
from markupsafe import Markup, escape
from PyQt5.QtCore import Qt

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.field_loops import Measured
from mtjlab.analysis.field_slopes import FieldSlope
from mtjlab.domain import PerJunction
from mtjlab.events import SeriesMeasured
from mtjlab.gui.look.formatting import number
from mtjlab.gui.look.label import SPACE, Label, dot
from mtjlab.gui.look.text_size import css_points
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views.data import Row
from mtjlab.gui.views.dots_item import DotsItem
from mtjlab.gui.views.field_loops import measured_text
from mtjlab.gui.views.plots import pen
from mtjlab.gui.views.stack import JunctionPlots
from mtjlab.gui.views.view import View
from mtjlab.palette import junction_colours, tint
from mtjlab.procedures.field.events import WorkingPointChosen
from mtjlab.procedures.field.state import FieldState
from mtjlab.procedures.field.tables import SLOPES
from mtjlab.schema import Column, cell_of

DOT_PX = 7
FALLING, ROOM = 0.5, 0.12


def slope_rows(snapshot: Snapshot) -> Iterable[Row]:
    """Yield how the field moves the critical currents of each junction, as exported tables have it."""
    for one in snapshot.kind_state.slopes() if isinstance(snapshot.kind_state, FieldState) else ():
        yield {column.title(): cell_of(column)(one) for column in SLOPES if isinstance(column, Column)}


class FieldSlopes(View):
    """A plot for each junction: its critical inputs in both directions against the field, and lines of one slope."""

    title = "Field"
    tabulate = staticmethod(slope_rows)
    help = (
        "Critical inputs of each junction against the magnetic field: dark dots AP to P, pale dots P to AP; bars: 95 % "
        "intervals. Lines of one slope go through both; above: the slope in µA/mT, ± half of its interval. Dashed, at "
        "the end of the run: the field chosen to work in."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Critical inputs are drawn while the input is swept in several fields.")
        self.heading = Label()
        self._plots = JunctionPlots(
            "µ<sub>0</sub>H (mT)",
            "critical I<sub>in</sub> (µA)",
            lambda x, y: f"{number(x, 4)} mT   {number(y, 4)} µA",
            self.heading,
            is_common=False,
        )
        self.set_content(self._plots)
        self.dots: list[DotsItem] = []
        self._bars: list[dict[bool, pg.PlotDataItem]] = []
        self._lines: list[dict[bool, pg.PlotDataItem]] = []
        self._points: list[pg.InfiniteLine] = []
        self._drawn: tuple[Path, tuple[tuple[float, SeriesMeasured], ...], WorkingPointChosen | None] | None = None

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        self._plots.apply_theme(self.theme)
        self._drawn = None

    def prepare(self, junctions: int) -> None:
        """Create a plot for each junction."""
        if self._plots.ensure_plots(junctions, self.theme):
            plots = self._plots.plots
            self._lines = [{rising: plot.plot() for rising in (True, False)} for plot in plots]
            self._bars = [{rising: plot.plot() for rising in (True, False)} for plot in plots]
            self.dots, self._points = [DotsItem(DOT_PX) for _ in plots], [_vertical(plot) for plot in plots]
            for plot, dots in zip(plots, self.dots, strict=True):
                plot.addItem(dots)
            self._drawn = None

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the changes since the last snapshot."""
        seen = snapshot.kind_state
        if not isinstance(seen, FieldState) or not (series := seen.measured_series()):
            return False
        controls_ua = series[0][1].controls_ua
        self.prepare(len(controls_ua))
        now = (snapshot.info.folder, series, seen.chosen)
        if now != self._drawn:
            self._drawn = now
            self.heading.setText(self._heading(seen))
            slopes = seen.slopes()
            for k in range(len(self.dots)):
                self._draw_junction(k, seen, controls_ua, slopes[k] if k < len(slopes) else None)
        return True

    def _draw_junction(self, k: int, seen: FieldState, controls_ua: PerJunction, slope: FieldSlope | None) -> None:
        colour = self.theme.readable(junction_colours(len(self.dots))[k])
        shades = {True: colour, False: tint(colour, FALLING, self.theme.base)}
        known = {rising: _known(seen, k, rising, controls_ua[k]) for rising in (True, False)}
        self.dots[k].set_dots({shades[rising]: [(x, y) for x, y, _, _ in of] for rising, of in known.items()})
        for rising, of in known.items():
            bars = [(x, y) for x, _, low, high in of for y in (low, high, float("nan"))]
            data = [x for x, _ in bars], [y for _, y in bars]
            self._bars[k][rising].setData(*data, pen=pen(shades[rising], 1.2), connect="finite")
        every = [one for of in known.values() for one in of]
        if not every:
            return
        fields_mt = [x for x, _, _, _ in every]
        ends_mt = min(fields_mt), max(fields_mt)
        is_line = slope is not None and slope.shift_ua_per_mt is not None
        for rising, line in self._lines[k].items():
            at = (
                []
                if slope is None or not is_line
                else [slope.up_at(x) if rising else slope.down_at(x) for x in ends_mt]
            )
            line.setData(ends_mt if at else (), [y - controls_ua[k] for y in at], pen=pen(self.theme.ink, 1.0))
        low_ua, high_ua = min(low for _, _, low, _ in every), max(high for _, _, _, high in every)
        room_mt, room_ua = ROOM * (ends_mt[1] - ends_mt[0]) or 1.0, ROOM * (high_ua - low_ua) or 10.0
        across = ends_mt[0] - room_mt, ends_mt[1] + room_mt
        self._plots.plots[k].setRange(xRange=across, yRange=(low_ua - room_ua, high_ua + room_ua), padding=0)
        point = seen.chosen.point if seen.chosen else None
        self._points[k].setVisible(point is not None and point.is_possible)
        if point is not None:
            self._points[k].setPos(point.field_mt)
            self._points[k].setPen(pen(self.theme.faint, 1.2, Qt.PenStyle.DashLine))
        text = Markup("<span style='font-size:{}'>{}</span>").format(css_points(7), _slope_text(slope))
        self._plots.set_title(k, text)

    def _heading(self, seen: FieldState) -> Markup:
        ink = self.theme.ink
        marks = [dot("AP → P", ink), dot("P → AP", tint(ink, FALLING, self.theme.base))]
        point = seen.chosen.point if seen.chosen else None
        is_possible = point is not None and point.is_possible
        chosen = f"working point {number(point.field_mt, 4)} mT" if point is not None and is_possible else ""
        return SPACE.join([*marks, escape(chosen)])


def _known(seen: FieldState, k: int, rising: bool, control_ua: float) -> list[tuple[float, float, float, float]]:
    """Field, critical input, and the ends of its interval, of each series in which they are determined."""
    known = []
    for field_mt, one in seen.measured_series():
        critical = (one.up if rising else one.down)[k]
        if isinstance(critical, CriticalEstimate):
            interval = critical.mean_interval
            ends_ua = interval.low_ua - control_ua, interval.high_ua - control_ua
            known.append((field_mt, critical.law.mean_ua - control_ua, *ends_ua))
    return known


def _slope_text(slope: FieldSlope | None) -> str:
    if slope is None or slope.shift_ua_per_mt is None:
        return ""
    shift = slope.shift_ua_per_mt
    return f"{measured_text(Measured(-shift.value, -shift.high, -shift.low), 1)}"


def _vertical(plot: pg.PlotWidget) -> pg.InfiniteLine:
    line = pg.InfiniteLine(angle=90, movable=False)
    line.setVisible(False)
    plot.addItem(line, ignoreBounds=True)
    return line
