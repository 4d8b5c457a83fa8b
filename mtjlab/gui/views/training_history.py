"""What was learnt, against training step: control currents, and recognition rates."""

from collections.abc import Sequence
from pathlib import Path

import pyqtgraph as pg
from markupsafe import Markup
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QVBoxLayout, QWidget

from mtjlab.domain import ControlCurrents, input_label, junction_label
from mtjlab.gui.look.label import SPACE, Label, coloured
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.look.words import number, per_cent, whole
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views import data
from mtjlab.gui.views.plots import Crosshair, dress_plot, pen, plot, with_words
from mtjlab.gui.views.view import View
from mtjlab.palette import junction_colours
from mtjlab.procedures.training.events import RecognitionMeasured

TEST = "#9a4fb5"
RATES = Markup(
    "<span style='font-size:15pt'><b>{}</b></span> train &nbsp; "
    "<span style='font-size:15pt; color:{}'><b>{}</b></span> test &nbsp; at step {}"
)
MOST_SHOWN = 108
"""Per cent; some more than all, so that the tick of 100 is written."""
USUAL_INPUTS = 2
LEAST_SHOWN_UA, LEAST_STEPS = 60.0, 5
"""A plot that has hardly begun does not show steps as mountains."""
MOST_MARKED = 30
"""Measurements up to which each is marked by a symbol."""


class ControlCurrentHistory(View):
    """Control currents of each junction, a plot for each input."""

    title = "Control currents"
    tabulate = staticmethod(data.control_currents)
    help = (
        "I_C of each junction for each input (I_A, I_B), against training step. A control current raised lowers the "
        "critical input of its junction."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Control currents are drawn once the first are set.")
        self._content = QWidget()
        self._box = QVBoxLayout(self._content)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self.put(self._content)
        self._panels: list[_ControlPanel] = []
        self._drawn: tuple[Path, int, ControlCurrents] | None = None

    def restyle(self) -> None:
        """Colours of the theme."""
        self._drawn = None
        for panel in self._panels:
            panel.dress(self.theme)

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw what has changed."""
        course = snapshot.learnt.controls_by_step
        if not course or snapshot.learnt.encoded is None:  # nothing is learnt in a sweep
            return False
        if (now := (snapshot.info.folder, len(course), course[-1])) != self._drawn:
            self._drawn = now
            self._make_panels(len(course[0].by_input_ua))
            for j, panel in enumerate(self._panels):
                panel.draw([controls.by_input_ua[j] for controls in course])
        return True

    def prepare(self, _junctions: int) -> None:
        """Plots for two inputs, as most networks have them."""
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
        box.addWidget(with_words(self._heading, self.plot))
        self._crosshair = Crosshair(self.plot, lambda x, y: f"step {whole(x)}   {whole(y)} µA")
        self.dress(theme)

    def dress(self, theme: Theme) -> None:
        """Take on the colours of ``theme``."""
        self._theme = theme
        dress_plot(self.plot, theme)
        self._crosshair.dress(theme)

    def draw(self, course: Sequence[Sequence[float]]) -> None:
        """``course[step][junction]``."""
        junctions = len(course[0])
        colours = [self._theme.seen(colour) for colour in junction_colours(junctions)]
        while len(self._curves) < junctions:
            self._curves.append(self.plot.plot())
        for k, (curve, colour) in enumerate(zip(self._curves, colours, strict=False)):
            # Those on top are thinner: none hides another.
            curve.setPen(pen(colour, 4 - 2.4 * k / max(1, junctions - 1)))
            curve.setData([row[k] for row in course])
        self._show(course)
        values = [coloured(f"{junction_label(k)} {number(course[-1][k])}", colour) for k, colour in enumerate(colours)]
        self._heading.setText(
            Markup("I<sub>C</sub> for <b>{}</b> &nbsp; {} µA").format(self._letter, SPACE.join(values))
        )

    def _show(self, course: Sequence[Sequence[float]]) -> None:
        low_ua, high_ua = min(map(min, course)), max(map(max, course))
        room_ua = max(0.0, LEAST_SHOWN_UA - (high_ua - low_ua)) / 2
        self.plot.setRange(xRange=(0, max(LEAST_STEPS, len(course) - 1)), yRange=(low_ua - room_ua, high_ua + room_ua))


class RecognitionHistory(View):
    """Recognition rates of both subsets, and what guessing would give."""

    title = "Recognition"
    tabulate = staticmethod(data.recognition)
    help = "Share of tokens whose switching configuration is that of their class, after each step, for each subset."

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "The recognition is drawn once it has been measured.")
        self._plot = plot("training step", "recognition rate (%)")
        self._plot.setYRange(0, MOST_SHOWN, padding=0)
        self._plot.enableAutoRange(axis="x", enable=False)
        self._plot.getPlotItem().getAxis("left").setTicks([[(rate, str(rate)) for rate in range(0, 101, 20)]])
        self._plot.setMouseEnabled(y=False)
        self._heading = Label()
        self._chance = pg.InfiniteLine(angle=0)
        self._plot.addItem(self._chance, ignoreBounds=True)
        self._test, self._train = self._plot.plot(), self._plot.plot()
        self._crosshair = Crosshair(self._plot, lambda x, y: f"step {whole(x)}   {whole(y)} %")
        self.put(with_words(self._heading, self._plot))
        self._drawn: tuple[Path, int] | None = None
        self.restyle()

    def restyle(self) -> None:
        """Colours of the theme."""
        dress_plot(self._plot, self.theme)
        self._crosshair.dress(self.theme)
        self._chance.setPen(pen(self.theme.faint, 1, Qt.PenStyle.DotLine))
        self._drawn = None

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw what has changed."""
        recognition = snapshot.learnt.recognition
        if not recognition:
            return False
        if (now := (snapshot.info.folder, len(recognition))) != self._drawn:
            self._drawn = now
            self._draw_course(recognition)
            last = recognition[-1]
            shown = (per_cent(last.train), self.theme.seen(TEST), per_cent(last.test), last.step)
            self._heading.setText(RATES.format(*shown))
        if snapshot.learnt.encoded:
            self._chance.setValue(100 / len(snapshot.learnt.encoded.encoding.configurations))
        return True

    def _draw_course(self, recognition: Sequence[RecognitionMeasured]) -> None:
        steps = [measured.step for measured in recognition]
        self._plot.setXRange(0, max(LEAST_STEPS, steps[-1]))
        marks = {"symbol": "o" if len(steps) <= MOST_MARKED else None, "symbolSize": 5}
        for curve, rates, colour, style in (
            (self._train, [100 * measured.train for measured in recognition], self.theme.ink, Qt.PenStyle.SolidLine),
            (
                self._test,
                [100 * measured.test for measured in recognition],
                self.theme.seen(TEST),
                Qt.PenStyle.DashLine,
            ),
        ):
            curve.setData(steps, rates, pen=pen(colour, 2, style), symbolBrush=colour, symbolPen=None, **marks)
