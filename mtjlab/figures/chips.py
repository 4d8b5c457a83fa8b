"""Figure of a chip over all its runs: thresholds, resistances, and what has worn it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mtjlab.domain import PerJunction, junction_label
from mtjlab.figures.style import FAINT, place_inside
from mtjlab.palette import junction_colours

SECONDS_PER_DAY = 86400.0
LEAST_UA, LEAST_PERCENT = 15.0, 1.0
"""Changes that the axes show in any case."""


@dataclass(frozen=True, slots=True)
class Point:
    """A run: when it began, what it measured (empty if nothing), the charge and the stress that it added."""

    at: datetime
    critical_up_ua: PerJunction
    critical_down_ua: PerJunction
    resistance_parallel_ohm: PerJunction
    charges_c: PerJunction
    stressed_s: PerJunction


def chip_figure(title: str, points: Sequence[Point]) -> Figure:
    """Change of critical currents and R_P since they were first measured; time under stress, added up."""
    junctions = max(len(one.critical_up_ua) or len(one.charges_c) for one in points)
    figure = Figure((7.2, 5.4))
    room = place_inside(figure, left=0.75, right=0.12, bottom=0.6, top=0.25)
    grid = figure.subplots(2, 2, sharex=True, gridspec_kw={**room, "hspace": 0.1, "wspace": 0.3})
    (up, down), (resistance, stress) = grid
    for k, colour in enumerate(junction_colours(junctions)):
        _changes(up, points, "critical_up_ua", k, colour)
        _changes(down, points, "critical_down_ua", k, colour)
        _changes(resistance, points, "resistance_parallel_ohm", k, colour, in_percent=True)
        worn = accumulate(one.stressed_s[k] if k < len(one.stressed_s) else 0.0 for one in points)
        stress.plot([_day(one.at) for one in points], list(worn), color=colour, drawstyle="steps-post")
    up.set(ylabel="change of AP → P (µA)", title=title)
    down.set(ylabel="change of P → AP (µA)")
    resistance.set(ylabel="change of parallel resistance (%)")
    stress.set(ylabel="time above 0.5 V (s)", ylim=(0.0, None))
    for axes, least in ((up, LEAST_UA), (down, LEAST_UA), (resistance, LEAST_PERCENT)):
        reach = max(least, *(abs(end) for end in axes.get_ylim()))
        axes.set_ylim(-reach, reach)
        axes.axhline(0.0, color=FAINT, linewidth=0.7, zorder=0)
        axes.legend(loc="best", title="at first", title_fontsize=7)
    for axes in (resistance, stress):
        axes.xaxis_date()
        axes.tick_params(axis="x", labelrotation=25)
    return figure


def _changes(axes: Axes, points: Sequence[Point], name: str, k: int, colour: str, in_percent: bool = False) -> None:
    known = [(_day(one.at), getattr(one, name)[k]) for one in points if k < len(getattr(one, name))]
    if not known:
        return
    _, first = known[0]
    changes = [(value - first) * (100.0 / first if in_percent else 1.0) for _, value in known]
    label = f"{junction_label(k)}: {first:.4g} {'ohm' if in_percent else 'µA'}"
    axes.plot([day for day, _ in known], changes, "o-", color=colour, markersize=3, linewidth=0.8, label=label)


def _day(at: datetime) -> float:
    """Days since 1970, as matplotlib counts them."""
    return at.timestamp() / SECONDS_PER_DAY
