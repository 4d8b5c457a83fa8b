"""Switching probability against input: what was counted, and what the law that was fitted says of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import floor
from statistics import fmean, median
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.probability import SwitchingProbability, probability_on_ramps, probability_when_held
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.arrays import FloatArray
from mtjlab.domain import Interval
from mtjlab.figures.direction_panels import add_currents, direction_panels
from mtjlab.figures.directions import Direction
from mtjlab.figures.style import INK
from mtjlab.palette import junction_colours, tint

_FEW, _MANY = 0.005, 0.995
_MARGIN = 0.06
_POINTS = 120
_AROUND_UA = 10.0
"""Shown beyond all that was counted, of a junction that was not determined."""
_FEWEST = 3
"""Fewer outcomes at a current, or currents in the range that is shown, tell little by themselves."""
_NEIGHBOURS = 0.5
"""Spreads within which currents are counted together."""


def probabilities_figure(directions: Sequence[Direction]) -> Figure:
    """One panel for each junction and direction, around its critical input."""
    figure, panels = direction_panels(directions, _legend(directions), pad_pt=14)
    colours = junction_colours(len(panels))
    for k, (row, colour) in enumerate(zip(panels, colours, strict=True)):
        for panel, direction in zip(row, directions, strict=True):
            _draw_probabilities(panel, direction, k, colour)
            add_currents(panel, "x", direction.controls_ua[k], named=False)
        row[0].set_ylabel("switched (share)")
    for panel in panels[-1]:
        panel.set_xlabel(r"$I_\mathrm{input}$ (µA);  above: $I_\mathrm{MTJ}$")
    return figure


def counted(direction: Direction, junction: int) -> SwitchingProbability | None:
    """How often a junction switched at each junction current; None if there is nothing to count.

    Currents that were held only once or twice are counted together with their neighbours, at their mean.
    """
    passages = [one for one in direction.passages[junction] if one.outcome != "already"]
    if not passages:
        return None
    if direction.staircase is not None:
        return probability_on_ramps(passages, direction.staircase.ramp_ua_per_s)
    outcomes: dict[float, list[bool]] = defaultdict(list)
    for current_ua, switched in direction.outcomes(junction):
        outcomes[current_ua].append(switched)
    if not outcomes:
        return None
    critical = direction.critical_input(junction)
    if critical is not None and median(map(len, outcomes.values())) < _FEWEST:
        outcomes = _together(outcomes, _NEIGHBOURS * critical.law.spread_ua)
    return probability_when_held(outcomes, direction.dwell_s)


def law_probability(direction: Direction, law: SwitchingLaw, inputs_ua: FloatArray) -> FloatArray:
    """What ``law`` of a critical input says for the pace of ``direction``."""
    if direction.staircase is not None:
        return direction.staircase.switched_by(law, inputs_ua)
    return law.probability(inputs_ua, direction.dwell_s)


def _together(outcomes: Mapping[float, Sequence[bool]], width_ua: float) -> dict[float, list[bool]]:
    """Outcomes of currents within the same ``width_ua``, at the mean of those currents."""
    by_bin: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for current_ua, came in outcomes.items():
        by_bin[floor(current_ua / width_ua)] += [(current_ua, switched) for switched in came]
    return {fmean(ua for ua, _ in bin_): [switched for _, switched in bin_] for bin_ in by_bin.values()}


def _draw_probabilities(panel: Axes, direction: Direction, k: int, colour: str) -> None:
    panel.set(ylim=(-_MARGIN, 1 + _MARGIN), yticks=(0, 0.5, 1))
    count, critical = counted(direction, k), direction.critical_input(k)
    if count is None:
        return
    inputs_ua = count.currents_ua - direction.controls_ua[k]
    shown = _shown(inputs_ua, direction, critical)
    panel.set_xlim(shown.low_ua, shown.high_ua)
    panel.xaxis.set_major_locator(MaxNLocator(6, steps=(1, 2, 5, 10)))
    near = (inputs_ua >= shown.low_ua) & (inputs_ua <= shown.high_ua)
    errors = np.stack([count.shares - count.low, count.high - count.shares])
    look: dict[str, Any] = {"color": colour, "markersize": 3, "linewidth": 0.8, "capsize": 1.5, "zorder": 3}
    panel.errorbar(inputs_ua[near], count.shares[near], errors[:, near], fmt="o", **look)
    if critical is not None:
        _draw_law(panel, direction, k, critical, colour)


def _shown(inputs_ua: FloatArray, direction: Direction, critical: CriticalEstimate | None) -> Interval:
    """From where hardly anything switches to where nearly all does; farther, to what was read, if little was there."""
    if critical is None:
        return Interval(float(inputs_ua.min()) - _AROUND_UA, float(inputs_ua.max()) + _AROUND_UA)
    fine_ua = critical.law.mean_ua + np.linspace(-15, 15, 1201) * critical.law.spread_ua
    chances = law_probability(direction, critical.law, fine_ua)
    turning_ua = fine_ua[(chances > _FEW) & (chances < _MANY)]
    low_ua, high_ua = float(turning_ua.min()), float(turning_ua.max())
    if np.count_nonzero((inputs_ua > low_ua) & (inputs_ua < high_ua)) < _FEWEST:
        low_ua = max(inputs_ua[inputs_ua < low_ua].tolist(), default=low_ua)
        high_ua = min(inputs_ua[inputs_ua > high_ua].tolist(), default=high_ua)
    margin_ua = 0.1 * (high_ua - low_ua)
    return Interval(low_ua - margin_ua, high_ua + margin_ua)


def _draw_law(panel: Axes, direction: Direction, k: int, critical: CriticalEstimate, colour: str) -> None:
    inputs_ua = np.linspace(*panel.get_xlim(), _POINTS)
    possible = direction.possible(k)
    if possible is not None:
        low, high = possible.interval(lambda law: law_probability(direction, law, inputs_ua))
        panel.fill_between(inputs_ua, low, high, color=tint(colour, 0.25), linewidth=0, zorder=1)
    panel.plot(inputs_ua, law_probability(direction, critical.law, inputs_ua), color=INK, linewidth=0.9, zorder=2)


def _legend(directions: Sequence[Direction]) -> list[Line2D | Patch]:
    held = any(direction.staircase is None for direction in directions)
    counts = "counted, 95 % (Beta); lone probes together" if held else "counted, 95 % (Beta, Jeffreys' prior)"
    return [
        Line2D([], [], color=INK, marker="o", markersize=3, linestyle="none", label=counts),
        Line2D([], [], color=INK, linewidth=0.9, label="law of greatest likelihood at this pace"),
        Patch(color=tint(INK, 0.25), label="95 % of the laws that are possible"),
    ]
