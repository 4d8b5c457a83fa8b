"""Figures against the magnetic field: loops of the resistance, and critical inputs with their lines."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.field_loops import LoopEstimate, Measured
from mtjlab.analysis.field_slopes import FieldSlope
from mtjlab.domain import PerJunction, junction_label
from mtjlab.events import SeriesMeasured
from mtjlab.figures.named import NamedFigure
from mtjlab.figures.style import FAINT, INK, current, place_inside
from mtjlab.palette import junction_colours, tint
from mtjlab.procedures.field.events import LoopPoint, WorkingPointChosen
from mtjlab.procedures.field.plan import FieldPlan
from mtjlab.procedures.field.state import FieldState

_PANEL_IN, _BESIDE_IN = (2.35, 2.2), 0.38
_LEFT_IN, _RIGHT_IN, _BOTTOM_IN = 0.6, 0.15, 0.42
_TITLE_IN, _TITLES_IN = 0.62, 0.8
"""Height above the panels for the legend and a title of one line, or of three."""
_SWITCHES = 0.22
"""How strong the tint of the interval of a mean switching field is."""
_EACH_LOOP = 0.55


def field_figures(state: FieldState, plan: FieldPlan) -> Iterator[NamedFigure]:
    """Figures for which there is data."""
    if state.complete_loops:
        yield NamedFigure("field-loops", partial(loops_figure, state), is_key=True)
    if series := state.measured_series():
        critical = partial(critical_inputs_figure, series, state.slopes(), state.chosen, plan.controls_ua)
        yield NamedFigure("critical-inputs-against-field", critical, is_key=True)


def loops_figure(state: FieldState) -> Figure:
    """A panel for each junction: its resistance against the field, and the intervals of its switching fields."""
    estimates = state.loops()
    figure, panels = _panels(len(estimates), _TITLES_IN)
    colours = junction_colours(len(estimates))
    for k, (panel, one) in enumerate(zip(panels, estimates, strict=True)):
        for loop in state.complete_loops:
            for rising in (True, False):
                _draw_leg(panel, state.legs[loop][rising], k, colours[k], rising)
        for mean in (one.up_mt, one.down_mt):
            if mean is not None:
                panel.axvspan(mean.low, mean.high, color=tint(colours[k], _SWITCHES), linewidth=0, zorder=0)
        panel.set_title(junction_label(k), weight="bold")
        panel.set_title(loop_text(one), loc="right", fontsize=6.5, linespacing=1.25)
        panel.set_xlabel(r"$\mu_0 H$ (mT)")
        panel.margins(x=0.02, y=0.1)
        panel.yaxis.set_major_locator(MaxNLocator(5))
    panels[0].set_ylabel(r"$R$ (k$\Omega$)")
    figure.legend(
        handles=_loop_legend(_probes_ua(state)), loc="upper left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.4
    )
    return figure


def critical_inputs_figure(
    series: Sequence[tuple[float, SeriesMeasured]],
    slopes: Sequence[FieldSlope],
    chosen: WorkingPointChosen | None,
    controls_ua: PerJunction,
) -> Figure:
    """A panel for each junction: critical inputs of both directions against the field, and their lines."""
    junctions = len(controls_ua)
    figure, panels = _panels(junctions, _TITLE_IN)
    colours = junction_colours(junctions)
    for k, panel in enumerate(panels):
        for rising in (True, False):
            _draw_critical(panel, series, k, rising, controls_ua[k], colours[k])
        if k < len(slopes):
            _draw_lines(panel, slopes[k], [field_mt for field_mt, _ in series], controls_ua[k])
            panel.set_title(slope_text(slopes[k]), loc="right", fontsize=6.5)
        if chosen is not None and chosen.point is not None and chosen.point.is_possible:
            panel.axvline(chosen.point.field_mt, color=FAINT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
        panel.set_title(junction_label(k), weight="bold")
        panel.set_xlabel(r"$\mu_0 H$ (mT)")
        panel.margins(x=0.06, y=0.12)
    panels[0].set_ylabel(r"critical $I_\mathrm{in}$ (µA)")
    figure.legend(handles=_critical_legend(), loc="upper left", bbox_to_anchor=(0, 1), ncols=4, borderaxespad=0.4)
    return figure


def loop_text(one: LoopEstimate) -> str:
    """Coercive field, shift and TMR with their intervals, or that they are not determined."""
    if one.coercive_mt is None or one.shift_mt is None or one.tmr is None:
        return "not determined"
    percent = Measured(*(100 * value for value in (one.tmr.value, one.tmr.low, one.tmr.high)))
    coercive, shift = f"{_text(one.coercive_mt, 2)} mT", f"{_text(one.shift_mt, 2)} mT"
    return rf"$H_\mathrm{{c}}$ {coercive}" + f"\nshift {shift}\nTMR {_text(percent, 1)} %"


def slope_text(one: FieldSlope) -> str:
    """Slope of the critical currents with its interval."""
    if one.shift_ua_per_mt is None:
        return "not determined"
    shift = one.shift_ua_per_mt
    return f"{_text(Measured(-shift.value, -shift.high, -shift.low), 1)} µA/mT"


def _text(measured: Measured, decimals: int) -> str:
    value, low, high = (f"{one:.{decimals}f}" for one in (measured.value, measured.low, measured.high))
    return current_sign(f"{value} ({low} … {high})")


def current_sign(text: str) -> str:
    """With true minus signs."""
    return text.replace("-", "−")  # noqa: RUF001


def _draw_leg(panel: Axes, points: Sequence[LoopPoint], k: int, colour: str, rising: bool) -> None:
    fields_mt = [point.field_mt for point in points]
    kohm = [point.reading.samples_mv[-1][k] / point.reading.currents_ua[k] for point in points]
    look: dict[str, Any] = {"linewidth": 0.8, "zorder": 3 if rising else 2}
    panel.plot(fields_mt, kohm, color=colour if rising else tint(colour, _EACH_LOOP), **look)


def _draw_critical(
    panel: Axes, series: Sequence[tuple[float, SeriesMeasured]], k: int, rising: bool, control_ua: float, colour: str
) -> None:
    known = [
        (field_mt, critical.shifted(-control_ua))
        for field_mt, one in series
        if isinstance(critical := (one.up if rising else one.down)[k], CriticalEstimate)
    ]
    if not known:
        return
    means_ua = np.array([critical.law.mean_ua for _, critical in known])
    ends_ua = np.array([(one.mean_interval.low_ua, one.mean_interval.high_ua) for _, one in known])
    look: dict[str, Any] = {
        "fmt": "^" if rising else "v",
        "markersize": 4,
        "linewidth": 0.9,
        "capsize": 1.8,
        "zorder": 3,
    }
    if not rising:
        look["markerfacecolor"] = "white"
    panel.errorbar(
        [field_mt for field_mt, _ in known], means_ua, np.abs(ends_ua - means_ua[:, np.newaxis]).T, color=colour, **look
    )


def _draw_lines(panel: Axes, slope: FieldSlope, fields_mt: Sequence[float], control_ua: float) -> None:
    if slope.shift_ua_per_mt is None:
        return
    ends_mt = [min(fields_mt), max(fields_mt)]
    for at in (slope.up_at, slope.down_at):
        panel.plot(ends_mt, [at(field_mt) - control_ua for field_mt in ends_mt], color=INK, linewidth=0.8, zorder=2)


def _panels(count: int, top_in: float) -> tuple[Figure, Any]:
    width_in, height_in = _PANEL_IN
    figure = Figure(
        (_LEFT_IN + count * width_in + (count - 1) * _BESIDE_IN + _RIGHT_IN, top_in + height_in + _BOTTOM_IN + 0.22)
    )
    room = place_inside(figure, left=_LEFT_IN, right=_RIGHT_IN, bottom=_BOTTOM_IN, top=top_in)
    return figure, figure.subplots(1, count, squeeze=False, gridspec_kw={**room, "wspace": _BESIDE_IN / width_in})[0]


def _probes_ua(state: FieldState) -> list[float]:
    """Probing currents of the loops, each once."""
    currents_ua = (state.legs[loop][True][0].reading.currents_ua[0] for loop in state.complete_loops)
    return list(dict.fromkeys(currents_ua))


def _loop_legend(probes_ua: Sequence[float]) -> list[Line2D | Patch]:
    probes = ", ".join(map(current, probes_ua))
    return [
        Line2D([], [], color=INK, linewidth=0.9, label=f"field rising, at {probes} µA"),
        Line2D([], [], color=tint(INK, _EACH_LOOP), linewidth=0.9, label="field falling"),
        Patch(color=tint(INK, _SWITCHES), label="mean switching fields, 95 % intervals"),
    ]


def _critical_legend() -> list[Line2D]:
    look: dict[str, Any] = {"color": INK, "linestyle": "", "markersize": 4}
    return [
        Line2D([], [], marker="^", label="AP → P", **look),
        Line2D([], [], marker="v", markerfacecolor="white", label="P → AP", **look),
        Line2D([], [], color=INK, linewidth=0.9, label="lines of one slope (above, 95 % interval)"),
        Line2D([], [], color=FAINT, linewidth=0.9, linestyle=(0, (4, 3)), label="working point"),
    ]
