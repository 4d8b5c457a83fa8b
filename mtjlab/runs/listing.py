"""All runs under a folder, a line each: every journal is checked whole, and only what the line shows is understood."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from mtjlab.errors import RefusedError
from mtjlab.events import Parent, RunStarted
from mtjlab.events.codec import converted
from mtjlab.run_status import Standing, standing
from mtjlab.runs.finding import began_at, number_of, run_folders
from mtjlab.runs.notes import NOTES, notes_of
from mtjlab.sources_left import sources_left
from mtjlab.store import (
    GUARDIAN,
    JOURNAL,
    REQUEST,
    DamagedJournalError,
    Line,
    UnreadableJournalError,
    read_lines,
    read_request,
    run_id,
    understood,
)

Shown = TypeVar("Shown")

STARTED, TRAINED, RECOGNITION = SHOWN = ("run-started", "step-trained", "recognition-measured")


class Rates(msgspec.Struct, frozen=True):
    """Recognition rates (fractions)."""

    train: float
    test: float


class _Step(msgspec.Struct):
    step: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A run as a list shows it; None and empty where its folder does not tell."""

    folder: Path
    run: str
    standing: Standing
    procedure: str = ""
    began_at: datetime | None = None
    bench: str = ""
    simulated: bool | None = None
    data: str = ""
    step: int = 0
    steps: int | None = None
    recognition: Rates | None = None
    parent: str | None = None
    notes: str = ""
    """What people have written on it."""

    @property
    def order(self) -> tuple[datetime, int, str]:
        """By this runs are sorted: when they began, then by number."""
        return self.began_at or began_at(self.folder), number_of(self.folder), self.run

    def holds(self, text: str) -> bool:
        """Whether every word of ``text`` is somewhere in what is known of it, its notes included."""
        told = f"{self.run} {self.bench} {self.data} {self.standing.sentence} {self.notes}".lower()
        return all(word in told for word in text.lower().split())

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` says of it."""
        rates = self.recognition
        return {
            "run": str(self.folder),
            "id": self.run,
            "status": self.standing.status,
            "why": self.standing.why,
            "ended": self.standing.sentence if self.standing.is_over else None,
            "outputs_may_be_on": self.standing.may_be_on,
            "procedure": self.procedure,
            "began_at": self.began_at.isoformat() if self.began_at else None,
            "bench": self.bench,
            "simulated": self.simulated,
            "data": self.data,
            "step": self.step,
            "steps": self.steps,
            "recognition": {"train": rates.train, "test": rates.test} if rates else None,
            "parent": self.parent,
            "notes": self.notes,
        }


def list_runs(root: Path) -> list[Listed]:
    """Every run under ``root`` (or ``root`` itself, if it is the folder of a run), by name.

    Raises:
        RefusedError: there is no such folder.
    """
    if not os.path.isdir(root):
        raise RefusedError(f"{root}: there is no such folder. Give the folder that holds the runs.")
    return [listed(folder) for folder in run_folders(root)]


def listed(folder: Path) -> Listed:
    """What a list shows of the run in ``folder``, whatever state it is in."""
    try:
        return replace(_read(folder), notes=notes_of(folder))
    except Exception as error:  # nothing that lies in one folder keeps the others from being listed
        return Listed(folder, run_id(folder), Standing("damaged", f"cannot be understood: {error!r}"))


def _read(folder: Path) -> Listed:
    try:
        stands, lines = standing(folder), dict(_lines(folder))
        started = _told(folder, lines.get(STARTED), RunStarted)
        trained, rates = _told(folder, lines.get(TRAINED), _Step), _told(folder, lines.get(RECOGNITION), Rates)
    except (DamagedJournalError, UnreadableJournalError) as error:
        return Listed(folder, run_id(folder), Standing("damaged", str(error), sources_left(folder)))
    except RefusedError as error:
        return Listed(folder, run_id(folder), Standing("unknown", str(error), sources_left(folder)))
    steps, complaint = _asked_steps(folder)
    if complaint not in stands.why:
        stands = replace(stands, why=f"{stands.why} {complaint}".strip())
    if started is None:
        return Listed(folder, run_id(folder), stands, steps=steps)
    parent = started.parent
    step, before = _before(parent)
    return Listed(
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
    return understood(folder, line, kind) if line is not None else None


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
    """Lists runs again and again: a journal of a run that is over, and that has not changed, is not read again."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, ...], Listed]] = {}

    def list(self, root: Path) -> list[Listed]:
        """All runs under ``root``, by name; empty where there is no such folder."""
        return [self._one(folder) for folder in run_folders(root)] if os.path.isdir(root) else []

    def _one(self, folder: Path) -> Listed:
        stamp = _stamp(folder)
        known = self._known.get(folder)
        if known and known[0] == stamp and known[1].standing.is_over:
            return known[1]
        now = listed(folder)
        self._known[folder] = stamp, now
        return now


def _stamp(folder: Path) -> tuple[int, ...]:
    """Of all files that a list tells of and that may change when a run is over."""
    stamp: list[int] = []
    for name in (JOURNAL, GUARDIAN, NOTES):
        with suppress(OSError):
            status = (folder / name).stat()
            stamp += [status.st_size, status.st_mtime_ns]
    return tuple(stamp)
