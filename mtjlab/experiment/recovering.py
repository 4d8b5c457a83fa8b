"""Recover the intact events of a damaged run into a new run; the damaged folder is not changed."""

from datetime import datetime
from pathlib import Path
from shutil import rmtree

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.run_status import status_report
from mtjlab.store import (
    DamagedJournalError,
    Recovered,
    create_run_folder,
    read_lines,
    read_request,
    recover_journal,
    run_id,
    write_request,
)


def recover(folder: Path, runs: Path) -> tuple[Path, Recovered]:
    """Copy the intact events of the run in ``folder`` into a new run folder under ``runs``.

    Raises:
        RefusedError: the run is in progress, nothing is damaged, there is no journal, or nothing can be written.
    """
    status = status_report(folder).status
    if status == "running":
        raise RefusedError(f"{folder}: the run is in progress. Stop it first: `mtjlab stop`.")
    if _is_intact(folder):
        goes_on = "" if status != "crashed" else " It ends before the run did: `mtjlab resume` continues the run."
        raise RefusedError(f"{folder}: the journal is intact, so there is nothing to recover.{goes_on}")
    request = read_request(folder)
    run = request.get("run", {})
    new = create_run_folder(runs, str(run.get("procedure", "run")), datetime.now())
    try:
        recovered = recover_journal(folder, new)
        write_request(new, {**request, "run": {**run, "id": run_id(new), "recovered_from": run_id(folder)}})
    except OSError as error:
        rmtree(new, ignore_errors=True)
        raise RefusedError(f"{new}: no file can be written there ({reason_of(error)}). {remedy_of(error)}.") from error
    return new, recovered


def _is_intact(folder: Path) -> bool:
    try:
        return all(line.text for line in read_lines(folder))
    except DamagedJournalError:
        return False
