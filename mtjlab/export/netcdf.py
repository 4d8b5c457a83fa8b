"""NetCDF files: one data set of each kind, with units, long names and everything needed to measure it again."""

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from mtjlab.export.exported import Exported, Take
from mtjlab.export.origin import origin
from mtjlab.export.variables import DataSetFile, without_nul
from mtjlab.schema import DataSet, Row, Table

LARGEST = 1 << 63
"""Whole numbers from here on have no place in HDF5."""


def write_netcdf(exported: Exported, target: Path) -> list[Path]:
    """Write ``curves.nc``, ``map.nc``, ... as far as the run has them; returns their paths.

    Raises:
        OSError: a file cannot be written.
        RefusedError: the journal is damaged.
    """
    return [target / f"{name}.nc" for name in write_data_sets(exported, lambda name: target / f"{name}.nc")]


def write_data_sets(exported: Exported, place: Callable[[str], Path | BinaryIO]) -> tuple[str, ...]:
    """Write each data set that the run has to the ``place`` of its name; returns their names. Raises as above."""
    with ExitStack() as opened:
        files: dict[DataSet, DataSetFile] = {}
        tables: dict[DataSet, list[Table]] = {}

        def take(data_set: DataSet, table: Table, rows: Sequence[Row]) -> None:
            if data_set not in files:
                file = DataSetFile(place(data_set.name), exported.sizes)
                files[data_set] = opened.enter_context(closing(file))
            files[data_set].take(table, rows)

        def begin(table: Table) -> Take | None:
            if table.data_set is None:
                return None
            tables.setdefault(table.data_set, []).append(table)
            return partial(take, table.data_set, table)

        exported.pour(begin)
        for data_set, file in files.items():
            file.finish(tables[data_set], global_attributes(exported, data_set.title))
    return tuple(data_set.name for data_set in tables if data_set in files)


def global_attributes(exported: Exported, title: str) -> dict[str, str | int]:
    """Attributes of a whole file: those of the CF conventions, then where it comes from; tables as JSON, or TOML."""
    told = origin(exported)
    simulated = "simulation" if told["simulated"] else "measurement"
    attributes = {
        "Conventions": "CF-1.11",
        "title": f"{title}: run {told['run']}",
        "source": f"{simulated} on bench {told['bench']}",
        "history": f"measured {told.get('measured_at')} with {told['software']}, exported with {told['exported_with']}",
        **told,
        "run_toml": exported.request_text,
    }
    return {name: _storable(value) for name, value in attributes.items()}


def _storable(value: Any) -> str | int:
    """Text and whole numbers as they are, as far as HDF5 can hold them; all else, and larger numbers, as JSON."""
    if isinstance(value, str):
        return without_nul(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST:
        return value
    return json.dumps(value)
