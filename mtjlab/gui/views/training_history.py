"""Control currents and recognition rates against training step."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyqtgraph as pg
from markupsafe import Markup
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QVBoxLayout, QWidget

from mtjlab.domain import ControlCurrents, input_label, junction_label
from mtjlab.gui.look.formatting import number, per_cent, whole
from mtjlab.gui.look.label import SPACE, Label, coloured
from mtjlab.gui.look.text_size import css_points
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views import data
from mtjlab.gui.views.plots import Crosshair, apply_plot_theme, pen, plot, with_texts
from mtjlab.gui.views.view import View
from mtjlab.palette import junction_colours
from mtjlab.procedures.training.events import Prediction, RecognitionMeasured
from mtjlab.procedures.training.expected import ExpectedRates, are_joined

TEST = "#9a4fb5"
RATES = Markup(
    "<span style='font-size:{0}'><b>{1}</b></span> train &nbsp; "
    "<span style='font-size:{0}; color:{2}'><b>{3}</b></span> test &nbsp; at step {4}"
)
MAX_SHOWN = 108
"""Upper end of the axis (%), above 100 so that the tick label of 100 is drawn."""
USUAL_INPUTS = 2
MIN_SHOWN_UA, MIN_STEPS = 60.0, 5
"""Smallest ranges of the axes, so that first changes are not magnified."""
MAX_MARKED = 30
"""Largest number of measurements marked by symbols."""


class ControlCurrentHistory(View):
    """Control currents of each junction, a plot for each input."""

    title = "Control currents"
    tabulate = staticmethod(data.control_currents)
    help = (
        "I_C of each junction for each input (I_A, I_B), against training step. Raising a control current lowers the "
        "critical input of its junction."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Control currents are drawn after the first are set.")
        self._content = QWidget()
        self._box = QVBoxLayout(self._content)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self.set_content(self._content)
        self._panels: list[_ControlPanel] = []
        self._drawn: tuple[Path, int, ControlCurrents] | None = None

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        self._drawn = None
        for panel in self._panels:
            panel.apply_theme(self.theme)

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the changes since the last snapshot."""
        history = snapshot.learnt.controls_by_step
        if not history or snapshot.learnt.encoded is None:  # nothing is learnt in a sweep
            return False
        if (now := (snapshot.info.folder, len(history), history[-1])) != self._drawn:
            self._drawn = now
            self._make_panels(len(history[0].by_input_ua))
            for j, panel in enumerate(self._panels):
                panel.draw([controls.by_input_ua[j] for controls in history])
        return True

    def prepare(self, _junctions: int) -> None:
        """Create plots for two inputs, the usual number."""
        self._make_panels(USUAL_INPUTS)

    def _make_panels(self, inputs: int) -> None:
        if len(self._panels) == inputs:
            return
        for panel in self._panels:
            panel.setParent(None)
        self._panels = [_ControlPanel(j, self.theme, is_last=j == inputs - 1) for j in range(inputs)]
        for panel in self._panels:
            self._box.addWidget(panel)
        for panel in self._panels[1:]:
            panel.plot.setXLink(self._panels[0].plot)


class _ControlPanel(QWidget):
    """Control currents for one input."""

    def __init__(self, index: int, theme: Theme, is_last: bool) -> None:
        super().__init__()
        letter = input_label(index)
        self.plot = plot("training step" if is_last else "", "")
        self._letter = letter
        self._heading = Label()
        self._curves: list[pg.PlotDataItem] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(with_texts(self._heading, self.plot))
        self._crosshair = Crosshair(self.plot, lambda x, y: f"training step {whole(x)}   {whole(y)} µA")
        self.apply_theme(theme)

    def apply_theme(self, theme: Theme) -> None:
        """Apply the colours of ``theme``."""
        self._theme = theme
        apply_plot_theme(self.plot, theme)
        self._crosshair.apply_theme(theme)

    def draw(self, history: Sequence[Sequence[float]]) -> None:
        """Draw control currents ``[step][junction]`` (uA)."""
        junctions = len(history[0])
        colours = [self._theme.readable(colour) for colour in junction_colours(junctions)]
        while len(self._curves) < junctions:
            self._curves.append(self.plot.plot())
        for k, (curve, colour) in enumerate(zip(self._curves, colours, strict=False)):
            # Curves on top are thinner, so that none is hidden.
            curve.setPen(pen(colour, 4 - 2.4 * k / max(1, junctions - 1)))
            curve.setData([row[k] for row in history])
        self._show(history)
        values = [
            coloured(f"{junction_label(k)} {number(round(history[-1][k], 1))}", colour)
            for k, colour in enumerate(colours)
        ]
        self._heading.setText(
            Markup("I<sub>C</sub> for <b>{}</b> &nbsp; {} µA").format(self._letter, SPACE.join(values))
        )

    def _show(self, history: Sequence[Sequence[float]]) -> None:
        low_ua, high_ua = min(map(min, history)), max(map(max, history))
        room_ua = max(0.0, MIN_SHOWN_UA - (high_ua - low_ua)) / 2
        self.plot.setRange(xRange=(0, max(MIN_STEPS, len(history) - 1)), yRange=(low_ua - room_ua, high_ua + room_ua))


