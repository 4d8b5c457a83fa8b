"""Critical inputs of each junction: all repetitions, and their mean."""

from pathlib import Path

import pyqtgraph as pg
from PyQt5.QtCore import Qt

from mtjlab.events import SeriesMeasured
from mtjlab.gui.look.formatting import number, whole
from mtjlab.gui.look.label import Label
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views import data
from mtjlab.gui.views.critical_drawing import (
    BY_REPETITION,
    CRITICAL_INPUT,
    ROOM,
    Drawing,
    drawing,
    labels,
    legend,
    probes_in,
)
from mtjlab.gui.views.dots_item import DotsItem
from mtjlab.gui.views.plots import pen
from mtjlab.gui.views.stack import JunctionPlots
from mtjlab.gui.views.view import View

DOT_PX = 6
MIN_SHOWN_UA = 10.0


class CriticalInputs(View):
    """A plot for each junction: critical input against repetition, or in a shift against control current."""

    title = "Critical inputs"
    tabulate = staticmethod(data.critical_inputs)
    help = (
        "I_th, the input at which a junction switches from AP to P: a dot for each curve or probe. Lines: the mean on "
        "a continuous ramp, and its 95 % interval. In a shift, against the control current I_C that was shifted: the "
        "critical input of the same junction should fall by the same amount, and those of the others not at all. In a "
        "training that probes first, against the probe: the current that each junction carried, and its threshold."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Critical inputs are drawn while curves are measured or inputs probed.")
        self._heading = Label()
        self._plots = JunctionPlots(
            BY_REPETITION,
            CRITICAL_INPUT,
            lambda x, y: f"{whole(x)}   {number(y, 4)} µA",
            self._heading,
            is_common=False,
        )
        self.set_content(self._plots)
        self._dots: list[DotsItem] = []
        self._lines: list[list[pg.PlotDataItem]] = []
        self._drawn: tuple[Path, int, tuple[SeriesMeasured, ...]] | None = None

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        self._plots.apply_theme(self.theme)
        self._drawn = None

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the changes since the last snapshot."""
        seen, probes = snapshot.switching.entries, probes_in(snapshot)
        if not seen and not probes:
            return False
        self.prepare(len(probes[0].controls_ua if probes else seen[0].inputs_ua))
        if (now := (snapshot.info.folder, len(seen) + len(snapshot.learnt.probes), snapshot.series)) != self._drawn:
            self._drawn = now
            across, up = labels(snapshot)
            self._plots.set_label("bottom", across)
            self._plots.set_label("left", up)
            self._heading.setText(legend(snapshot, len(self._dots), self.theme))
            for k in range(len(self._dots)):
                self._draw_junction(k, drawing(snapshot, k, self.theme))
        return True

    def prepare(self, junctions: int) -> None:
        """Create a plot for each junction."""
        if self._plots.ensure_plots(junctions, self.theme):
            self._dots, self._lines = [DotsItem(DOT_PX) for _ in self._plots.plots], [[] for _ in self._plots.plots]
            for plot, dots in zip(self._plots.plots, self._dots, strict=True):
                plot.addItem(dots)
            self._drawn = None

    def _draw_junction(self, k: int, drawn: Drawing) -> None:
        plot = self._plots.plots[k]
        self._plots.set_title(k, drawn.text)
        self._dots[k].set_dots(drawn.dots)
        for old in self._lines[k]:
            plot.removeItem(old)
        self._lines[k] = [
            plot.plot(
                line.across,
                line.up_ua,
                pen=pen(line.colour, 1.4, Qt.PenStyle.DotLine if line.is_dotted else Qt.PenStyle.SolidLine),
            )
            for line in drawn.lines
        ]
        if heights_ua := drawn.heights_ua:
            low_ua, high_ua = min(heights_ua), max(heights_ua)
            room_ua = max(ROOM * (high_ua - low_ua), (MIN_SHOWN_UA - (high_ua - low_ua)) / 2)
            plot.setRange(xRange=drawn.across, yRange=(low_ua - room_ua, high_ua + room_ua), padding=0)
