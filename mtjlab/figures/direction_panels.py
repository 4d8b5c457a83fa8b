"""A grid of panels, a row for each junction and a column for each direction, and the numbers written over them."""

from collections.abc import Sequence
from functools import partial
from operator import add
from textwrap import fill
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mtjlab.analysis.critical import CriticalEstimate, NotDetermined
from mtjlab.analysis.switching_law import REFERENCE_RAMP_UA_PER_S
from mtjlab.domain import Interval, junction_label
from mtjlab.figures.directions import Direction
from mtjlab.figures.resistance import controls_told
from mtjlab.figures.style import FAINT, INK, current, place_inside

REFERRED = (
    f"Numbers: mean and spread of the critical input on a continuous ramp at {REFERENCE_RAMP_UA_PER_S:g} µA/s, with "
    "their 95 % intervals."
)
_PANEL_IN = (2.75, 1.2)
_BESIDE_IN, _ABOVE_IN = 0.75, 0.36
_LEFT_IN, _RIGHT_IN, _LEGEND_IN, _BOTTOM_IN = 0.65, 0.6, 0.7, 0.42
_COLUMN_NAME_PT = 38.0
_REASON_CHARACTERS = 46


def direction_panels(directions: Sequence[Direction], pad_pt: float) -> tuple[Figure, list[list[Axes]]]:
    """A figure, and its panels ``[junction][direction]``, with numbers ``pad_pt`` above each.

    The pace of each direction is named above its column.
    """
    rows, columns = len(directions[0].estimates), len(directions)
    (width_in, height_in), above_in = _PANEL_IN, _ABOVE_IN + pad_pt / 72
    top_in = _LEGEND_IN + (pad_pt + _COLUMN_NAME_PT) / 72
    figure = Figure(
        (
            _LEFT_IN + _RIGHT_IN + columns * width_in + (columns - 1) * _BESIDE_IN,
            top_in + _BOTTOM_IN + 0.22 + rows * height_in + (rows - 1) * above_in,
        )
    )
    room = place_inside(figure, left=_LEFT_IN, right=_RIGHT_IN, bottom=_BOTTOM_IN, top=top_in)
    spacing = {"wspace": _BESIDE_IN / width_in, "hspace": above_in / height_in}
    grid = figure.subplots(rows, columns, squeeze=False, gridspec_kw={**room, **spacing})
    for column, direction in enumerate(directions):
        _name_column(grid[0, column], direction, pad_pt)
        for k in range(rows):
            _write_numbers(grid[k, column], direction, k, pad_pt)
    return figure, [list(row) for row in grid]


def add_legend(figure: Figure, handles: Sequence[Artist]) -> None:
    """What is drawn, and what the numbers refer to, at the top of a figure of such panels."""
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.4)
    width_in, height_in = figure.get_size_inches()
    figure.text(0.12 / width_in, 1 - 0.62 / height_in, REFERRED, fontsize=6.5, style="italic", va="bottom")


def pace_told(direction: Direction) -> str:
    """How the inputs were driven."""
    if direction.staircase is None:
        return f"inputs held {1e3 * direction.dwell_s:.3g} ms"
    staircase = direction.staircase
    steps = f"steps of {current(staircase.step_ua)} µA, {1e3 * staircase.step_s:.4g} ms each"
    return f"{steps}: {staircase.ramp_ua_per_s:.4g} µA/s"


def add_currents(panel: Axes, axis: str, control_ua: float, named: bool) -> None:
    """The current of the junction along the far side of the input ``axis``."""
    shift = (partial(add, control_ua), partial(add, -control_ua))
    far = panel.secondary_yaxis("right", functions=shift) if axis == "y" else panel.secondary_xaxis("top", shift)
    (far.yaxis if axis == "y" else far.xaxis).set_major_locator(MaxNLocator(6))
    far.tick_params(labelsize=6.5, labelcolor="#666666", color=FAINT)
    if named:
        name = r"$I_\mathrm{MTJ}$ (µA)"
        (far.set_ylabel if axis == "y" else far.set_xlabel)(name, fontsize=7, color="#666666")


def interval_told(interval: Interval) -> str:
    """The ends of an interval of currents."""
    return f"{_one_decimal(interval.low_ua)} … {_one_decimal(interval.high_ua)}"


def _name_column(panel: Axes, direction: Direction, pad_pt: float) -> None:
    told = f"{controls_told(direction.controls_ua)}; {pace_told(direction)}"
    look: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "ha": "left", "va": "bottom"}
    panel.annotate(direction.name, (0, 1), (0, pad_pt + 24), fontsize=8.5, weight="bold", color=INK, **look)
    panel.annotate(told, (0, 1), (0, pad_pt + 14), fontsize=6.5, color=INK, **look)


def _write_numbers(panel: Axes, direction: Direction, k: int, pad_pt: float) -> None:
    """Name of the junction, and its critical input with spread and intervals, above a panel."""
    critical = direction.critical_input(k)
    panel.set_title(junction_label(k), weight="bold", pad=pad_pt)
    if critical is None:
        _write_reason(panel, direction.estimates[k])
    else:
        panel.set_title(_numbers(critical), loc="right", fontsize=6.5, pad=pad_pt)


def _numbers(critical: CriticalEstimate) -> str:
    mean, spread = interval_told(critical.mean_interval), interval_told(critical.spread_interval)
    return f"{_one_decimal(critical.law.mean_ua)} ({mean}) µA, spread {critical.law.spread_ua:.1f} ({spread}) µA"


def _one_decimal(value_ua: float) -> str:
    return f"{value_ua:.1f}".replace("-", "−")  # noqa: RUF001


def _write_reason(panel: Axes, why: CriticalEstimate | NotDetermined) -> None:
    if isinstance(why, NotDetermined):
        text = f"not determined:\n{fill(why.reason, _REASON_CHARACTERS)}"
        look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 6.5, "zorder": 6}
        box = {"facecolor": "white", "edgecolor": FAINT, "linewidth": 0.5, "pad": 3}
        panel.text(0.5, 0.5, text, transform=panel.transAxes, bbox=box, **look)