class RecognitionHistory(View):
    """Recognition rates of both subsets, and the rate of random guessing."""

    title = "Recognition"
    tabulate = staticmethod(data.recognition)
    help = (
        "Share of the tokens of each subset whose switching configuration is that of their class, after each step. "
        "Crosses: not measured, but expected from thresholds, spreads and encoding."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Recognition rates are drawn after the first measurement.")
        self._plot = plot("training step", "recognition rate (%)")
        self._plot.setYRange(0, MAX_SHOWN, padding=0)
        self._plot.enableAutoRange(axis="x", enable=False)
        self._plot.getPlotItem().getAxis("left").setTicks([[(rate, str(rate)) for rate in range(0, 101, 20)]])
        self._plot.setMouseEnabled(y=False)
        self._heading = Label()
        self._chance = pg.InfiniteLine(angle=0)
        self._plot.addItem(self._chance, ignoreBounds=True)
        self._test, self._train = self._plot.plot(), self._plot.plot()
        self._expected_test, self._expected_train = self._plot.plot(), self._plot.plot()
        self._expected = ExpectedRates()
        self._crosshair = Crosshair(self._plot, lambda x, y: f"training step {whole(x)}   {whole(y)} %")
        self.set_content(with_texts(self._heading, self._plot))
        self._between: Mapping[int, Prediction] = {}
        self._drawn: tuple[Path, int, int, bool] | None = None
        self.restyle()

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        apply_plot_theme(self._plot, self.theme)
        self._crosshair.apply_theme(self.theme)
        self._chance.setPen(pen(self.theme.faint, 1, Qt.PenStyle.DotLine))
        self._drawn = None

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the changes since the last snapshot."""
        recognition = snapshot.learnt.recognition
        learnt, folder = snapshot.learnt, snapshot.info.folder
        if (now := (folder, len(recognition), learnt.step, learnt.held_s > 0)) != self._drawn:
            if self._drawn is None or self._drawn[0] != folder:
                self._expected = ExpectedRates()
            self._drawn = now
            self._between = self._expected.between(learnt)
            self._draw_history(recognition)
            self._draw_expected(self._between)
            self._heading.setText(self._text(recognition, bool(self._between)))
        if not recognition and not self._between:
            return False
        if snapshot.learnt.encoded:
            self._chance.setValue(100 / len(snapshot.learnt.encoded.encoding.table.classes))
        return True

    def _text(self, recognition: Sequence[RecognitionMeasured], is_expected: bool) -> Markup:
        """The last rates, and what crosses are."""
        parts = []
        for last in recognition[-1:]:
            shown = (per_cent(last.train), self.theme.readable(TEST), per_cent(last.test), last.step)
            parts.append(RATES.format(css_points(15), *shown))
        if is_expected:
            measured = "dots: measured, " if recognition else ""
            parts.append(Markup("{}crosses: expected, not measured").format(measured))
        return SPACE.join(parts)

    def _draw_history(self, recognition: Sequence[RecognitionMeasured]) -> None:
        steps = [measured.step for measured in recognition]
        self._plot.setXRange(0, max([MIN_STEPS, *steps[-1:]]))
        marks = {"symbol": "o" if len(steps) <= MAX_MARKED else None, "symbolSize": 5}
        for curve, rates, colour, style in (
            (self._train, [100 * measured.train for measured in recognition], self.theme.ink, Qt.PenStyle.SolidLine),
            (
                self._test,
                [100 * measured.test for measured in recognition],
                self.theme.readable(TEST),
                Qt.PenStyle.DashLine,
            ),
        ):
            line = pen(colour, 2, style) if are_joined(steps) else None
            curve.setData(steps, rates, pen=line, symbolBrush=colour, symbolPen=None, **marks)

    def _draw_expected(self, between: Mapping[int, Prediction]) -> None:
        """Draw rates that were not measured as crosses, which no line joins."""
        steps = list(between)
        if steps:
            self._plot.setXRange(0, max(MIN_STEPS, self._plot.viewRange()[0][1], steps[-1]), padding=0)
        for curve, rates, colour in (
            (self._expected_train, [100 * one.train for one in between.values()], self.theme.ink),
            (self._expected_test, [100 * one.test for one in between.values()], self.theme.readable(TEST)),
        ):
            curve.setData(steps, rates, pen=None, symbol="x", symbolSize=5, symbolBrush=None, symbolPen=pen(colour, 1))
