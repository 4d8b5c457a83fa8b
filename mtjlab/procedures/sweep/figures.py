"""Figures of a sweep."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from mtjlab.figures.critical_inputs import critical_inputs_figure
from mtjlab.figures.directions import swept_directions
from mtjlab.figures.named import NamedFigure
from mtjlab.figures.probabilities import probabilities_figure
from mtjlab.figures.repeated_curves import repeated_curves
from mtjlab.figures.resistance_curves import resistance_curves
from mtjlab.procedures.kind import Run
from mtjlab.procedures.swept import record_of


def sweep_figures(run: Run[Any]) -> Iterator[NamedFigure]:
    """Figures for which there is data."""
    record = record_of(run)
    directions = list(swept_directions(record.state, 0, record.started.bench.aperture_s))
    if record.curves:
        yield NamedFigure("resistance-curves", partial(repeated_curves, record, directions), is_key=True)
    elif record.sweep:
        yield NamedFigure("resistance-curves", partial(resistance_curves, record), is_key=True)
    if directions:
        yield NamedFigure("switching-probability", partial(probabilities_figure, directions))
        yield NamedFigure("critical-inputs", partial(critical_inputs_figure, directions), is_key=True)
