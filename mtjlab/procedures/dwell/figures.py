"""Figures of a measurement of dwell times: voltage traces, survival of dwells, and rates against current."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from mtjlab.analysis.telegraph import Levels, Survival
from mtjlab.domain import junction_label
from mtjlab.events import Event, original_event
from mtjlab.figures.named import NamedFigure
from mtjlab.figures.style import FAINT, INK, current, place_inside
from mtjlab.palette import junction_colours, tint
from mtjlab.procedures.dwell.events import DwellTime, JunctionsHeld
from mtjlab.procedures.dwell.rates_figure import FILLED, LINES, rates_figure
from mtjlab.procedures.dwell.state import STATES, DwellState, sample_times_s

SHOWN_S = 30.0
"""Time shown of each input: long enough to see dwells, short enough to distinguish them."""
MOST_DRAWN = 12
"""Maximum number of inputs with a figure of their own; rates show all."""
FEWEST_SHARE, SHOWN_MEANS = 3e-3, 6.0
_ROW_IN, _TRACE_IN, _DWELLS_IN = 1.25, 4.2, 2.5
_LEFT_IN, _RIGHT_IN, _BOTTOM_IN, _TOP_IN, _BESIDE_IN, _ABOVE_IN = 0.7, 0.15, 0.42, 0.86, 0.75, 0.46
_BAND = 0.25


def dwell_figures(events: Iterable[Event]) -> Iterator[NamedFigure]:
    """Figures for which there is data."""
    state, shown = DwellState(), defaultdict[int, list[JunctionsHeld]](list)
    for event in map(original_event, events):
        state.take(event)
        if isinstance(event, JunctionsHeld) and _length_s(shown[event.series]) < SHOWN_S:
            shown[event.series].append(event)
    dwells = state.dwells()
    is_only = len(shown) == 1
    for series, held in _spread(shown):
        name = "telegraph" if is_only else f"telegraph-{series + 1}"
        own = [one for one in dwells if one.series == series]
        yield NamedFigure(name, partial(telegraph_figure, held, state, own), is_key=is_only)
    if dwells:
        critical = state.measured.critical if state.measured else None
        yield NamedFigure("dwell-rates", partial(rates_figure, dwells, critical), is_key=True)


def _spread(shown: Mapping[int, list[JunctionsHeld]]) -> Iterator[tuple[int, list[JunctionsHeld]]]:
    """All inputs, or an evenly spaced selection of many: each figure takes a second to draw."""
    every = list(shown.items())
    step = max(1.0, (len(every) - 1) / (MOST_DRAWN - 1))
    yield from (every[round(n * step)] for n in range(min(len(every), MOST_DRAWN)))


def telegraph_figure(held: Sequence[JunctionsHeld], state: DwellState, dwells: Sequence[DwellTime]) -> Figure:
    """A row for each junction: its voltage against time, and the share of dwells longer than a time."""
    junctions = len(held[0].levels)
    width_in = _LEFT_IN + _TRACE_IN + _BESIDE_IN + _DWELLS_IN + _RIGHT_IN
    height_in = _TOP_IN + junctions * _ROW_IN + (junctions - 1) * _ABOVE_IN + _BOTTOM_IN + 0.22
    figure = Figure((width_in, height_in))
    room = place_inside(figure, left=_LEFT_IN, right=_RIGHT_IN, bottom=_BOTTOM_IN, top=_TOP_IN)
    spacing = {"wspace": 2 * _BESIDE_IN / (_TRACE_IN + _DWELLS_IN), "hspace": _ABOVE_IN / _ROW_IN}
    panels = figure.subplots(
        junctions, 2, squeeze=False, gridspec_kw={**room, **spacing}, width_ratios=(_TRACE_IN, _DWELLS_IN)
    )
    colours = junction_colours(junctions)
    for k, (trace, survivals) in enumerate(panels):
        _draw_trace(trace, held, k, colours[k])
        _draw_survivals(survivals, state, [one for one in dwells if one.junction == k], colours[k])
    panels[-1][0].set_xlabel("time (s)")
    panels[-1][1].set_xlabel("dwell (s)")
    figure.legend(handles=_legend(), loc="upper left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.4, frameon=False)
    return figure


def _draw_trace(panel: Axes, held: Sequence[JunctionsHeld], k: int, colour: str) -> None:
    """Draw the voltage of junction ``k``, with gaps between holds."""
    began_s = held[0].began_s
    for n, event in enumerate(held):
        times_s, voltages_mv = sample_times_s(event) - began_s, [sample[k] for sample in event.reading.samples_mv]
        if n and held[n - 1].hold == event.hold:
            before = held[n - 1]
            times_s = np.concatenate(([sample_times_s(before)[-1] - began_s], times_s))
            voltages_mv = [before.reading.samples_mv[-1][k], *voltages_mv]
        panel.plot(times_s, voltages_mv, color=colour, linewidth=0.7)
    _draw_levels(panel, held[0].levels[k])
    panel.set_title(f"{junction_label(k)}", weight="bold")
    panel.set_title(f"{current(held[0].reading.currents_ua[k])} µA", loc="right", fontsize=6.5)
    panel.set_ylabel(r"$V$ (mV)")
    panel.set_xlim(0.0, held[-1].reading.t_s - began_s)
    panel.yaxis.set_major_locator(MaxNLocator(4))
    panel.margins(y=0.15)


def _draw_levels(panel: Axes, levels: Levels | None) -> None:
    if levels is not None:
        for level_mv in (levels.parallel_mv, levels.antiparallel_mv):
            panel.axhline(level_mv, color=FAINT, linewidth=0.6, linestyle=":", zorder=0)


def _draw_survivals(panel: Axes, state: DwellState, dwells: Sequence[DwellTime], colour: str) -> None:
    """Draw survival on a logarithmic axis: dwells of a constant rate lie on a straight line."""
    for one in dwells:
        _draw_survival(panel, state.telegraphs[one.series, one.junction].survival(one.state), one, colour)
    means_s = [one.mean_s for one in dwells if one.mean_s is not None]
    panel.set_yscale("log")
    panel.set_ylim(FEWEST_SHARE, 1.4)
    panel.set_xlim(0.0, SHOWN_MEANS * max(means_s, default=1.0))
    panel.set_ylabel("survival")
    panel.set_title("   ".join(f"{one.state} {mean_text(one)}" for one in dwells), loc="right", fontsize=6.5)


def _draw_survival(panel: Axes, survival: Survival, one: DwellTime, colour: str) -> None:
    dots = {"color": colour, "markersize": 2.8, "fillstyle": FILLED[one.state], "mew": 0.7}
    panel.plot(survival.times_s, survival.share, "o", **dots)
    if one.mean_s is not None and one.low_s is not None and one.high_s is not None:
        along_s = np.linspace(0.0, SHOWN_MEANS * one.mean_s, 200)
        panel.plot(along_s, np.exp(-along_s / one.mean_s), LINES[one.state], color=INK, linewidth=0.9)
        ends = np.exp(-along_s / one.low_s), np.exp(-along_s / one.high_s)
        panel.fill_between(along_s, *ends, color=tint(colour, _BAND), linewidth=0, zorder=0)


def mean_text(one: DwellTime) -> str:
    """Mean dwell with its interval, or the bound known instead."""
    if one.mean_s is not None and one.low_s is not None and one.high_s is not None:
        return f"{one.mean_s:.3g} ({one.low_s:.3g} … {one.high_s:.3g}) s, n = {one.n}"
    if one.low_s is not None:
        return f"above {one.low_s:.3g} s"
    return "not seen" if one.high_s is None else f"below {one.high_s:.3g} s"


def _length_s(held: Sequence[JunctionsHeld]) -> float:
    return sum(event.held_s for event in held)


def _legend() -> list[Line2D | Patch]:
    dots: dict[str, Any] = {"color": INK, "marker": "o", "markersize": 2.8, "linestyle": "", "mew": 0.7}
    return [
        *(Line2D([], [], label=f"dwells in {state}", fillstyle=FILLED[state], **dots) for state in STATES),
        Line2D([], [], color=FAINT, linewidth=0.6, linestyle=":", label="levels of the two states"),
        *(
            Line2D([], [], color=INK, linewidth=0.9, linestyle=LINES[state], label=f"exponential of the mean, {state}")
            for state in STATES
        ),
        Patch(color=tint(INK, _BAND), label="its 95 % interval"),
    ]
