"""The figures of a run that measured junctions: a sweep, a shift or a switching map."""

from collections.abc import Iterator

from matplotlib.figure import Figure

from mtjlab.figures.critical_inputs import critical_inputs_figure
from mtjlab.figures.directions import swept_directions
from mtjlab.figures.probabilities import probabilities_figure
from mtjlab.figures.record import RunRecord
from mtjlab.figures.repeated_curves import repeated_curves
from mtjlab.figures.resistance_curves import resistance_curves


def sweep_figures(record: RunRecord) -> Iterator[tuple[str, Figure]]:
    """Curves, switching probabilities and critical inputs, as far as there are any."""
    directions = list(swept_directions(record.state, 0, record.started.bench.aperture_s))
    if record.curves:
        yield "resistance-curves", repeated_curves(record, directions)
    elif record.sweep:
        yield "resistance-curves", resistance_curves(record)
    if directions:
        yield "switching-probability", probabilities_figure(directions)
        yield "critical-inputs", critical_inputs_figure(directions)
