"""The figures of a run that measured junctions: a sweep, a shift or a switching map."""

from collections.abc import Iterator

from matplotlib.figure import Figure

from mtjlab.analysis.shift import shifts
from mtjlab.config import MapAsked, ShiftAsked, SweepAsked
from mtjlab.figures.critical_inputs import critical_inputs_figure
from mtjlab.figures.directions import swept_directions
from mtjlab.figures.mapped import mapped_of
from mtjlab.figures.measured_map import measured_map
from mtjlab.figures.probabilities import probabilities_figure
from mtjlab.figures.record import Measuring, RunRecord, unfinished
from mtjlab.figures.repeated_curves import repeated_curves
from mtjlab.figures.resistance_curves import resistance_curves
from mtjlab.figures.shifted_curves import shifted_curves
from mtjlab.figures.shifts import cross_talk_figure, shifts_figure
from mtjlab.procedures.switching import series_measured


def measuring_figures(record: RunRecord, measuring: Measuring) -> Iterator[tuple[str, Figure]]:
    """Name and picture of each, as far as there is something to draw."""
    match measuring.asked:
        case SweepAsked():
            yield from _sweep_figures(record)
        case ShiftAsked():
            yield from _shift_figures(record, measuring.asked)
        case MapAsked():
            yield from _map_figures(record, measuring, measuring.asked)


def _sweep_figures(record: RunRecord) -> Iterator[tuple[str, Figure]]:
    directions = list(swept_directions(record.state, 0, record.started.bench.aperture_s))
    if record.curves:
        yield "resistance-curves", repeated_curves(record, directions)
    elif record.sweep:
        yield "resistance-curves", resistance_curves(record)
    if directions:
        yield "switching-probability", probabilities_figure(directions)
        yield "critical-inputs", critical_inputs_figure(directions)


def _shift_figures(record: RunRecord, asked: ShiftAsked) -> Iterator[tuple[str, Figure]]:
    if record.curves:
        yield "resistance-curves", shifted_curves(record, asked)
    elif record.sweep:
        yield "resistance-curves", resistance_curves(record)
    switching = record.state.switching
    series = switching.series if switching else series_measured(record.state.curves)
    if series:
        told = shifts([one.controls_ua for one in series], [one.up for one in series])
        yield "shift", shifts_figure(series, told)
        yield "cross-talk", cross_talk_figure(told)


def _map_figures(record: RunRecord, measuring: Measuring, asked: MapAsked) -> Iterator[tuple[str, Figure]]:
    if record.sweep:
        yield "resistance-curves", resistance_curves(record)
    if not (record.state.curves or record.state.mapped or record.state.probes):
        return
    mapped = mapped_of(record, measuring, asked)
    yield "switching-map", measured_map(mapped, unfinished(record))
    directions = [told.direction for told in mapped.inputs if told.direction is not None]
    if directions:
        yield "switching-probability", probabilities_figure(directions)
    if directions and asked.way == "curves":
        yield "critical-inputs", critical_inputs_figure(directions)
