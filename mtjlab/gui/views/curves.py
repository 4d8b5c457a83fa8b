"""Resistance of each junction against the input, while a sweep is measured."""

from collections.abc import Sequence
from math import isnan
from pathlib import Path

import numpy as np
import pyqtgraph as pg
from markupsafe import Markup
from PyQt5.QtCore import Qt

from mtjlab.analysis.resistances import computed_resistances_kohm
from mtjlab.arrays import FloatArray
from mtjlab.gui.look.formatting import number, whole
from mtjlab.gui.look.label import Label, coloured, dot
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.hand_points import HandSeries
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.run.sweep import Repetition
from mtjlab.gui.views import data
from mtjlab.gui.views.hand_curves import HandCurves, hand_legend
from mtjlab.gui.views.plots import pen
from mtjlab.gui.views.stack import JunctionPlots
from mtjlab.gui.views.view import View

COMPUTED = "#d04437"
LEARNT = "╌ computed for the controls learnt for A"
POINTS = 800
MIN_SHOWN_KOHM = 2.6


class _Curves:
    """Items of one plot: measured points, thresholds, and the curve computed for the control currents learnt."""

    def __init__(self, plot: pg.PlotWidget, k: int) -> None:
        self.by_hand = HandCurves(plot, k)
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
        "critical input; dashed: computed from the fit for the control currents learnt for input A. By hand: a colour "
        "and a symbol for each set of control currents; points stay until Clear points is pressed in Manual."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Resistance curves are drawn while the junctions are swept.")
        self._heading = Label()
        self._heading.setWordWrap(True)
        self._plots = JunctionPlots(
            "I<sub>input</sub> (µA)", "R (kΩ)", lambda x, y: f"{whole(x)} µA   {y:.2f} kΩ", self._heading
        )
        self.set_content(self._plots)
        self._curves: list[_Curves] = []
        self._drawn: tuple[object, ...] = ()
        self._hidden: tuple[Path | None, int] = (None, 0)

    def clear_by_hand(self) -> None:
        """Remove the points set by hand so far from the plots; the journal keeps them."""
        if self._snapshot is not None:
            self._hidden = self._snapshot.info.folder, self._snapshot.sweep.by_hand.readings + 1
            self.redraw()

    @property
    def hand_series(self) -> tuple[HandSeries, ...]:
        """Series of the points set by hand that are drawn."""
        return self._series(self._snapshot) if self._snapshot is not None else ()

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        self._plots.apply_theme(self.theme)
        for curves in self._curves:
            curves.by_hand.restyle()
        self._drawn = ()

    def prepare(self, junctions: int) -> None:
        """Create a plot for each junction."""
        if self._plots.ensure_plots(junctions, self.theme):
            self._curves = [_Curves(plot, k) for k, plot in enumerate(self._plots.plots)]
            self._drawn = ()

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the changes since the last snapshot."""
        if not snapshot.sweep.points or not snapshot.junctions:
            return False
        self.prepare(snapshot.junctions)
        now = (
            snapshot.info.folder, snapshot.sweep.points, snapshot.state.measured, snapshot.learnt.controls, self._hidden
        )  # fmt: skip
        if now != self._drawn:
            self._drawn = now
            series = self._series(snapshot)
            for k, curves in enumerate(self._curves):
                self._draw_measured(curves, snapshot, k)
                self._draw_computed(curves, snapshot, k)
                curves.by_hand.draw(series, self.theme)
                self._plots.set_title(k, self._thresholds(curves))
            self._set_heading(snapshot)
            self._show(snapshot)
        return True

    def _show(self, snapshot: Snapshot) -> None:
        rows = [point.resistances_kohm for one in self._series(snapshot) for point in one.points]
        rows += [row for one in _latest(snapshot) for row in one.resistances_kohm]
        highest_kohm = max((abs(kohm) for row in rows for kohm in row if not isnan(kohm)), default=0.0)
        self._plots.show_range(
            _inputs_ua(snapshot, self._series(snapshot)), (0, max(MIN_SHOWN_KOHM, 1.1 * highest_kohm))
        )

    def _series(self, snapshot: Snapshot) -> tuple[HandSeries, ...]:
        folder, first = self._hidden
        return snapshot.sweep.by_hand.since(first if folder == snapshot.info.folder else 0)

    def _set_heading(self, snapshot: Snapshot) -> None:
        if not (latest := _latest(snapshot)):
            self._heading.setText(hand_legend(self._series(snapshot), self.theme))
            return
        self._heading.setText(
            Markup("{}, I<sub>C</sub> = {} µA &nbsp; {} {} {}").format(
                f"repetition {latest[0].number + 1}",
                ", ".join(map(number, dict.fromkeys(snapshot.sweep.controls_ua))),
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
        repetition = next(iter(_latest(snapshot)), Repetition(0))
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
        control_ua, critical_ua = controls.first_ua(len(measured.critical.up_ua))[k], measured.critical.up_ua[k]
        inputs_ua = np.linspace(*_inputs_ua(snapshot, ()), POINTS)
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


def _latest(snapshot: Snapshot) -> list[Repetition]:
    """The latest repetition of a sweep; empty where the currents are set by hand."""
    return list(snapshot.sweep.repetitions)[-1:]


def _inputs_ua(snapshot: Snapshot, series: Sequence[HandSeries]) -> tuple[float, float]:
    """Range of the input, from the plan if it contains one."""
    sweep = snapshot.info.request.get("plan", {}).get("sweep", {})
    inputs_ua = [ua for one in _latest(snapshot) for ua in one.inputs_ua]
    inputs_ua += [point.input_ua for one in series for point in one.points] or ([] if inputs_ua else [0.0])
    low_ua, high_ua = sweep.get("input_start_ua"), sweep.get("input_stop_ua")
    return float(low_ua or min(inputs_ua)), float(high_ua or max(inputs_ua))
