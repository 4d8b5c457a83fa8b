"""Figures of a sweep."""

from collections.abc import Iterator
from typing import Any

from matplotlib.figure import Figure

from mtjlab.figures.critical_inputs import critical_inputs_figure
from mtjlab.figures.directions import swept_directions
from mtjlab.figures.probabilities import probabilities_figure
from mtjlab.figures.repeated_curves import repeated_curves
from mtjlab.figures.resistance_curves import resistance_curves
from mtjlab.procedures.kind import Run
from mtjlab.procedures.swept import record_of


def sweep_figures(run: Run[Any]) -> Iterator[tuple[str, Figure]]:
    """Name and content of each figure for which there is data."""
    record = record_of(run)
    directions = list(swept_directions(record.state, 0, record.started.bench.aperture_s))
    if record.curves:
        yield "resistance-curves", repeated_curves(record, directions)
    elif record.sweep:
        yield "resistance-curves", resistance_curves(record)
    if directions:
        yield "switching-probability", probabilities_figure(directions)
        yield "critical-inputs", critical_inputs_figure(directions)
