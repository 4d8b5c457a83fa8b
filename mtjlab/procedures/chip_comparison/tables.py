"""Table of a comparison of a chip."""

from collections.abc import Iterable
from operator import attrgetter

from mtjlab.analysis.chip_comparison import QUANTITIES, Compared
from mtjlab.procedures.chip_comparison.events import ChipCompared
from mtjlab.schema import Column, DataSet, Table

COMPARED = (
    Column("Junction", "junction, from source 1 to ground", attrgetter("junction"), holds=str),
    Column("Quantity", "what was compared, with its unit", lambda one: QUANTITIES[one.quantity], holds=str),
    Column("Before", "value of the calibration", attrgetter("before")),
    Column("Now", "value measured now; empty if it could not be determined", attrgetter("now")),
    Column("Deviations", "change in standard deviations", attrgetter("deviations")),
    Column("Changed", "1 if the change is beyond the limit", lambda one: int(one.changed), holds=int),
)


def comparison_tables() -> Iterable[Table]:
    """All comparisons."""
    rows: list[Compared] = []

    def take(event: ChipCompared) -> Iterable[Compared]:
        rows[:] = event.comparison.compared
        return ()

    about = DataSet("chip-comparison", "Quantities of the chip now and before")
    return (Table("chip-comparison", COMPARED, {ChipCompared: take}, lambda: rows, about, results="chip-comparison"),)
