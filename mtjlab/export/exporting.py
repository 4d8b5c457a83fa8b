"""Exports a run into a folder."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, TypeAlias

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.events import WiringChecked
from mtjlab.export.csv_files import write_csv
from mtjlab.export.exported import Exported
from mtjlab.export.netcdf import write_netcdf
from mtjlab.export.pymeasure_files import write_pymeasure
from mtjlab.store import demand_no_link

Format: TypeAlias = Literal["csv", "netcdf", "pymeasure"]
FORMATS: dict[Format, Callable[[Exported, Path], list[Path]]] = {
    "csv": write_csv,
    "netcdf": write_netcdf,
    "pymeasure": write_pymeasure,
}
EXPORT = "export"


def export_run(folder: Path, to: Format, out: Path | None = None) -> list[Path]:
    """Export the run in ``folder`` into ``out``, or into ``export/FORMAT`` of its own folder; returns the files.

    All of it is written before any of it is there, so what fails leaves nothing behind. What an earlier export of the
    run left in its own folder is replaced, anything in ``out`` is not.

    Raises:
        RefusedError: ``folder`` is no run folder, its journal is damaged, it has nothing that could be exported so,
            ``out`` is in use, or nothing can be written there.
    """
    exported = Exported(folder)
    target = folder / EXPORT / to if out is None else out
    if out is not None and os.path.exists(out) and (not os.path.isdir(out) or any(out.iterdir())):
        raise RefusedError(f"{out}: is not an empty folder, and nothing is overwritten. Give a new one with --out.")
    try:
        for inside in (target.parent, target) if out is None else ():
            demand_no_link(inside)
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent, ignore_cleanup_errors=True) as staged:
            paths = [_moved(path, target) for path in FORMATS[to](exported, Path(staged))]
    except OSError as error:
        raise RefusedError(
            f"{target}: the export cannot be written ({reason_of(error)}). The run is unharmed. {remedy_of(error)}; "
            "close programs that hold its files open, or choose another folder with --out."
        ) from error
    if not paths:
        raise RefusedError(f"{folder}: {_nothing(exported, to)}")
    return paths


def _moved(path: Path, target: Path) -> Path:
    target.mkdir(exist_ok=True)
    return path.replace(target / path.name)


def _nothing(exported: Exported, to: Format) -> str:
    if exported.state.last(WiringChecked):
        return f"the matrix and the findings of a check are not exported to {to}. Use --to csv or --to netcdf."
    return f"nothing was measured that could be exported to {to}. Export it once something was."
