"""Figures of pulses: switching probability against current, and I50 against width."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mtjlab.analysis.probability import SwitchingProbability
from mtjlab.analysis.pulses import PulseThreshold, WidthSlope, width_slopes
from mtjlab.analysis.rest import RestState
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.domain import junction_label
from mtjlab.figures.named import NamedFigure
from mtjlab.figures.style import FAINT, INK, place_inside
from mtjlab.palette import junction_colours, tint
from mtjlab.procedures.pulse.state import PulseState
from mtjlab.time_text import width_text

_PANEL_IN, _BESIDE_IN = (2.3, 2.2), 0.35
_LEFT_IN, _RIGHT_IN, _BOTTOM_IN, _TOP_IN = 0.6, 0.15, 0.42, 0.62
_LIGHTEST = 0.35
_ENOUGH, _AREA = 5, 1.2


def pulse_figures(state: PulseState) -> Iterator[NamedFigure]:
    """Figures for which there is data."""
    thresholds = state.thresholds()
    if thresholds:
        yield NamedFigure("pulse-probability", partial(probability_figure, state, thresholds), is_key=True)
    if len({one.width_s for one in thresholds if one.i50_ua is not None}) > 1:
        yield NamedFigure("pulse-widths", partial(widths_figure, state, thresholds), is_key=True)


def probability_figure(state: PulseState, thresholds: tuple[PulseThreshold, ...]) -> Figure:
    """A panel for each junction: counts with intervals, and the law of each width."""
    junctions = sorted({one.junction for one in thresholds})
    figure, panels = _panels(len(junctions))
    colours, counted = junction_colours(max(junctions) + 1), state.probabilities()
    widths = sorted(state.widths_s, key=lambda series: state.widths_s[series])
    for panel, k in zip(panels, junctions, strict=True):
        for n, series in enumerate(widths):
            if (series, k) not in counted:
                continue
            shade = tint(colours[k], _LIGHTEST + (1 - _LIGHTEST) * (n + 1) / len(widths))
            shares = counted[series, k]
            _draw_shares(panel, shares, shade)
            one = next(one for one in thresholds if one.junction == k and one.width_s == state.widths_s[series])
            _draw_law(panel, one, shade)
        panel.axhline(0.5, color=FAINT, linewidth=0.6, linestyle=":", zorder=0)
        panel.set_title(junction_label(k), weight="bold")
        panel.set_xlabel(r"$I_\mathrm{MTJ}$ in the pulse (µA)")
        panel.set_ylim(-0.03, 1.03)
    panels[0].set_ylabel("share switched")
    grey = [tint(INK, _LIGHTEST + (1 - _LIGHTEST) * (n + 1) / len(widths)) for n in range(len(widths))]
    handles = [
        Line2D([], [], color=shade, marker="o", markersize=2.8, label=width_text(state.widths_s[series]))
        for shade, series in zip(grey, widths, strict=True)
    ]
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 1), ncols=6, borderaxespad=0.4)
    return figure


def widths_figure(state: PulseState, thresholds: tuple[PulseThreshold, ...]) -> Figure:
    """I50 of each junction against width, with a fitted line, and values expected from the critical currents."""
    junctions = sorted({one.junction for one in thresholds})
    figure, panels = _panels(len(junctions))
    colours, slopes = junction_colours(max(junctions) + 1), {one.junction: one for one in width_slopes(thresholds)}
    for panel, k in zip(panels, junctions, strict=True):
        found = [one for one in thresholds if one.junction == k and one.i50_ua is not None]
        widths_s, currents_ua = [one.width_s for one in found], [one.i50_ua or 0.0 for one in found]
        beyond = np.array(
            [[(one.i50_ua or 0.0) - (one.low_ua or 0.0), (one.high_ua or 0.0) - (one.i50_ua or 0.0)] for one in found]
        ).T
        panel.errorbar(widths_s, currents_ua, beyond, fmt="o", color=colours[k], markersize=3.5, capsize=2)
        panel.set_xscale("log")
        if k in slopes:
            _draw_slope(panel, found, slopes[k])
        if state.measured is not None:
            law = RestState.of(state.measured.critical).rising[k]
            along_s = np.geomspace(min(widths_s), max(widths_s), 30)
            expected = [law.held_ua(width_s) for width_s in along_s.tolist()]
            panel.plot(along_s, expected, "--", color=FAINT, linewidth=0.9)
        panel.set_title(junction_label(k), weight="bold")
        panel.set_xlabel("width (s)")
    panels[0].set_ylabel(r"$I_{50}$ (µA)")
    handles = [
        Line2D([], [], color=INK, marker="o", markersize=3.5, linestyle="", label="measured, 95 % interval"),
        Line2D([], [], color=INK, linewidth=0.9, label="fitted line"),
        Line2D([], [], color=FAINT, linestyle="--", linewidth=0.9, label="expected from the critical currents"),
    ]
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.4)
    return figure


def _draw_shares(panel: Axes, shares: SwitchingProbability, colour: str) -> None:
    """Draw dots with an area by the number of pulses; with intervals if there are enough pulses."""
    panel.scatter(shares.currents_ua, shares.shares, s=shares.trials * _AREA, color=colour, linewidths=0, zorder=2)
    many = shares.trials >= _ENOUGH
    beyond = np.stack([shares.shares - shares.low, shares.high - shares.shares])[:, many]
    panel.errorbar(
        shares.currents_ua[many], shares.shares[many], beyond, fmt="none", ecolor=colour, elinewidth=0.7, zorder=1
    )


def _draw_law(panel: Axes, one: PulseThreshold, colour: str) -> None:
    if one.i50_ua is None or one.spread_ua is None:
        return
    held = SwitchingLaw(0.0, one.spread_ua)
    law = held.shifted(one.i50_ua - held.held_ua(one.width_s))
    along_ua = np.linspace(one.i50_ua - 5 * one.spread_ua, one.i50_ua + 3 * one.spread_ua, 80)
    panel.plot(along_ua, law.probability(along_ua, one.width_s), color=colour, linewidth=0.9)


def _draw_slope(panel: Axes, found: list[PulseThreshold], slope: WidthSlope) -> None:
    logs = np.log([one.width_s for one in found])
    weights = np.array([1.0 / (one.error_ua or 1.0) ** 2 for one in found])
    currents_ua = np.array([one.i50_ua for one in found], dtype=float)
    middle_ua, middle = np.average(currents_ua, weights=weights), np.average(logs, weights=weights)
    panel.plot(np.exp(logs), middle_ua + slope.slope_ua * (logs - middle), color=INK, linewidth=0.9)
    panel.set_title(f"{slope.slope_ua:.2f} µA per factor e".replace("-", "−"), loc="right", fontsize=6.5)  # noqa: RUF001


def _panels(count: int) -> tuple[Figure, Any]:
    width_in, height_in = _PANEL_IN
    figure = Figure(
        (_LEFT_IN + count * width_in + (count - 1) * _BESIDE_IN + _RIGHT_IN, _TOP_IN + height_in + _BOTTOM_IN + 0.22)
    )
    room = place_inside(figure, left=_LEFT_IN, right=_RIGHT_IN, bottom=_BOTTOM_IN, top=_TOP_IN)
    return figure, figure.subplots(1, count, squeeze=False, gridspec_kw={**room, "wspace": _BESIDE_IN / width_in})[0]
