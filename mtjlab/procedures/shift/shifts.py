"""Critical inputs against control currents with fitted lines, and the slopes as a matrix."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.shift import ShiftFit, Shifts
from mtjlab.arrays import FloatArray
from mtjlab.domain import junction_label
from mtjlab.events import SeriesMeasured
from mtjlab.figures.labels import lines_within
from mtjlab.figures.style import FAINT, INK, ORIGIN_HEIGHT_IN, UNFINISHED, axes_at, current, place_inside
from mtjlab.palette import junction_colours

Point: TypeAlias = tuple[float, CriticalEstimate]
"""A control current (uA), and the critical input at it."""
_PANEL_IN, _CELL_IN = 1.55, 1.15
_MATRIX = (
    "slope of critical inputs against control currents, its 95 % interval, and the probability of residuals as large "
    "for a straight line (p)"
)
_STEEPEST = 2.0
"""Slope at the end of the colour scale: -1 is light enough for text on it."""
_BENT_P = 0.01
"""Probability of the residuals below which the relation is marked as not linear."""


def shifts_figure(series: Sequence[SeriesMeasured], shifts: Shifts) -> Figure:
    """A panel for each junction (row) and moved control current (column); a row has one scale."""
    junctions = len(shifts.controls_ua)
    side_in = _PANEL_IN * junctions
    figure = Figure((side_in + 0.85, side_in + 1.2 + ORIGIN_HEIGHT_IN))
    room = place_inside(figure, left=0.65, right=0.2, bottom=0.42, top=0.78)
    grid = figure.subplots(
        junctions,
        junctions,
        sharex="col",
        sharey="row",
        squeeze=False,
        gridspec_kw={**room, "wspace": 0.08, "hspace": 0.24},
    )
    for i, colour in enumerate(junction_colours(junctions)):
        for k in range(junctions):
            base_ua, fit = shifts.controls_ua[k], shifts.fits[i][k]
            _draw_shift(grid[i, k], list(_points(series, shifts, i, k)), fit, base_ua, colour)
            if fit is not None:
                _draw_expected(grid[i, k], fit, base_ua, own=i == k)
        grid[i, 0].set_ylabel(rf"$I_{{\mathrm{{th}}{i + 1}}}$ (µA)")
        grid[-1, i].set_xlabel(rf"$I_{{\mathrm{{C}}{i + 1}}}$ (µA)")
    figure.legend(handles=_legend(), loc="upper left", bbox_to_anchor=(0, 1), borderaxespad=0.4)
    return figure


def cross_talk_figure(shifts: Shifts) -> Figure:
    """Slopes as a matrix: -1 on the diagonal and 0 elsewhere if control currents act on their own junction only."""
    junctions = len(shifts.controls_ua)
    side_in = _CELL_IN * junctions
    figure = Figure((side_in + 1.5, side_in + 1.0 + ORIGIN_HEIGHT_IN))
    axes = axes_at(figure, 0.55, 0.45 + ORIGIN_HEIGHT_IN, side_in, side_in)
    bar = axes_at(figure, 0.65 + side_in, 0.45 + ORIGIN_HEIGHT_IN, 0.12, side_in)
    slopes = np.array([[np.nan if fit is None else fit.slope for fit in row] for row in shifts.fits])
    image = axes.imshow(slopes, cmap="PuOr_r", vmin=-_STEEPEST, vmax=_STEEPEST)
    for i, row in enumerate(shifts.fits):
        for k, fit in enumerate(row):
            _write_slope(axes, i, k, fit)
    names = [junction_label(k) for k in range(junctions)]
    axes.set_xticks(range(junctions), names)
    axes.set_yticks(range(junctions), names)
    axes.tick_params(length=0)
    axes.set(xlabel="control current moved", ylabel="critical input of")
    axes.set_title("\n".join(lines_within(_MATRIX, side_in + 0.8, 7.5)), fontsize=7.5)
    figure.colorbar(image, cax=bar)
    bar.tick_params(labelsize=7)
    return figure


def slope_text(fit: ShiftFit) -> str:
    """A slope with its interval."""
    interval = fit.slope_interval
    return f"{_signed(fit.slope)} ({_signed(interval.low_ua)} … {_signed(interval.high_ua)})"


def _points(series: Sequence[SeriesMeasured], shifts: Shifts, junction: int, moved: int) -> Iterator[Point]:
    """Control current and critical input of each series in which no other control current was moved."""
    others = [k for k in range(len(shifts.controls_ua)) if k != moved]
    for one in series:
        critical = one.up[junction] if one.up else None
        if isinstance(critical, CriticalEstimate) and all(one.controls_ua[k] == shifts.controls_ua[k] for k in others):
            yield one.controls_ua[moved], critical.shifted(-one.controls_ua[junction])


def _draw_shift(panel: Axes, points: Sequence[Point], fit: ShiftFit | None, base_ua: float, colour: str) -> None:
    controls_ua = np.array([control_ua for control_ua, _ in points])
    means_ua = np.array([critical.law.mean_ua for _, critical in points])
    ends_ua = np.array([(one.mean_interval.low_ua, one.mean_interval.high_ua) for _, one in points]).reshape(-1, 2)
    errors_ua = np.abs(ends_ua - means_ua[:, np.newaxis]).T
    look: dict[str, Any] = {"fmt": "o", "color": colour, "markersize": 3, "linewidth": 0.9, "capsize": 1.8, "zorder": 3}
    panel.errorbar(controls_ua, means_ua, errors_ua, **look)
    panel.margins(y=0.15)
    panel.set_xlim(*_around(controls_ua))
    panel.xaxis.set_major_locator(MaxNLocator(4, steps=(1, 2, 5, 10), prune="both"))
    if fit is None:
        panel.text(0.5, 0.5, "not determined", transform=panel.transAxes, ha="center", va="center", fontsize=7)
        return
    ends = np.array([controls_ua.min(), controls_ua.max()])
    panel.plot(ends, fit.critical_input_ua + fit.slope * (ends - base_ua), color=INK, linewidth=0.9, zorder=2)
    panel.set_title(slope_text(fit), fontsize=6.5, pad=3)


def _around(controls_ua: FloatArray) -> tuple[float, float]:
    margin_ua = 0.15 * float(np.ptp(controls_ua)) or 10.0
    return float(controls_ua.min()) - margin_ua, float(controls_ua.max()) + margin_ua


def _draw_expected(panel: Axes, fit: ShiftFit, base_ua: float, own: bool) -> None:
    """Line expected if a control current adds to the input in its own junction only."""
    ends = np.array(panel.get_xlim())
    expected_ua = fit.critical_input_ua - (ends - base_ua) * own
    panel.plot(ends, expected_ua, color=FAINT, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)


def _write_slope(axes: Axes, junction: int, moved: int, fit: ShiftFit | None) -> None:
    look: dict[str, Any] = {"ha": "center", "va": "center", "color": INK}
    if fit is None:
        axes.text(moved, junction, "not\ndetermined", fontsize=6.5, **look)
        return
    interval = fit.slope_interval
    straight = f"p = {fit.linear_p:.2g}" if fit.points > 2 else ""
    axes.text(moved, junction - 0.16, _signed(fit.slope), fontsize=9, weight="bold", **look)
    lines = f"{_signed(interval.low_ua)} … {_signed(interval.high_ua)}\n{straight}"
    bent = fit.points > 2 and fit.linear_p < _BENT_P
    axes.text(moved, junction + 0.18, lines, fontsize=6, **{**look, "color": UNFINISHED if bent else INK})


def _signed(slope: float) -> str:
    return f"{round(slope, 3) + 0.0:.3f}".replace("-", "−")  # noqa: RUF001


def _legend() -> list[Line2D]:
    return [
        Line2D(
            [],
            [],
            color=INK,
            marker="o",
            markersize=3,
            linewidth=0.9,
            label="mean critical input, its 95 % interval, and the line fitted; above: its slope",
        ),
        Line2D(
            [],
            [],
            color=FAINT,
            linestyle=(0, (4, 3)),
            linewidth=0.9,
            label=f"slope {current(-1)} by a junction's own control current, none by the others",
        ),
    ]
