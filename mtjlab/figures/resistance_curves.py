"""Resistance against input with the thresholds, for two settings of the control currents (the paper's Fig. 1b)."""

from collections.abc import Sequence
from functools import partial
from operator import add
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mtjlab.analysis.resistances import computed_resistances_kohm, resistances_kohm
from mtjlab.domain import PerJunction, junction_label
from mtjlab.events import JunctionsMeasured, SweepPoint
from mtjlab.figures.record import RunRecord
from mtjlab.figures.style import FAINT, INK, current, place_inside

_COMPUTED = "#c1272d"
_MARGIN_UA = 15.0
_PANEL_IN, _WIDTH_IN = 1.55, 5.6


def resistance_curves(record: RunRecord) -> Figure:
    """One panel for each junction: measured points, and the curve computed for the controls learnt for input A."""
    junctions = record.started.bench.junctions
    figure = Figure((_WIDTH_IN, _PANEL_IN * junctions + 1.5))
    room = place_inside(figure, left=0.6, right=0.2, bottom=0.45, top=0.92)
    panels = list(
        figure.subplots(junctions, sharex=True, sharey=True, squeeze=False, gridspec_kw={**room, "hspace": 0.08})[:, 0]
    )
    start_ua, learnt_ua = _swept_controls(record.sweep[0]), _learnt_controls(record)
    for k, panel in enumerate(panels):
        _draw_measured(panel, record.sweep, k)
        panel.set_xlim(*_swept_inputs(record.sweep))
        panel.set_ylabel(rf"$R_{{{k + 1}}}$ (kΩ)")
        panel.text(0.015, 0.92, junction_label(k), transform=panel.transAxes, ha="left", va="top", weight="bold")
        if record.state.measured is not None:
            _draw_thresholds(panel, record.state.measured, k, start_ua, learnt_ua)
    panels[-1].set_xlabel(r"$I_\mathrm{input}$ (µA)")
    _add_junction_current_axes(panels, start_ua)
    figure.legend(
        handles=_legend(start_ua, learnt_ua),
        loc="upper left",
        bbox_to_anchor=(room["left"] - 0.02, 1),
        borderaxespad=0.2,
    )
    return figure


def _swept_controls(point: SweepPoint) -> PerJunction:
    return tuple(current_ua - point.reading.input_ua for current_ua in point.reading.currents_ua)


def _swept_inputs(sweep: Sequence[SweepPoint]) -> tuple[float, float]:
    """Lowest and highest input, with a margin."""
    inputs_ua = [point.reading.input_ua for point in sweep]
    return min(inputs_ua) - _MARGIN_UA, max(inputs_ua) + _MARGIN_UA


def _learnt_controls(record: RunRecord) -> PerJunction | None:
    """Controls learnt for the first input; None if nothing was learnt."""
    state = record.state
    return state.controls.by_input_ua[0] if state.controls is not None and state.step > 0 else None


def _draw_measured(panel: Axes, sweep: Sequence[SweepPoint], k: int) -> None:
    """V/I as it was read: near zero current it shows the offset of the meter too."""
    for rising, colour, layer in ((False, FAINT, 1), (True, INK, 2)):
        leg = [point.reading for point in sweep if point.rising is rising]
        inputs_ua = [reading.input_ua for reading in leg]
        voltages_mv = np.array([np.mean([sample[k] for sample in reading.samples_mv]) for reading in leg])
        resistances = resistances_kohm(voltages_mv, np.array([reading.currents_ua[k] for reading in leg]))
        panel.plot(inputs_ua, resistances, ".", color=colour, markersize=2.6, alpha=1 if rising else 0.55, zorder=layer)


def _draw_thresholds(
    panel: Axes, measured: JunctionsMeasured, k: int, start_ua: PerJunction, learnt_ua: PerJunction | None
) -> None:
    critical_ua = measured.critical.up_ua[k]
    threshold_ua = critical_ua - start_ua[k]
    panel.axvline(threshold_ua, color=INK, linewidth=0.7, zorder=0)
    _name_threshold(panel, (threshold_ua, 0.86), rf"$I_\mathrm{{th}}$ = {threshold_ua:.0f} µA", "left", INK)
    if learnt_ua is None:
        return
    inputs_ua = np.linspace(*panel.get_xlim(), 1200)
    law = measured.references[k].law
    resistances = computed_resistances_kohm(law, critical_ua, inputs_ua + learnt_ua[k])
    shifted_ua = critical_ua - learnt_ua[k]
    panel.plot(inputs_ua, resistances, "--", color=_COMPUTED, linewidth=1, zorder=3)
    panel.axvline(shifted_ua, color=_COMPUTED, linewidth=0.7, linestyle=":", zorder=0)
    _name_threshold(panel, (shifted_ua, 0.2), rf"$I_\mathrm{{th}}$ = {shifted_ua:.0f} µA", "right", _COMPUTED)


def _name_threshold(panel: Axes, at: tuple[float, float], text: str, align: str, colour: str) -> None:
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


def _add_junction_current_axes(panels: Sequence[Axes], start_ua: PerJunction) -> None:
    """The current through the junctions along the top: once if all have the same control current."""
    same = len(set(start_ua)) == 1
    for k, panel in enumerate(panels[:1] if same else panels):
        top = panel.secondary_xaxis("top", functions=(partial(add, start_ua[k]), partial(add, -start_ua[k])))
        if k == 0:
            top.set_xlabel(r"$I_\mathrm{MTJ}$ (µA)")


def _legend(start_ua: PerJunction, learnt_ua: PerJunction | None) -> list[Line2D]:
    dot: dict[str, Any] = {"marker": ".", "linestyle": "none"}
    handles = [
        Line2D([], [], color=INK, label=f"measured, input rising, {_controls(start_ua)}", **dot),
        Line2D([], [], color=FAINT, label="measured, input falling", **dot),
    ]
    if learnt_ua is not None:
        label = f"computed from the fit, {_controls(learnt_ua)}"
        handles.append(Line2D([], [], color=_COMPUTED, linestyle="--", linewidth=1, label=label))
    return handles


def _controls(controls_ua: PerJunction) -> str:
    """Control currents as the legend gives them: one number if all are the same."""
    if len(set(controls_ua)) == 1:
        return rf"$I_\mathrm{{C}}$ = {current(controls_ua[0])} µA"
    names = ", ".join(rf"$I_{{\mathrm{{C}}{k + 1}}}$" for k in range(len(controls_ua)))
    return f"{names} = {', '.join(map(current, controls_ua))} µA"
