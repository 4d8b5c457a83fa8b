"""The figures of a shift."""

from collections.abc import Iterator

from matplotlib.figure import Figure

from mtjlab.analysis.shift import shifts
from mtjlab.figures.resistance_curves import resistance_curves
from mtjlab.procedures.curves import series_so_far
from mtjlab.procedures.kind import Run
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.shift.shifted_curves import shifted_curves
from mtjlab.procedures.shift.shifts import cross_talk_figure, shifts_figure
from mtjlab.procedures.swept import record_of


def shift_figures(run: Run[ShiftPlan]) -> Iterator[tuple[str, Figure]]:
    """Name and picture of each, as far as there is something to draw."""
    record = record_of(run)
    if record.curves:
        yield "resistance-curves", shifted_curves(record, run.plan)
    elif record.sweep:
        yield "resistance-curves", resistance_curves(record)
    series = series_so_far(record.state)
    if series:
        told = shifts([one.controls_ua for one in series], [one.up for one in series])
        yield "shift", shifts_figure(series, told)
        yield "cross-talk", cross_talk_figure(told)
