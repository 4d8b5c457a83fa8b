"""Plain tables in memory, for notebooks."""

from collections.abc import Sequence

from pandas import DataFrame

from mtjlab.export.exported import Exported, Take
from mtjlab.schema import Row, Sheet, Table, Value


def frames_of(exported: Exported) -> dict[str, DataFrame]:
    """The tables that a run has, by their names; units in the titles of columns.

    Raises:
        RefusedError: the journal is damaged.
    """
    frames: dict[str, tuple[list[str], list[list[Value]]]] = {}

    def begin(table: Table) -> Take | None:
        sheet: Sheet | None = None

        def take(rows: Sequence[Row]) -> None:
            nonlocal sheet
            listed = [row for row in rows if not table.without_cells(row)]
            if listed:
                sheet = sheet or Sheet(exported.labelled(table), listed[0], exported.sizes)
                frames.setdefault(table.name, (sheet.titles, []))[1].extend(map(sheet.cells, listed))

        return take if table.name else None

    exported.pour(begin)
    return {name: DataFrame(cells, columns=titles) for name, (titles, cells) in frames.items()}
