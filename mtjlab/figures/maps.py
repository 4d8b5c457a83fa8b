"""Switching maps: the plane of two inputs cut into configurations, with the tokens over it (the paper's Fig. 2a-d)."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mtjlab.analysis.regions import Region, boundaries_ua, regions
from mtjlab.arrays import FloatArray
from mtjlab.domain import ControlCurrents, CriticalOf, Interval, PerJunction, junction_label
from mtjlab.encoding.fitted import Encoding
from mtjlab.events import EncodedToken
from mtjlab.figures.labels import clearest_spot_ua, fits, length_pt, ua_per_pt
from mtjlab.figures.style import INK, UNASSIGNED, input_axis, place_inside, plain
from mtjlab.figures.tokens import add_token_legend, draw_tokens, inputs_ua_of, legend_in
from mtjlab.palette import ClassStyles, tint

CAPTION = "boundaries computed from measured thresholds"
COMPUTED = (0, (5, 3))
"""Dashes of boundaries that were not measured under the control currents of their map; measured ones are solid."""
_MARGIN_UA = 40.0
_LINE_EM = 1.25
_CONFIGURATION_PT, _CLASS_PT, _CLEARANCE_PT = 6.0, 8.5, 3.0


@dataclass(frozen=True, slots=True)
class SwitchingMaps:
    """What the maps of a run have in common, and the control currents after each step."""

    critical_of: CriticalOf
    controls_by_step: tuple[ControlCurrents, ...]
    encoding: Encoding
    tokens: tuple[EncodedToken, ...]
    styles: ClassStyles

    def shown(self, steps: Sequence[int]) -> tuple[Interval, ...]:
        """The part of the plane that holds all tokens, and all boundaries at ``steps``."""
        boundaries = [boundaries_ua(self.critical_of, self.controls_by_step[step]) for step in steps]
        along = [np.concatenate(each) for each in zip(inputs_ua_of(self.tokens).T, *boundaries, strict=True)]
        return tuple(Interval(float(one.min()) - _MARGIN_UA, float(one.max()) + _MARGIN_UA) for one in along)


def map_figure(maps: SwitchingMaps, step: int, shown: Sequence[Interval]) -> Figure:
    """The map after ``step`` training steps."""
    right_in = 0.3 + legend_in(maps.styles)
    figure = Figure((4.9 + right_in, 5.0))
    axes = figure.subplots(gridspec_kw=place_inside(figure, left=0.6, right=right_in, bottom=0.42, top=0.5))
    draw_map(axes, maps, step, shown, token_pt=4.2)
    add_titles(axes, f"step {step}", CAPTION)
    add_token_legend(axes, maps.styles, beside=1.08)
    return figure


def maps_figure(maps: SwitchingMaps, steps: Sequence[int], shown: Sequence[Interval]) -> Figure:
    """The maps after each of ``steps``: in one row, or four as in the paper."""
    columns = 2 if len(steps) == 4 else len(steps)
    rows = len(steps) // columns
    right_in = 0.4 + legend_in(maps.styles)
    figure = Figure((0.6 + right_in + 3.4 * columns, 0.75 + 3.4 * rows))
    room = place_inside(figure, left=0.6, right=right_in, bottom=0.42, top=0.5)
    grid = figure.subplots(rows, columns, squeeze=False, gridspec_kw={**room, "wspace": 0.2, "hspace": 0.22})
    for letter, axes, step in zip(ascii_lowercase, grid.flat, steps, strict=False):
        draw_map(axes, maps, step, shown, token_pt=2.8)
        add_titles(axes, f"({letter}) step {step}", CAPTION if axes is grid[0, -1] else "")
        axes.label_outer()
    add_token_legend(grid[0, -1], maps.styles, beside=1.1)
    return figure


def draw_map(axes: Axes, maps: SwitchingMaps, step: int, shown: Sequence[Interval], token_pt: float) -> None:
    """The regions after ``step`` steps, tinted in the colour of the class they stand for, under the tokens."""
    boundaries = boundaries_ua(maps.critical_of, maps.controls_by_step[step])
    cut = regions(boundaries, shown)
    axes.set(xlim=_limits(shown[0]), ylim=_limits(shown[1]), xlabel=input_axis(0), ylabel=input_axis(1))
    axes.tick_params(direction="out")  # inside they would run into names
    for region in cut:
        axes.add_patch(_box(region, maps))
    for row_ua, line in zip(boundaries, (axes.axvline, axes.axhline), strict=True):
        for boundary_ua in row_ua:
            line(boundary_ua, color=INK, linewidth=0.8, linestyle=COMPUTED, zorder=1.5)
    draw_tokens(axes, maps.tokens, maps.styles, token_pt)
    _name_regions(axes, cut, maps)
    _name_boundaries(axes, boundaries)


def add_titles(axes: Axes, title: str, caption: str) -> None:
    """Title and caption above the names of the boundaries."""
    axes.set_title(title, pad=20)
    axes.set_title(caption, loc="right", fontsize=6.5, style="italic", pad=20)


def _limits(shown: Interval) -> tuple[float, float]:
    return shown.low_ua, shown.high_ua


def _box(region: Region, maps: SwitchingMaps) -> Rectangle:
    (left, right), (bottom, top) = map(_limits, region.bounds)
    label = maps.encoding.table.class_of(region.configuration)
    fill = UNASSIGNED[sum(region.configuration.counts) % 2] if label is None else tint(maps.styles[label].colour)
    return Rectangle((left, bottom), right - left, top - bottom, facecolor=fill, linewidth=0)


def _name_regions(axes: Axes, cut: Sequence[Region], maps: SwitchingMaps) -> None:
    """Configuration and class in each region that has room for them, where they hide the fewest tokens."""
    tokens_ua = inputs_ua_of(maps.tokens)
    clearance_ua = _CLEARANCE_PT * ua_per_pt(axes)
    for region in cut:
        label, configuration = maps.encoding.table.class_of(region.configuration), str(region.configuration)
        size_ua = _name_size_pt(configuration, label or "") * ua_per_pt(axes)
        if not fits(size_ua, region.bounds):
            continue
        spot = clearest_spot_ua(size_ua + clearance_ua, region.bounds, tokens_ua)
        if label is None:
            _write(axes, spot, 0, configuration, fontsize=_CONFIGURATION_PT)
        else:
            _write(axes, spot, -0.55 * _CLASS_PT, configuration, fontsize=_CONFIGURATION_PT)
            _write(axes, spot, 0.65 * _CONFIGURATION_PT, plain(label), fontsize=_CLASS_PT, weight="bold")


def _name_size_pt(configuration: str, label: str) -> FloatArray:
    """Width and height of the name of a region, with some air."""
    width_pt = max(length_pt(configuration, _CONFIGURATION_PT), length_pt(label, _CLASS_PT, "bold"))
    height_pt = _LINE_EM * (_CONFIGURATION_PT + (_CLASS_PT if label else 0))
    return np.array([width_pt + 3, height_pt + 2])


def _write(axes: Axes, spot: tuple[float, float], raised_pt: float, text: str, **look: Any) -> None:
    axes.annotate(
        text, spot, (0, raised_pt), textcoords="offset points", ha="center", va="center", color=INK, zorder=4, **look
    )


def _name_boundaries(axes: Axes, boundaries: Sequence[PerJunction]) -> None:
    """Which junction switches at each boundary: along the top for input A, along the right for B."""
    for axis, row_ua in enumerate(boundaries):
        room_ua = (13, 8)[axis] * ua_per_pt(axes)[axis]
        last_ua, far = -np.inf, False
        for boundary_ua, k in sorted(zip(row_ua, range(len(row_ua)), strict=True)):
            far = boundary_ua - last_ua < room_ua and not far
            last_ua = boundary_ua
            _name_boundary(axes, axis, boundary_ua, junction_label(k), far)


def _name_boundary(axes: Axes, axis: int, boundary_ua: float, name: str, far: bool) -> None:
    """``far`` leaves the place next to the edge to a neighbour."""
    look: dict[str, Any] = {"textcoords": "offset points", "fontsize": 6.5, "color": INK}
    if axis == 0:
        above_pt = 10 if far else 2
        axes.annotate(
            name, (boundary_ua, 1), (0, above_pt), xycoords=axes.get_xaxis_transform(), ha="center", va="bottom", **look
        )
    else:
        beside_pt = 13 if far else 2
        axes.annotate(
            name, (1, boundary_ua), (beside_pt, 0), xycoords=axes.get_yaxis_transform(), ha="left", va="center", **look
        )
