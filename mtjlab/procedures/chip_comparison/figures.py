"""Figures of a comparison of a chip."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from matplotlib.figure import Figure

from mtjlab.analysis.chip_comparison import QUANTITIES
from mtjlab.figures.named import NamedFigure
from mtjlab.figures.style import FAINT, INK, UNFINISHED, place_inside
from mtjlab.palette import junction_colours
from mtjlab.procedures.chip_comparison.events import ChipCompared
from mtjlab.procedures.kind import Run
from mtjlab.procedures.swept import reference_figures

BEYOND = 1.15
LEAST_REACH = 6.0
"""Deviations shown on either side, if no larger one was found."""


def comparison_figures(run: Run[Any]) -> Iterator[NamedFigure]:
    """Figures for which there is data."""
    found = run.state.last(ChipCompared)
    if found is not None:
        yield NamedFigure("chip-comparison", partial(deviations_figure, found), is_key=True)
    yield from reference_figures(run)


def deviations_figure(found: ChipCompared) -> Figure:
    """Change of each quantity of each junction, in standard deviations, beside the limit that counts as changed."""
    comparison = found.comparison
    names = [name for name in QUANTITIES if any(one.quantity == name for one in comparison.compared)]
    labels = sorted({one.junction for one in comparison.compared})
    figure = Figure((5.6, 1.1 + 0.36 * (len(names) + 1)))
    axes = figure.subplots(gridspec_kw=place_inside(figure, left=1.45, right=0.9, bottom=0.45, top=0.3))
    limit = comparison.limit
    known = [abs(one.deviations) for one in comparison.compared if one.deviations is not None]
    reach = BEYOND * max(*known, abs(comparison.common_deviations), limit, LEAST_REACH)
    axes.axvspan(-limit, limit, color=FAINT, alpha=0.22, linewidth=0, label="as before")
    axes.axvline(0.0, color=FAINT, linewidth=0.8)
    step = 0.8 / len(labels)
    for k, (label, colour) in enumerate(zip(labels, junction_colours(len(labels)), strict=True)):
        own = [one for one in comparison.compared if one.junction == label]
        places = [
            (one.deviations, names.index(one.quantity) + (k + 0.5) * step - 0.4, one.changed)
            for one in own
            if one.deviations is not None
        ]
        axes.plot([x for x, _, _ in places], [y for _, y, _ in places], "o", color=colour, markersize=4.5, label=label)
        ringed = [(x, y) for x, y, changed in places if changed]
        axes.plot([x for x, _ in ringed], [y for _, y in ringed], "o", mfc="none", mec=UNFINISHED, markersize=9)
    axes.plot([comparison.common_deviations], [len(names)], "D", color=INK, markersize=4.5)
    axes.set_yticks(range(len(names) + 1), [*map(QUANTITIES.__getitem__, names), "all thresholds"])
    axes.set(xlim=(-reach, reach), ylim=(len(names) + 0.6, -0.6), xlabel="change (standard deviations)")
    axes.set_title("as before" if comparison.is_unchanged else "CHANGED (ringed)")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.03))
    return figure
