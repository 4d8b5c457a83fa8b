"""Loops of the resistance of each junction against the magnetic field, as they are measured."""

from collections.abc import Iterable, Sequence
from math import isnan
from pathlib import Path

import pyqtgraph as pg
from markupsafe import Markup, escape
from PyQt5.QtCore import Qt

from mtjlab.analysis.field_loops import LoopEstimate, Measured
from mtjlab.counted import counted
from mtjlab.gui.look.formatting import number
from mtjlab.gui.look.label import SPACE, Label, dot
from mtjlab.gui.look.text_size import css_points
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views.data import Row
from mtjlab.gui.views.plots import pen
from mtjlab.gui.views.stack import JunctionPlots
from mtjlab.gui.views.view import View
from mtjlab.palette import junction_colours, tint
from mtjlab.procedures.field.events import LoopPoint, WorkingPointChosen
from mtjlab.procedures.field.state import FieldState
from mtjlab.procedures.field.tables import LOOPS
from mtjlab.schema import Column, cell_of

EARLIER, ROOM = 0.35, 0.08


def loop_rows(snapshot: Snapshot) -> Iterable[Row]:
    """Yield what is known of the loop of each junction, as exported tables have it."""
    for one in snapshot.kind_state.loops() if isinstance(snapshot.kind_state, FieldState) else ():
        yield {column.title(): cell_of(column)(one) for column in LOOPS if isinstance(column, Column)}


