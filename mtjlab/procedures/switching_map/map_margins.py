"""Strips along a measured map, a row for each junction: where it was seen to switch, and where its boundary is."""

from typing import Any, Literal, TypeAlias

import numpy as np
from matplotlib.axes import Axes

from mtjlab.domain import junction_label
from mtjlab.figures.directions import Direction
from mtjlab.figures.style import INK
from mtjlab.palette import junction_colours
from mtjlab.procedures.switching_map.mapped import InputTold

Along: TypeAlias = Literal["x", "y"]
_OPACITY = (0.1, 0.8)
_FULL, _HALF, _GAP = 0.34, 0.38, 0.04
"""How far from the middle of its row, which is 1 wide, a mark reaches, and from where on half a one does."""


def draw_margin(panel: Axes, along: Along, told: InputTold, dwell_s: float) -> None:
    """Marks of all that was measured along one input, and the 95 % interval of each boundary."""
    junctions = len(told.critical)
    for k, colour in enumerate(junction_colours(junctions)):
        if told.direction is not None:
            _draw_passages(panel, along, told.direction, k, colour)
        _draw_boundary(panel, along, told, k, dwell_s)
    names = [junction_label(k) for k in range(junctions)]
    rows: dict[str, Any] = {"ticks": range(junctions), "labels": names, "fontsize": 6.5}
    if along == "x":
        panel.set_ylim(junctions - 0.5, -0.5)
        panel.set_yticks(**rows)
        panel.tick_params(left=False, labelbottom=False)
    else:
        panel.set_xlim(-0.5, junctions - 0.5)
        panel.set_xticks(**rows)
        panel.tick_params(bottom=False, labelleft=False, labelbottom=False, labeltop=True)
    for spine in panel.spines.values():
        spine.set_linewidth(0.4)


def _draw_passages(panel: Axes, along: Along, direction: Direction, k: int, colour: str) -> None:
    """Curves: a mark where each switched. Inputs held: above the middle where it switched, below where it did not."""
    control_ua, passages = direction.controls_ua[k], direction.passages[k]
    if direction.staircase is not None:
        thresholds_ua = [ua - control_ua for one in passages if (ua := one.threshold_ua) is not None]
        _mark(panel, along, thresholds_ua, k, (-_FULL, _FULL), colour)
        return
    for reach, switched in (((-_HALF, -_GAP), True), ((_GAP, _HALF), False)):
        _mark(panel, along, [ua - control_ua for ua, did in direction.outcomes(k) if did is switched], k, reach, colour)


def _mark(panel: Axes, along: Along, at_ua: list[float], row: int, reach: tuple[float, float], colour: str) -> None:
    faintest, strongest = _OPACITY
    opacity = np.clip(12 / max(1, len(at_ua)), faintest, strongest)
    lines = panel.vlines if along == "x" else panel.hlines
    lines(at_ua, row + reach[0], row + reach[1], color=colour, alpha=float(opacity), linewidth=0.9)


def _draw_boundary(panel: Axes, along: Along, told: InputTold, k: int, dwell_s: float) -> None:
    """For inputs held as long as those of the map."""
    critical = told.critical[k]
    if critical is None:
        return
    boundary_ua, mean_ua = critical.law.held_ua(dwell_s), critical.law.mean_ua
    below_ua, above_ua = mean_ua - critical.mean_interval.low_ua, critical.mean_interval.high_ua - mean_ua
    look: dict[str, Any] = {"fmt": "D", "color": INK, "markersize": 2.2, "linewidth": 1.1, "capsize": 2, "zorder": 4}
    error = [[max(0.0, below_ua)], [max(0.0, above_ua)]]
    if along == "x":
        panel.errorbar([boundary_ua], [k], xerr=error, **look)
    else:
        panel.errorbar([k], [boundary_ua], yerr=error, **look)
