"""Figure of a measured switching map: regions, softness of their boundaries, and the measurements.

Strips along its sides have a row for each junction, with its switching events and its boundary.
"""

from typing import Any, Literal, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mtjlab.arrays import FloatArray
from mtjlab.domain import junction_label
from mtjlab.figures.configurations import blended, colour_of, write_names
from mtjlab.figures.directions import Direction
from mtjlab.figures.style import INK, UNFINISHED, axes_at, input_axis
from mtjlab.palette import junction_colours
from mtjlab.procedures.switching_map.map_captions import explain
from mtjlab.procedures.switching_map.mapped import MapInput, MeasuredMap

WAYS = {"curves": "measured by curves", "raster": "measured cell by cell", "adaptive": "measured by probes"}
LIKELY = (0.05, 0.95)
_LEFT_IN, _BOTTOM_IN, _MAP_IN, _ROW_IN, _TOP_IN = 0.6, 0.66, 4.6, 0.2, 0.55
_GAP_IN, _WORDS_IN, _SURE_IN, _BAR_IN = 0.06, 4.7, 3.0, 0.11
_TITLE: dict[str, Any] = {"fontsize": 9, "weight": "bold", "va": "top"}
_PIXELS = 700
_LEAST_SURE = 0.25
Along: TypeAlias = Literal["x", "y"]
_OPACITY = (0.1, 0.8)
_FULL, _HALF, _GAP = 0.34, 0.38, 0.04
"""Extent of a mark from the middle of its row (of width 1), and start and end of half a mark."""


def measured_map(mapped: MeasuredMap, unfinished: str) -> Figure:
    """The map with measurements along its sides; beside it the certainty of each place, and the explanation.

    ``unfinished``: progress of an incomplete map; empty if it is complete.
    """
    strip_in = _ROW_IN * mapped.junctions
    beside_in = _LEFT_IN + _MAP_IN + _GAP_IN + strip_in
    height_in = _BOTTOM_IN + _MAP_IN + _GAP_IN + strip_in + _TOP_IN
    figure = Figure((beside_in + _WORDS_IN, height_in))
    plane = axes_at(figure, _LEFT_IN, _BOTTOM_IN, _MAP_IN, _MAP_IN)
    above = axes_at(figure, _LEFT_IN, _BOTTOM_IN + _MAP_IN + _GAP_IN, _MAP_IN, strip_in, sharex=plane)
    beside = axes_at(figure, _LEFT_IN + _MAP_IN + _GAP_IN, _BOTTOM_IN, strip_in, _MAP_IN, sharey=plane)
    left_out = _draw_plane(plane, mapped)
    draw_margin(above, "x", mapped.inputs[0], mapped.dwell_s)
    draw_margin(beside, "y", mapped.inputs[1], mapped.dwell_s)
    figure.text(
        _LEFT_IN / (beside_in + _WORDS_IN), 1 - 0.1 / height_in, f"switching map, {WAYS[mapped.plan.way]}", **_TITLE
    )
    above.set_title(unfinished, fontsize=9, weight="bold", color=UNFINISHED)
    room = (beside_in + 0.95, _BOTTOM_IN, _SURE_IN, _SURE_IN)
    sure = axes_at(figure, *room)
    bar = axes_at(figure, room[0] + _SURE_IN + 0.08, _BOTTOM_IN, _BAR_IN, _SURE_IN)
    _draw_sure(sure, bar, mapped)
    explain(figure, mapped, left_out, (beside_in + 0.3, height_in - 0.12))
    return figure


