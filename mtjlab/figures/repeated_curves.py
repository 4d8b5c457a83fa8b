"""Resistance curves that were taken again and again: every one of them, over the levels that were fitted."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mtjlab.analysis.resistances import resistances_kohm
from mtjlab.counted import counted
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import JunctionState, Reading
from mtjlab.events import SweepPoint
from mtjlab.figures.directions import Direction
from mtjlab.figures.record import RunRecord
from mtjlab.figures.resistance import (
    LEGEND_LEFT,
    add_junction_current_axes,
    controls_at,
    controls_text,
    inputs_shown_ua,
    name_threshold,
    read_resistances_kohm,
    resistance_panels,
)
from mtjlab.figures.style import INK

RISING, FALLING, LEVELS = INK, "#0072b2", "#d55e00"
_FAINTEST = 0.12
_ROOM_FOR_NAME = 0.16
"""Share of the width that the name of a threshold takes."""


def repeated_curves(record: RunRecord, directions: Sequence[Direction]) -> Figure:
    """One panel for each junction: every repetition, fitted levels, and the mean of the critical inputs."""
    legs, controls_ua = list(legs_of(record.curves)), controls_at(record.curves[0])
    figure, panels = resistance_panels(controls_ua, legend_lines=4)
    for k, panel in enumerate(panels):
        panel.set_xlim(*inputs_shown_ua(record.curves))
        for rising, leg in legs:
            draw_leg(panel, leg, k, RISING if rising else FALLING, len(legs))
        if record.state.measured is not None:
            _draw_levels(panel, record.state.measured.references[k], controls_ua[k])
        for direction in directions:
            _draw_mean(panel, direction, k)
    add_junction_current_axes(panels, controls_ua)
    figure.legend(
        handles=[*_legend(legs, controls_text(controls_ua)), *_paces(directions)],
        loc="upper left",
        bbox_to_anchor=(LEGEND_LEFT, 1),
        borderaxespad=0.2,
    )
    return figure


def legs_of(points: Iterable[SweepPoint]) -> Iterator[tuple[bool, list[Reading]]]:
    """The legs that were driven one after another: whether the input rose, and the readings."""
    for (_, _, rising), leg in groupby(points, lambda point: (point.series, point.repetition, point.rising)):
        yield rising, [point.reading for point in leg]


def draw_leg(panel: Axes, leg: Sequence[Reading], junction: int, colour: str, of_legs: int) -> None:
    """One leg, the fainter the more there are."""
    opacity = max(_FAINTEST, min(0.7, 4 / of_legs))
    panel.plot(*read_resistances_kohm(leg, junction), color=colour, alpha=opacity, linewidth=0.9, zorder=2)


def _draw_levels(panel: Axes, reference: JunctionReference, control_ua: float) -> None:
    """Both levels as the detector uses them; dotted where no sweep has seen them."""
    inputs_ua = np.linspace(*panel.get_xlim(), 1200)
    currents_ua = inputs_ua + control_ua
    levels_mv = reference.levels_trace_mv(currents_ua)
    for state, voltages_mv in zip((JunctionState.P, JunctionState.AP), levels_mv, strict=True):
        resistances = resistances_kohm(voltages_mv, currents_ua)
        beyond = np.array([reference.is_extrapolated(state, current) for current in currents_ua.tolist()])
        for there, style in ((~beyond, "-"), (beyond, ":")):
            panel.plot(inputs_ua, np.where(there, resistances, np.nan), style, color=LEVELS, linewidth=0.9, zorder=1)


def _draw_mean(panel: Axes, direction: Direction, k: int) -> None:
    """At the pace of the curves; named where none is: between the levels, on the side that is switched or has room."""
    critical = direction.critical_input(k)
    if critical is None or direction.staircase is None:
        return
    mean_ua = critical.law.at_ramp(direction.staircase.ramp_ua_per_s).mean_ua
    colour = RISING if direction.rising else FALLING
    panel.axvline(mean_ua, color=colour, linewidth=0.7, zorder=0)
    low_ua, high_ua = panel.get_xlim()
    share = (mean_ua - low_ua) / (high_ua - low_ua)
    to_the_right = share < 1 - _ROOM_FOR_NAME if direction.rising else share < _ROOM_FOR_NAME
    align = "left" if to_the_right else "right"
    name_threshold(panel, (mean_ua, 0.2), rf"$I_\mathrm{{th}}$ = {mean_ua:.1f} µA", align, colour)


def _legend(legs: Sequence[tuple[bool, object]], controls: str) -> list[Line2D]:
    handles = []
    for rising, colour, name in ((True, RISING, "rising"), (False, FALLING, "falling")):
        count = sum(one is rising for one, _ in legs)
        label = f"{counted(count, 'leg')}, input {name}, {controls}"
        handles += [Line2D([], [], color=colour, linewidth=0.8, label=label)] * (count > 0)
    label = "levels fitted to the reference sweep (dotted: where it did not see them)"
    return [*handles, Line2D([], [], color=LEVELS, linewidth=0.9, label=label)]


def _paces(directions: Sequence[Direction]) -> list[Line2D]:
    paces = {f"{d.staircase.ramp_ua_per_s:.4g}" for d in directions if d.staircase is not None}
    label = rf"$I_\mathrm{{th}}$: mean on a continuous ramp at {', '.join(sorted(paces))} µA/s"
    return [Line2D([], [], color=INK, linewidth=0.7, label=label)] * bool(paces)
