"""Figure of the rates of leaving each state against current, with the law expected from critical currents."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullFormatter

from mtjlab.domain import CriticalCurrents, JunctionState, junction_label
from mtjlab.figures.style import INK, place_inside
from mtjlab.palette import junction_colours, tint
from mtjlab.procedures.dwell.events import DwellTime
from mtjlab.procedures.dwell.law import expected_dwell
from mtjlab.procedures.dwell.rates import FittedLaw, fitted_laws

_PANEL_IN, _BESIDE_IN = (2.2, 2.1), 0.5
_LEFT_IN, _RIGHT_IN, _BOTTOM_IN, _TOP_IN = 0.65, 0.15, 0.42, 0.85
_BAND = 0.18
_AROUND_UA = 4.0
LINES: dict[JunctionState, Any] = {JunctionState.AP: "-", JunctionState.P: "--"}
FILLED: dict[JunctionState, Any] = {JunctionState.AP: "full", JunctionState.P: "none"}
NAMES = {JunctionState.AP: "AP → P", JunctionState.P: "P → AP"}


def rates_figure(dwells: Sequence[DwellTime], critical: CriticalCurrents | None) -> Figure:
    """A panel for each junction."""
    junctions = sorted({one.junction for one in dwells})
    (width_in, height_in), count = _PANEL_IN, len(junctions)
    figure = Figure(
        (
            _LEFT_IN + count * width_in + (count - 1) * _BESIDE_IN + _RIGHT_IN,
            _TOP_IN + height_in + _BOTTOM_IN + 0.22,
        )
    )
    room = place_inside(figure, left=_LEFT_IN, right=_RIGHT_IN, bottom=_BOTTOM_IN, top=_TOP_IN)
    panels = figure.subplots(1, count, squeeze=False, gridspec_kw={**room, "wspace": _BESIDE_IN / width_in})[0]
    laws, colours = fitted_laws(dwells), junction_colours(max(junctions) + 1)
    is_expected = False
    for panel, k in zip(panels, junctions, strict=True):
        of_one = [one for one in dwells if one.junction == k]
        _draw_rates(panel, of_one, colours[k])
        if critical is not None:
            is_expected |= _draw_expected(panel, of_one, critical, colours[k])
        _draw_fitted(panel, [law for law in laws if law.junction == k])
        panel.set_title(junction_label(k), weight="bold")
        panel.set_xlabel(r"$I_\mathrm{MTJ}$ (µA)")
    panels[0].set_ylabel("rate (1/s)")
    handles = _legend(is_expected, bool(laws))
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.4)
    return figure


def _draw_rates(panel: Axes, dwells: Sequence[DwellTime], colour: str) -> None:
    rates: list[float] = []
    for one in dwells:
        if one.mean_s is None or one.low_s is None or one.high_s is None:
            continue
        rate = 1.0 / one.mean_s
        rates.append(rate)
        reach = np.array([[rate - 1.0 / one.high_s], [1.0 / one.low_s - rate]])
        panel.errorbar(
            one.current_ua,
            rate,
            reach,
            fmt="o",
            color=colour,
            markersize=3.5,
            fillstyle=FILLED[one.state],
            elinewidth=0.9,
            capsize=2,
        )
    currents_ua = [one.current_ua for one in dwells]
    panel.set_xlim(min(currents_ua) - _AROUND_UA, max(currents_ua) + _AROUND_UA)
    panel.set_yscale("log")
    panel.yaxis.set_minor_formatter(NullFormatter())
    if rates:
        panel.set_ylim(min(rates) / 8, max(rates) * 8)


def _draw_expected(panel: Axes, dwells: Sequence[DwellTime], critical: CriticalCurrents, colour: str) -> bool:
    """Draw expected rates; returns whether any were drawn: none if critical currents are too uncertain."""
    junction, along_ua = dwells[0].junction, np.linspace(*panel.get_xlim(), 60)
    is_drawn = False
    for state in JunctionState:
        at_measured = [expected_dwell(critical, junction, state, one.current_ua) for one in dwells]
        if any(one is None or one.is_vague for one in at_measured):
            continue
        expected = [expected_dwell(critical, junction, state, float(ua)) for ua in along_ua]
        known_ua = along_ua[[one is not None for one in expected]]
        mean_s, low_s, high_s = np.array([one for one in expected if one is not None]).T
        panel.fill_between(known_ua, 1 / high_s, 1 / low_s, color=tint(colour, _BAND), linewidth=0, zorder=0)
        panel.plot(known_ua, 1 / mean_s, LINES[state], color=colour, linewidth=0.9)
        is_drawn = True
    if not is_drawn:
        panel.text(0.5, 0.03, "expected: hardly known", ha="center", fontsize=6.5, transform=panel.transAxes)
    return is_drawn


def _draw_fitted(panel: Axes, laws: Sequence[FittedLaw]) -> None:
    along_ua = np.linspace(*panel.get_xlim(), 60)
    for one in laws:
        panel.plot(along_ua, one.law.rate_per_s(along_ua), LINES[one.state], color=INK, linewidth=0.9)


def _legend(is_expected: bool, is_fitted: bool) -> list[Line2D | Patch]:
    look: dict[str, Any] = {"color": INK, "marker": "o", "markersize": 3.5}
    found: list[Line2D | Patch] = [
        Line2D([], [], label=NAMES[state], linestyle=LINES[state], linewidth=0.9, fillstyle=FILLED[state], **look)
        for state in (JunctionState.AP, JunctionState.P)
    ]
    if is_expected:
        found.append(Patch(color=tint(INK, _BAND), label="expected from critical currents, 95 % interval"))
    return [*found, Line2D([], [], color=INK, linewidth=0.9, label="fitted to the rates")] if is_fitted else found
