"""Files in PyMeasure's results format, which its ``Results.load`` and its windows open, and a script that shows them.

A header of comment lines names a procedure and its parameters, then comes a CSV table. ``Results.load`` imports the
procedure by its name, and where it cannot, PyMeasure 0.16 fails on any file that has parameters. So the name is that of
PyMeasure's own base class, which every user has: the data load anywhere. Its windows need a class that knows the
columns: ``view.py`` makes one from the file, and loads the parameters with it.
"""

import csv
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from shutil import copyfileobj
from typing import TypeAlias

from mtjlab.export.exported import Exported, Take
from mtjlab.export.origin import origin
from mtjlab.export.plain_files import PlainFile
from mtjlab.export.viewer import VIEW, VIEWER
from mtjlab.schema import Row, Table
from mtjlab.whole_files import put

PROCEDURE = "pymeasure.experiment.procedure.Procedure"
PARAMETERS = {
    "Run": "run",
    "Run status": "status",
    "Comment": "comment",
    "Bench": "bench",
    "Device": "device",
    "Simulated": "simulated",
    "Data": "data",
    "Surrogate data": "data_surrogate",
    "Software": "software",
    "Measured at": "measured_at",
}
"""Parameters of every file, and what they are called where it is told where numbers come from."""
Parameters: TypeAlias = dict[str, str]


def write_pymeasure(exported: Exported, target: Path) -> list[Path]:
    """Write a file for each reference sweep and each series of curves; one each of all else that can be plotted.

    Raises:
        OSError: a file cannot be written.
        RefusedError: the journal is damaged.
    """
    tables: list[_Results] = []

    def begin(table: Table) -> Take | None:
        if not table.results:
            return None
        tables.append(_Results(table, exported, target))
        return tables[-1].take

    exported.pour(begin)
    paths = [path for table in tables for path in table.finished()]
    if paths:
        paths.append(put(target / VIEW, VIEWER.encode()))
    return paths


class _Results:
    """The files of a table: one, or one for each number in its first column.

    What a header says of the run is known when all of it was read: data wait for it in files of their own.
    """

    def __init__(self, table: Table, exported: Exported, target: Path) -> None:
        self._table, self._exported, self._target = table, exported, target
        self._is_split = table.results.format(0) != table.results
        self._data: dict[int | None, PlainFile] = {}

    def take(self, rows: Sequence[Row]) -> None:
        """Append rows, each to its file."""
        for number, same in groupby(rows, self._number):
            if number not in self._data:
                path = self._target / f"{self._table.results.format(number)}.data"
                self._data[number] = PlainFile(path, self._table, self._exported.sizes, csv.QUOTE_NONNUMERIC)
            self._data[number].take(list(same))  # a # outside of quotes begins a comment

    def _number(self, row: Row) -> int | None:
        return int(self._table.all_columns[0].value(row)) if self._is_split else None

    def finished(self) -> list[Path]:
        """The files, each with its header."""
        of_run = _of_run(self._exported)
        numbered = [(number, data.path) for number, data in self._data.items() if data.has_rows]
        return [_with_header(path, {**of_run, **self._table.parameters(number)}) for number, path in numbered]


def _of_run(exported: Exported) -> Parameters:
    told = origin(exported)
    return {parameter: str(told[name]) for parameter, name in PARAMETERS.items() if name in told}


def _with_header(data: Path, parameters: Parameters) -> Path:
    path = data.with_suffix(".csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"#Procedure: <{PROCEDURE}>\n#Parameters:\n")
        for name, value in parameters.items():
            file.write(f"#\t{name}: {value.encode('unicode_escape').decode()}\n")
        file.write("#Data:\n")
        with data.open(encoding="utf-8", newline="") as rows:
            copyfileobj(rows, file)
    data.unlink()
    return path
