"""Voltage against current of each junction, with the two levels between which the detector decides."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg

from mtjlab.config import Limits
from mtjlab.domain import Verdict
from mtjlab.events import JunctionsMeasured
from mtjlab.gui.look.formatting import whole
from mtjlab.gui.look.label import SPACE, Label, dot
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import JudgedReading, Snapshot
from mtjlab.gui.views import data
from mtjlab.gui.views.dots_item import DotsItem
from mtjlab.gui.views.plots import pen
from mtjlab.gui.views.stack import JunctionPlots
from mtjlab.gui.views.view import View

POINTS = 200
POINT_PX, LAST_PX = 6, 12
LEVELS = (Verdict.P, Verdict.AP)
"""In the order of the levels of a reference."""


class _JunctionItems:
    """Items of one plot: two branches, the latest readings, and the last reading."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        self.branches = [plot.plot(), plot.plot()]
        self.readings = DotsItem(POINT_PX)
        self.last = pg.ScatterPlotItem(size=LAST_PX, brush=None)
        plot.addItem(self.readings)
        plot.addItem(self.last)


class Voltages(View):
    """Mean voltages with verdicts."""

    title = "Voltages"
    tabulate = staticmethod(data.voltages)
    help = (
        "Mean voltage V of each of the latest readings against the current I_MTJ through the junction, coloured by the "
        "detector's verdict. Lines: the levels of the parallel and the antiparallel state, fitted to the sweep."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Voltages are drawn when they are read.")
        self._heading = Label()
        self._plots = JunctionPlots(
            "I<sub>MTJ</sub> (µA)", "V (mV)", lambda x, y: f"{whole(x)} µA   {whole(y)} mV", self._heading
        )
        self.set_content(self._plots)
        self._items: list[_JunctionItems] = []
        self._measured: JunctionsMeasured | None = None
        self._limits: Limits | None = None

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        self._plots.apply_theme(self.theme)
        self._measured = None
        kinds = {**{str(verdict): verdict for verdict in Verdict}, "not judged": None}
        names = [dot(name, self.theme.of_verdict(kind)) for name, kind in kinds.items()]
        self._heading.setText(SPACE.join(["latest readings", *names]))

    def prepare(self, junctions: int) -> None:
        """Create a plot for each junction."""
        if self._plots.ensure_plots(junctions, self.theme):
            self._items = [_JunctionItems(plot) for plot in self._plots.plots]
            self._limits = None
            self.restyle()

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the latest readings."""
        if not snapshot.judged:
            return False
        self.prepare(len(snapshot.judged[-1].reading.currents_ua))
        self._show_limits(snapshot)
        if snapshot.state.measured is not self._measured:
            self._measured = snapshot.state.measured
            self._draw_branches(snapshot)
        judged = list(snapshot.judged)
        for k, items in enumerate(self._items):
            self._draw_readings(items, judged, k)
        return True

    def _show_limits(self, snapshot: Snapshot) -> None:
        limits = snapshot.info.bench.limits if snapshot.info.bench else None
        if limits is not None and limits != self._limits:
            self._limits, refuse_mv = limits, limits.junction_voltage_refuse_mv
            currents_ua = limits.junction_current_min_ua, limits.junction_current_max_ua
            self._plots.show_range(currents_ua, (-refuse_mv, refuse_mv))

    def _draw_branches(self, snapshot: Snapshot) -> None:
        limits = snapshot.info.bench.limits if snapshot.info.bench else None
        if self._measured is None or limits is None:
            return
        currents_ua = np.linspace(limits.junction_current_min_ua, limits.junction_current_max_ua, POINTS)
        for reference, items in zip(self._measured.references, self._items, strict=True):
            levels_mv = reference.levels_trace_mv(currents_ua)
            for verdict, level_mv, curve in zip(LEVELS, levels_mv, items.branches, strict=True):
                curve.setData(currents_ua, level_mv, pen=pen(self.theme.of_verdict(verdict), 1.2))

    def _draw_readings(self, items: _JunctionItems, judged: Sequence[JudgedReading], k: int) -> None:
        dots: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
        for one in judged:
            colour = self.theme.of_verdict(one.verdict(k))
            dots[colour].append((one.reading.currents_ua[k], one.voltages_mv[k]))
        items.readings.set_dots(dots)
        last = judged[-1]
        items.last.setData([last.reading.currents_ua[k]], [last.voltages_mv[k]], pen=pen(self.theme.ink))
