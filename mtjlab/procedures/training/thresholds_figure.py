"""Figures of thresholds: what was known after each probe, and how they drifted afterwards."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mtjlab.domain import Verdict, junction_label
from mtjlab.figures.style import FAINT, INK, count_steps, place_inside
from mtjlab.palette import junction_colours
from mtjlab.procedures.training.events import DEVIATIONS, Refreshed, ThresholdsProbed

_WIDEST_UA = 40.0
"""Half height of a panel."""


def thresholds_figure(probes: Sequence[ThresholdsProbed]) -> Figure:
    """One panel for each junction: its threshold and what is not known of it after each probe, and what that found."""
    junctions = len(probes[0].controls_ua)
    figure = Figure((5.2, 0.8 + 1.35 * junctions))
    room = place_inside(figure, left=0.75, right=1.2, bottom=0.42, top=0.12)
    grid = figure.subplots(junctions, sharex=True, squeeze=False, gridspec_kw={**room, "hspace": 0.14})
    for k, (panel, colour) in enumerate(zip(grid[:, 0], junction_colours(junctions), strict=True)):
        _draw_junction(panel, k, colour, probes)
    figure.axes[0].legend(loc="upper left", bbox_to_anchor=(1.0, 1.05))
    count_steps(figure.axes[-1], "probe")
    return figure


def drift_figure(refreshed: Sequence[Refreshed]) -> Figure:
    """Drift of the thresholds since the probes before the training: of all together, and of each junction."""
    figure = Figure((5.2, 3.0))
    axes = figure.subplots(gridspec_kw=place_inside(figure, left=0.6, right=1.2, bottom=0.42, top=0.12))
    minutes = [one.t_s / 60 for one in refreshed]
    common_ua = list(accumulate(one.common_ua for one in refreshed))
    axes.plot(minutes, common_ua, color=INK, linewidth=2, label="common (field)")
    junctions = len(refreshed[0].own_ua)
    for k, colour in enumerate(junction_colours(junctions)):
        own_ua = list(accumulate(one.own_ua[k] for one in refreshed))
        axes.plot(minutes, own_ua, color=colour, linewidth=1, label=f"{junction_label(k)}, its own")
    axes.set(xlabel="bench time (min)", ylabel="drift of the threshold (µA)")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.03))
    return figure


def _draw_junction(panel: Axes, k: int, colour: str, probes: Sequence[ThresholdsProbed]) -> None:
    known = [(n, one.thresholds_ua[k], one.errors_ua[k]) for n, one in enumerate(probes, 1) if one.thresholds_ua]
    numbers = [n for n, _, _ in known]
    low_ua, high_ua = ([mean + sign * DEVIATIONS * error for _, mean, error in known] for sign in (-1, 1))
    panel.fill_between(numbers, low_ua, high_ua, color=colour, alpha=0.22, linewidth=0, label="95 %")
    panel.plot(numbers, [mean for _, mean, _ in known], color=colour, label="threshold")
    for verdict, filled, label in ((Verdict.P, colour, "switched"), (Verdict.AP, "white", "did not switch")):
        _mark(panel, probes, k, verdict, label, marker="o", ms=3.5, mec=colour, mfc=filled)
    _mark(panel, probes, k, None, "does not count", marker="x", ms=4, color=FAINT)
    if known:
        middle_ua = known[-1][1]
        panel.set_ylim(middle_ua - _WIDEST_UA, middle_ua + _WIDEST_UA)
    panel.set_ylabel(f"{junction_label(k)}  (µA)")


def _mark(
    panel: Axes, probes: Sequence[ThresholdsProbed], k: int, verdict: Verdict | None, label: str, **style: Any
) -> None:
    """Mark the currents of the probes that gave a verdict; None for those that tell nothing."""
    found = [(n, one.currents_ua[k]) for n, one in enumerate(probes, 1) if one.state(k) is verdict]
    if found:
        panel.plot(*zip(*found, strict=True), linestyle="none", label=label, **style)
