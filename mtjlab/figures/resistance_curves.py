"""Resistance against input with the thresholds, for two settings of the control currents (the paper's Fig. 1b)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mtjlab.analysis.resistances import computed_resistances_kohm
from mtjlab.domain import PerJunction
from mtjlab.events import JunctionsMeasured, SweepPoint
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
from mtjlab.figures.style import FAINT, INK

_COMPUTED = "#c1272d"


def resistance_curves(record: RunRecord, learnt_ua: PerJunction | None = None) -> Figure:
    """One panel for each junction: measured points, and the curve computed for the controls ``learnt_ua``, if any."""
    start_ua = controls_at(record.sweep[0])
    figure, panels = resistance_panels(start_ua)
    for k, panel in enumerate(panels):
        _draw_measured(panel, record.sweep, k)
        panel.set_xlim(*inputs_shown_ua(record.sweep))
        if record.state.measured is not None:
            _draw_thresholds(panel, record.state.measured, k, start_ua, learnt_ua)
    add_junction_current_axes(panels, start_ua)
    figure.legend(
        handles=_legend(start_ua, learnt_ua), loc="upper left", bbox_to_anchor=(LEGEND_LEFT, 1), borderaxespad=0.2
    )
    return figure


def _draw_measured(panel: Axes, sweep: Sequence[SweepPoint], k: int) -> None:
    for rising, colour, layer in ((False, FAINT, 1), (True, INK, 2)):
        leg = [point.reading for point in sweep if point.rising is rising]
        look: dict[str, Any] = {"color": colour, "markersize": 2.6, "alpha": 1 if rising else 0.55, "zorder": layer}
        panel.plot(*read_resistances_kohm(leg, k), ".", **look)


def _draw_thresholds(
    panel: Axes, measured: JunctionsMeasured, k: int, start_ua: PerJunction, learnt_ua: PerJunction | None
) -> None:
    critical_ua = measured.critical.up_ua[k]
    threshold_ua = critical_ua - start_ua[k]
    panel.axvline(threshold_ua, color=INK, linewidth=0.7, zorder=0)
    name_threshold(panel, (threshold_ua, 0.86), rf"$I_\mathrm{{th}}$ = {threshold_ua:.0f} µA", "left", INK)
    if learnt_ua is None:
        return
    inputs_ua = np.linspace(*panel.get_xlim(), 1200)
    law = measured.references[k].law
    resistances = computed_resistances_kohm(law, critical_ua, inputs_ua + learnt_ua[k])
    shifted_ua = critical_ua - learnt_ua[k]
    panel.plot(inputs_ua, resistances, "--", color=_COMPUTED, linewidth=1, zorder=3)
    panel.axvline(shifted_ua, color=_COMPUTED, linewidth=0.7, linestyle=":", zorder=0)
    name_threshold(panel, (shifted_ua, 0.2), rf"$I_\mathrm{{th}}$ = {shifted_ua:.0f} µA", "right", _COMPUTED)


def _legend(start_ua: PerJunction, learnt_ua: PerJunction | None) -> list[Line2D]:
    dot: dict[str, Any] = {"marker": ".", "linestyle": "none"}
    handles = [
        Line2D([], [], color=INK, label=f"measured, input rising, {controls_text(start_ua)}", **dot),
        Line2D([], [], color=FAINT, label="measured, input falling", **dot),
    ]
    if learnt_ua is not None:
        label = f"computed from the fit, {controls_text(learnt_ua)}"
        handles.append(Line2D([], [], color=_COMPUTED, linestyle="--", linewidth=1, label=label))
    return handles
