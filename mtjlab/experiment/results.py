"""Result and exports of a run folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtjlab.procedures.kind import Run
from mtjlab.run_status import status_report
from mtjlab.runs.opened import run_of
from mtjlab.store import run_id, span_s

if TYPE_CHECKING:
    from mtjlab.export import Format


def result_of(folder: Path) -> dict[str, Any]:
    """Return the result of a run as ``--json`` prints it.

    Raises:
        RefusedError: ``folder`` is no run folder, or its journal is damaged.
    """
    run = run_of(folder)
    return {**_of_any(run), **run.kind.result(run)}


def _of_any(run: Run[Any]) -> dict[str, Any]:
    """Keys of every result: folder, status, bench, duration."""
    started, report = run.started, run.status_report
    return {
        "run": str(run.folder),
        "status": report.status,
        "reason": report.why,
        "ended": report.sentence if report.is_over else None,
        "so_far": run.so_far or None,
        "outputs_may_be_on": report.may_be_on,
        "bench": started.bench.name if started else None,
        "simulated": started.bench.simulated if started else None,
        "derived_from": started.derived_from.run if started and started.derived_from else None,
        "duration_s": span_s(run.folder),
    }


def export(folder: Path, to: "Format", out: Path | None = None) -> dict[str, Any]:
    """Export the run in ``folder``; return the result as ``--json`` prints it.

    Raises:
        RefusedError: it cannot be exported; the message says why.
    """
    from mtjlab.export import export_run  # noqa: PLC0415  xarray is slow to import and not always wanted

    report = status_report(folder)
    paths = export_run(folder, to, out)
    return {
        "run": str(folder),
        "id": run_id(folder),
        "status": report.status,
        "to": to,
        "folder": str(paths[0].parent),
        "files": [str(path) for path in paths],
        "bytes": sum(path.stat().st_size for path in paths),
    }
