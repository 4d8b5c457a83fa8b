"""What figures are drawn from: the state of a run, and the points that it swept."""

from collections.abc import Iterator
from typing import Any

from matplotlib.figure import Figure

from mtjlab.errors import NothingToDrawError
from mtjlab.figures.record import RunRecord
from mtjlab.figures.resistance_curves import resistance_curves
from mtjlab.procedures.kind import Run


def record_of(run: Run[Any]) -> RunRecord:
    """The record of a run.

    Raises:
        NothingToDrawError: nothing was measured in it yet.
    """
    record = RunRecord.of(run.events(), run.kind.tracked)
    if record is None:
        raise NothingToDrawError(
            f"{run.folder}: nothing to draw yet: its journal holds no point of a sweep. Draw again once the junctions "
            "have been measured."
        )
    return record


def reference_figures(run: Run[Any]) -> Iterator[tuple[str, Figure]]:
    """The reference sweep, if there was one."""
    record = record_of(run)
    if record.sweep:
        yield "resistance-curves", resistance_curves(record)