class FieldLoops(View):
    """A plot for each junction: its resistance against the field; the present loop is darker than earlier ones."""

    title = "Loops"
    tabulate = staticmethod(loop_rows)
    help = (
        "Resistance of each junction against the magnetic field, at the small probing current. Solid: the field rises; "
        "dashed: it falls; pale: earlier loops. Dotted vertical lines, once a loop is complete: the mean fields at "
        "which the junction switches; half their distance is the coercive field H<sub>c</sub>, their middle the shift "
        "H<sub>s</sub> of the loop, in mT; ± half of the 95 % interval."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Loops are drawn while the field is swept.")
        self.heading = Label()
        self._plots = JunctionPlots(
            "µ<sub>0</sub>H (mT)",
            "R (kΩ)",
            lambda x, y: f"{number(x, 4)} mT   {number(y, 4)} kΩ",
            self.heading,
            is_common=False,
        )
        self.set_content(self._plots)
        self.curves: list[dict[tuple[str, bool], pg.PlotDataItem]] = []
        self.lines: list[list[pg.InfiniteLine]] = []
        self._drawn: tuple[Path, int, WorkingPointChosen | None] | None = None

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        self._plots.apply_theme(self.theme)
        self._drawn = None

    def prepare(self, junctions: int) -> None:
        """Create a plot for each junction."""
        if self._plots.ensure_plots(junctions, self.theme):
            parts = [(which, rising) for which in ("earlier", "present") for rising in (False, True)]
            self.curves = [{part: plot.plot() for part in parts} for plot in self._plots.plots]
            self.lines = [[_vertical(plot) for _ in range(2)] for plot in self._plots.plots]
            self._drawn = None

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the changes since the last snapshot."""
        seen = snapshot.kind_state
        if not isinstance(seen, FieldState) or not seen.points:
            return False
        last = list(seen.legs)[-1]
        legs = {
            (which, rising): [
                leg[rising] for loop, leg in seen.legs.items() if (loop == last) == (which == "present") and leg[rising]
            ]
            for which in ("earlier", "present")
            for rising in (True, False)
        }
        latest = next(leg[-1][-1] for leg in (legs["present", False], legs["present", True]) if leg)
        self.prepare(len(latest.reading.currents_ua))
        now = (snapshot.info.folder, seen.points, seen.chosen)
        if now != self._drawn:
            self._drawn = now
            self.heading.setText(self._heading(seen, latest))
            estimates = seen.loops()
            for k in range(len(self.curves)):
                self._draw_junction(k, legs, estimates[k] if k < len(estimates) else None)
        return True

    def _draw_junction(
        self, k: int, legs: dict[tuple[str, bool], list[Sequence[LoopPoint]]], estimate: LoopEstimate | None
    ) -> None:
        colour = self.theme.readable(junction_colours(len(self.curves))[k])
        reached: list[tuple[float, float]] = []
        for (which, rising), curve in self.curves[k].items():
            fields_mt, kohm = _trace(legs[which, rising], k)
            reached += [(x, y) for x, y in zip(fields_mt, kohm, strict=True) if not isnan(y)]
            shade = colour if which == "present" else tint(colour, EARLIER, self.theme.base)
            style = Qt.PenStyle.SolidLine if rising else Qt.PenStyle.DashLine
            curve.setData(fields_mt, kohm, pen=pen(shade, 1.6 if which == "present" else 1.0, style), connect="finite")
        x, y = [x for x, _ in reached], [y for _, y in reached]
        room_x, room_y = ROOM / 2 * (max(x) - min(x)) or 1.0, ROOM * (max(y) - min(y)) or 0.1
        across, up = (min(x) - room_x, max(x) + room_x), (min(y) - room_y, max(y) + room_y)
        self._plots.plots[k].setRange(xRange=across, yRange=up, padding=0)
        means = (estimate.up_mt, estimate.down_mt) if estimate else (None, None)
        for line, mean in zip(self.lines[k], means, strict=True):
            line.setVisible(mean is not None)
            if mean is not None:
                line.setPos(mean.value)
                line.setPen(pen(self.theme.faint, 1.2, Qt.PenStyle.DotLine))
        small = Markup("<span style='font-size:{}'>{}</span>")
        texts = loop_texts(estimate) if estimate else ()
        self._plots.set_title(k, *(small.format(css_points(7), text) for text in texts))

    def _heading(self, seen: FieldState, latest: LoopPoint) -> Markup:
        marks = [dot("present loop", self.theme.ink), dot("earlier", tint(self.theme.ink, EARLIER, self.theme.base))]
        now = f", {number(latest.field_mt, 3)} mT, {number(latest.reading.currents_ua[0], 3)} µA"
        complete = counted(len(seen.complete_loops), "loop")
        return SPACE.join([*marks, escape(complete if seen.loops_measured else f"{complete}{now}")])


def loop_texts(one: LoopEstimate) -> tuple[Markup, ...]:
    """Coercive field and shift; or that they are not determined."""
    if one.coercive_mt is None or one.shift_mt is None:
        return (Markup("not determined"),)
    coercive, shift = Markup("H<sub>c</sub> {}"), Markup("H<sub>s</sub> {}")
    return coercive.format(measured_text(one.coercive_mt, 2)), shift.format(measured_text(one.shift_mt, 2))


def measured_text(measured: Measured, decimals: int) -> str:
    """A number with half of its 95 % interval, which leaves room in a small plot."""
    half = (measured.high - measured.low) / 2
    return f"{measured.value:.{decimals}f} ± {half:.{decimals}f}".replace("-", "−")  # noqa: RUF001


def _trace(legs: Sequence[Sequence[LoopPoint]], k: int) -> tuple[list[float], list[float]]:
    """Fields and resistances of legs, with a gap after each."""
    fields_mt, kohm = list[float](), list[float]()
    for leg in legs:
        for point in leg:
            fields_mt.append(point.field_mt)
            kohm.append(point.reading.samples_mv[-1][k] / point.reading.currents_ua[k])
        fields_mt.append(leg[-1].field_mt)
        kohm.append(float("nan"))
    return fields_mt, kohm


def _vertical(plot: pg.PlotWidget) -> pg.InfiniteLine:
    line = pg.InfiniteLine(angle=90, movable=False)
    line.setVisible(False)
    plot.addItem(line, ignoreBounds=True)
    return line
