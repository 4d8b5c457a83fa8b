"""A user's own classes and features, from a CSV table."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mtjlab.counted import counted
from mtjlab.text import storable
from mtjlab.vowels.data_set import DataError, DataSet, Token
from mtjlab.vowels.hillenbrand import HILLENBRAND, SURROGATE
from mtjlab.vowels.spreadsheets import Row, Sheet, read_sheet

_LABEL, _NAME, _TALKER = "label", "name", "talker"


def read_table(path: Path) -> DataSet:
    """The data set in a CSV file, named after the file.

    The header names the columns: ``label``, optionally ``name`` (of a token, unique) and ``talker``; every other column
    is a feature of finite numbers. Tokens without a name are called after label and row, as ``iy-1``.

    Raises:
        DataError: the table cannot be used; names file, line and column.
    """
    if path.stem in {SURROGATE, HILLENBRAND}:
        raise DataError(f"{path}: results would be labelled {path.stem!r}, which means other data. Rename the file.")
    sheet = read_sheet(path, (_LABEL, _NAME, _TALKER))
    features = _feature_names(sheet)
    tokens = tuple(_token(row, features, count) for count, row in enumerate(sheet.rows, start=1))
    _refuse_unlearnable(path, tokens)
    return DataSet(storable(path.stem), features, tokens, str(path.resolve()))


def read_tokens(path: Path, features: Sequence[str]) -> tuple[Token, ...]:
    """Tokens to classify, from a CSV file with a column for each of ``features``, by name, whatever its case.

    ``label`` (what they are, if that is known) and ``name`` are optional; other columns do not count.

    Raises:
        DataError: the table cannot be used; names file, line and column.
    """
    sheet = read_sheet(path, (_LABEL, _NAME), features)
    _refuse_missing(sheet, features)
    tokens = tuple(
        Token(
            row.cells.get(_NAME) or f"row {count}",
            row.class_name(_LABEL),
            None,
            tuple(row.number(name) for name in features),
        )
        for count, row in enumerate(sheet.rows, start=1)
    )
    if not tokens:
        raise DataError(f"{path}: no tokens below the header. Add a line for each.")
    _refuse_same_names(path, tokens)
    return tokens


def _refuse_missing(sheet: Sheet, features: Sequence[str]) -> None:
    missing = [name for name in features if name not in sheet.columns]
    if missing:
        raise DataError(
            f"{sheet.path}, line {sheet.line}: no column {', '.join(map(repr, missing))} in the header. The network "
            f"takes the features {', '.join(features)}."
        )
    sheet.demand_once((*features, _LABEL, _NAME))


def _feature_names(sheet: Sheet) -> tuple[str, ...]:
    where = f"{sheet.path}, line {sheet.line}"
    if _LABEL not in sheet.columns:
        raise DataError(f"{where}: no column 'label' in the header. Its first line must name the columns: label, ...")
    sheet.demand_once(sheet.columns)
    features = tuple(column for column in sheet.columns if column not in {_LABEL, _NAME, _TALKER})
    if not features:
        raise DataError(f"{where}: no feature. Add at least one column of numbers beside 'label'.")
    return features


def _token(row: Row, features: Sequence[str], count: int) -> Token:
    label = row.class_name(_LABEL) or row.text(_LABEL)
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
        raise DataError(
            f"{path}: {counted(len(per_class), 'class', 'classes')}. There is nothing to learn with fewer than 2."
        )
    for label, count in per_class.items():
        if count < 2:
            raise DataError(f"{path}: class {label!r} has 1 token. Each class needs 2, one to learn and one to test.")
