"""Plain tables, block by block: a line of titles, then a line for each row."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from mtjlab.schema import Row, Sheet, Table, Value

FORMULA_SIGNS = "=+-@\t\r"


class PlainFile:
    """A table in a file; there is no file before its first row.

    ``sizes`` are those of the dimensions that are known beforehand.
    """

    def __init__(
        self, path: Path, table: Table, sizes: Mapping[str, int], quoting: Literal[0, 2] = csv.QUOTE_MINIMAL
    ) -> None:
        self.path = path
        self._table, self._sizes, self._quoting = table, sizes, quoting
        self._sheet: Sheet | None = None

    @property
    def has_rows(self) -> bool:
        """Whether there is a file."""
        return self._sheet is not None

    def take(self, rows: Sequence[Row]) -> None:
        """Append rows; titles need no quotes, numbers read back exactly.

        Raises:
            OSError: the file cannot be written.
        """
        listed = [row for row in rows if not self._table.without_cells(row)]
        if not listed:
            return
        begins = self._sheet is None
        sheet = self._sheet = self._sheet or Sheet(self._table, listed[0], self._sizes)
        with self.path.open("a", encoding="utf-8", newline="") as file:
            if begins:
                file.write(",".join(sheet.titles) + "\n")
            writer = csv.writer(file, lineterminator="\n", quoting=self._quoting)
            writer.writerows(_harmless(sheet.cells(row), sheet.texts) for row in listed)


def _harmless(cells: list[Value], texts: Sequence[int]) -> list[Value]:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets hide."""
    for n in texts:
        text = cells[n]
        if isinstance(text, str) and text and text[0] in FORMULA_SIGNS:
            cells[n] = f"'{text}"
    return cells
