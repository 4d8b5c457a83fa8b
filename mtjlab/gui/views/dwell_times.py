"""Telegraph noise: recent voltage of each junction, and distribution of its dwell times."""

from collections.abc import Sequence
from math import exp, log10

import numpy as np
import pyqtgraph as pg
from markupsafe import Markup
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QVBoxLayout, QWidget

from mtjlab.domain import JunctionState, Verdict
from mtjlab.gui.look.formatting import number, whole
from mtjlab.gui.look.label import SPACE, Label, coloured, dot
from mtjlab.gui.look.text_size import css_points
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views.dots_item import DotsItem
from mtjlab.gui.views.mean_dwells import hold_text, mean_dwells
from mtjlab.gui.views.plots import pen
from mtjlab.gui.views.stack import JunctionPlots
from mtjlab.gui.views.view import View
from mtjlab.procedures.dwell.events import DwellTime
from mtjlab.procedures.dwell.state import STATES, DwellState, sample_times_s

DOT_PX = 5
LOWEST_SHARE, SHOWN_MEANS = 3e-3, 6.0
ROOM = 0.12


class DwellTimes(View):
    """Recent voltage of each junction, and below it the share of its dwells longer than a given time."""

    title = "Dwell times"
    tabulate = staticmethod(mean_dwells)
    help = (
        "Above: recent voltage V of each junction; dotted: levels of its two states. Below: share of its dwells in P "
        "and AP that are longer than a given time. Lines: exponential distributions of the mean dwell times, which are "
        "printed above with their 95 % intervals. Of several inputs, the one held now is shown."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Dwell times are drawn while the input is held.")
        self._heading, self._below = Label(), Label()
        self._traces = JunctionPlots(
            "t (s)", "V (mV)", lambda x, y: f"{number(x, 4)} s   {whole(y)} mV", self._heading, is_common=False
        )
        self._shares = JunctionPlots(
            "dwell (s)",
            "log<sub>10</sub> share",
            lambda x, y: f"{number(x, 3)} s   {number(100 * 10**y, 2)} %",
            self._below,
            is_common=False,
        )
        both = QWidget()
        box = QVBoxLayout(both)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._traces, stretch=1)
        box.addWidget(self._shares, stretch=1)
        self.set_content(both)
        self._curves: list[pg.PlotDataItem] = []
        self._levels: list[list[pg.InfiniteLine]] = []
        self._dots: list[DotsItem] = []
        self._fits: list[dict[JunctionState, pg.PlotDataItem]] = []
        self._drawn = 0

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        self._traces.apply_theme(self.theme)
        self._shares.apply_theme(self.theme)
        self._below.setText(SPACE.join(dot(f"dwells in {state}", self._colour(state)) for state in STATES))
        self._drawn = 0

    def prepare(self, junctions: int) -> None:
        """Create a plot for each junction."""
        if self._traces.ensure_plots(junctions, self.theme):
            self._shares.ensure_plots(junctions, self.theme)
            self._curves = [plot.plot() for plot in self._traces.plots]
            self._levels = [[_level(plot) for _ in STATES] for plot in self._traces.plots]
            self._dots = [DotsItem(DOT_PX) for _ in self._shares.plots]
            for plot, dots in zip(self._shares.plots, self._dots, strict=True):
                plot.addItem(dots)
            self._fits = [{state: plot.plot() for state in STATES} for plot in self._shares.plots]
            self.restyle()

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the changes since the last snapshot."""
        seen = snapshot.kind_state
        if not isinstance(seen, DwellState) or not seen.latest:
            return False
        self.prepare(len(seen.latest[-1].levels))
        if seen.samples != self._drawn:
            self._drawn = seen.samples
            dwells = [one for one in seen.dwells() if one.series == seen.latest[-1].series]
            self._heading.setText(hold_text(seen))
            for k in range(len(self._curves)):
                self._draw_trace(k, seen)
                self._draw_shares(k, seen, [one for one in dwells if one.junction == k])
        return True

    def _draw_trace(self, k: int, seen: DwellState) -> None:
        """Draw the voltage, with gaps between holds."""
        now_s = seen.latest[-1].reading.t_s
        times_s, voltages_mv = [], []
        hold = seen.latest[0].hold
        for event in seen.latest:
            if event.hold != hold:
                hold = event.hold
                times_s.append([np.nan])
                voltages_mv.append([np.nan])
            times_s.append((sample_times_s(event) - now_s).tolist())
            voltages_mv.append([sample[k] for sample in event.reading.samples_mv])
        along_s, up_mv = np.concatenate(times_s), np.concatenate(voltages_mv)
        self._curves[k].setData(along_s, up_mv, pen=pen(self.theme.ink, 1.0), connect="finite")
        levels = seen.latest[-1].levels[k]
        reached_mv = [*up_mv.tolist(), *((levels.parallel_mv, levels.antiparallel_mv) if levels else ())]
        low_mv, high_mv = float(np.nanmin(reached_mv)), float(np.nanmax(reached_mv))
        room_mv = max(ROOM * (high_mv - low_mv), 1.0)
        began_s = seen.latest[0].began_s - now_s
        self._traces.plots[k].setRange(xRange=(began_s, 0.0), yRange=(low_mv - room_mv, high_mv + room_mv), padding=0)
        self._traces.set_title(k, f"{number(seen.latest[-1].reading.currents_ua[k])} µA")
        for line, state in zip(self._levels[k], STATES, strict=True):
            line.setVisible(levels is not None)
            if levels is not None:
                line.setPos(levels.antiparallel_mv if state is JunctionState.AP else levels.parallel_mv)
                line.setPen(pen(self._colour(state), 1.2, Qt.PenStyle.DotLine))

    def _draw_shares(self, k: int, seen: DwellState, dwells: Sequence[DwellTime]) -> None:
        dots: dict[str, list[tuple[float, float]]] = {}
        longest_s = SHOWN_MEANS * max([one.mean_s for one in dwells if one.mean_s is not None], default=1.0)
        for one in dwells:
            survival = seen.telegraphs[one.series, k].survival(one.state)
            dots[self._colour(one.state)] = [
                (time_s, log10(share))
                for time_s, share in zip(survival.times_s.tolist(), survival.share.tolist(), strict=True)
                if share > LOWEST_SHARE and time_s <= longest_s
            ]
            along_s = [0.0, longest_s] if one.mean_s is not None else []
            logs = [0.0, -longest_s / one.mean_s * log10(exp(1.0))] if one.mean_s is not None else []
            self._fits[k][one.state].setData(along_s, logs, pen=pen(self._colour(one.state), 1.2))
        self._dots[k].set_dots(dots)
        self._shares.plots[k].setRange(xRange=(0.0, longest_s), yRange=(log10(LOWEST_SHARE), 0.12), padding=0)
        small = Markup("<span style='font-size:{}'>{}</span>")
        texts = [coloured(_mean_text(one), self._colour(one.state)) for one in dwells]
        self._shares.set_title(k, *(small.format(css_points(7), text) for text in texts))

    def _colour(self, state: JunctionState) -> str:
        return self.theme.of_verdict(Verdict(state))


def _level(plot: pg.PlotWidget) -> pg.InfiniteLine:
    line = pg.InfiniteLine(angle=0, movable=False)
    plot.addItem(line, ignoreBounds=True)
    return line


def _mean_text(one: DwellTime) -> str:
    """Mean dwell time with its interval (s), or a bound, or "not seen"."""
    if one.mean_s is not None and one.low_s is not None and one.high_s is not None:
        return f"{one.state} {_two_digits(one.mean_s)} ({_two_digits(one.low_s)}…{_two_digits(one.high_s)})"
    if one.low_s is not None:
        return f"{one.state} above {_two_digits(one.low_s)} s"
    return f"{one.state} not seen" if one.high_s is None else f"{one.state} below {_two_digits(one.high_s)} s"


def _two_digits(value: float) -> str:
    """Format with two significant digits, including a trailing zero."""
    return f"{value:#.2g}".removesuffix(".")
