"""Panels of resistance against input, one for each junction: axes, thresholds and names that such figures share."""

from collections.abc import Sequence
from functools import partial
from operator import add

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mtjlab.analysis.resistances import resistances_kohm
from mtjlab.arrays import FloatArray
from mtjlab.domain import PerJunction, Reading, junction_label
from mtjlab.events import SweepPoint
from mtjlab.figures.style import current, place_inside

MARGIN_UA = 15.0
_PANEL_IN, _WIDTH_IN, _LEFT_IN = 1.55, 5.6, 0.6
LEGEND_LEFT = (_LEFT_IN - 0.1) / _WIDTH_IN


def resistance_panels(controls_ua: PerJunction, legend_lines: int = 3) -> tuple[Figure, list[Axes]]:
    """A figure with a panel for each junction, and room for a legend above them.

    Under each panel there is room for the junction currents of the next one, if ``controls_ua`` are not all the same.
    """
    junctions, top_in = len(controls_ua), 0.47 + 0.15 * legend_lines
    figure = Figure((_WIDTH_IN, _PANEL_IN * junctions + top_in + 0.58))
    room = place_inside(figure, left=_LEFT_IN, right=0.2, bottom=0.45, top=top_in)
    between = 0.08 if len(set(controls_ua)) == 1 else 0.24
    grid = figure.subplots(junctions, sharex=True, sharey=True, squeeze=False, gridspec_kw={**room, "hspace": between})
    panels = list(grid[:, 0])
    for k, panel in enumerate(panels):
        panel.set_ylabel(rf"$R_{{{k + 1}}}$ (kΩ)")
        panel.text(0.015, 0.92, junction_label(k), transform=panel.transAxes, ha="left", va="top", weight="bold")
    panels[-1].set_xlabel(r"$I_\mathrm{input}$ (µA)")
    return figure, panels


def read_resistances_kohm(readings: Sequence[Reading], junction: int) -> tuple[FloatArray, FloatArray]:
    """Inputs (uA), and V/I of a junction as it was read: near zero current it shows the offset of the meter too."""
    voltages_mv = np.array([np.mean([sample[junction] for sample in reading.samples_mv]) for reading in readings])
    currents_ua = np.array([reading.currents_ua[junction] for reading in readings])
    return np.array([reading.input_ua for reading in readings]), resistances_kohm(voltages_mv, currents_ua)


def controls_at(point: SweepPoint) -> PerJunction:
    """The control currents that were held at a point."""
    return point.reading.controls_ua


def inputs_shown_ua(points: Sequence[SweepPoint]) -> tuple[float, float]:
    """Lowest and highest input, with a margin."""
    inputs_ua = [point.reading.input_ua for point in points]
    return min(inputs_ua) - MARGIN_UA, max(inputs_ua) + MARGIN_UA


def name_threshold(panel: Axes, at: tuple[float, float], text: str, align: str, colour: str) -> None:
    """``at`` is the threshold in uA and a share of the height; ``align`` the side of the text that is there."""
    panel.annotate(
        text,
        at,
        (4 if align == "left" else -4, 0),
        xycoords=panel.get_xaxis_transform(),
        textcoords="offset points",
        fontsize=7,
        color=colour,
        ha=align,
        va="center",
        bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 0.8},
    )


def add_junction_current_axes(panels: Sequence[Axes], controls_ua: PerJunction) -> None:
    """The current through the junctions along the top: once if all have the same control current."""
    same = len(set(controls_ua)) == 1
    for k, panel in enumerate(panels[:1] if same else panels):
        top = panel.secondary_xaxis("top", functions=(partial(add, controls_ua[k]), partial(add, -controls_ua[k])))
        if k == 0:
            top.set_xlabel(r"$I_\mathrm{MTJ}$ (µA)")


def controls_text(controls_ua: PerJunction) -> str:
    """Control currents as the legend gives them: one number if all are the same."""
    if len(set(controls_ua)) == 1:
        return rf"$I_\mathrm{{C}}$ = {current(controls_ua[0])} µA"
    names = ", ".join(rf"$I_{{\mathrm{{C}}{k + 1}}}$" for k in range(len(controls_ua)))
    return f"{names} = {', '.join(map(current, controls_ua))} µA"
