"""All runs under a folder, a line each: every journal is checked whole, and only what the line shows is understood."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mtjlab.errors import RefusedError
from mtjlab.events import Progress, RecognitionMeasured, RunStarted, StepTrained
from mtjlab.run_status import Standing, standing
from mtjlab.store import JOURNAL, REQUEST, DamagedJournalError, Line, event_of, read_lines, read_request, run_id

SHOWN = ("run-started", "step-trained", "recognition-measured")


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
    recognition: RecognitionMeasured | None = None
    parent: str | None = None

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` says of it."""
        rates = self.recognition
        return {
            "run": str(self.folder),
            "id": self.run,
            "status": self.standing.status,
            "why": self.standing.why,
            "procedure": self.procedure,
            "began_at": self.began_at.isoformat() if self.began_at else None,
            "bench": self.bench,
            "simulated": self.simulated,
            "data": self.data,
            "step": self.step,
            "steps": self.steps,
            "recognition": {"train": rates.train, "test": rates.test} if rates else None,
            "parent": self.parent,
        }


def list_runs(root: Path) -> list[Listed]:
    """Every run under ``root`` (or ``root`` itself, if it is the folder of a run), oldest first.

    Raises:
        RefusedError: there is no such folder.
    """
    if not root.is_dir():
        raise RefusedError(f"{root}: there is no such folder. Give the folder that holds the runs.")
    return [listed(folder) for folder in run_folders(root)]


def run_folders(root: Path) -> list[Path]:
    """Folders of runs, oldest first."""
    places = [root, *root.glob("*"), *root.glob("*/*")]
    found = {place for place in places if (place / JOURNAL).is_file() or (place / REQUEST).is_file()}
    return sorted(found)


def listed(folder: Path) -> Listed:
    """What a list shows of the run in ``folder``, whatever state it is in."""
    asked_steps = _asked_steps(folder)
    try:
        stands, lines = standing(folder), dict(_lines(folder))
    except DamagedJournalError as error:
        return Listed(folder, run_id(folder), Standing("damaged", str(error)))
    except RefusedError as error:
        return Listed(folder, run_id(folder), Standing("unknown", str(error)))
    first, last = lines.get("run-started"), lines.get("recognition-measured")
    started = event_of(folder, first) if first else None
    if not isinstance(started, RunStarted):
        return Listed(folder, run_id(folder), stands)
    taken = started.parent.progress if started.parent else Progress()
    measured = event_of(folder, last) if last else None
    return Listed(
        folder,
        run_id(folder),
        stands,
        started.procedure,
        first.at.astimezone() if first else None,
        started.bench.name,
        started.bench.simulated,
        started.data,
        _step(folder, lines.get("step-trained"), taken),
        asked_steps,
        measured if isinstance(measured, RecognitionMeasured) else (taken.recognition or (None,))[-1],
        started.parent.run if started.parent else None,
    )


def _lines(folder: Path) -> Iterator[tuple[str, Line]]:
    """The last line of each type that is shown."""
    for line in read_lines(folder):
        if line.type in SHOWN:
            yield line.type, line


def _step(folder: Path, line: Line | None, taken: Progress) -> int:
    event = event_of(folder, line) if line else None
    return event.step if isinstance(event, StepTrained) else taken.step


def _asked_steps(folder: Path) -> int | None:
    try:
        steps = read_request(folder).get("plan", {}).get("training", {}).get("steps")
    except RefusedError:
        return None
    return steps if isinstance(steps, int) else None
