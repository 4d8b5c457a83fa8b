"""NetCDF files: one data set of each kind, with units, long names and everything needed to measure it again."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import xarray as xr

from mtjlab.datasets.variables import dataset_of, without_nul
from mtjlab.export.check_data import check
from mtjlab.export.curve_data import curves, reference_sweeps
from mtjlab.export.look_data import by_hand_of, probes_of, resets_of
from mtjlab.export.origin import origin
from mtjlab.export.presentation_data import presentations
from mtjlab.export.record import Record
from mtjlab.export.training_data import training
from mtjlab.whole_files import write_whole

LARGEST = 1 << 63
"""Whole numbers from here on have no place in HDF5."""
DATASETS: dict[str, tuple[str, Callable[[Record], xr.Dataset | None]]] = {
    "reference-sweeps": ("Reference sweeps and references of the detector", reference_sweeps),
    "curves": ("Resistance curves and critical currents", curves),
    "training": ("Training", training),
    "presentations": ("Presentations and every sample read for them", presentations),
    "probes": ("Probes of an adaptive map", probes_of),
    "resets": ("Looks whether the junctions are reset", resets_of),
    "by-hand": ("Looks while the currents were turned by hand", by_hand_of),
    "check": ("Check of the wiring", check),
}
"""Title and maker of each file."""


def write_netcdf(record: Record, target: Path) -> list[Path]:
    """Write ``curves.nc``, ``map.nc``, ... as far as the run has them; returns their paths.

    Raises:
        OSError: a file cannot be written.
    """
    paths = []
    for name, title, dataset in datasets_of(record):
        whole = dataset.assign_attrs(global_attributes(record, title))
        paths.append(write_whole(target / f"{name}.nc", partial(_write, whole)))
    return paths


def datasets_of(record: Record) -> Iterator[tuple[str, str, xr.Dataset]]:
    """Name, title and content of each file."""
    for name, (title, make) in DATASETS.items():
        if (dataset := make(record)) is not None:
            yield name, title, dataset
    kind = record.run.kind
    yield from kind.datasets(record.run)
    for table in kind.export(record.run):
        if (dataset := dataset_of(table)) is not None:
            yield table.name, table.title, dataset


def global_attributes(record: Record, title: str) -> dict[str, str | int]:
    """Attributes of a whole file: those of the CF conventions, then where it comes from; tables as JSON, or TOML."""
    told = origin(record)
    simulated = "simulation" if told["simulated"] else "measurement"
    attributes = {
        "Conventions": "CF-1.11",
        "title": f"{title}: run {told['run']}",
        "source": f"{simulated} on bench {told['bench']}",
        "history": f"measured {told.get('measured_at')} with {told['software']}, exported with {told['exported_with']}",
        **told,
        "run_toml": record.request_text,
    }
    return {name: _storable(value) for name, value in attributes.items()}


def _storable(value: Any) -> str | int:
    """Text and whole numbers as they are, as far as HDF5 can hold them; all else, and larger numbers, as JSON."""
    if isinstance(value, str):
        return without_nul(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST:
        return value
    return json.dumps(value)


def _write(dataset: xr.Dataset, path: Path) -> None:
    dataset.to_netcdf(path, engine="h5netcdf")
