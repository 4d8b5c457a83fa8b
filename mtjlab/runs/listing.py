"""All runs under a folder, a line each.

A journal is checked whole, and only what the line shows is decoded; a run that is over leaves a summary of that.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import msgspec

from mtjlab.errors import RefusedError
from mtjlab.events import Parent, RunStarted
from mtjlab.events.codec import converted
from mtjlab.run_status import StatusReport, status_report
from mtjlab.runs.finding import run_folders
from mtjlab.runs.notes import notes_of
from mtjlab.runs.run_summary import Rates, RunSummary
from mtjlab.runs.summaries import Stamp, read_summary, stamp_of, write_summary
from mtjlab.sources_left import sources_left
from mtjlab.store import (
    REQUEST,
    DamagedJournalError,
    Line,
    UnreadableJournalError,
    decode_line,
    read_lines,
    read_request,
    run_id,
)

Shown = TypeVar("Shown")

STARTED, TRAINED, RECOGNITION = SHOWN = ("run-started", "step-trained", "recognition-measured")


class _Step(msgspec.Struct):
    step: int


def list_runs(root: Path) -> list[RunSummary]:
    """Every run under ``root`` (or ``root`` itself, if it is the folder of a run), by name.

    Raises:
        RefusedError: there is no such folder.
    """
    if not os.path.isdir(root):
        raise RefusedError(f"{root}: there is no such folder. Give the folder that holds the runs.")
    return [run_summary(folder) for folder in run_folders(root)]


def run_summary(folder: Path) -> RunSummary:
    """What a list shows of the run in ``folder``, whatever state it is in; from its summary where that still fits."""
    stamp = stamp_of(folder)
    if (known := read_summary(folder, stamp)) is not None:
        return known
    try:
        run = replace(_read(folder), notes=notes_of(folder))
    except Exception as error:  # nothing that lies in one folder keeps the others from being listed
        return RunSummary(folder, run_id(folder), StatusReport("damaged", f"cannot be understood: {error!r}"))
    write_summary(run, stamp)
    return run


def _read(folder: Path) -> RunSummary:
    try:
        stands, lines = status_report(folder), dict(_lines(folder))
        started = _told(folder, lines.get(STARTED), RunStarted)
        trained, rates = _told(folder, lines.get(TRAINED), _Step), _told(folder, lines.get(RECOGNITION), Rates)
    except (DamagedJournalError, UnreadableJournalError) as error:
        return RunSummary(folder, run_id(folder), StatusReport("damaged", str(error), sources_left(folder)))
    except RefusedError as error:
        return RunSummary(folder, run_id(folder), StatusReport("unknown", str(error), sources_left(folder)))
    steps, complaint = _asked_steps(folder)
    if complaint not in stands.why:
        stands = replace(stands, why=f"{stands.why} {complaint}".strip())
    if started is None:
        return RunSummary(folder, run_id(folder), stands, steps=steps)
    parent = started.parent
    step, before = _before(parent)
    return RunSummary(
        folder,
        run_id(folder),
        stands,
        started.procedure,
        lines[STARTED].at.astimezone(),
        started.bench.name,
        started.bench.simulated,
        started.data,
        trained.step if trained else step,
        steps,
        rates or before,
        parent.run if parent else None,
    )


def _lines(folder: Path) -> Iterator[tuple[str, Line]]:
    """The last line of each type that is shown."""
    for line in read_lines(folder):
        if line.type in SHOWN:
            yield line.type, line


def _before(parent: Parent | None) -> tuple[int, Rates | None]:
    """Steps and recognition of the run that this one resumes, as far as the first event tells."""
    if parent is None:
        return 0, None
    told = parent.progress
    rates = converted(Rates, told.recognition[-1]) if told.recognition else None
    return parent.step or max(0, len(told.controls_by_step) - 1), rates


def _told(folder: Path, line: Line | None, kind: type[Shown]) -> Shown | None:
    """What a line shows; its event is not made, for which its kind would be loaded."""
    return decode_line(folder, line, kind) if line is not None else None


def _asked_steps(folder: Path) -> tuple[int | None, str]:
    """How many training steps were asked for, if any; and what is wrong with the file that tells."""
    try:
        request = read_request(folder)
    except RefusedError as error:
        return None, str(error)
    if "plan" not in request:
        return None, ""
    try:
        steps = request["plan"]["training"]["steps"]
    except (LookupError, TypeError):
        steps = None
    if not isinstance(steps, int):
        return None, f"{folder / REQUEST}: is damaged: plan.training.steps is missing, or no number."
    return steps, ""


class Lister:
    """Lists runs again and again: one that is over, and that has not changed, is not read again."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[Stamp, RunSummary]] = {}

    def list(self, root: Path) -> list[RunSummary]:
        """All runs under ``root``, by name; empty where there is no such folder."""
        return [self._one(folder) for folder in run_folders(root)] if os.path.isdir(root) else []

    def _one(self, folder: Path) -> RunSummary:
        stamp = stamp_of(folder)
        known = self._known.get(folder)
        if known and known[0] == stamp and known[1].status_report.is_over:
            return known[1]
        now = run_summary(folder)
        self._known[folder] = stamp, now
        return now
