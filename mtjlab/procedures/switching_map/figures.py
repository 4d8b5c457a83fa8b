"""Figures of a switching map."""

from collections.abc import Iterator
from functools import partial

from mtjlab.figures.critical_inputs import critical_inputs_figure
from mtjlab.figures.named import NamedFigure
from mtjlab.figures.probabilities import probabilities_figure
from mtjlab.figures.resistance_curves import resistance_curves
from mtjlab.procedures.kind import Run
from mtjlab.procedures.swept import record_of
from mtjlab.procedures.switching_map.mapped import map_of_record
from mtjlab.procedures.switching_map.measured_map import measured_map
from mtjlab.procedures.switching_map.plan import MapPlan


def map_figures(run: Run[MapPlan]) -> Iterator[NamedFigure]:
    """Figures for which there is data."""
    record = record_of(run)
    if record.sweep:
        yield NamedFigure("resistance-curves", partial(resistance_curves, record))
    if not any(map(record.state.each, run.kind.tracked)):
        return
    mapped = map_of_record(record, run.plan, run.config)
    yield NamedFigure("switching-map", partial(measured_map, mapped, run.unfinished), is_key=True)
    directions = [one.direction for one in mapped.inputs if one.direction is not None]
    if directions:
        yield NamedFigure("switching-probability", partial(probabilities_figure, directions))
    if directions and run.plan.way == "curves":
        yield NamedFigure("critical-inputs", partial(critical_inputs_figure, directions))
