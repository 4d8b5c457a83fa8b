"""Figures of a shift, including resistance curves at several control currents (the paper's Fig. 1b)."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mtjlab.analysis.shift import shifts
from mtjlab.figures.named import NamedFigure
from mtjlab.figures.record import RunRecord
from mtjlab.figures.repeated_curves import draw_leg, legs_of
from mtjlab.figures.resistance import (
    LEGEND_LEFT,
    add_junction_current_axes,
    controls_text,
    inputs_shown_ua,
    resistance_panels,
)
from mtjlab.figures.resistance_curves import resistance_curves
from mtjlab.figures.style import INK, current
from mtjlab.procedures.curves import series_so_far
from mtjlab.procedures.kind import Run
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.shift.shifts import cross_talk_figure, shifts_figure
from mtjlab.procedures.swept import record_of

_LIGHTEST = 0.85
"""Part of the colour map that is dark enough for a line on white."""


def shift_figures(run: Run[ShiftPlan]) -> Iterator[NamedFigure]:
    """Figures for which there is data."""
    record = record_of(run)
    if record.curves:
        yield NamedFigure("resistance-curves", partial(shifted_curves, record, run.plan), is_key=True)
    elif record.sweep:
        yield NamedFigure("resistance-curves", partial(resistance_curves, record), is_key=True)
    series = series_so_far(record.state)
    if series:
        fitted = shifts([one.controls_ua for one in series], [one.up for one in series])
        yield NamedFigure("shift", partial(shifts_figure, series, fitted), is_key=True)
        yield NamedFigure("cross-talk", partial(cross_talk_figure, fitted))


def shifted_curves(record: RunRecord, plan: ShiftPlan) -> Figure:
    """One panel for each junction: curves at each of its control currents, the others held."""
    colours = move_colours(plan)
    figure, panels = resistance_panels(plan.controls_ua, legend_lines=len(colours))
    for k, panel in enumerate(panels):
        panel.set_xlim(*inputs_shown_ua(record.curves))
        for series, by_ua in moves_of(plan, k).items():
            legs = [leg for _, leg in legs_of(point for point in record.curves if point.series == series)]
            for leg in legs:
                draw_leg(panel, leg, k, colours[by_ua], len(legs))
    add_junction_current_axes(panels, plan.controls_ua)
    handles = [
        Line2D([], [], color=colour, linewidth=0.9, label=_move_text(by_ua, controls_text(plan.controls_ua)))
        for by_ua, colour in colours.items()
    ]
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(LEGEND_LEFT, 1), borderaxespad=0.2)
    return figure


def moves_of(plan: ShiftPlan, junction: int) -> dict[int, float]:
    """Series in which only the control current of ``junction`` was moved, and by how much (uA)."""
    others = [k for k in range(len(plan.controls_ua)) if k != junction]
    return {
        series: row_ua[junction] - plan.controls_ua[junction]
        for series, row_ua in enumerate(plan.rows_ua)
        if all(row_ua[k] == plan.controls_ua[k] for k in others)
    }


def move_colours(plan: ShiftPlan) -> dict[float, str]:
    """A colour for each move, in increasing order; ink for no move."""
    moves_ua = sorted({0.0, *plan.by_ua})
    places = np.linspace(0, _LIGHTEST, len(moves_ua))
    colours = [to_hex(colour) for colour in colormaps["plasma"](places)]
    return {**dict(zip(moves_ua, colours, strict=True)), 0.0: INK}


def _move_text(by_ua: float, controls: str) -> str:
    if by_ua == 0:
        return f"{controls} (top axis)"
    return f"control current of the junction moved by {'+' if by_ua > 0 else ''}{current(by_ua)} µA"
