"""How far chains scale: junctions that the limits allow, recognition of their classes, and chains for many classes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mtjlab.analysis.scale import Build, Chains, chains_for
from mtjlab.arrays import FloatArray
from mtjlab.counted import counted
from mtjlab.figures.style import FAINT, INK, place_inside
from mtjlab.palette import series_style

_PANEL_IN, _BESIDE_IN = (2.3, 2.3), 0.62
_LEFT_IN, _RIGHT_IN, _BOTTOM_IN, _TOP_IN = 0.5, 0.1, 0.4, 0.72
_MOST_CLASSES = 1000
_SPACINGS, _CURVES = 60, 8
_DRIVE, _RESET, _GRADED = "#d55e00", "#0072b2", "#009e73"


@dataclass(frozen=True, slots=True)
class Row:
    """Chains, and the shares that they are expected to recognise: by the law, and by Monte-Carlo."""

    chains: Chains
    expected: float
    monte_carlo: float


def scale_figure(rows: Sequence[Row], build: Build, spacings_ua: Sequence[float]) -> Figure:
    """Three panels: junctions in a chain, recognition, and chains for a number of classes, at these spacings."""
    width_in, height_in = _PANEL_IN
    figure = Figure((_LEFT_IN + 3 * width_in + 2 * _BESIDE_IN + _RIGHT_IN, _TOP_IN + height_in + _BOTTOM_IN + 0.22))
    room = place_inside(figure, left=_LEFT_IN, right=_RIGHT_IN, bottom=_BOTTOM_IN, top=_TOP_IN)
    grid = {**room, "wspace": _BESIDE_IN / width_in}
    junctions, recognition, chains = figure.subplots(1, 3, squeeze=False, gridspec_kw=grid)[0]
    places_ua = np.geomspace(min(*spacings_ua, 15.0), max(*spacings_ua, 150.0), _SPACINGS)
    _draw_junctions(junctions, build, places_ua, spacings_ua)
    _draw_recognition(recognition, rows, places_ua)
    _draw_chains(chains, build, spacings_ua)
    for axes in (junctions, recognition, chains):
        axes.legend(loc="lower left", bbox_to_anchor=(-0.05, 1.0), fontsize=6.5, ncols=2, columnspacing=0.9)
    return figure


def _draw_junctions(axes: Axes, build: Build, places_ua: FloatArray, spacings_ua: Sequence[float]) -> None:
    equal = [build.largest_equal(float(spacing_ua)) for spacing_ua in places_ua]
    graded = [build.largest_graded(float(spacing_ua)).binding.junctions for spacing_ua in places_ua]
    look: dict[str, Any] = {"drawstyle": "steps-post"}
    axes.plot(places_ua, [one.drive.junctions for one in equal], color=_DRIVE, label="drive side", **look)
    axes.plot(places_ua, [one.reset.junctions for one in equal], color=_RESET, label="reset side", **look)
    axes.plot(places_ua, graded, color=_GRADED, linestyle="--", label="graded, both sides", **look)
    allowed = [one.binding.junctions for one in equal]
    axes.fill_between(places_ua, 0, allowed, step="post", color=FAINT, alpha=0.25, linewidth=0, label="equal, both")
    for spacing_ua in spacings_ua:
        most = build.largest_equal(spacing_ua).binding.junctions
        axes.plot(spacing_ua, most, "o", color=INK, markersize=3.5)
        axes.annotate(str(most), (spacing_ua, most), (3, 3), textcoords="offset points", fontsize=7)
    top = max(*(build.largest_equal(spacing_ua).binding.junctions for spacing_ua in spacings_ua), 8)
    axes.set(xscale="log", xlabel="spacing of boundaries (µA)", ylabel="junctions in a chain", ylim=(0, 1.35 * top))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    _plain_ticks(axes)


def _draw_recognition(axes: Axes, rows: Sequence[Row], places_ua: FloatArray) -> None:
    """A curve for all rows that differ in their spacing alone, Monte-Carlo as symbols on it."""
    alike = list(dict.fromkeys(replace(row.chains, spacing_ua=1.0) for row in rows))
    for number, chains in enumerate(alike[:_CURVES]):
        style = series_style(number)
        shares = [replace(chains, spacing_ua=float(spacing_ua)).expected() for spacing_ua in places_ua]
        cloud = f", cloud {chains.cloud_ua:g}" if chains.cloud_ua else ""
        label = f"N {chains.junctions}, M {chains.inputs}, spread {chains.spread_ua:g}{cloud}"
        axes.plot(places_ua, 100 * np.array(shares), color=style.colour, linewidth=1.0, label=label)
        of_curve = [row for row in rows if replace(row.chains, spacing_ua=1.0) == chains]
        axes.plot(
            [row.chains.spacing_ua for row in of_curve],
            [100 * row.monte_carlo for row in of_curve],
            style.marker,
            color=style.colour,
            markersize=4,
            fillstyle="none",
        )
    if len(alike) > _CURVES:
        axes.text(0.97, 0.05, f"and {len(alike) - _CURVES} more", transform=axes.transAxes, ha="right", fontsize=6.5)
    lowest = min(row.expected for row in rows)
    axes.set(xscale="log", xlabel="spacing of boundaries (µA)", ylabel="expected recognition (%)")
    axes.set_ylim(max(0.0, 100 * lowest - 8), 100.5)
    _plain_ticks(axes)


def _draw_chains(axes: Axes, build: Build, spacings_ua: Sequence[float]) -> None:
    classes = np.unique(np.geomspace(2, _MOST_CLASSES, 400).astype(int))
    for number, spacing_ua in enumerate(spacings_ua[:_CURVES]):
        junctions = build.largest_equal(spacing_ua).binding.junctions
        found = [chains_for(int(n), junctions) for n in classes]
        label = f"{spacing_ua:g} µA: {counted(junctions, 'junction')}"
        counts = [one[0] if one else np.nan for one in found]
        axes.plot(classes, counts, color=series_style(number).colour, drawstyle="steps-post", label=label)
    axes.set(xscale="log", xlabel="classes", ylabel="chains, one for each input")
    axes.set_ylim(0, None)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))


def _plain_ticks(axes: Axes) -> None:
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("")
    ticks = [tick for tick in (5, 10, 20, 30, 50, 100, 200, 500) if axes.get_xlim()[0] <= tick <= axes.get_xlim()[1]]
    axes.set_xticks(ticks)
