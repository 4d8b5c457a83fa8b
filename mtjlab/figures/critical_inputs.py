"""Critical inputs of each repetition, and the mean, spread and intervals that they amount to."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.figures.direction_panels import add_currents, direction_panels
from mtjlab.figures.directions import Direction
from mtjlab.figures.style import INK
from mtjlab.palette import junction_colours, tint

_MEAN = 0.35
"""How strong the tint of the interval of a mean is."""


def critical_inputs_figure(directions: Sequence[Direction]) -> Figure:
    """One panel for each junction and direction, its repetitions from left to right."""
    figure, panels = direction_panels(directions, _legend(), pad_pt=4)
    colours = junction_colours(len(panels))
    for k, (row, colour) in enumerate(zip(panels, colours, strict=True)):
        for panel, direction in zip(row, directions, strict=True):
            _draw_repetitions(panel, direction, k, colour)
            add_currents(panel, "y", direction.controls_ua[k], named=direction is directions[-1])
        row[0].set_ylabel(r"$I_\mathrm{th}$ (µA)")
    for panel in panels[-1]:
        panel.set_xlabel("repetition")
    return figure


def _draw_repetitions(panel: Axes, direction: Direction, k: int, colour: str) -> None:
    legs = direction.passages[k]
    switched = [(n, leg.switched_in.currents_ua) for n, leg in enumerate(legs, 1) if leg.outcome == "switched"]
    numbers = np.array([n for n, _ in switched])
    ends_ua = np.array([(course[0], course[-1]) for _, course in switched]).reshape(-1, 2) - direction.controls_ua[k]
    look: dict[str, Any] = {"color": colour, "zorder": 3}
    panel.vlines(numbers, ends_ua[:, 0], ends_ua[:, 1], linewidth=0.9, **look)
    panel.plot(numbers, ends_ua.mean(axis=1), "o", markersize=2.6, **look)
    panel.set_xlim(0.3, len(legs) + 0.7)
    panel.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    panel.yaxis.set_major_locator(MaxNLocator(5, steps=(1, 2, 5, 10)))
    panel.margins(y=0.12)
    critical = direction.critical_input(k)
    if critical is not None:
        _draw_mean(panel, direction, k, critical, colour)


def _draw_mean(panel: Axes, direction: Direction, k: int, critical: CriticalEstimate, colour: str) -> None:
    """On the ramp that was driven, so that it lies where the repetitions do."""
    possible = direction.possible(k)
    if direction.staircase is None or possible is None:
        return
    ramp_ua_per_s = direction.staircase.ramp_ua_per_s
    law = critical.law.at_ramp(ramp_ua_per_s)
    (low,), (high,) = possible.interval(lambda one: np.array([one.at_ramp(ramp_ua_per_s).mean_ua]))
    panel.axhspan(low, high, color=tint(colour, _MEAN), linewidth=0, zorder=0)
    panel.axhline(law.mean_ua, color=INK, linewidth=0.8, zorder=2)
    for end_ua in (law.mean_ua - law.spread_ua, law.mean_ua + law.spread_ua):
        panel.axhline(end_ua, color=INK, linewidth=0.8, linestyle=":", zorder=2)


def _legend() -> list[Line2D | Patch]:
    return [
        Line2D(
            [],
            [],
            color=INK,
            marker="o",
            markersize=2.6,
            linewidth=0.9,
            label="a repetition: between the readings before and after",
        ),
        Line2D([], [], color=INK, linewidth=0.8, label="mean on a continuous ramp of this pace"),
        Patch(color=tint(INK, _MEAN), label="its 95 % interval"),
        Line2D([], [], color=INK, linewidth=0.8, linestyle=":", label="mean ± spread (standard deviation)"),
    ]
