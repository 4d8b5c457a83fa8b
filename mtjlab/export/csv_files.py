"""CSV files: a plain table of each kind, and beside them ``origin.toml``, which says where they come from."""

import csv
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Literal, TextIO

import tomli_w

from mtjlab.export.check_tables import explanations, findings, matrix, surveys
from mtjlab.export.curve_tables import (
    Row,
    critical_currents,
    curves,
    reference_sweeps,
    references,
    thresholds,
)
from mtjlab.export.look_tables import probe_rows, reset_rows, rows_by_hand
from mtjlab.export.origin import origin
from mtjlab.export.presentation_tables import cells, presentations, readings
from mtjlab.export.record import Record
from mtjlab.export.training_tables import classified, confusion, steps, tokens
from mtjlab.schema import Table
from mtjlab.whole_files import put, write_whole

TABLES: dict[str, Callable[[Record], Iterator[Row]]] = {
    "reference-sweeps": reference_sweeps,
    "references": references,
    "curves": curves,
    "thresholds": thresholds,
    "critical-currents": critical_currents,
    "cells": cells,
    "steps": steps,
    "tokens": tokens,
    "confusion": confusion,
    "classified": classified,
    "presentations": presentations,
    "readings": readings,
    "probes": probe_rows,
    "resets": reset_rows,
    "by-hand": rows_by_hand,
    "matrix": matrix,
    "findings": findings,
    "explanations": explanations,
    "surveys": surveys,
}
ORIGIN = "origin.toml"
FORMULA_SIGNS = "=+-@\t\r"


def write_csv(record: Record, target: Path) -> list[Path]:
    """Write ``curves.csv``, ``steps.csv``, ... as far as the run has them, and where they come from.

    Raises:
        OSError: a file cannot be written.
    """
    paths = [path for name, rows in tables_of(record) if (path := _write(target / f"{name}.csv", rows))]
    if paths:
        paths.append(put(target / ORIGIN, tomli_w.dumps({**origin(record), "asked": record.request}).encode()))
    return paths


def tables_of(record: Record) -> Iterator[tuple[str, Iterator[Row]]]:
    """Name and rows of each table; many have none."""
    for name, rows in TABLES.items():
        yield name, rows(record)
    for table in record.run.kind.export(record.run):
        yield table.name, rows_of(table)


def rows_of(table: Table) -> Iterator[Row]:
    """The rows of a table, by the titles of its columns."""
    titles = [column.title for column in table.columns]
    return (dict(zip(titles, row, strict=True)) for row in table.rows)


def write_rows(file: TextIO, rows: Iterator[Row], quoting: Literal[0, 2] = csv.QUOTE_MINIMAL) -> None:
    """Columns as the first row has them, whose names need no quotes; numbers read back exactly."""
    first = next(rows)
    file.write(",".join(first) + "\n")
    writer = csv.DictWriter(file, list(first), lineterminator="\n", quoting=quoting)
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in chain([first], rows))


def _cell(value: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets hide."""
    return f"'{value}" if isinstance(value, str) and value[:1] in FORMULA_SIGNS and value else value


def _write(path: Path, rows: Iterator[Row]) -> Path | None:
    """Nothing is written where there are no rows."""
    first = next(rows, None)
    if first is None:
        return None
    return write_whole(path, lambda temporary: _write_table(temporary, chain([first], rows)))


def _write_table(path: Path, rows: Iterator[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        write_rows(file, rows)
