"""Tables as spreadsheets save them: separator, decimal mark and empty cells differ from country to country."""

import csv
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import accumulate
from pathlib import Path

from mtjlab.domain import NO_CLASS
from mtjlab.text import number_of, read_text
from mtjlab.vowels.data_set import DataError

SEPARATORS = (",", ";", "\t")
_END = "end of the table"
"""Written below it: a quote that has no end takes this line too."""
LARGEST, SMALLEST = 1e100, 1e-100
"""Squares of features beyond these get lost."""

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[,;\t]*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of a row by the names of their columns, and the line on which it begins."""

    path: Path
    line: int
    cells: dict[str, str]
    decimal_mark: str

    def text(self, column: str) -> str:
        """What the cell holds. Raises DataError if that is nothing."""
        if not self.cells[column]:
            raise self._error(column, "is empty")
        return self.cells[column]

    def class_name(self, column: str) -> str:
        """The class in the cell, empty if it holds none. Raises DataError if it is what stands where there is none."""
        name = self.cells.get(column, "")
        if name == NO_CLASS:
            raise self._error(column, f"holds {NO_CLASS!r}, which is written where nothing was recognised")
        return name

    def number(self, column: str) -> float:
        """What the cell holds. Raises DataError if it is not a number as people write it, or out of range."""
        text = self.text(column)
        if self.decimal_mark == "," and "." in text:
            raise self._error(column, f"holds {text!r}, while other numbers have a decimal comma")
        try:
            value = number_of(text.replace(self.decimal_mark, "."))
        except ValueError:
            raise self._error(column, f"holds {text!r}, not a number such as 1.5 or 1e-3") from None
        if value and not SMALLEST <= abs(value) <= LARGEST:
            raise self._error(column, f"holds {text!r}; a number is 0, or between {SMALLEST:g} and {LARGEST:g} in size")
        return value

    def _error(self, column: str, what: str) -> DataError:
        return DataError(f"{self.path}, line {self.line}, column {column!r}: {what}. Correct this cell.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The names of the columns, the line that holds them, and the rows below that are not empty."""

    path: Path
    line: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def demand_once(self, columns: Collection[str]) -> None:
        """Raise DataError if a name among ``columns`` occurs twice."""
        for column, count in Counter(self.columns).items():
            if count > 1 and column in columns:
                raise DataError(
                    f"{self.path}, line {self.line}: column name {column!r} occurs {count} times. Give every column a "
                    "name of its own."
                )


def read_sheet(path: Path, texts: Collection[str], numbers: Collection[str] = ()) -> Sheet:
    """The table in a CSV file. Columns are known as ``texts`` and ``numbers``, whatever their case; others may be.

    Cells are separated by commas, semicolons or tabs: by what a line ``sep=;`` at the top says, or else by what parts
    the header into most of the known names. Between semicolons numbers (where none are known, all but ``texts``) may
    have decimal commas. Empty rows, and empty columns without a name, do not count.

    Raises:
        RefusedError: it cannot be read as a table; names file and line.
    """
    known = (*texts, *numbers)
    separator, first, text = _parts(path, known)
    cells = _cells(path, text, separator, first) if text.strip() else []
    filled = [(n, row) for n, row in zip(_lines(cells, first), cells, strict=True) if any(row)]
    if not filled:
        raise DataError(f"{path}: the file is empty.")
    (line, names), *rows = filled
    named = _named(path, line, names, [row for _, row in rows], known)
    columns = {name: [row[k] for _, row in rows] for k, name in named.items()}
    of_numbers = numbers or set(columns) - set(texts)
    commas = separator == ";" and any("," in cell for name in of_numbers for cell in columns.get(name, ()))
    decimal_mark = "," if commas else "."
    return Sheet(
        path,
        line,
        tuple(named.values()),
        tuple(Row(path, n, {name: row[k] for k, name in named.items()}, decimal_mark) for n, row in rows),
    )


def _parts(path: Path, known: Collection[str]) -> tuple[str, int, str]:
    """The separator of a table, the line with which it begins, and its text from there."""
    lines = read_text(path).split("\n")
    given = _SEPARATOR_LINE.fullmatch(lines[0])
    first = 1 if given else 0
    header = next((line for line in lines[first:] if line.strip(" ,;\t")), "")
    separator = given[1] if given else max(SEPARATORS, key=lambda one: _parted(header, one, known))
    return separator, 1 + first, "\n".join(lines[first:])


def _parted(header: str, separator: str, known: Collection[str]) -> tuple[int, int]:
    """How many of the names ``known`` a separator parts a header into, and how many cells."""
    cells = {cell.strip().casefold() for cell in next(csv.reader([header], delimiter=separator))}
    return len(cells & {name.casefold() for name in known}), len(cells)


def _cells(path: Path, text: str, separator: str, first: int) -> list[list[str]]:
    """All cells, without spaces around them; every row has as many."""
    read = csv.reader(StringIO(f"{text}\n{_END}", newline=""), delimiter=separator, skipinitialspace=True)
    rows: list[list[str]] = []
    lines = [0]
    try:
        for row in read:
            rows.append([cell.strip() for cell in row])
            lines.append(read.line_num)
    except csv.Error:  # a cell is too long, as where a quote has no end
        rows.append([])
    if rows.pop() != [_END]:
        line = first + lines[len(rows)]
        raise DataError(f"{path}, line {line}: is not CSV, a quote has no end. Correct this line.")
    most = max(map(len, rows))
    return [row + [""] * (most - len(row)) for row in rows]


def _lines(cells: Sequence[Sequence[str]], first: int) -> list[int]:
    """The line on which each row begins: cells in quotes may hold ends of line."""
    taken = [1 + sum(cell.count("\n") for cell in row) for row in cells]
    return list(accumulate(taken, initial=first))[:-1]


def _named(
    path: Path, line: int, names: Sequence[str], rows: Sequence[Sequence[str]], known: Collection[str]
) -> dict[int, str]:
    """Places and names of the columns; without those that are empty."""
    by_fold = {name.casefold(): name for name in known}
    named = {k: name if name in known else by_fold.get(name.casefold(), name) for k, name in enumerate(names)}
    if any(not name and any(row[k] for row in rows) for k, name in named.items()):
        raise DataError(f"{path}, line {line}: a column has no name, but there are cells in it. Name or clear it.")
    return {k: name for k, name in named.items() if name}
