"""Resistance of each junction against the input, while a sweep is measured."""

from math import isnan

import numpy as np
import pyqtgraph as pg
from markupsafe import Markup
from PyQt5.QtCore import Qt

from mtjlab.analysis.resistances import computed_resistances_kohm
from mtjlab.arrays import FloatArray
from mtjlab.domain import ControlCurrents
from mtjlab.events import JunctionsMeasured
from mtjlab.gui.look.formatting import number, whole
from mtjlab.gui.look.label import Label, coloured, dot
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views import data
from mtjlab.gui.views.plots import pen
from mtjlab.gui.views.stack import JunctionPlots
from mtjlab.gui.views.view import View

COMPUTED = "#d04437"
LEARNT = "╌ computed for the controls learnt for A"
POINTS = 800
MIN_SHOWN_KOHM = 2.6


class _Curves:
    """Items of one plot: measured points, thresholds, and the curve computed for the control currents learnt."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        self.falling = plot.plot(pen=None, symbol="o", symbolSize=4, symbolPen=None)
        self.computed = plot.plot(connect="finite")
        self.rising = plot.plot(pen=None, symbol="o", symbolSize=4, symbolPen=None)
        self.measured_at, self.computed_at = _threshold(plot), _threshold(plot)


def _threshold(plot: pg.PlotWidget) -> pg.InfiniteLine:
    line = pg.InfiniteLine(angle=90)
    line.setVisible(False)
    plot.addItem(line, ignoreBounds=True)
    return line


class ResistanceCurves(View):
    """Resistance curves of all junctions."""

    title = "Resistance curves"
    tabulate = staticmethod(data.resistance_curves)
    help = (
        "R = V/I of each junction while the input rises (dark) and falls (faint). The jump on the way up is the "
        "critical input; dashed: computed from the fit for the control currents learnt for input A."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Resistance curves are drawn while the junctions are swept.")
        self._heading = Label()
        self._plots = JunctionPlots(
            "I<sub>input</sub> (µA)", "R (kΩ)", lambda x, y: f"{whole(x)} µA   {y:.2f} kΩ", self._heading
        )
        self.set_content(self._plots)
        self._curves: list[_Curves] = []
        self._drawn: tuple[int, JunctionsMeasured | None, ControlCurrents | None] = (0, None, None)

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        self._plots.apply_theme(self.theme)
        self._drawn = (0, None, None)

    def prepare(self, junctions: int) -> None:
        """Create a plot for each junction."""
        if self._plots.ensure_plots(junctions, self.theme):
            self._curves = [_Curves(plot) for plot in self._plots.plots]
            self._drawn = (0, None, None)

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the changes since the last snapshot."""
        if not snapshot.sweep.points or not snapshot.junctions:
            return False
        self.prepare(snapshot.junctions)
        now = (snapshot.sweep.points, snapshot.state.measured, snapshot.learnt.controls)
        if now != self._drawn:
            self._drawn = now
            for k, curves in enumerate(self._curves):
                self._draw_measured(curves, snapshot, k)
                self._draw_computed(curves, snapshot, k)
                self._plots.set_title(k, self._thresholds(curves))
            self._set_heading(snapshot)
            self._show(snapshot)
        return True

    def _show(self, snapshot: Snapshot) -> None:
        rows = snapshot.sweep.repetitions[-1].resistances_kohm
        highest_kohm = max((abs(kohm) for row in rows for kohm in row if not isnan(kohm)), default=0.0)
        self._plots.show_range(_inputs_ua(snapshot), (0, max(MIN_SHOWN_KOHM, 1.1 * highest_kohm)))

    def _set_heading(self, snapshot: Snapshot) -> None:
        held = ", ".join(map(number, dict.fromkeys(snapshot.sweep.controls_ua)))
        repetition = f"repetition {snapshot.sweep.repetitions[-1].number + 1}"
        self._heading.setText(
            Markup("{}, I<sub>C</sub> = {} µA &nbsp; {} {} {}").format(
                "by hand" if snapshot.sweep.is_by_hand else repetition,
                held,
                dot("rising", self.theme.ink),
                dot("falling", self.theme.faint),
                coloured(LEARNT, self.theme.readable(COMPUTED)) if _is_learnt(snapshot) else "",
            )
        )

    def _thresholds(self, curves: _Curves) -> Markup:
        lines = ((curves.measured_at, self.theme.ink), (curves.computed_at, self.theme.readable(COMPUTED)))
        values = [coloured(whole(line.value()), colour) for line, colour in lines if line.isVisible()]
        return Markup("&nbsp; {} µA").format(Markup(" → ").join(values)) if values else Markup("")

    def _draw_measured(self, curves: _Curves, snapshot: Snapshot, k: int) -> None:
        repetition = snapshot.sweep.repetitions[-1]
        curves.rising.setData(*_finite(*repetition.leg(k, rising=True)), symbolBrush=self.theme.ink)
        curves.falling.setData(*_finite(*repetition.leg(k, rising=False)), symbolBrush=self.theme.faint)
        measured = snapshot.state.measured
        curves.measured_at.setVisible(measured is not None)
        if measured:
            threshold_ua = measured.critical.up_ua[k] - snapshot.sweep.controls_ua[k]
            curves.measured_at.setPos(threshold_ua)
            curves.measured_at.setPen(pen(self.theme.ink, 1))

    def _draw_computed(self, curves: _Curves, snapshot: Snapshot, k: int) -> None:
        measured, controls = snapshot.state.measured, snapshot.learnt.controls
        is_learnt = _is_learnt(snapshot)
        curves.computed_at.setVisible(is_learnt)
        curves.computed.setVisible(is_learnt)
        if not is_learnt or measured is None or controls is None:
            return
        control_ua, critical_ua = controls.by_input_ua[0][k], measured.critical.up_ua[k]
        inputs_ua = np.linspace(*_inputs_ua(snapshot), POINTS)
        resistances = computed_resistances_kohm(measured.references[k].law, critical_ua, inputs_ua + control_ua)
        colour = self.theme.readable(COMPUTED)
        curves.computed.setData(inputs_ua, resistances, pen=pen(colour, 1.2, Qt.PenStyle.DashLine))
        curves.computed_at.setPos(critical_ua - control_ua)
        curves.computed_at.setPen(pen(colour, 1, Qt.PenStyle.DotLine))


def _finite(inputs_ua: FloatArray, resistances_kohm: FloatArray) -> tuple[FloatArray, FloatArray]:
    is_known = ~np.isnan(resistances_kohm)
    return inputs_ua[is_known], resistances_kohm[is_known]


def _is_learnt(snapshot: Snapshot) -> bool:
    return snapshot.state.measured is not None and snapshot.learnt.controls is not None and snapshot.learnt.step > 0


def _inputs_ua(snapshot: Snapshot) -> tuple[float, float]:
    """Range of the input, from the plan if it contains one."""
    sweep = snapshot.info.request.get("plan", {}).get("sweep", {})
    inputs_ua = snapshot.sweep.repetitions[-1].inputs_ua
    low_ua, high_ua = sweep.get("input_start_ua"), sweep.get("input_stop_ua")
    return float(low_ua or min(inputs_ua)), float(high_ua or max(inputs_ua))
