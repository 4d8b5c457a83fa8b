"""Pulses of a run: how often each junction switched, against its current in the pulse, for each width."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyqtgraph as pg
from markupsafe import Markup, escape
from PyQt5.QtCore import Qt

from mtjlab.analysis.probability import SwitchingProbability
from mtjlab.counted import counted
from mtjlab.gui.look.formatting import number
from mtjlab.gui.look.label import SPACE, Label, dot
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views.data import Row
from mtjlab.gui.views.dots_item import DotsItem
from mtjlab.gui.views.plots import pen
from mtjlab.gui.views.stack import JunctionPlots
from mtjlab.gui.views.view import View
from mtjlab.palette import junction_colours, tint
from mtjlab.procedures.pulse.events import PulsesMeasured
from mtjlab.procedures.pulse.state import PulseState
from mtjlab.procedures.pulse.tables import PROBABILITIES
from mtjlab.time_text import width_text

DOT_PX = 7
ROOM_UA = 10.0
LIGHTEST = 0.4


def pulse_rows(snapshot: Snapshot) -> Iterable[Row]:
    """Yield how often each junction switched at each current and width, as exported tables have them."""
    for one in snapshot.kind_state.shares() if isinstance(snapshot.kind_state, PulseState) else ():
        yield {column.title(): column.value(one) for column in PROBABILITIES}


class Pulses(View):
    """A plot for each junction: share of pulses that switched it; at the end a line at I50 for each width."""

    title = "Pulses"
    tabulate = staticmethod(pulse_rows)
    help = (
        "Share of the pulses that switched each junction from AP to P, against the current that it carried during the "
        "pulse. Darker dots: longer pulses. Vertical lines, at the end of the run: the current that switches half of "
        "the time, I<sub>50</sub>; shorter pulses need more."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Pulses are drawn while they are given.")
        self.heading = Label()
        self._plots = JunctionPlots(
            "I<sub>MTJ</sub> (µA)",
            "share switched",
            lambda x, y: f"{number(x, 4)} µA   {number(100 * y, 2)} %",
            self.heading,
            is_common=False,
        )
        self.set_content(self._plots)
        self.dots: list[DotsItem] = []
        self.lines: list[list[pg.InfiniteLine]] = []
        self._drawn: tuple[Path, int, PulsesMeasured | None] | None = None

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        self._plots.apply_theme(self.theme)
        self._drawn = None

    def prepare(self, junctions: int) -> None:
        """Create a plot for each junction."""
        if self._plots.ensure_plots(junctions, self.theme):
            self.dots, self.lines = [DotsItem(DOT_PX) for _ in self._plots.plots], [[] for _ in self._plots.plots]
            for plot, dots in zip(self._plots.plots, self.dots, strict=True):
                plot.addItem(dots)
            self._drawn = None

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the changes since the last snapshot."""
        seen = snapshot.kind_state
        if not isinstance(seen, PulseState) or not seen.outcomes:
            return False
        self.prepare(1 + max(junction for _, junction in seen.outcomes))
        now = (snapshot.info.folder, seen.pulses.total(), snapshot.state.last(PulsesMeasured))
        if now != self._drawn:
            self._drawn = now
            self.heading.setText(self._legend(seen))
            probabilities = seen.probabilities()
            for k in range(len(self.dots)):
                of_junction = {series: one for (series, junction), one in probabilities.items() if junction == k}
                self._draw_junction(k, seen, of_junction, now[2])
        return True

    def _draw_junction(
        self, k: int, seen: PulseState, by_series: Mapping[int, SwitchingProbability], found: PulsesMeasured | None
    ) -> None:
        shades = self._shades(seen, self.theme.readable(junction_colours(len(self.dots))[k]))
        self.dots[k].set_dots(
            {
                shades[series]: list(zip(shares.currents_ua.tolist(), shares.shares.tolist(), strict=True))
                for series, shares in by_series.items()
            }
        )
        plot = self._plots.plots[k]
        for old in self.lines[k]:
            plot.removeItem(old)
        series_of = {width_s: series for series, width_s in seen.widths_s.items()}
        self.lines[k] = [
            pg.InfiniteLine(
                one.i50_ua, angle=90, movable=False, pen=pen(shades[series_of[one.width_s]], 1.2, Qt.PenStyle.DashLine)
            )
            for one in (found.thresholds if found else ())
            if one.junction == k and one.i50_ua is not None
        ]
        for line in self.lines[k]:
            plot.addItem(line, ignoreBounds=True)
        reached_ua = [current_ua for shares in by_series.values() for current_ua in shares.currents_ua.tolist()]
        if reached_ua:
            across = min(reached_ua) - ROOM_UA, max(reached_ua) + ROOM_UA
            plot.setRange(xRange=across, yRange=(-0.05, 1.12), padding=0)

    def _legend(self, seen: PulseState) -> Markup:
        shades = self._shades(seen, self.theme.ink)
        widths = sorted(seen.widths_s, key=lambda series: seen.widths_s[series])
        failed = f", {seen.failed_resets} failed" if seen.failed_resets else ""
        marks = [dot(width_text(seen.widths_s[series]), shades[series]) for series in widths]
        return SPACE.join([*marks, escape(f"{counted(seen.resets, 'reset pulse')}{failed}")])

    def _shades(self, seen: PulseState, colour: str) -> dict[int, str]:
        widths = sorted(seen.widths_s, key=lambda series: seen.widths_s[series])
        step = (1 - LIGHTEST) / len(widths)
        return {series: tint(colour, LIGHTEST + step * (n + 1), self.theme.base) for n, series in enumerate(widths)}
