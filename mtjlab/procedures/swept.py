"""Data for figures: the record of a run and its sweep points."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from mtjlab.errors import NothingToDrawError
from mtjlab.figures.named import NamedFigure
from mtjlab.figures.record import RunRecord
from mtjlab.figures.resistance_curves import resistance_curves
from mtjlab.procedures.kind import Run


def record_of(run: Run[Any]) -> RunRecord:
    """Record of a run for its figures.

    Raises:
        NothingToDrawError: the run has not measured anything yet.
    """
    record = RunRecord.of(run.events(), run.kind.tracked, run.kind.new_state())
    if record is None:
        raise NothingToDrawError(
            f"{run.folder}: nothing to draw yet: its journal contains no sweep points. Try again once the junctions "
            "have been measured."
        )
    return record


def reference_figures(run: Run[Any]) -> Iterator[NamedFigure]:
    """Figure of the reference sweep, if there is one."""
    record = record_of(run)
    if record.sweep:
        yield NamedFigure("resistance-curves", partial(resistance_curves, record))
