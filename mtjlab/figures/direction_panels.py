"""A grid of panels, a row for each junction and a column for each direction, and the numbers written over them."""

from collections.abc import Sequence
from functools import partial
from math import ceil
from operator import add
from textwrap import fill
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mtjlab.analysis.estimates import CriticalEstimate, Estimate, NotDetermined
from mtjlab.analysis.switching_law import REFERENCE_RAMP_UA_PER_S
from mtjlab.domain import Interval, junction_label
from mtjlab.figures.directions import Direction
from mtjlab.figures.labels import lines_within
from mtjlab.figures.resistance import controls_text
from mtjlab.figures.style import FAINT, INK, ORIGIN_HEIGHT_IN, current, place_inside

REFERRED = (
    f"Numbers: mean and spread of the critical input on a continuous ramp at {REFERENCE_RAMP_UA_PER_S:g} µA/s, with "
    "their 95 % intervals."
)
_PANEL_IN = (2.75, 1.2)
_BESIDE_IN, _ABOVE_IN = 0.75, 0.36
_LEFT_IN, _RIGHT_IN, _BOTTOM_IN = 0.65, 0.6, 0.42
_LEGEND_LINE_IN, _LINE_IN, _COLUMN_NAME_PT = 0.175, 0.12, 50.0
_REFERRED_PT = 6.5
_REASON_CHARACTERS = 46


def direction_panels(
    directions: Sequence[Direction], legend: Sequence[Artist], pad_pt: float
) -> tuple[Figure, list[list[Axes]]]:
    """A figure, and its panels ``[junction][direction]``, with numbers ``pad_pt`` above each.

    The control currents and the pace of each direction stand above its column; what is drawn, and what the numbers
    refer to, at the top.
    """
    rows, columns = len(directions[0].estimates), len(directions)
    (width_in, height_in), above_in = _PANEL_IN, _ABOVE_IN + pad_pt / 72
    whole_in = _LEFT_IN + _RIGHT_IN + columns * width_in + (columns - 1) * _BESIDE_IN
    referred = lines_within(REFERRED, whole_in - 0.3, _REFERRED_PT)
    legend_in = 0.12 + _LEGEND_LINE_IN * ceil(len(legend) / min(2, columns))
    top_in = legend_in + _LINE_IN * len(referred) + (pad_pt + _COLUMN_NAME_PT) / 72
    figure = Figure((whole_in, top_in + _BOTTOM_IN + ORIGIN_HEIGHT_IN + rows * height_in + (rows - 1) * above_in))
    figure.legend(handles=legend, loc="upper left", bbox_to_anchor=(0, 1), ncols=min(2, columns), borderaxespad=0.4)
    _write_referred(figure, referred, legend_in)
    room = place_inside(figure, left=_LEFT_IN, right=_RIGHT_IN, bottom=_BOTTOM_IN, top=top_in)
    spacing = {"wspace": _BESIDE_IN / width_in, "hspace": above_in / height_in}
    grid = figure.subplots(rows, columns, squeeze=False, gridspec_kw={**room, **spacing})
    for column, direction in enumerate(directions):
        _name_column(grid[0, column], direction, pad_pt)
        for k in range(rows):
            _write_numbers(grid[k, column], direction, k, pad_pt)
    return figure, [list(row) for row in grid]


def pace_text(direction: Direction) -> str:
    """How the inputs were driven."""
    if direction.staircase is None:
        return f"inputs applied for {1e3 * direction.dwell_s:.3g} ms"
    staircase = direction.staircase
    steps = f"steps of {current(staircase.step_ua)} µA, {1e3 * staircase.step_s:.4g} ms each"
    return f"{steps}: {staircase.ramp_ua_per_s:.4g} µA/s"


def add_currents(panel: Axes, axis: str, control_ua: float, named: bool) -> None:
    """The current of the junction along the far side of the input ``axis``."""
    shift = (partial(add, control_ua), partial(add, -control_ua))
    far = panel.secondary_yaxis("right", functions=shift) if axis == "y" else panel.secondary_xaxis("top", shift)
    (far.yaxis if axis == "y" else far.xaxis).set_major_locator(MaxNLocator(6, steps=(1, 2, 5, 10)))
    far.tick_params(labelsize=6.5, labelcolor="#666666", color=FAINT)
    if named:
        name = r"$I_\mathrm{MTJ}$ (µA)"
        (far.set_ylabel if axis == "y" else far.set_xlabel)(name, fontsize=7, color="#666666")


def interval_text(interval: Interval) -> str:
    """The ends of an interval of currents."""
    return f"{_one_decimal(interval.low_ua)} … {_one_decimal(interval.high_ua)}"


def _write_referred(figure: Figure, lines: Sequence[str], below_in: float) -> None:
    width_in, height_in = figure.get_size_inches()
    look: dict[str, Any] = {"fontsize": _REFERRED_PT, "style": "italic", "va": "top", "linespacing": 1.15}
    figure.text(0.12 / width_in, 1 - below_in / height_in, "\n".join(lines), **look)


def _name_column(panel: Axes, direction: Direction, pad_pt: float) -> None:
    text = f"{controls_text(direction.controls_ua)}\n{pace_text(direction)}"
    look: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "ha": "left", "va": "bottom"}
    panel.annotate(direction.name, (0, 1), (0, pad_pt + 34), fontsize=8.5, weight="bold", color=INK, **look)
    panel.annotate(text, (0, 1), (0, pad_pt + 13), fontsize=6.5, color=INK, **look)


def _write_numbers(panel: Axes, direction: Direction, k: int, pad_pt: float) -> None:
    """Name of the junction, and its critical input with spread and intervals, above a panel."""
    critical = direction.critical_input(k)
    panel.set_title(junction_label(k), weight="bold", pad=pad_pt)
    if critical is None:
        _write_reason(panel, direction.estimates[k])
    else:
        panel.set_title(_numbers(critical), loc="right", fontsize=6.5, pad=pad_pt)


def _numbers(critical: CriticalEstimate) -> str:
    mean, spread = interval_text(critical.mean_interval), interval_text(critical.spread_interval)
    return f"{_one_decimal(critical.law.mean_ua)} ({mean}) µA, spread {critical.law.spread_ua:.1f} ({spread}) µA"


def _one_decimal(value_ua: float) -> str:
    return f"{value_ua:.1f}".replace("-", "−")  # noqa: RUF001


def _write_reason(panel: Axes, why: Estimate) -> None:
    if isinstance(why, NotDetermined):
        text = f"not determined:\n{fill(why.reason, _REASON_CHARACTERS)}"
        look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 6.5, "zorder": 6}
        box = {"facecolor": "white", "edgecolor": FAINT, "linewidth": 0.5, "pad": 3}
        panel.text(0.5, 0.5, text, transform=panel.transAxes, bbox=box, **look)
