"""NetCDF files: one data set of each kind, with units, long names and everything needed to measure it again."""

from collections.abc import Callable
from pathlib import Path

import xarray as xr

from mtjlab.export.check_data import check
from mtjlab.export.curve_data import curves, reference_sweeps
from mtjlab.export.files import write_whole
from mtjlab.export.map_data import map_of
from mtjlab.export.origin import origin, remarks
from mtjlab.export.presentation_data import presentations
from mtjlab.export.record import Record
from mtjlab.export.training_data import training

KINDS: dict[str, tuple[str, Callable[[Record], xr.Dataset | None]]] = {
    "reference-sweeps": ("Reference sweeps and references of the detector", reference_sweeps),
    "curves": ("Resistance curves and critical currents", curves),
    "map": ("Switching map", map_of),
    "training": ("Training", training),
    "presentations": ("Presentations, and every sample read for them", presentations),
    "check": ("Check of the wiring", check),
}
"""Title and maker of each file."""


def write_netcdf(record: Record, target: Path) -> list[Path]:
    """Write ``curves.nc``, ``map.nc``, ... as far as the run has them; returns their paths.

    Raises:
        OSError: a file cannot be written.
    """
    paths = []
    for name, (title, make) in KINDS.items():
        dataset = make(record)
        if dataset is not None:
            whole = dataset.assign_attrs(global_attributes(record, title))
            paths.append(write_whole(target / f"{name}.nc", lambda path, whole=whole: _write(whole, path)))
    return paths


def global_attributes(record: Record, title: str) -> dict[str, str]:
    """Attributes of a whole file: those of the CF conventions, then where it comes from."""
    told = origin(record)
    simulated = "simulation" if record.started.bench.simulated else "measurement"
    return {
        "Conventions": "CF-1.11",
        "title": f"{title} of run {told['run']}",
        "source": f"{simulated} on bench {told['bench']}, device {told['device']}",
        "history": f"measured {told['measured_at']} with {told['software']}, exported with {told['exported_with']}",
        "comment": remarks(record),
        **told,
    }


def _write(dataset: xr.Dataset, path: Path) -> None:
    dataset.to_netcdf(path, engine="h5netcdf")