def _draw_plane(axes: Axes, mapped: MeasuredMap) -> list[str]:
    """Draw the regions; returns the names of those too small for a name."""
    (left, right), (low, high) = ((side.low_ua, side.high_ua) for side in mapped.shown)
    axes.set(xlim=(left, right), ylim=(low, high), xlabel=input_axis(0), ylabel=input_axis(1))
    axes.tick_params(direction="out")
    chances = _chances(mapped)
    if mapped.plan.way == "raster":
        _draw_cells(axes, mapped)
    elif any(along is not None for along in chances):
        colours = blended(chances, mapped.junctions)
        axes.imshow(colours, origin="lower", extent=(left, right, low, high), aspect="auto", zorder=0)
    for along, line, band in (
        (mapped.inputs[0], axes.axvline, axes.axvspan),
        (mapped.inputs[1], axes.axhline, axes.axhspan),
    ):
        for critical in along.determined:
            soft_ua = [critical.law.held_ua(mapped.dwell_s, share) for share in LIKELY]
            band(*soft_ua, color=INK, alpha=0.16, linewidth=0, zorder=2)
            line(critical.law.held_ua(mapped.dwell_s), color=INK, linewidth=0.8, zorder=2)
    return write_names(axes, mapped.named(), boxed=mapped.plan.way == "raster")


def _chances(mapped: MeasuredMap) -> list[FloatArray | None]:
    """Probability of each count at every pixel along each input; None if not known."""
    axes = [
        one.axis(np.linspace(side.low_ua, side.high_ua, _PIXELS), mapped.dwell_s)
        for one, side in zip(mapped.inputs, mapped.shown, strict=True)
    ]
    return [None if axis is None else axis.probabilities for axis in axes]


def _draw_cells(axes: Axes, mapped: MeasuredMap) -> None:
    """Draw each cell in the colour of its most frequent configuration; mark cells with several, or with none."""
    half_ua = mapped.plan.cell_ua / 2
    size_pt = mapped.plan.cell_ua * _MAP_IN * 72 / (mapped.shown[0].high_ua - mapped.shown[0].low_ua)
    mark: dict[str, Any] = {"linestyle": "none", "color": INK, "markersize": min(3.5, 0.35 * size_pt), "zorder": 3}
    most_often = mapped.most_often
    for (a_ua, b_ua), seen in mapped.cells.items():
        configuration = most_often.get((a_ua, b_ua))
        if configuration is not None:
            corner, fill = (a_ua - half_ua, b_ua - half_ua), colour_of(configuration, mapped.junctions)
            box = Rectangle(
                corner, 2 * half_ua, 2 * half_ua, facecolor=fill, edgecolor="white", linewidth=0.3, zorder=1
            )
            axes.add_patch(box)
        if len(seen) > 1 or configuration is None:
            axes.plot([a_ua], [b_ua], "x" if configuration is None else "o", **mark)


def _draw_sure(axes: Axes, bar: Axes, mapped: MeasuredMap) -> None:
    (left, right), (low, high) = ((side.low_ua, side.high_ua) for side in mapped.shown)
    axes.set(xlim=(left, right), ylim=(low, high), xlabel=input_axis(0), ylabel=input_axis(1))
    axes.set_title("probability of the most probable configuration", fontsize=7.5)
    a, b = _chances(mapped)
    if a is None or b is None:
        look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 7.5}
        axes.text(
            0.5, 0.5, "not known until all junctions\nare determined for both inputs", transform=axes.transAxes, **look
        )
        bar.set_axis_off()
        return
    chances = np.outer(b.max(axis=1), a.max(axis=1))
    look = {"origin": "lower", "extent": (left, right, low, high), "aspect": "auto", "cmap": "cividis"}
    image = axes.imshow(chances, vmin=_LEAST_SURE, vmax=1, **look)
    axes.figure.colorbar(image, cax=bar)
    bar.tick_params(labelsize=7)


def draw_margin(panel: Axes, along: Along, measured: MapInput, dwell_s: float) -> None:
    """Draw all measurements along one input, and the 95 % interval of each boundary."""
    junctions = len(measured.critical)
    for k, colour in enumerate(junction_colours(junctions)):
        if measured.direction is not None:
            _draw_passages(panel, along, measured.direction, k, colour)
        _draw_boundary(panel, along, measured, k, dwell_s)
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
    """Mark the switching events of curves; of held inputs, those that switched above the middle, others below."""
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


def _draw_boundary(panel: Axes, along: Along, measured: MapInput, k: int, dwell_s: float) -> None:
    """Draw the boundary for inputs held as long as in the map."""
    critical = measured.critical[k]
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
