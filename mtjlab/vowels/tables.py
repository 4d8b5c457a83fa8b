"""A user's own classes and features, from a CSV table."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mtjlab.vowels.data_set import DataError, DataSet, Token, read_text
from mtjlab.vowels.hillenbrand import HILLENBRAND, SURROGATE

_LABEL, _NAME, _TALKER = "label", "name", "talker"

LARGEST_FEATURE = 1e12
"""Squares of larger numbers get lost in the moments of the classes."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table by the names of its columns, and the line on which it ends."""

    path: Path
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        if not self.cells[column]:
            raise self.error(column, "is empty")
        return self.cells[column]

    def number(self, column: str) -> float:
        try:
            value = float(self.cells[column])
        except ValueError:
            raise self.error(column, f"holds {self.cells[column]!r}, not a number") from None
        if not abs(value) <= LARGEST_FEATURE:
            raise self.error(column, f"holds {self.cells[column]!r}; features are finite, up to {LARGEST_FEATURE:g}")
        return value

    def error(self, column: str, what: str) -> DataError:
        return DataError(f"{self.path}, line {self.line}, column {column!r}: {what}. Correct this cell.")


def read_table(path: Path) -> DataSet:
    """The data set in a CSV file, named after the file.

    The header names the columns: ``label``, optionally ``name`` (of a token, unique) and ``talker``; every other column
    is a feature of finite numbers. Tokens without a name are called after label and row, as ``iy-1``.

    Raises:
        DataError: the table cannot be used; names file, line and column.
    """
    if path.stem in {SURROGATE, HILLENBRAND}:
        raise DataError(f"{path}: results would be labelled {path.stem!r}, which means other data. Rename the file.")
    rows = _rows(path)
    header = next(rows, (1, []))
    features = _feature_names(path, header)
    tokens = tuple(_token(row, features, count) for count, row in enumerate(_cells(path, header, rows), start=1))
    _refuse_unlearnable(path, tokens)
    return DataSet(path.stem, features, tokens, str(path.resolve()))


def read_tokens(path: Path, features: Sequence[str]) -> tuple[Token, ...]:
    """Tokens to classify, from a CSV file with a column for each of ``features``, by name.

    ``label`` (what they are, if that is known) and ``name`` are optional; other columns do not count.

    Raises:
        DataError: the table cannot be used; names file, line and column.
    """
    rows = _rows(path)
    header = next(rows, (1, []))
    _refuse_missing(path, header, features)
    tokens = tuple(
        Token(
            row.cells.get(_NAME) or f"row {count}",
            row.cells.get(_LABEL, ""),
            None,
            tuple(row.number(name) for name in features),
        )
        for count, row in enumerate(_cells(path, header, rows), start=1)
    )
    if not tokens:
        raise DataError(f"{path}: no tokens below the header. Add a line for each.")
    _refuse_same_names(path, tokens)
    return tokens


def _refuse_missing(path: Path, header: tuple[int, list[str]], features: Sequence[str]) -> None:
    line, columns = header
    missing = [name for name in features if name not in columns]
    if missing:
        raise DataError(
            f"{path}, line {line}: no column {', '.join(map(repr, missing))} in the header. The network takes the "
            f"features {', '.join(features)}."
        )
    for name in (*features, _LABEL, _NAME):
        if columns.count(name) > 1:
            raise DataError(f"{path}, line {line}: column name {name!r} occurs {columns.count(name)} times. Keep one.")


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line number and stripped cells of every row that is not blank; the header comes first."""
    reader = csv.reader(read_text(path, "utf-8-sig").splitlines(keepends=True), strict=True)
    try:
        for cells in reader:
            if any(cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise DataError(f"{path}, line {reader.line_num}: not CSV ({error}). Correct this line.") from error


def _feature_names(path: Path, header: tuple[int, list[str]]) -> tuple[str, ...]:
    line, columns = header
    where = f"{path}, line {line}"
    if _LABEL not in columns:
        raise DataError(f"{where}: no column 'label' in the header. Its first line must name the columns: label, ...")
    for column, count in Counter(columns).items():
        if not column or count > 1:
            raise DataError(
                f"{where}: column name {column!r} occurs {count} times. Give every column a name of its own."
            )
    features = tuple(column for column in columns if column not in {_LABEL, _NAME, _TALKER})
    if not features:
        raise DataError(f"{where}: no feature. Add at least one column of numbers beside 'label'.")
    return features


def _cells(path: Path, header: tuple[int, list[str]], rows: Iterator[tuple[int, list[str]]]) -> Iterator[_Row]:
    _, columns = header
    for line, cells in rows:
        if len(cells) != len(columns):
            raise DataError(f"{path}, line {line}: {len(cells)} cells instead of {len(columns)}. Correct this line.")
        yield _Row(path, line, dict(zip(columns, cells, strict=True)))


def _token(row: _Row, features: Sequence[str], count: int) -> Token:
    label = row.text(_LABEL)
    return Token(
        name=row.text(_NAME) if _NAME in row.cells else f"{label}-{count}",
        label=label,
        talker=row.text(_TALKER) if _TALKER in row.cells else None,
        features=tuple(row.number(column) for column in features),
    )


def _refuse_same_names(path: Path, tokens: Sequence[Token]) -> None:
    for name, count in Counter(token.name for token in tokens).items():
        if count > 1:
            raise DataError(f"{path}: {count} tokens are named {name!r}. Give every token a name of its own.")


def _refuse_unlearnable(path: Path, tokens: Sequence[Token]) -> None:
    _refuse_same_names(path, tokens)
    per_class = Counter(token.label for token in tokens)
    if len(per_class) < 2:
        raise DataError(f"{path}: {len(per_class)} class(es). There is nothing to learn with fewer than 2.")
    for label, count in per_class.items():
        if count < 2:
            raise DataError(f"{path}: class {label!r} has 1 token. Each class needs 2, one to learn and one to test.")
