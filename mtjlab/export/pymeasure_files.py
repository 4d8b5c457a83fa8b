"""Files in PyMeasure's results format, which its ``Results.load`` and its windows open, and a script that shows them.

A header of comment lines names a procedure and its parameters, then comes a CSV table. ``Results.load`` imports the
procedure by its name, and where it cannot, PyMeasure 0.16 fails on any file that has parameters. So the name is that of
PyMeasure's own base class, which every user has: the data load anywhere. Its windows need a class that knows the
columns: ``view.py`` makes one from the file, and loads the parameters with it.
"""

import csv
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from mtjlab.domain import junction_label
from mtjlab.export.csv_files import rows_of, write_rows
from mtjlab.export.curve_tables import Row, samples_of_points
from mtjlab.export.look_tables import probe_rows, rows_by_hand
from mtjlab.export.origin import origin
from mtjlab.export.presentation_tables import presentations
from mtjlab.export.record import Record
from mtjlab.export.training_tables import steps
from mtjlab.export.viewer import VIEW, VIEWER
from mtjlab.whole_files import put, write_whole

PROCEDURE = "pymeasure.experiment.procedure.Procedure"
PARAMETERS = {
    "Run": "run",
    "Run status": "status",
    "Comment": "comment",
    "Bench": "bench",
    "Device": "device",
    "Simulated": "simulated",
    "Data": "data",
    "Software": "software",
    "Measured at": "measured_at",
}
"""Parameters of every file, and what they are called where it is told where numbers come from."""
Parameters: TypeAlias = dict[str, str]


def write_pymeasure(record: Record, target: Path) -> list[Path]:
    """Write a file for each reference sweep and each series of curves; one each of all else.

    Raises:
        OSError: a file cannot be written.
    """
    paths = []
    for name, parameters, rows in _results(record):
        first = next(rows, None)
        if first is not None:
            whole = chain([first], rows)
            paths.append(write_whole(target / f"{name}.csv", partial(_write, {**_of_run(record), **parameters}, whole)))
    if paths:
        paths.append(put(target / VIEW, VIEWER.encode()))
    return paths


def _results(record: Record) -> Iterator[tuple[str, Parameters, Iterator[Row]]]:
    """Name, parameters and rows of each file."""
    for number, sweep in enumerate(record.measured.reference_sweeps):
        yield f"reference-sweep-{number:03}", {}, samples_of_points("Sweep", number, sweep.points)
    for number, series in enumerate(record.series):
        points = [point for point in record.measured.curves if point.series == number]
        controls = {f"Control current {junction_label(k)}": f"{c!r} uA" for k, c in enumerate(series.controls_ua)}
        yield f"curves-{number:03}", controls, samples_of_points("Series", number, points)
    yield "steps", {}, steps(record)
    yield "presentations", {}, presentations(record)
    yield "probes", {}, probe_rows(record)
    yield "by-hand", {}, rows_by_hand(record)
    for table in record.run.kind.export(record.run):
        yield table.name, {}, rows_of(table)


def _of_run(record: Record) -> Parameters:
    told = origin(record)
    return {parameter: str(told[name]) for parameter, name in PARAMETERS.items() if name in told}


def _write(parameters: Parameters, rows: Iterator[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"#Procedure: <{PROCEDURE}>\n#Parameters:\n")
        for name, value in parameters.items():
            file.write(f"#\t{name}: {value.encode('unicode_escape').decode()}\n")
        file.write("#Data:\n")
        write_rows(file, rows, csv.QUOTE_NONNUMERIC)  # a # outside of quotes begins a comment
