"""Exports of runs, as commands ask for them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtjlab.run_status import standing
from mtjlab.store import run_id

if TYPE_CHECKING:
    from mtjlab.export import Format


def export(folder: Path, to: "Format", out: Path | None = None) -> dict[str, Any]:
    """Export the run in ``folder``; what ``--json`` says of it.

    Raises:
        RefusedError: it cannot be exported; the message says why.
    """
    from mtjlab.export import export_run  # noqa: PLC0415  xarray is slow to import and not always wanted

    stands = standing(folder)
    paths = export_run(folder, to, out)
    return {
        "run": str(folder),
        "id": run_id(folder),
        "status": stands.status,
        "to": to,
        "folder": str(paths[0].parent),
        "files": [str(path) for path in paths],
        "bytes": sum(path.stat().st_size for path in paths),
    }
