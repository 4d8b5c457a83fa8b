"""Figures of a switching map."""

from collections.abc import Iterator

from matplotlib.figure import Figure

from mtjlab.figures.critical_inputs import critical_inputs_figure
from mtjlab.figures.probabilities import probabilities_figure
from mtjlab.figures.resistance_curves import resistance_curves
from mtjlab.procedures.kind import Run
from mtjlab.procedures.swept import record_of
from mtjlab.procedures.switching_map.mapped import map_of_record
from mtjlab.procedures.switching_map.measured_map import measured_map
from mtjlab.procedures.switching_map.plan import MapPlan


def map_figures(run: Run[MapPlan]) -> Iterator[tuple[str, Figure]]:
    """Name and content of each figure for which there is data."""
    record = record_of(run)
    if record.sweep:
        yield "resistance-curves", resistance_curves(record)
    if not any(map(record.state.each, run.kind.tracked)):
        return
    mapped = map_of_record(record, run.plan, run.config)
    yield "switching-map", measured_map(mapped, run.unfinished)
    directions = [one.direction for one in mapped.inputs if one.direction is not None]
    if directions:
        yield "switching-probability", probabilities_figure(directions)
    if directions and run.plan.way == "curves":
        yield "critical-inputs", critical_inputs_figure(directions)
