"""List of all runs under a folder.

Every line of a journal is checked, but only the events shown in the list are decoded. A summary of a finished run is
stored in its folder.
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import structs

from mtjlab.errors import RefusedError
from mtjlab.events import Parent, RunStarted
from mtjlab.events.codec import converted
from mtjlab.run_status import StatusReport, status_report
from mtjlab.runs.finding import run_folders
from mtjlab.runs.notes import notes_of
from mtjlab.runs.requested import chip, requested
from mtjlab.runs.run_summary import Rates, RunSummary
from mtjlab.runs.summaries import Stamp, read_summary, stamp_of, write_summary
from mtjlab.sources_left import sources_left
from mtjlab.store import (
    REQUEST,
    DamagedJournalError,
    Line,
    UnreadableJournalError,
    decode_line,
    read_request,
    run_id,
    timed_lines,
)

Shown = TypeVar("Shown")

STARTED, TRAINED, RECOGNITION = SHOWN = ("run-started", "step-trained", "recognition-measured")


class _Step(msgspec.Struct):
    step: int


def list_runs(root: Path) -> list[RunSummary]:
    """All runs under ``root`` (or ``root`` itself, if it is a run folder), by name.

    Raises:
        RefusedError: there is no such folder.
    """
    if not os.path.isdir(root):
        raise RefusedError(f"{root}: there is no such folder. Give the folder that holds the runs.")
    return [run_summary(folder) for folder in run_folders(root)]


def run_summary(folder: Path) -> RunSummary:
    """Summary of the run in ``folder``, in any state; from the stored summary if that is still valid."""
    return _summary(folder, stamp_of(folder))


def _summary(folder: Path, stamp: Stamp) -> RunSummary:
    if (known := read_summary(folder, stamp)) is not None:
        return known
    try:
        run = structs.replace(_read(folder), notes=notes_of(folder))
    except Exception as error:  # one folder must not prevent the list of the others
        return RunSummary(folder, run_id(folder), StatusReport("damaged", f"cannot be understood: {error!r}"))
    write_summary(run, stamp)
    return run


def _read(folder: Path) -> RunSummary:
    try:
        report, (lines, duration_s) = status_report(folder), _shown_lines(folder)
        started = _decoded(folder, lines.get(STARTED), RunStarted)
        trained, rates = _decoded(folder, lines.get(TRAINED), _Step), _decoded(folder, lines.get(RECOGNITION), Rates)
    except (DamagedJournalError, UnreadableJournalError) as error:
        return RunSummary(folder, run_id(folder), StatusReport("damaged", str(error), sources_left(folder)))
    except RefusedError as error:
        return RunSummary(folder, run_id(folder), StatusReport("unknown", str(error), sources_left(folder)))
    request, steps, problem = _request(folder)
    if problem not in report.why:
        report = replace(report, why=f"{report.why} {problem}".strip())
    run = RunSummary(folder, run_id(folder), report, steps=steps, chip=chip(request), requested=requested(request))
    if started is None:
        return run
    parent = started.parent
    step, before = _from_parent(parent)
    return structs.replace(
        run,
        procedure=started.procedure,
        began_at=lines[STARTED].at.astimezone(),
        bench=started.bench.name,
        simulated=started.bench.simulated,
        data=started.data,
        step=trained.step if trained else step,
        recognition=rates or before,
        parent=parent.run if parent else None,
        seed=started.seed,
        duration_s=duration_s,
    )


def _shown_lines(folder: Path) -> tuple[dict[str, Line], float]:
    """The last line of each type that the list shows, and the seconds from the first to the last line."""
    lines, duration_s = dict[str, Line](), 0.0
    for duration_s, line in timed_lines(folder):  # noqa: B007  the last one counts
        if line.type in SHOWN:
            lines[line.type] = line
    return lines, duration_s


def _from_parent(parent: Parent | None) -> tuple[int, Rates | None]:
    """Steps and recognition of the run that this one resumes, as recorded in the first event."""
    if parent is None:
        return 0, None
    progress = parent.progress
    rates = converted(Rates, progress.recognition[-1]) if progress.recognition else None
    return parent.step or max(0, len(progress.controls_by_step) - 1), rates


def _decoded(folder: Path, line: Line | None, kind: type[Shown]) -> Shown | None:
    """The values of a line that the list shows, without the event class: that would import its kind."""
    return decode_line(folder, line, kind) if line is not None else None


def _request(folder: Path) -> tuple[dict[str, Any], int | None, str]:
    """Content of ``run.toml``, its number of training steps, if any, and what is wrong with it, if anything."""
    try:
        request = read_request(folder)
    except RefusedError as error:
        return {}, None, str(error)
    if "plan" not in request:
        return request, None, ""
    try:
        steps = request["plan"]["training"]["steps"]
    except (LookupError, TypeError):
        steps = None
    if not isinstance(steps, int):
        return request, None, f"{folder / REQUEST}: is damaged: plan.training.steps is missing or not a number."
    return request, steps, ""


class Lister:
    """Lists runs repeatedly: a finished run that has not changed is not read again."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[Stamp, RunSummary]] = {}

    def list(self, root: Path) -> list[RunSummary]:
        """All runs under ``root``, by name; empty if there is no such folder."""
        return [self._one(folder) for folder in run_folders(root)] if os.path.isdir(root) else []

    def _one(self, folder: Path) -> RunSummary:
        stamp = stamp_of(folder)
        known = self._known.get(folder)
        if known and known[0] == stamp and known[1].status_report.is_over:
            return known[1]
        summary = _summary(folder, stamp)
        self._known[folder] = stamp, summary
        return summary
