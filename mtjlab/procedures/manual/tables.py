"""Looks during manual operation, as tables."""

from collections.abc import Iterator, Mapping
from itertools import count

from mtjlab.procedures.manual.events import JunctionsRead
from mtjlab.schema import DataSet, Table
from mtjlab.tables.looks import Looked, Looking, tables_of_looks


def looks_by_hand() -> tuple[Table, Table]:
    """Tables of every look and every sample."""
    data_set = DataSet("by-hand", "Looks while the currents were set by hand")
    return tables_of_looks(data_set, _looking, results="by-hand")


def _looking() -> Mapping[type, Looking]:
    numbers = count()

    def looks(event: JunctionsRead) -> Iterator[Looked]:
        yield Looked("by-hand", next(numbers), event.readings[-1].input_ua, event.readings, event.verdicts)

    return {JunctionsRead: looks}
